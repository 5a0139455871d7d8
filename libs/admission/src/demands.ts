import type { Operation, PodRisk, Situation, Target } from './situation.js';
import { ABSENT, CHOICE, list, map, scalar, TRUE, type Value } from './values.js';

/** What must be refused: objects of one kind, one for each way of doing it. */
export interface Demand {
  /** For people, such as `Kustomizations without spec.serviceAccountName`. */
  readonly title: string;
  readonly target: Target;
  readonly operations: readonly Operation[];
  /** `namespace`: the object's own. */
  cases(namespace: string): readonly Pick<Situation, 'spec' | 'what' | 'podRisk' | 'listsCount'>[];
}

const WRITES: readonly Operation[] = ['CREATE', 'UPDATE'];

const target = (group: string, kind: string, resource: string, ...versions: [string, ...string[]]): Target => ({
  group,
  kind,
  resource,
  versions,
});

/** Kinds of Flux objects, with the versions that a supported Flux may still serve. */
export const FLUX_TARGETS = {
  Kustomization: target('kustomize.toolkit.fluxcd.io', 'Kustomization', 'kustomizations', 'v1', 'v1beta2', 'v1beta1'),
  HelmRelease: target('helm.toolkit.fluxcd.io', 'HelmRelease', 'helmreleases', 'v2', 'v2beta2', 'v2beta1'),
  Alert: target('notification.toolkit.fluxcd.io', 'Alert', 'alerts', 'v1beta3', 'v1beta2', 'v1beta1'),
  Receiver: target('notification.toolkit.fluxcd.io', 'Receiver', 'receivers', 'v1', 'v1beta2', 'v1beta1'),
  ImagePolicy: target('image.toolkit.fluxcd.io', 'ImagePolicy', 'imagepolicies', 'v1', 'v1beta2', 'v1beta1'),
  ImageUpdateAutomation: target(
    'image.toolkit.fluxcd.io',
    'ImageUpdateAutomation',
    'imageupdateautomations',
    'v1',
    'v1beta2',
    'v1beta1',
  ),
  ArtifactGenerator: target(
    'source.extensions.fluxcd.io',
    'ArtifactGenerator',
    'artifactgenerators',
    'v1',
    'v1beta1',
    'v1alpha1',
  ),
  GitRepository: target('source.toolkit.fluxcd.io', 'GitRepository', 'gitrepositories', 'v1', 'v1beta2', 'v1beta1'),
  OCIRepository: target('source.toolkit.fluxcd.io', 'OCIRepository', 'ocirepositories', 'v1', 'v1beta2'),
  HelmRepository: target('source.toolkit.fluxcd.io', 'HelmRepository', 'helmrepositories', 'v1', 'v1beta2', 'v1beta1'),
  ExternalArtifact: target('source.toolkit.fluxcd.io', 'ExternalArtifact', 'externalartifacts', 'v1'),
  Bucket: target('source.toolkit.fluxcd.io', 'Bucket', 'buckets', 'v1', 'v1beta2', 'v1beta1'),
} as const;

const POD = target('', 'Pod', 'pods', 'v1');

/** A map of which the named fields are known, and all others are their author's choice. */
const open = (fields: Readonly<Record<string, Value>>): Value => map(fields, CHOICE);
const inside = (path: string, value: Value): Value =>
  path.split('.').reduceRight<Value>((inner, key) => open({ [key]: inner }), value);

/** An object must name a service account: an empty name is none. */
export function namesAccount(kind: 'Kustomization' | 'HelmRelease'): Demand {
  return {
    title: `${kind}s without spec.serviceAccountName`,
    target: FLUX_TARGETS[kind],
    operations: WRITES,
    cases: () => [
      { what: 'leaves out spec.serviceAccountName', spec: open({ serviceAccountName: ABSENT }) },
      { what: 'has an empty spec.serviceAccountName', spec: open({ serviceAccountName: scalar('') }) },
    ],
  };
}

/** A Kustomization that decrypts must say with which key or account. */
export const namesDecryptionKey: Demand = {
  title: 'Kustomizations with spec.decryption that name neither a Secret nor an account',
  target: FLUX_TARGETS.Kustomization,
  operations: WRITES,
  cases: () => [
    {
      what: 'has spec.decryption without secretRef and serviceAccountName',
      spec: open({ decryption: map({ provider: scalar('sops'), secretRef: ABSENT, serviceAccountName: ABSENT }) }),
    },
  ],
};

/** Fields that `--no-cross-namespace-refs` governs; a list stands in the path as `name[]`. */
const REFERENCES = {
  Kustomization: ['sourceRef'],
  HelmRelease: ['chart.spec.sourceRef', 'chartRef'],
  Alert: ['eventSources[]'],
  Receiver: ['resources[]'],
  ImagePolicy: ['imageRepositoryRef'],
  ImageUpdateAutomation: ['sourceRef'],
  ArtifactGenerator: ['sources[]'],
} as const satisfies Partial<Record<keyof typeof FLUX_TARGETS, readonly string[]>>;

/** References must stay in the namespace of their object. */
export function refersAtHome(kind: keyof typeof REFERENCES): Demand {
  const paths: readonly string[] = REFERENCES[kind];
  return {
    title: `${kind}s that refer to another namespace`,
    target: FLUX_TARGETS[kind],
    operations: WRITES,
    cases: (namespace) => {
      const reference = (name: Value): Value => open({ kind: CHOICE, name: CHOICE, namespace: name });
      const foreign = reference({ type: 'text', not: ['', namespace] });
      return paths.map((path) => ({
        what: `refers to another namespace in spec.${path}.namespace`,
        // In a list the first entry is at home, so that a rule about the first one only is seen through.
        spec: path.endsWith('[]')
          ? open({ [path.slice(0, -2)]: list(reference(ABSENT), foreign) })
          : withOnly(inside(path, foreign), paths, path),
      }));
    },
  };
}

/** `chart` and `chartRef` exclude each other. */
function withOnly(spec: Value, paths: readonly string[], path: string): Value {
  const others = paths.filter((each) => each !== path).map((each) => [each.split('.')[0] ?? '', ABSENT] as const);
  return spec.type === 'map' ? { ...spec, fields: new Map([...spec.fields, ...others]) } : spec;
}

const URLS: Readonly<Record<string, readonly string[]>> = {
  GitRepository: ['https://plimsoll.example.invalid/x', 'ssh://git@plimsoll.example.invalid/x'],
  OCIRepository: ['oci://plimsoll.example.invalid/x'],
  HelmRepository: ['https://plimsoll.example.invalid/x', 'oci://plimsoll.example.invalid/x'],
};

/** Sources must come from where the platform allows: one from a host that nobody knows must be refused. */
export function comesFromKnownHost(kind: 'GitRepository' | 'OCIRepository' | 'HelmRepository' | 'Bucket'): Demand {
  const field = kind === 'Bucket' ? 'endpoint' : 'url';
  return {
    title: `${kind === 'GitRepository' || kind === 'OCIRepository' || kind === 'HelmRepository' ? kind.replace(/y$/, 'ies') : `${kind}s`} of any host`,
    target: FLUX_TARGETS[kind],
    operations: WRITES,
    cases: () =>
      (URLS[kind] ?? ['plimsoll.example.invalid']).map((url) => ({
        what: `has spec.${field} ${url}`,
        // The other field is none of this kind, so that the API server drops it.
        spec: open({ url: ABSENT, endpoint: ABSENT, [field]: scalar(url) }),
        listsCount: true,
      })),
  };
}

/** ExternalArtifacts say where they come from in their status, which no policy sees on creation: none at all. */
export const noExternalArtifacts: Demand = {
  title: 'ExternalArtifacts',
  target: FLUX_TARGETS.ExternalArtifact,
  operations: WRITES,
  cases: () => [{ what: 'is an ExternalArtifact', spec: open({}) }],
};

/** Pods that the level `baseline` of the Pod Security Standards refuses; a privileged one in each list of containers. */
export function keepsPodsFrom(risk: PodRisk): Demand {
  const harmless = open({ securityContext: map({}), ports: ABSENT });
  const pod = (fields: Readonly<Record<string, Value>>): Value =>
    open({ containers: list(harmless), initContainers: ABSENT, ephemeralContainers: ABSENT, ...fields });
  const contained = (context: Value): readonly Value[] => {
    const container = open({ securityContext: context });
    return [pod({ containers: list(harmless, container) }), pod({ initContainers: list(container) })];
  };
  const specs: Readonly<Record<PodRisk, readonly Value[]>> = {
    privileged: contained(open({ privileged: TRUE })),
    capabilities: contained(open({ capabilities: map({ add: list(scalar('SYS_ADMIN')), drop: CHOICE }) })),
    hostPID: [pod({ hostPID: TRUE })],
    hostIPC: [pod({ hostIPC: TRUE })],
    hostNetwork: [pod({ hostNetwork: TRUE })],
    hostPath: [pod({ volumes: list(open({ name: CHOICE, hostPath: map({ path: scalar('/') }) })) })],
  };
  return {
    title: POD_RISKS[risk],
    target: POD,
    // None of these fields of a pod can be changed later.
    operations: ['CREATE'],
    cases: () => specs[risk].map((spec) => ({ what: `asks for ${risk}`, spec, podRisk: risk })),
  };
}

/** Pods must ask for one of some runtime classes; what the class does is another question. */
export const namesRuntimeClass: Demand = {
  title: 'pods without spec.runtimeClassName',
  target: POD,
  operations: ['CREATE'],
  cases: () => [{ what: 'leaves out spec.runtimeClassName', spec: open({ runtimeClassName: ABSENT }) }],
};

/** Pods must not be put on nodes with a taint: neither by the name of a node, nor by a toleration of it. */
export function staysOffNodes(taint: {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}): readonly Demand[] {
  const key = scalar(taint.key);
  const tolerations: readonly Readonly<Record<string, Value>>[] = [
    { operator: scalar('Exists') },
    { key, operator: scalar('Exists') },
    { key, operator: scalar('Exists'), effect: scalar(taint.effect) },
    { key, operator: scalar('Equal'), value: scalar(taint.value ?? ''), effect: scalar(taint.effect) },
  ];
  return [
    {
      title: 'pods that name a node',
      target: POD,
      // Every pod that runs names one, and none can change it.
      operations: ['CREATE'],
      cases: () => [
        { what: 'names a node', spec: open({ nodeName: { type: 'text', not: [''] }, tolerations: ABSENT }) },
      ],
    },
    {
      title: `pods that tolerate ${taint.key}`,
      target: POD,
      // Tolerations can be added to a pod that exists.
      operations: WRITES,
      cases: () =>
        tolerations.map((each) => ({
          what: `tolerates ${taint.key}`,
          spec: open({ tolerations: list(map(each)) }),
        })),
    },
  ];
}

export const POD_RISKS: Readonly<Record<PodRisk, string>> = {
  privileged: 'privileged containers',
  hostPID: 'the process ids of the node (hostPID)',
  hostIPC: 'the IPC of the node (hostIPC)',
  hostNetwork: 'the network of the node (hostNetwork)',
  hostPath: 'paths of the node (hostPath)',
  capabilities: 'the capability SYS_ADMIN',
};
