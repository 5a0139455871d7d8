/** A resource that a simulated cluster serves. */
export interface ApiResource {
  /** The core group is the empty string. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Defined by a CustomResourceDefinition: its lists spell out `apiVersion` and `kind` in each item. */
  readonly custom: boolean;
}

type Row = readonly [plural: string, kind: string, scope?: 'cluster'];

function resources(group: string, version: string, custom: boolean, ...rows: readonly Row[]): ApiResource[] {
  return rows.map(([plural, kind, scope]) => ({
    group,
    version,
    plural,
    kind,
    namespaced: scope === undefined,
    custom,
  }));
}

/** What every API server serves, as far as an audit asks. */
export const KUBERNETES_RESOURCES: readonly ApiResource[] = [
  ...resources(
    '',
    'v1',
    false,
    ['configmaps', 'ConfigMap'],
    ['events', 'Event'],
    ['namespaces', 'Namespace', 'cluster'],
    ['nodes', 'Node', 'cluster'],
    ['pods', 'Pod'],
    ['secrets', 'Secret'],
    ['serviceaccounts', 'ServiceAccount'],
    ['services', 'Service'],
  ),
  ...resources(
    'apps',
    'v1',
    false,
    ['daemonsets', 'DaemonSet'],
    ['deployments', 'Deployment'],
    ['replicasets', 'ReplicaSet'],
    ['statefulsets', 'StatefulSet'],
  ),
  ...resources('networking.k8s.io', 'v1', false, ['networkpolicies', 'NetworkPolicy']),
  ...resources(
    'rbac.authorization.k8s.io',
    'v1',
    false,
    ['clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
    ['clusterroles', 'ClusterRole', 'cluster'],
    ['rolebindings', 'RoleBinding'],
    ['roles', 'Role'],
  ),
  ...resources('apiextensions.k8s.io', 'v1', false, [
    'customresourcedefinitions',
    'CustomResourceDefinition',
    'cluster',
  ]),
];

/** What an installation of Flux 2.7 or newer adds. */
export const FLUX_RESOURCES: readonly ApiResource[] = [
  ...resources('kustomize.toolkit.fluxcd.io', 'v1', true, ['kustomizations', 'Kustomization']),
  ...resources('helm.toolkit.fluxcd.io', 'v2', true, ['helmreleases', 'HelmRelease']),
  ...resources(
    'source.toolkit.fluxcd.io',
    'v1',
    true,
    ['buckets', 'Bucket'],
    ['externalartifacts', 'ExternalArtifact'],
    ['gitrepositories', 'GitRepository'],
    ['helmcharts', 'HelmChart'],
    ['helmrepositories', 'HelmRepository'],
    ['ocirepositories', 'OCIRepository'],
  ),
  ...resources('notification.toolkit.fluxcd.io', 'v1beta3', true, ['alerts', 'Alert'], ['providers', 'Provider']),
  ...resources('notification.toolkit.fluxcd.io', 'v1', true, ['receivers', 'Receiver']),
];

/** What an installation of Flux 0.26 (2022) adds. */
export const FLUX_0_RESOURCES: readonly ApiResource[] = [
  ...resources('kustomize.toolkit.fluxcd.io', 'v1beta2', true, ['kustomizations', 'Kustomization']),
  ...resources('helm.toolkit.fluxcd.io', 'v2beta1', true, ['helmreleases', 'HelmRelease']),
  ...resources(
    'source.toolkit.fluxcd.io',
    'v1beta1',
    true,
    ['buckets', 'Bucket'],
    ['gitrepositories', 'GitRepository'],
    ['helmcharts', 'HelmChart'],
    ['helmrepositories', 'HelmRepository'],
  ),
  ...resources(
    'notification.toolkit.fluxcd.io',
    'v1beta1',
    true,
    ['alerts', 'Alert'],
    ['providers', 'Provider'],
    ['receivers', 'Receiver'],
  ),
];

/** What the Flux Operator adds. */
export const FLUX_OPERATOR_RESOURCES: readonly ApiResource[] = resources('fluxcd.controlplane.io', 'v1', true, [
  'fluxinstances',
  'FluxInstance',
]);

export function groupVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Splits `apps/v1` into its group and version; the core group is the empty string. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
