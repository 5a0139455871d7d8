import type { PolicyRule } from '#libs/core';
import { FLUX_GROUPS } from '../tenant-access/flux-rules.js';

/**
 * What upstream's manifests give to all controllers, by the ClusterRole `crd-controller`, and OpenShift needs besides.
 * https://github.com/fluxcd/flux2/blob/main/manifests/rbac/controller.yaml
 */
const EXPECTED: readonly Required<Pick<PolicyRule, 'verbs' | 'apiGroups' | 'resources'>>[] = [
  {
    apiGroups: FLUX_GROUPS,
    resources: ['*'],
    verbs: ['*', 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  },
  { apiGroups: [''], resources: ['namespaces', 'secrets', 'serviceaccounts'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] },
  {
    apiGroups: [''],
    resources: ['configmaps', 'configmaps/status'],
    verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  },
  { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  { apiGroups: ['security.openshift.io'], resources: ['securitycontextconstraints'], verbs: ['use'] },
];

/** Applying controllers also become the accounts of their objects. */
const IMPERSONATION: typeof EXPECTED = [
  { apiGroups: [''], resources: ['users', 'groups', 'serviceaccounts'], verbs: ['impersonate'] },
];

/** Whether a rule stays within what Flux needs: each verb on each resource of each group does. */
export function isExpectedRule({ verbs, apiGroups = [], resources = [] }: PolicyRule, applies: boolean): boolean {
  const known = applies ? [...EXPECTED, ...IMPERSONATION] : EXPECTED;
  return verbs.every((verb) =>
    apiGroups.every((group) =>
      resources.every((resource) =>
        known.some(
          (rule) =>
            rule.verbs.includes(verb) &&
            rule.apiGroups.includes(group) &&
            (rule.resources.includes(resource) || rule.resources.includes('*')),
        ),
      ),
    ),
  );
}
