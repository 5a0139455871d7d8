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
    ['resourcequotas', 'ResourceQuota'],
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
  ...resources('networking.k8s.io', 'v1', false, ['ingresses', 'Ingress'], ['networkpolicies', 'NetworkPolicy']),
  ...resources('policy', 'v1', false, ['poddisruptionbudgets', 'PodDisruptionBudget']),
  ...resources('node.k8s.io', 'v1', false, ['runtimeclasses', 'RuntimeClass', 'cluster']),
  ...resources(
    'admissionregistration.k8s.io',
    'v1',
    false,
    ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'cluster'],
    ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy', 'cluster'],
    ['validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', 'cluster'],
    ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', 'cluster'],
  ),
  ...resources('apiregistration.k8s.io', 'v1', false, ['apiservices', 'APIService', 'cluster']),
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

/** What an installation of Flux 2.7 or newer adds, with all its components. */
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
  ...resources(
    'image.toolkit.fluxcd.io',
    'v1',
    true,
    ['imagepolicies', 'ImagePolicy'],
    ['imagerepositories', 'ImageRepository'],
    ['imageupdateautomations', 'ImageUpdateAutomation'],
  ),
  ...resources('source.extensions.fluxcd.io', 'v1beta1', true, ['artifactgenerators', 'ArtifactGenerator']),
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
export const FLUX_OPERATOR_RESOURCES: readonly ApiResource[] = resources(
  'fluxcd.controlplane.io',
  'v1',
  true,
  ['fluxinstances', 'FluxInstance'],
  ['resourcesetinputproviders', 'ResourceSetInputProvider'],
  ['resourcesets', 'ResourceSet'],
);

/** What the Sealed Secrets controller adds. */
export const SEALED_SECRETS_RESOURCES: readonly ApiResource[] = resources('bitnami.com', 'v1alpha1', true, [
  'sealedsecrets',
  'SealedSecret',
]);

/** What the operators of Prometheus and VictoriaMetrics add. */
export const MONITORING_RESOURCES: readonly ApiResource[] = [
  ...resources(
    'monitoring.coreos.com',
    'v1',
    true,
    ['prometheuses', 'Prometheus'],
    ['prometheusrules', 'PrometheusRule'],
  ),
  ...resources('operator.victoriametrics.com', 'v1beta1', true, ['vmalerts', 'VMAlert'], ['vmrules', 'VMRule']),
];

/** What the Gateway API adds. */
export const GATEWAY_RESOURCES: readonly ApiResource[] = [
  ...resources(
    'gateway.networking.k8s.io',
    'v1',
    true,
    ['grpcroutes', 'GRPCRoute'],
    ['httproutes', 'HTTPRoute'],
    ['tlsroutes', 'TLSRoute'],
  ),
  ...resources('gateway.networking.k8s.io', 'v1alpha2', true, ['tcproutes', 'TCPRoute']),
];

/** What network plugins with policies of their own add. No cluster has all of them. */
export const NETWORK_PLUGIN_RESOURCES: readonly ApiResource[] = [
  ...resources(
    'policy.networking.k8s.io',
    'v1alpha1',
    true,
    ['adminnetworkpolicies', 'AdminNetworkPolicy', 'cluster'],
    ['baselineadminnetworkpolicies', 'BaselineAdminNetworkPolicy', 'cluster'],
  ),
  ...resources('policy.networking.k8s.io', 'v1alpha2', true, [
    'clusternetworkpolicies',
    'ClusterNetworkPolicy',
    'cluster',
  ]),
  ...resources(
    'cilium.io',
    'v2',
    true,
    ['ciliumclusterwidenetworkpolicies', 'CiliumClusterwideNetworkPolicy', 'cluster'],
    ['ciliumnetworkpolicies', 'CiliumNetworkPolicy'],
  ),
  ...resources(
    'crd.projectcalico.org',
    'v1',
    true,
    ['globalnetworkpolicies', 'GlobalNetworkPolicy', 'cluster'],
    ['networkpolicies', 'NetworkPolicy'],
  ),
  ...resources(
    'crd.antrea.io',
    'v1beta1',
    true,
    ['clusternetworkpolicies', 'ClusterNetworkPolicy', 'cluster'],
    ['networkpolicies', 'NetworkPolicy'],
  ),
];

/** What Kyverno adds. */
export const KYVERNO_RESOURCES: readonly ApiResource[] = [
  ...resources('kyverno.io', 'v1', true, ['clusterpolicies', 'ClusterPolicy', 'cluster'], ['policies', 'Policy']),
  ...resources('kyverno.io', 'v2', true, ['policyexceptions', 'PolicyException']),
  ...resources(
    'policies.kyverno.io',
    'v1',
    true,
    ['policyexceptions', 'PolicyException'],
    ['validatingpolicies', 'ValidatingPolicy', 'cluster'],
  ),
];

/** What Gatekeeper adds, and with its templates the kind of constraint of one of its own library. */
export const GATEKEEPER_RESOURCES: readonly ApiResource[] = [
  ...resources('templates.gatekeeper.sh', 'v1', true, ['constrainttemplates', 'ConstraintTemplate', 'cluster']),
  ...resources('config.gatekeeper.sh', 'v1alpha1', true, ['configs', 'Config']),
  ...resources('constraints.gatekeeper.sh', 'v1beta1', true, [
    'k8spspprivilegedcontainer',
    'K8sPSPPrivilegedContainer',
    'cluster',
  ]),
];

/** Beside the validating ones, where the cluster is new enough. */
export const MUTATING_POLICY_RESOURCES: readonly ApiResource[] = resources(
  'admissionregistration.k8s.io',
  'v1beta1',
  false,
  ['mutatingadmissionpolicies', 'MutatingAdmissionPolicy', 'cluster'],
  ['mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', 'cluster'],
);

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

/** What a management cluster serves that knows other clusters, beside Flux. */
export const INVENTORY_RESOURCES: readonly ApiResource[] = [
  ...resources('cluster.x-k8s.io', 'v1beta1', true, ['clusters', 'Cluster']),
  ...resources('lib.projectsveltos.io', 'v1beta1', true, ['sveltosclusters', 'SveltosCluster']),
  ...resources('multicluster.x-k8s.io', 'v1alpha1', true, ['clusterprofiles', 'ClusterProfile']),
];
