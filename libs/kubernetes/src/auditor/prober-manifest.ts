import type { AccessRule } from '#libs/core';
import { MARKER_KEY } from '../probe/dry-run-guard.js';
import { GUARD_ACCOUNT, GUARD_NAMESPACE, guardManifest } from '../probe/guard-manifest.js';
import { type PolicyRule, policyRules } from './cluster-role.js';

/** In whose name the auditor of one cluster may send dry-runs, and what with. */
export interface ProberOptions {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly serviceAccounts: readonly { readonly namespace: string; readonly name: string }[];
  /** Everything that dry-runs may be about, by the verb of the request. */
  readonly reach: readonly AccessRule[];
  /** `gitVersion` of the API server; absent where it is not known. */
  readonly serverVersion?: string;
  /** The service account of the auditor, which is given these rights. */
  readonly auditor: { readonly namespace: string; readonly name: string };
}

const RBAC = 'rbac.authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';
const PROBER_ROLE = 'plimsoll-impersonate';
const labels = { 'app.kubernetes.io/part-of': 'plimsoll' };
/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/#constrained-impersonation */
const MODE = 'user-info';

/**
 * What active verification needs on top of reading: the guard policy with its account, and the right to act as exactly
 * these principals, marked as a probe. Where the API server knows constrained impersonation, which is on since Kubernetes
 * 1.36, the right to act as people is bounded by what is tried in their name. Its mode for service accounts admits no mark,
 * so these need the plain right everywhere.
 */
export function proberManifest(options: ProberOptions): readonly object[] {
  const { serviceAccounts, auditor } = options;
  const byNamespace = new Map<string, string[]>([[GUARD_NAMESPACE, [GUARD_ACCOUNT]]]);
  for (const { namespace, name } of serviceAccounts) {
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), name]);
  }
  return [
    ...guardManifest(),
    ...granted('ClusterRole', {}, clusterRules(options), auditor),
    ...[...byNamespace].flatMap(([namespace, names]) =>
      granted('Role', { namespace }, [rule('impersonate', '', 'serviceaccounts', names)], auditor),
    ),
  ];
}

function clusterRules(options: ProberOptions): readonly PolicyRule[] {
  const { users, groups, reach, serverVersion } = options;
  const people = users.length > 0 || groups.length > 0;
  const mark = { apiGroups: [AUTHENTICATION], resources: [`userextras/${MARKER_KEY}`] };
  if (!people || !isConstrained(serverVersion)) {
    return [
      ...(users.length > 0 ? [rule('impersonate', '', 'users', users)] : []),
      ...(groups.length > 0 ? [rule('impersonate', '', 'groups', groups)] : []),
      { ...mark, verbs: ['impersonate'] },
    ];
  }
  const verb = `impersonate:${MODE}`;
  return [
    ...(users.length > 0 ? [rule(verb, AUTHENTICATION, 'users', users)] : []),
    ...(groups.length > 0 ? [rule(verb, AUTHENTICATION, 'groups', groups)] : []),
    { ...mark, verbs: ['impersonate', verb] },
    ...policyRules(reach.map((each) => ({ ...each, verb: `impersonate-on:${MODE}:${each.verb}` }))),
  ];
}

/** Since Kubernetes 1.36; of a server whose version is not known, only the plain form is sure to work. */
function isConstrained(serverVersion: string | undefined): boolean {
  const found = /^v?(\d+)\.(\d+)/.exec(serverVersion ?? '');
  if (!found) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > 1 || (major === 1 && minor >= 36);
}

function rule(verb: string, group: string, resource: string, names: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: [resource], resourceNames: names, verbs: [verb] };
}

function granted(
  kind: 'Role' | 'ClusterRole',
  place: { readonly namespace?: string },
  rules: readonly PolicyRule[],
  auditor: ProberOptions['auditor'],
): readonly object[] {
  const metadata = { name: PROBER_ROLE, ...place, labels };
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind, name: PROBER_ROLE },
      subjects: [{ kind: 'ServiceAccount', ...auditor }],
    },
  ];
}
