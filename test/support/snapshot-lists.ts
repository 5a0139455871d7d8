import type {
  ArtifactName,
  Artifacts,
  Collected,
  KubernetesObject,
  Pod,
  PodGroup,
  PodRisk,
  ProbeResult,
} from '#libs/core';
import { collected } from '#libs/core';

/** Artifacts that are plain lists: kind → artifact. A kind that several API groups have stands in `LISTS_BY_GROUP`. */
const LISTS_BY_KIND = {
  Namespace: 'namespaces',
  Deployment: 'deployments',
  Pod: 'pods',
  Kustomization: 'kustomizations',
  HelmRelease: 'helmReleases',
  Alert: 'alerts',
  Provider: 'providers',
  FluxInstance: 'fluxInstances',
  ServiceAccount: 'serviceAccounts',
  Role: 'rbac',
  ClusterRole: 'rbac',
  RoleBinding: 'rbac',
  ClusterRoleBinding: 'rbac',
  Node: 'nodes',
  PodGroup: 'podGroups',
  OperatorPod: 'operatorPods',
  DaemonSet: 'daemonSets',
  RuntimeClass: 'runtimeClasses',
  ResourceQuota: 'resourceQuotas',
  PodDisruptionBudget: 'disruptionBudgets',
  Service: 'services',
  Ingress: 'ingresses',
  HTTPRoute: 'gatewayRoutes',
  GRPCRoute: 'gatewayRoutes',
  TLSRoute: 'gatewayRoutes',
  TCPRoute: 'gatewayRoutes',
  ValidatingWebhookConfiguration: 'webhookConfigurations',
  MutatingWebhookConfiguration: 'webhookConfigurations',
  ValidatingAdmissionPolicy: 'admissionPolicies',
  ValidatingAdmissionPolicyBinding: 'admissionPolicies',
  MutatingAdmissionPolicy: 'admissionPolicies',
  MutatingAdmissionPolicyBinding: 'admissionPolicies',
  APIService: 'apiServices',
  Receiver: 'receivers',
  ImageRepository: 'imageRepositories',
  ImagePolicy: 'imagePolicies',
  ImageUpdateAutomation: 'imageUpdateAutomations',
  ArtifactGenerator: 'artifactGenerators',
  ResourceSet: 'resourceSets',
  ResourceSetInputProvider: 'resourceSets',
  SealedSecret: 'sealedSecrets',
  Secret: 'sealingKeys',
  PrometheusRule: 'alertingRules',
  VMRule: 'alertingRules',
  Prometheus: 'ruleEvaluators',
  VMAlert: 'ruleEvaluators',
  Event: 'alertEvents',
  AccessReview: 'accessReviews',
  FleetCluster: 'fleet',
} as const satisfies Record<string, ArtifactName>;

const LISTS_BY_GROUP = {
  'networking.k8s.io': 'networkPolicies',
  'policy.networking.k8s.io': 'nativePolicies',
  'cilium.io': 'nativePolicies',
  'crd.projectcalico.org': 'nativePolicies',
  'crd.antrea.io': 'nativePolicies',
  'kyverno.io': 'enginePolicies',
  'policies.kyverno.io': 'enginePolicies',
  'templates.gatekeeper.sh': 'enginePolicies',
  'constraints.gatekeeper.sh': 'enginePolicies',
  'config.gatekeeper.sh': 'enginePolicies',
} as const satisfies Record<string, ArtifactName>;

type ListName =
  | (typeof LISTS_BY_KIND)[keyof typeof LISTS_BY_KIND]
  | (typeof LISTS_BY_GROUP)[keyof typeof LISTS_BY_GROUP];

const LIST_NAMES: readonly ListName[] = [
  ...new Set<ListName>([...Object.values(LISTS_BY_KIND), ...Object.values(LISTS_BY_GROUP)]),
];

/** Not API objects but facts: their documents carry no `apiVersion`, and lose their `kind`. */
const FACTS: ReadonlySet<string> = new Set(['PodGroup', 'AccessReview', 'FleetCluster']);

/** Artifacts by `namespace/name`: documents of these kinds are facts about one object each. */
const RECORDS = {
  SecretFacts: 'secretFacts',
  KubeConfigMapFacts: 'kubeConfigMaps',
  PlatformConfigMap: 'platformConfigMaps',
} as const satisfies Record<string, ArtifactName>;

export type SortedLists = Pick<Artifacts, ListName | (typeof RECORDS)[keyof typeof RECORDS] | 'gitTrees' | 'probes'>;

/** Sorts documents into artifacts; those that belong to none are handed to `other`. */
export function sortIntoLists(
  documents: readonly KubernetesObject[],
  other: (document: KubernetesObject) => void,
): SortedLists {
  const lists = Object.fromEntries(LIST_NAMES.map((name) => [name, [] as unknown[]])) as Record<ListName, unknown[]>;
  const records: Record<string, Record<string, Collected<unknown>>> = {
    secretFacts: {},
    kubeConfigMaps: {},
    platformConfigMaps: {},
    gitTrees: {},
  };
  const results: ProbeResult[] = [];
  for (const document of documents) {
    const { kind: _kind, ...facts } = document;
    const record = (RECORDS as Readonly<Record<string, string>>)[document.kind];
    const list = listOf(document);
    if (list) {
      lists[list].push(FACTS.has(document.kind) ? facts : asCollected(document));
    } else if (record) {
      const key = `${document.metadata.namespace}/${document.metadata.name}`;
      const value = record === 'platformConfigMaps' ? { ...document, kind: 'ConfigMap' } : facts;
      (records[record] ??= {})[key] = collected(value);
    } else if (document.kind === 'ProbeResult') {
      results.push(facts as unknown as ProbeResult);
    } else if (document.kind === 'GitTree') {
      const { url } = facts as unknown as { readonly url: string };
      (records['gitTrees'] ??= {})[url] = collected(facts);
    } else {
      other(document);
    }
  }
  lists.podGroups.push(...podGroupsOf(lists.pods as readonly Pod[]));
  return { ...lists, ...records, probes: { results, left: 0 } } as unknown as SortedLists;
}

/** Some pods are written down under another kind, so that they are told from the pods of Flux. */
function asCollected(document: KubernetesObject): KubernetesObject {
  return document.kind === 'OperatorPod' ? { ...document, apiVersion: 'v1', kind: 'Pod' } : document;
}

function listOf({ apiVersion, kind }: KubernetesObject): ListName | undefined {
  const group = apiVersion?.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (kind === 'Ingress') return 'ingresses';
  const byGroup = (LISTS_BY_GROUP as Readonly<Record<string, ListName>>)[group];
  return byGroup ?? (LISTS_BY_KIND as Readonly<Record<string, ListName>>)[kind];
}

/** A group for each pod, as a collector that sees these pods only would make it. */
function podGroupsOf(pods: readonly Pod[]): readonly PodGroup[] {
  return pods.map(({ metadata, spec, status }) => {
    const replicaSet = metadata.ownerReferences?.find(({ kind }) => kind === 'ReplicaSet')?.name;
    const owner = metadata.ownerReferences?.[0];
    const started = status?.conditions?.find(({ type }) => type === 'PodScheduled')?.lastTransitionTime;
    return {
      namespace: metadata.namespace ?? 'default',
      owner:
        replicaSet === undefined
          ? { kind: owner?.kind ?? 'Pod', name: owner?.name ?? metadata.name }
          : { kind: 'Deployment', name: replicaSet.replace(/-[^-]+$/, '') },
      serviceAccountName: spec.serviceAccountName ?? 'default',
      ...(spec.runtimeClassName !== undefined && { runtimeClassName: spec.runtimeClassName }),
      ...(spec.priorityClassName !== undefined && { priorityClassName: spec.priorityClassName }),
      ...(spec.nodeSelector && { nodeSelector: spec.nodeSelector }),
      ...(spec.tolerations && { tolerations: spec.tolerations }),
      risks: risksOf(spec),
      mirror: metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined,
      nodes: { [spec.nodeName ?? '']: { count: 1, ...(started !== undefined && { oldestStart: started }) } },
    };
  });
}

function risksOf(spec: Pod['spec']): readonly PodRisk[] {
  const risks: PodRisk[] = [];
  if (spec.containers.some(({ securityContext }) => securityContext?.['privileged'] === true)) risks.push('privileged');
  if (spec.hostPaths?.length) risks.push('hostPath');
  if (spec.hostNetwork) risks.push('hostNetwork');
  return risks;
}
