import { type PolicyRule, derived } from '#libs/core';
import { type Grant, type RbacIndex } from '#libs/rbac';
import { ruleClasses } from './rule-classes.js';

/** Set by the API server on what it creates at start. */
const BOOTSTRAP_LABEL = 'kubernetes.io/bootstrapping';
const BOOTSTRAP_VALUE = 'rbac-defaults';

/** A ClusterRole that every OpenShift cluster has. */
const OPENSHIFT_ROLE = 'system:openshift:discovery';

/**
 * Roles that OpenShift binds to all accounts, with the resources they speak of.
 * https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/authentication_and_authorization/using-rbac
 */
const OPENSHIFT_ROLES: Readonly<Record<string, readonly string[]>> = {
  'system:image-puller': ['imagestreams/layers'],
  'basic-user': [
    'users',
    'projectrequests',
    'projects',
    'clusterroles',
    'storageclasses',
    'selfsubjectrulesreviews',
    'selfsubjectaccessreviews',
  ],
  'self-provisioner': ['projectrequests'],
  'cluster-status': ['clusterversions'],
  'system:oauth-token-deleter': ['oauthaccesstokens', 'oauthauthorizetokens'],
  'system:build-strategy-docker': ['builds/docker', 'builds/optimizeddocker'],
  'system:build-strategy-source': ['builds/source'],
  'system:build-strategy-jenkinspipeline': ['builds/jenkinspipeline'],
  'system:webhook': ['buildconfigs/webhooks'],
};
const SELF_PROVISIONER = 'self-provisioner';

/** Whether a grant to a group of everybody is what the distribution itself gives to all accounts. */
export type Baseline = (grant: Grant) => boolean;

/**
 * What every account of a cluster holds from the start, read from the cluster itself: the roles that the API server
 * creates for everybody (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles), and those of
 * OpenShift where this is one. Names and labels can be copied and rules edited, so each rule must be harmless too.
 */
export const baselineOf = derived((index: RbacIndex): Baseline => {
  const openShift = index.clusterRoles.has(OPENSHIFT_ROLE);
  return ({ role, rule }) => {
    const { name, labels } = role.metadata;
    if (role.kind !== 'ClusterRole') return false;
    const bootstrapped = labels?.[BOOTSTRAP_LABEL] === BOOTSTRAP_VALUE && name.startsWith('system:');
    if (bootstrapped && onlyReads(rule)) return true;
    if (!openShift) return false;
    if (name.startsWith('system:openshift:') && onlyReads(rule)) return true;
    const resources = Object.hasOwn(OPENSHIFT_ROLES, name) ? OPENSHIFT_ROLES[name] : undefined;
    return (
      resources !== undefined &&
      (onlyReads(rule) || (rule.resources ?? []).every((resource) => resources.includes(resource)))
    );
  };
});

function onlyReads(rule: PolicyRule): boolean {
  const classes = ruleClasses(rule);
  return classes.size === 1 && classes.has('read');
}

/** The role lets its holders create projects, which is a namespace with rights in it. */
export function isSelfProvisioner({ role }: Grant): boolean {
  return role.kind === 'ClusterRole' && role.metadata.name === SELF_PROVISIONER;
}
