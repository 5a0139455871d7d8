import { type Artifacts, type JsonObject, type Probe, type ProbeIdentity } from '#libs/core';
import { FLUX_TARGETS } from '#libs/admission';

type Kind = 'Kustomization' | 'HelmRelease' | 'GitRepository' | 'OCIRepository' | 'HelmRepository' | 'Bucket';

/** A Flux object that a policy about tenants should refuse, or let in. */
export interface FluxTrial {
  /** Unique; a part of the key of its dry-run. */
  readonly id: string;
  readonly kind: Kind;
  /** Continues "creates a ". */
  readonly what: string;
  spec(foreign: string): JsonObject;
}

const INTERVAL = '10m';
const NAME = 'plimsoll-probe';
const ACCOUNT = { serviceAccountName: NAME };

const kustomization = (changes: JsonObject, source: JsonObject = {}): JsonObject => ({
  interval: INTERVAL,
  path: './',
  prune: false,
  sourceRef: { kind: 'GitRepository', name: NAME, ...source },
  ...changes,
});
const helmRelease = (changes: JsonObject, source: JsonObject = {}): JsonObject => ({
  interval: INTERVAL,
  chart: { spec: { chart: NAME, sourceRef: { kind: 'HelmRepository', name: NAME, ...source } } },
  ...changes,
});

/** What no policy has a reason to refuse: a refusal of another one proves something only if this one is let in. */
export const FLUX_CONTROLS: Readonly<Record<'Kustomization' | 'HelmRelease', FluxTrial>> = {
  Kustomization: {
    id: 'control Kustomization',
    kind: 'Kustomization',
    what: 'Kustomization with an account and a source of its namespace',
    spec: () => kustomization(ACCOUNT),
  },
  HelmRelease: {
    id: 'control HelmRelease',
    kind: 'HelmRelease',
    what: 'HelmRelease with an account and a source of its namespace',
    spec: () => helmRelease(ACCOUNT),
  },
};

/** Objects that name no service account (FLUX-MT-02). */
export const ACCOUNT_TRIALS = {
  Kustomization: [
    {
      id: 'Kustomization without account',
      kind: 'Kustomization',
      what: 'Kustomization without spec.serviceAccountName',
      spec: () => kustomization({}),
    },
  ],
  HelmRelease: [
    {
      id: 'HelmRelease without account',
      kind: 'HelmRelease',
      what: 'HelmRelease without spec.serviceAccountName',
      spec: () => helmRelease({}),
    },
  ],
} as const satisfies Record<string, readonly FluxTrial[]>;

/** Objects that refer to a source of another namespace (FLUX-MT-01). */
export const REFERENCE_TRIALS = {
  Kustomization: [
    {
      id: 'Kustomization with foreign source',
      kind: 'Kustomization',
      what: 'Kustomization with a source of another namespace',
      spec: (namespace: string) => kustomization(ACCOUNT, { namespace }),
    },
  ],
  HelmRelease: [
    {
      id: 'HelmRelease with foreign source',
      kind: 'HelmRelease',
      what: 'HelmRelease with a chart from another namespace',
      spec: (namespace: string) => helmRelease(ACCOUNT, { namespace }),
    },
    {
      id: 'HelmRelease with foreign chartRef',
      kind: 'HelmRelease',
      what: 'HelmRelease with spec.chartRef to another namespace',
      spec: (namespace: string) => ({
        interval: INTERVAL,
        chartRef: { kind: 'OCIRepository', name: NAME, namespace },
        ...ACCOUNT,
      }),
    },
  ],
} as const satisfies Record<string, readonly FluxTrial[]>;

/** Decryption with whatever key the controller has (FLUX-KEK-02). */
export const DECRYPTION_TRIALS: readonly FluxTrial[] = [
  {
    id: 'Kustomization with decryption and no key',
    kind: 'Kustomization',
    what: 'Kustomization with spec.decryption that names no key',
    spec: () => kustomization({ ...ACCOUNT, decryption: { provider: 'sops' } }),
  },
];

/** Sources from a host that nobody knows: `.invalid` is no host's (RFC 2606) (FLUX-X-21). */
export const SOURCE_TRIALS: Readonly<
  Record<'GitRepository' | 'OCIRepository' | 'HelmRepository' | 'Bucket', FluxTrial>
> = {
  GitRepository: sourceTrial('GitRepository', { url: 'https://example.invalid/x' }),
  OCIRepository: sourceTrial('OCIRepository', { url: 'oci://example.invalid/x' }),
  HelmRepository: sourceTrial('HelmRepository', { url: 'https://example.invalid/x' }),
  Bucket: sourceTrial('Bucket', { bucketName: NAME, endpoint: 'example.invalid' }),
};

function sourceTrial(kind: Kind, fields: JsonObject): FluxTrial {
  return {
    id: `${kind} of unknown host`,
    kind,
    what: `${kind} of example.invalid`,
    spec: () => ({ interval: INTERVAL, ...fields }),
  };
}

/** Under which key the answer is found. */
export function fluxProbeKey({ id }: FluxTrial, namespace: string): string {
  return `${id} in ${namespace}`;
}

/** Newest version that the API server serves of the kind; undefined where it serves none. */
function versionOf(kind: Kind, { resources }: Artifacts['discovery']): string | undefined {
  const { group, resource, versions } = FLUX_TARGETS[kind];
  return versions.find((version) => resources.includes(`${group}/${version}/${resource}`));
}

/** The creation of the object, as a dry-run; undefined where its kind is not served. */
export function fluxProbe(
  trial: FluxTrial,
  place: {
    readonly control: string;
    readonly namespace: string;
    readonly as: ProbeIdentity;
    readonly foreign: string;
    readonly discovery: Artifacts['discovery'];
  },
): Probe | undefined {
  const { control, namespace, as, foreign, discovery } = place;
  const { group, resource } = FLUX_TARGETS[trial.kind];
  const version = versionOf(trial.kind, discovery);
  if (version === undefined) return undefined;
  return {
    key: fluxProbeKey(trial, namespace),
    control,
    as,
    method: 'POST',
    target: { group, version, resource, namespace },
    body: {
      apiVersion: `${group}/${version}`,
      kind: trial.kind,
      metadata: { name: NAME, namespace },
      spec: trial.spec(foreign),
    },
    what: `creates a ${trial.what} in ${namespace}`,
  };
}
