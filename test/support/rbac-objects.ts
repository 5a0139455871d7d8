import type { PolicyRule, RbacObject, RbacSubject } from '#libs/core';

const apiVersion = 'rbac.authorization.k8s.io/v1';

/** What Kubernetes itself puts on the roles that it creates. */
export const BOOTSTRAPPED = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

/** A rule from words: `rule('get list', 'secrets')`, `rule('create', 'deployments', 'apps')`. */
export function rule(verbs: string, resources: string, apiGroups = ''): PolicyRule {
  return { verbs: verbs.split(' '), resources: resources.split(' '), apiGroups: apiGroups.split(' ') };
}

export function clusterRole(
  name: string,
  rules: readonly PolicyRule[],
  labels: Readonly<Record<string, string>> = {},
): RbacObject {
  return { apiVersion, kind: 'ClusterRole', metadata: { name, labels }, rules };
}

/** Bound everywhere; its name is `to-` and the role's. */
export function bindEverywhere(role: string, ...subjects: readonly RbacSubject[]): RbacObject {
  const metadata = { name: `to-${role}` };
  return { apiVersion, kind: 'ClusterRoleBinding', metadata, subjects, roleRef: { kind: 'ClusterRole', name: role } };
}

export function bindIn(namespace: string, role: string, ...subjects: readonly RbacSubject[]): RbacObject {
  const metadata = { name: `to-${role}`, namespace };
  return { apiVersion, kind: 'RoleBinding', metadata, subjects, roleRef: { kind: 'ClusterRole', name: role } };
}

/** A subject by its path: `account('team-a/deployer')`. */
export function account(path: string): RbacSubject {
  const [namespace = '', name = ''] = path.split('/');
  return { kind: 'ServiceAccount', namespace, name };
}

export function group(name: string): RbacSubject {
  return { kind: 'Group', name };
}

/** Roles of every cluster, cut to what matters: `cluster-admin`, `admin`, `edit`, `view`, and those of everybody. */
export const DEFAULT_ROLES: readonly RbacObject[] = [
  clusterRole('cluster-admin', [rule('*', '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }], BOOTSTRAPPED),
  clusterRole(
    'admin',
    [
      rule('create delete get patch', 'pods secrets services'),
      rule('create patch', 'roles rolebindings', 'rbac.authorization.k8s.io'),
      rule('create patch', 'kustomizations helmreleases', 'kustomize.toolkit.fluxcd.io helm.toolkit.fluxcd.io'),
    ],
    BOOTSTRAPPED,
  ),
  clusterRole(
    'edit',
    [
      rule('create delete get patch', 'pods secrets services'),
      rule('create patch', 'kustomizations helmreleases', 'kustomize.toolkit.fluxcd.io helm.toolkit.fluxcd.io'),
    ],
    BOOTSTRAPPED,
  ),
  clusterRole('view', [rule('get list watch', 'pods services configmaps')], BOOTSTRAPPED),
  clusterRole(
    'system:basic-user',
    [rule('create', 'selfsubjectaccessreviews selfsubjectrulesreviews', 'authorization.k8s.io')],
    BOOTSTRAPPED,
  ),
  clusterRole('system:discovery', [{ verbs: ['get'], nonResourceURLs: ['/api', '/apis/*', '/healthz'] }], BOOTSTRAPPED),
  clusterRole(
    'system:service-account-issuer-discovery',
    [{ verbs: ['get'], nonResourceURLs: ['/openid/v1/jwks'] }],
    BOOTSTRAPPED,
  ),
  bindEverywhere('system:basic-user', group('system:authenticated')),
  bindEverywhere('system:discovery', group('system:authenticated')),
  bindEverywhere('system:service-account-issuer-discovery', group('system:serviceaccounts')),
];

export function serviceAccount(path: string): object {
  const [namespace = '', name = ''] = path.split('/');
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } };
}
