import type { AccessReview } from './access-review.js';
import type { AccessRule } from './access.js';
import type {
  AdmissionPolicy,
  AdmissionPolicyBinding,
  ApiService,
  EnginePolicy,
  WebhookConfiguration,
} from './admission-objects.js';
import type {
  AlertEvent,
  AlertingRules,
  ArtifactGenerator,
  FluxInstance,
  ImagePolicy,
  ImageRepository,
  ImageUpdateAutomation,
  Receiver,
  ResourceSet,
  RuleEvaluator,
  SealedSecret,
} from './flux-automation-objects.js';
import type { GitTree } from './git-tree.js';
import type { NetworkPolicy } from './network-policy-objects.js';
import type {
  DaemonSet,
  Node,
  OperatorPod,
  PodDisruptionBudget,
  PodGroup,
  ResourceQuota,
  RuntimeClass,
} from './node-objects.js';
import type { ProbeReport } from './probe.js';
import type { RbacObject } from './rbac-objects.js';
import type { FleetCluster, Registration } from './registry.js';
import type {
  Alert,
  ConfigMap,
  Deployment,
  HelmRelease,
  KubernetesObject,
  Kustomization,
  Namespace,
  Pod,
  Provider,
  ServiceAccount,
  Source,
  SourceKind,
} from './resources.js';
import type { KubeConfigMapFacts, SecretFacts } from './secret-facts.js';
import type { GatewayRoute, Ingress, NativeNetworkPolicy, Service } from './service-objects.js';

/** Why an artifact could not be read. Each maps to one `notEvaluated` reason (outcome.ts). */
export type UnavailableReason =
  | 'forbidden'
  | 'unauthenticated'
  | 'unreachable'
  | 'timeout'
  | 'transient'
  | 'incompleteList'
  | 'budgetExceeded'
  | 'malformed'
  | 'identityMismatch'
  | 'notCollected';

/** The answer of the cluster that a verdict rests on. Never holds a credential or a body. */
export interface RequestRecord {
  /** Anything but a GET was a dry-run. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, without the server's address. */
  readonly path: string;
  readonly status: number;
  /** Set where the method could have changed something. */
  readonly dryRun?: true;
  /** The user in whose name it was sent, where that is not the auditor. */
  readonly as?: string;
  readonly auditId?: string;
  readonly resourceVersion?: string;
}

/** An artifact is either collected completely, or unavailable with the reason. There is no third state. */
export type Collected<T> =
  | {
      readonly state: 'collected';
      readonly value: T;
      /** `apiNotServed`: discovery proved that the cluster does not serve the API, so the empty value is complete. */
      readonly provenAbsent?: 'apiNotServed';
      readonly requests?: readonly RequestRecord[];
    }
  | {
      readonly state: 'unavailable';
      readonly reason: UnavailableReason;
      /** For people; our own words, never the server's. */
      readonly message: string;
      /** The permissions that would make it readable; non-empty where the reason is `forbidden`. */
      readonly missing: readonly AccessRule[];
      readonly requests?: readonly RequestRecord[];
    };

/** What the API server says it serves. */
export interface ApiDiscovery {
  readonly serverVersion: string;
  /** Served resources as `group/version/resource`; the core group is the empty string: `/v1/pods`. */
  readonly resources: readonly string[];
  /** Group versions listed with `freshness: Stale`: installed, but unreadable now. As `group/version`. */
  readonly stale: readonly string[];
}

/**
 * When this service first saw a condition that lasts, such as "Kustomization spoke-a/infra is not ready".
 * Controls report sightings; the service remembers the first time of each until it is not sighted any more.
 */
export interface SightingHistory {
  /** Sighting key → RFC 3339 time of the first sight. A key seen for the first time now is absent. */
  readonly firstSeen: Readonly<Record<string, string>>;
}

/** Everything a control may declare. One collector fills each; `registration` and `sightings` come from the service. */
export interface Artifacts {
  readonly registration: Registration;
  readonly sightings: SightingHistory;
  readonly discovery: ApiDiscovery;
  readonly namespaces: readonly Namespace[];
  /** Flux Deployments (by label), and the owners of Flux pods. */
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** ConfigMaps that Flux containers take environment from, by `namespace/name`; each with its own state. `value: null` = it does not exist. */
  readonly configMaps: Readonly<Record<string, Collected<ConfigMap | null>>>;
  readonly kustomizations: readonly Kustomization[];
  readonly helmReleases: readonly HelmRelease[];
  /** Per source kind, because a grant may cover only some. */
  readonly sources: Readonly<Record<SourceKind, Collected<readonly Source[]>>>;
  readonly alerts: readonly Alert[];
  readonly providers: readonly Provider[];
  /** Metadata only: annotations tell which cloud role an account stands for. */
  readonly serviceAccounts: readonly ServiceAccount[];
  /** FluxInstance objects of the Flux Operator: they tell how Flux was installed. */
  readonly fluxInstances: readonly FluxInstance[];
  /** Roles, ClusterRoles and their bindings, all of them. */
  readonly rbac: readonly RbacObject[];
  readonly nodes: readonly Node[];
  /** Every pod that is not finished, in groups. */
  readonly podGroups: readonly PodGroup[];
  /** Pods of other programs that controls judge. */
  readonly operatorPods: readonly OperatorPod[];
  readonly daemonSets: readonly DaemonSet[];
  readonly runtimeClasses: readonly RuntimeClass[];
  /** In the namespaces where Flux runs. */
  readonly resourceQuotas: readonly ResourceQuota[];
  /** In the namespaces where Flux runs. */
  readonly disruptionBudgets: readonly PodDisruptionBudget[];
  readonly networkPolicies: readonly NetworkPolicy[];
  /** Policies of other kinds: AdminNetworkPolicy and its like, Cilium, Calico, Antrea. */
  readonly nativePolicies: readonly NativeNetworkPolicy[];
  /**
   * ConfigMaps of network plugins, of the authentication (`kube-system/aws-auth`) and of kube-state-metrics, by
   * `namespace/name`, each with its own state; only known keys. `mapRoles` and `mapUsers` are JSON lists of ARN, `username`
   * and `groups` (`null` where the text cannot be read); of kube-state-metrics the lines that name kinds are left.
   */
  readonly platformConfigMaps: Readonly<Record<string, Collected<ConfigMap | null>>>;
  /** In the namespaces where Flux runs. */
  readonly services: readonly Service[];
  /** In the namespaces where Flux runs. */
  readonly ingresses: readonly Ingress[];
  readonly gatewayRoutes: readonly GatewayRoute[];
  readonly webhookConfigurations: readonly WebhookConfiguration[];
  readonly admissionPolicies: readonly (AdmissionPolicy | AdmissionPolicyBinding)[];
  readonly enginePolicies: readonly EnginePolicy[];
  readonly apiServices: readonly ApiService[];
  readonly receivers: readonly Receiver[];
  readonly imageRepositories: readonly ImageRepository[];
  readonly imagePolicies: readonly ImagePolicy[];
  readonly imageUpdateAutomations: readonly ImageUpdateAutomation[];
  readonly artifactGenerators: readonly ArtifactGenerator[];
  readonly resourceSets: readonly ResourceSet[];
  readonly sealedSecrets: readonly SealedSecret[];
  /** Keys of the Sealed Secrets controller, metadata only: age and state. */
  readonly sealingKeys: readonly SecretMetadata[];
  readonly alertingRules: readonly AlertingRules[];
  readonly ruleEvaluators: readonly RuleEvaluator[];
  /** Events about Alerts; the API server keeps them for an hour or so. */
  readonly alertEvents: readonly AlertEvent[];
  /** Secrets that Flux objects refer to by name, by `namespace/name`; each with its own state. `value: null` = it does not exist. */
  readonly secretFacts: Readonly<Record<string, Collected<SecretFacts | null>>>;
  /** ConfigMaps of `spec.kubeConfig.configMapRef`, by `namespace/name`. */
  readonly kubeConfigMaps: Readonly<Record<string, Collected<KubeConfigMapFacts | null>>>;
  /** What the API server answered about rights of tenants and platform. */
  readonly accessReviews: readonly AccessReview[];
  /** Trees of the Git sources that could be read, and for each source that could not, why. */
  readonly gitTrees: Readonly<Record<string, Collected<GitTree>>>;
  /** The other clusters of the registry; comes from the service. */
  readonly fleet: readonly FleetCluster[];
  /** What dry-runs in the name of others came to; only where active verification is switched on for the cluster. */
  readonly probes: ProbeReport;
}

/** A Secret of which only metadata was asked for. */
export interface SecretMetadata extends KubernetesObject {
  readonly kind: 'Secret';
}

export type ArtifactName = keyof Artifacts;

/** Compile-time complete list of artifact names. */
const NAMES: Record<ArtifactName, true> = {
  registration: true,
  sightings: true,
  discovery: true,
  namespaces: true,
  deployments: true,
  pods: true,
  configMaps: true,
  kustomizations: true,
  helmReleases: true,
  sources: true,
  alerts: true,
  providers: true,
  serviceAccounts: true,
  fluxInstances: true,
  rbac: true,
  nodes: true,
  podGroups: true,
  operatorPods: true,
  daemonSets: true,
  runtimeClasses: true,
  resourceQuotas: true,
  disruptionBudgets: true,
  networkPolicies: true,
  nativePolicies: true,
  platformConfigMaps: true,
  services: true,
  ingresses: true,
  gatewayRoutes: true,
  webhookConfigurations: true,
  admissionPolicies: true,
  enginePolicies: true,
  apiServices: true,
  receivers: true,
  imageRepositories: true,
  imagePolicies: true,
  imageUpdateAutomations: true,
  artifactGenerators: true,
  resourceSets: true,
  sealedSecrets: true,
  sealingKeys: true,
  alertingRules: true,
  ruleEvaluators: true,
  alertEvents: true,
  secretFacts: true,
  kubeConfigMaps: true,
  accessReviews: true,
  gitTrees: true,
  fleet: true,
  probes: true,
};
export const ARTIFACT_NAMES = Object.keys(NAMES) as readonly ArtifactName[];

const list = (group: string, ...resources: string[]): AccessRule[] =>
  resources.map((resource) => ({ verb: 'list', group, resource }));

/**
 * The permissions that each collector needs, in the shape the auditor's ClusterRole grants them.
 * Preflight compares them with the credential's own rights; the docs and `missing` are made from them.
 * Discovery and `kube-system` reads come on top (see `libs/kubernetes`).
 */
export const ARTIFACT_READS: Record<ArtifactName, readonly AccessRule[]> = {
  registration: [],
  sightings: [],
  discovery: [],
  namespaces: list('', 'namespaces'),
  deployments: list('apps', 'deployments'),
  pods: list('', 'pods'),
  configMaps: [],
  kustomizations: list('kustomize.toolkit.fluxcd.io', 'kustomizations'),
  helmReleases: list('helm.toolkit.fluxcd.io', 'helmreleases'),
  sources: list(
    'source.toolkit.fluxcd.io',
    'gitrepositories',
    'ocirepositories',
    'helmrepositories',
    'helmcharts',
    'buckets',
    'externalartifacts',
  ),
  alerts: list('notification.toolkit.fluxcd.io', 'alerts'),
  providers: list('notification.toolkit.fluxcd.io', 'providers'),
  serviceAccounts: list('', 'serviceaccounts'),
  fluxInstances: list('fluxcd.controlplane.io', 'fluxinstances'),
  rbac: list('rbac.authorization.k8s.io', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'),
  nodes: list('', 'nodes'),
  podGroups: list('', 'pods'),
  operatorPods: list('', 'pods'),
  daemonSets: list('apps', 'daemonsets'),
  runtimeClasses: list('node.k8s.io', 'runtimeclasses'),
  resourceQuotas: list('', 'resourcequotas'),
  disruptionBudgets: list('policy', 'poddisruptionbudgets'),
  networkPolicies: list('networking.k8s.io', 'networkpolicies'),
  nativePolicies: [
    ...list(
      'policy.networking.k8s.io',
      'adminnetworkpolicies',
      'baselineadminnetworkpolicies',
      'clusternetworkpolicies',
    ),
    ...list('cilium.io', 'ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies'),
    ...list('crd.projectcalico.org', 'networkpolicies', 'globalnetworkpolicies'),
    ...list('crd.antrea.io', 'networkpolicies', 'clusternetworkpolicies'),
  ],
  // Read by name; granted per namespace and name.
  platformConfigMaps: [],
  services: list('', 'services'),
  ingresses: list('networking.k8s.io', 'ingresses'),
  gatewayRoutes: list('gateway.networking.k8s.io', 'httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes'),
  webhookConfigurations: list(
    'admissionregistration.k8s.io',
    'validatingwebhookconfigurations',
    'mutatingwebhookconfigurations',
  ),
  admissionPolicies: list(
    'admissionregistration.k8s.io',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ),
  enginePolicies: [
    ...list('kyverno.io', 'clusterpolicies', 'policies', 'policyexceptions'),
    ...list('policies.kyverno.io', 'validatingpolicies', 'policyexceptions'),
    ...list('templates.gatekeeper.sh', 'constrainttemplates'),
    // Every kind of constraint is a resource of its own.
    ...list('constraints.gatekeeper.sh', '*'),
    ...list('config.gatekeeper.sh', 'configs'),
  ],
  apiServices: list('apiregistration.k8s.io', 'apiservices'),
  receivers: list('notification.toolkit.fluxcd.io', 'receivers'),
  imageRepositories: list('image.toolkit.fluxcd.io', 'imagerepositories'),
  imagePolicies: list('image.toolkit.fluxcd.io', 'imagepolicies'),
  imageUpdateAutomations: list('image.toolkit.fluxcd.io', 'imageupdateautomations'),
  artifactGenerators: list('source.extensions.fluxcd.io', 'artifactgenerators'),
  resourceSets: list('fluxcd.controlplane.io', 'resourcesets', 'resourcesetinputproviders'),
  sealedSecrets: list('bitnami.com', 'sealedsecrets'),
  // Granted, if at all, in the namespace of the Sealed Secrets controller.
  sealingKeys: [],
  alertingRules: [
    ...list('monitoring.coreos.com', 'prometheusrules'),
    ...list('operator.victoriametrics.com', 'vmrules'),
  ],
  ruleEvaluators: [
    ...list('monitoring.coreos.com', 'prometheuses'),
    ...list('operator.victoriametrics.com', 'vmalerts'),
  ],
  alertEvents: list('', 'events'),
  // Read by name; granted, if at all, per namespace and name.
  secretFacts: [],
  kubeConfigMaps: [],
  accessReviews: [{ verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' }],
  gitTrees: [],
  fleet: [],
  // Rights to act as others are given per cluster, for its tenants alone.
  probes: [],
};

/** Who the snapshot is of, as proven by the cluster itself. */
export interface ClusterIdentity {
  /** The name it is registered under, or the kubeconfig context. */
  readonly name: string;
  /** UID of the namespace `kube-system`. */
  readonly uid: string;
  /** `gitVersion` of `/version`, such as `v1.36.3`. */
  readonly serverVersion: string;
}

export interface CollectionStats {
  readonly requests: number;
  readonly bytes: number;
  readonly durationMs: number;
}

/** All artifacts of one cluster at one time: the only thing that controls judge. */
export interface Snapshot {
  readonly schemaVersion: 1;
  readonly cluster: ClusterIdentity;
  /** RFC 3339, the time that time-dependent controls call "now". */
  readonly collectedAt: string;
  readonly artifacts: { readonly [N in ArtifactName]: Collected<Artifacts[N]> };
  readonly stats?: CollectionStats;
}

export function collected<T>(value: T, requests?: readonly RequestRecord[]): Collected<T> {
  return { state: 'collected', value, ...(requests && { requests }) };
}

/** For an API that discovery proves is not served: the empty value is the complete answer. */
export function provenAbsent<T>(value: T): Collected<T> {
  return { state: 'collected', value, provenAbsent: 'apiNotServed' };
}

export function unavailable(
  reason: UnavailableReason,
  message: string,
  missing: readonly AccessRule[] = [],
  requests?: readonly RequestRecord[],
): Collected<never> {
  return { state: 'unavailable', reason, message, missing, ...(requests && { requests }) };
}
