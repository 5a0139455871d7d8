import type { SimulatedObject } from '../simulated-object.js';

const RBAC = 'rbac.authorization.k8s.io';
const API_GROUPS = ['source', 'kustomize', 'helm', 'notification', 'image'].map((name) => `${name}.toolkit.fluxcd.io`);

/** What every controller may do, as the manifests of `flux install` grant it. */
const RULES = [
  ...[...API_GROUPS, 'source.extensions.fluxcd.io'].map((group) => ({
    apiGroups: [group],
    resources: ['*'],
    verbs: ['*'],
  })),
  {
    apiGroups: [''],
    resources: ['namespaces', 'secrets', 'configmaps', 'serviceaccounts'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  {
    apiGroups: ['', 'coordination.k8s.io'],
    resources: ['configmaps', 'configmaps/status', 'leases'],
    verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  },
];

export interface FluxRbac {
  readonly clusterRoles: readonly SimulatedObject[];
  readonly clusterRoleBindings: readonly SimulatedObject[];
}

/** `accounts`: names of the controllers' service accounts; `reconcilers`: those of them that apply manifests. */
export function fluxRbac(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  accounts: readonly string[],
  reconcilers: readonly string[],
): FluxRbac {
  const controllerRole = `crd-controller-${namespace}`;
  const binding = (name: string, role: string, subjects: readonly string[]): SimulatedObject => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: subjects.map((account) => ({ kind: 'ServiceAccount', name: account, namespace })),
  });
  return {
    clusterRoles: [
      { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: controllerRole, labels }, rules: RULES },
    ],
    clusterRoleBindings: [
      binding(`cluster-reconciler-${namespace}`, 'cluster-admin', reconcilers),
      binding(controllerRole, controllerRole, accounts),
    ],
  };
}
