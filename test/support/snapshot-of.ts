import { parseAllDocuments } from 'yaml';
import {
  ARTIFACT_NAMES,
  ARTIFACT_READS,
  type ApiDiscovery,
  type ArtifactName,
  type Artifacts,
  type Collected,
  type ConfigMap,
  type Container,
  type Deployment,
  type KubernetesObject,
  type Pod,
  type Registration,
  SOURCE_KINDS,
  type Snapshot,
  type Source,
  type SourceKind,
  type UnavailableReason,
  collected,
  dedent,
  provenAbsent,
  unavailable,
} from '#libs/core';
import { kubeConfigMapReferences, secretReferences } from '#libs/flux';
import { deepFreeze } from './deep-freeze.js';
import { sortIntoLists, type SortedLists } from './snapshot-lists.js';

export interface SnapshotOptions {
  /** Wins over the fields of a `kind: Registration` document. */
  readonly registration?: Partial<Registration>;
  /** Whole artifacts that could not be read. */
  readonly unavailable?: Partial<Record<ArtifactName, UnavailableReason>>;
  /** Source kinds that could not be read, while the others could. */
  readonly unavailableSources?: Partial<Record<SourceKind, UnavailableReason>>;
  /** ConfigMaps that could not be read, by `namespace/name`. */
  readonly unavailableConfigMaps?: Readonly<Record<string, UnavailableReason>>;
  /** Entries of other artifacts that could not be read, by `namespace/name` (of `gitTrees`: by URL). */
  readonly unavailableEntries?: Partial<Record<RecordName, Readonly<Record<string, UnavailableReason>>>>;
  /** API groups that the cluster does not serve, such as `helm.toolkit.fluxcd.io`. */
  readonly notServed?: readonly string[];
  /** When it was collected: "now" for every control. RFC 3339. */
  readonly at?: string;
  /** Earlier sightings: full key → first time, RFC 3339. */
  readonly sightings?: Readonly<Record<string, string>>;
  readonly name?: string;
  /** `gitVersion` of the API server. */
  readonly serverVersion?: string;
  /** UID of the namespace `kube-system`. */
  readonly uid?: string;
}

type RecordName = 'secretFacts' | 'kubeConfigMaps' | 'platformConfigMaps' | 'gitTrees';

/** "Now" where a test says nothing else. */
export const NOW = '2026-11-01T12:00:00Z';

const ALL_RESOURCES: readonly string[] = [
  '/v1/namespaces',
  '/v1/pods',
  '/v1/configmaps',
  '/v1/serviceaccounts',
  'apps/v1/deployments',
  'kustomize.toolkit.fluxcd.io/v1/kustomizations',
  'helm.toolkit.fluxcd.io/v2/helmreleases',
  'source.toolkit.fluxcd.io/v1/gitrepositories',
  'source.toolkit.fluxcd.io/v1/ocirepositories',
  'source.toolkit.fluxcd.io/v1/helmrepositories',
  'source.toolkit.fluxcd.io/v1/helmcharts',
  'source.toolkit.fluxcd.io/v1/buckets',
  'source.toolkit.fluxcd.io/v1/externalartifacts',
  'notification.toolkit.fluxcd.io/v1beta3/alerts',
  'notification.toolkit.fluxcd.io/v1beta3/providers',
  'fluxcd.controlplane.io/v1/fluxinstances',
  'fluxcd.controlplane.io/v1/resourcesets',
  'rbac.authorization.k8s.io/v1/roles',
  'rbac.authorization.k8s.io/v1/clusterroles',
  'networking.k8s.io/v1/networkpolicies',
  'admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  'notification.toolkit.fluxcd.io/v1/receivers',
  'image.toolkit.fluxcd.io/v1/imagerepositories',
  'image.toolkit.fluxcd.io/v1/imagepolicies',
  'image.toolkit.fluxcd.io/v1/imageupdateautomations',
  'source.extensions.fluxcd.io/v1beta1/artifactgenerators',
  'kyverno.io/v1/clusterpolicies',
  'templates.gatekeeper.sh/v1/constrainttemplates',
  'bitnami.com/v1alpha1/sealedsecrets',
  'monitoring.coreos.com/v1/prometheusrules',
];

const SOURCE_RESOURCES: Record<SourceKind, string> = {
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
  HelmRepository: 'helmrepositories',
  HelmChart: 'helmcharts',
  Bucket: 'buckets',
  ExternalArtifact: 'externalartifacts',
};

type Document = KubernetesObject | (Partial<Registration> & { readonly kind: 'Registration' });

function documentsOf(input: string | readonly object[]): readonly Document[] {
  if (typeof input !== 'string') return input as readonly Document[];
  return parseAllDocuments(dedent(input)).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const value: unknown = document.toJS();
    return value === null ? [] : [value as Document];
  });
}

function unavailableArtifact(name: ArtifactName, reason: UnavailableReason): Collected<never> {
  return unavailable(
    reason,
    `The cluster answered ${name} with: ${reason}.`,
    reason === 'forbidden' ? ARTIFACT_READS[name] : [],
  );
}

function configMapNames(containers: readonly Container[]): string[] {
  return containers.flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom }) => (valueFrom?.configMapKeyRef ? [valueFrom.configMapKeyRef.name] : [])),
    ...envFrom.flatMap(({ configMapRef }) => (configMapRef ? [configMapRef.name] : [])),
  ]);
}

/** Every ConfigMap that is given, and `null` for those that containers refer to and that are not there. */
function configMapsOf(
  given: readonly ConfigMap[],
  workloads: readonly (Pod | Deployment)[],
  unreadable: Readonly<Record<string, UnavailableReason>>,
): Artifacts['configMaps'] {
  const found: Record<string, Collected<ConfigMap | null>> = {};
  for (const workload of workloads) {
    const { containers } = 'template' in workload.spec ? workload.spec.template.spec : workload.spec;
    for (const name of configMapNames(containers)) found[`${workload.metadata.namespace}/${name}`] = collected(null);
  }
  for (const map of given) found[`${map.metadata.namespace}/${map.metadata.name}`] = collected(map);
  for (const [key, reason] of Object.entries(unreadable)) {
    const [namespace, name] = key.split('/');
    found[key] = unavailable(
      reason,
      `The ConfigMap ${key} answered with: ${reason}.`,
      reason === 'forbidden' && namespace !== undefined && name !== undefined
        ? [{ verb: 'get', group: '', resource: 'configmaps', namespace, name }]
        : [],
    );
  }
  return found;
}

function sourcesOf(given: readonly Source[], options: SnapshotOptions): Artifacts['sources'] {
  const served = !options.notServed?.includes('source.toolkit.fluxcd.io');
  const entries = SOURCE_KINDS.map((kind): [SourceKind, Collected<readonly Source[]>] => {
    const reason = options.unavailableSources?.[kind];
    if (reason !== undefined) {
      const rules = ARTIFACT_READS.sources.filter(({ resource }) => resource === SOURCE_RESOURCES[kind]);
      return [kind, unavailable(reason, `Listing ${kind} objects answered with: ${reason}.`, rules)];
    }
    const objects = given.filter((source) => source.kind === kind);
    return [kind, served ? collected(objects) : provenAbsent([])];
  });
  return Object.fromEntries(entries) as Artifacts['sources'];
}

/** `given`, with `null` for each name that is referred to and not given: it does not exist. */
function withMissing<T>(
  given: Readonly<Record<string, Collected<T | null>>>,
  references: readonly { readonly namespace: string; readonly name: string }[],
): Readonly<Record<string, Collected<T | null>>> {
  const missing = references.map(({ namespace, name }) => [`${namespace}/${name}`, collected(null)]);
  return { ...Object.fromEntries(missing), ...given };
}

/** Secrets and ConfigMaps by name, as a collector would have looked for them: those of kinds that it could not read are absent. */
function namedBy(lists: SortedLists, sources: readonly Source[], options: SnapshotOptions) {
  const read = <N extends keyof typeof objects>(name: N) => (options.unavailable?.[name] ? [] : objects[name]);
  const objects = { ...lists, sources };
  const { unavailableSources = {} } = options;
  const references = secretReferences({
    kustomizations: read('kustomizations'),
    helmReleases: read('helmReleases'),
    sources: read('sources').filter(({ kind }) => unavailableSources[kind] === undefined),
    providers: read('providers'),
    receivers: read('receivers'),
    imageRepositories: read('imageRepositories'),
    imageUpdateAutomations: read('imageUpdateAutomations'),
    resourceSets: read('resourceSets'),
  });
  const configMaps = kubeConfigMapReferences([...read('kustomizations'), ...read('helmReleases')]);
  return {
    secretFacts: withMissing(lists.secretFacts, references),
    kubeConfigMaps: withMissing(lists.kubeConfigMaps, configMaps),
  };
}

const ENTRY_RESOURCES: Readonly<Record<RecordName, string>> = {
  secretFacts: 'secrets',
  kubeConfigMaps: 'configmaps',
  platformConfigMaps: 'configmaps',
  gitTrees: '',
};

function withUnavailable<T>(
  artifact: RecordName,
  entries: Readonly<Record<string, Collected<T>>>,
  options: SnapshotOptions,
): Readonly<Record<string, Collected<T>>> {
  const failed = Object.entries(options.unavailableEntries?.[artifact] ?? {}).map(([key, reason]) => {
    const [namespace = '', name = ''] = key.split('/');
    const resource = ENTRY_RESOURCES[artifact];
    const rules =
      reason === 'forbidden' && resource !== '' ? [{ verb: 'get', group: '', resource, namespace, name }] : [];
    return [key, unavailable(reason, `${key} answered with: ${reason}.`, rules)] as const;
  });
  return { ...entries, ...Object.fromEntries(failed) };
}

function sorted(documents: readonly Document[], options: SnapshotOptions): Artifacts {
  const sources: Source[] = [];
  const configMaps: ConfigMap[] = [];
  let registration: Registration = { name: options.name ?? 'test' };
  const lists = sortIntoLists(documents as readonly KubernetesObject[], (document) => {
    if (document.kind === 'Registration') {
      const { kind: _kind, apiVersion: _version, ...fields } = document as unknown as Record<string, unknown>;
      registration = { ...registration, ...fields };
    } else if (document.kind === 'ConfigMap') configMaps.push(document as ConfigMap);
    else if (SOURCE_KINDS.includes(document.kind as SourceKind)) sources.push(document as Source);
    else throw new Error(`snapshotOf does not know the kind "${document.kind}". Add it, or check its spelling.`);
  });
  const discovery: ApiDiscovery = {
    serverVersion: options.serverVersion ?? 'v1.36.3',
    resources: ALL_RESOURCES.filter((resource) => !options.notServed?.includes(resource.split('/')[0] ?? '')),
    stale: [],
  };
  const named = namedBy(lists, sources, options);
  return {
    ...lists,
    secretFacts: withUnavailable('secretFacts', named.secretFacts, options),
    kubeConfigMaps: withUnavailable('kubeConfigMaps', named.kubeConfigMaps, options),
    platformConfigMaps: withUnavailable('platformConfigMaps', lists.platformConfigMaps, options),
    gitTrees: withUnavailable('gitTrees', lists.gitTrees, options),
    registration: { ...registration, ...options.registration },
    sightings: { firstSeen: options.sightings ?? {} },
    discovery,
    configMaps: configMapsOf(configMaps, [...lists.pods, ...lists.deployments], options.unavailableConfigMaps ?? {}),
    sources: sourcesOf(sources, options),
  };
}

/**
 * A deep-frozen snapshot for tests from YAML documents (a common indentation is removed) or objects, sorted by kind
 * into artifacts. A `kind: Registration` document holds fields of the registration. What is not mentioned was collected
 * and is empty; all Flux groups are served. A kind that it does not know throws.
 */
export function snapshotOf(input: string | readonly object[] = [], options: SnapshotOptions = {}): Snapshot {
  const values = sorted(documentsOf(input), options);
  const absent = new Set(
    ARTIFACT_NAMES.filter(
      (name) =>
        ARTIFACT_READS[name].length > 0 &&
        ARTIFACT_READS[name].every(({ group }) => group !== '' && options.notServed?.includes(group)),
    ),
  );
  const entries = ARTIFACT_NAMES.map((name) => {
    const reason = options.unavailable?.[name];
    if (reason !== undefined) return [name, unavailableArtifact(name, reason)];
    return [name, absent.has(name) ? provenAbsent(values[name]) : collected<unknown>(values[name])];
  });
  return deepFreeze({
    schemaVersion: 1,
    cluster: {
      name: options.name ?? values.registration.name,
      uid: options.uid ?? '7d8d8b4e-4f3c-4a8e-9c53-2f9d1b6a0c11',
      serverVersion: options.serverVersion ?? 'v1.36.3',
    },
    collectedAt: options.at ?? NOW,
    artifacts: Object.fromEntries(entries) as Snapshot['artifacts'],
  });
}
