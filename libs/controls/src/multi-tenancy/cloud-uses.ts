import {
  type Artifacts,
  CLUSTER_SUBJECT,
  type Collected,
  type HelmRelease,
  type ImageRepository,
  type KubernetesObject,
  type Kustomization,
  type Observation,
  type Provider,
  SOURCE_KINDS,
  type Source,
  notEvaluatedBecause,
} from '#libs/core';
import type { NamedAccount } from '#libs/flux';

/** An object that gets in touch with a cloud or another cluster, and as whom. */
export interface CloudUse {
  readonly object: KubernetesObject;
  /** After "uses ", such as `the cloud aws`. */
  readonly what: string;
  /** The part of the object where it can do so in several ways. */
  readonly field?: string;
  readonly named: NamedAccount;
  /** Where the name belongs, in the words of the object. */
  readonly place: string;
  /** The start-up flag of its controller that stands in for a name. */
  readonly flag: string;
}

const CLOUDS: ReadonlySet<string> = new Set(['aws', 'azure', 'gcp']);
/** Providers of notification-controller that sign in to a cloud where they have no Secret. */
const CLOUD_PROVIDERS: ReadonlySet<string> = new Set(['azureeventhub', 'azuredevops', 'googlepubsub']);
const DEFAULT_FLAG = 'default-service-account';
const KUBE_CONFIG_FLAG = 'default-kubeconfig-service-account';
export const DECRYPTION_FLAG = 'default-decryption-service-account';

/**
 * Sources whose `provider` is a cloud. A Bucket with a Secret signs in with that; `github` is an app of its own, with a
 * Secret. https://fluxcd.io/flux/installation/configuration/workload-identity/
 */
export function sourceUses(sources: Collected<Artifacts['sources']>): readonly (CloudUse | Observation)[] {
  if (sources.state === 'unavailable') return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'sources' }, sources)];
  return SOURCE_KINDS.flatMap((kind): readonly (CloudUse | Observation)[] => {
    const list: Collected<readonly Source[]> = sources.value[kind];
    if (list.state === 'unavailable') return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: kind }, list)];
    return list.value
      .filter(({ spec }) => CLOUDS.has(spec.provider ?? '') && !(kind === 'Bucket' && spec.secretRef))
      .map((source) => byProvider(source, source.spec.provider ?? '', source.spec.serviceAccountName));
  });
}

export function imageUses(repositories: readonly ImageRepository[]): readonly CloudUse[] {
  return repositories
    .filter(({ spec }) => CLOUDS.has(spec.provider ?? ''))
    .map((image) => byProvider(image, image.spec.provider ?? '', image.spec.serviceAccountName));
}

export function providerUses(providers: readonly Provider[]): readonly CloudUse[] {
  return providers
    .filter(({ spec }) => CLOUD_PROVIDERS.has(spec.type ?? '') && !spec.secretRef)
    .map((provider) => byProvider(provider, provider.spec.type ?? '', provider.spec.serviceAccountName));
}

function byProvider(object: KubernetesObject, provider: string, name: string | undefined): CloudUse {
  const place = 'spec.serviceAccountName';
  return {
    object,
    what: `the provider ${provider}`,
    named: namedAt(object, '/spec/serviceAccountName', name),
    place,
    flag: DEFAULT_FLAG,
  };
}

/** The part of an object whose kubeconfig is a ConfigMap: its token is one of the account that the ConfigMap names. */
export function kubeConfigUse(
  object: Kustomization | HelmRelease,
  maps: Collected<Artifacts['kubeConfigMaps']>,
): CloudUse | UnreadUse | undefined {
  const name = object.spec.kubeConfig?.configMapRef?.name;
  if (name === undefined) return undefined;
  const key = `${object.metadata.namespace ?? 'default'}/${name}`;
  const what = `the kubeconfig of ConfigMap ${key}`;
  const place = `serviceAccountName in the data of ConfigMap ${key}`;
  const unnamed = namedAt(object, '/spec/kubeConfig/configMapRef/name', undefined);
  const use = { object, what, field: 'spec.kubeConfig', place, flag: KUBE_CONFIG_FLAG };
  if (maps.state === 'unavailable') return { ...use, named: unnamed, unread: maps };
  const entry = Object.hasOwn(maps.value, key) ? maps.value[key] : undefined;
  if (!entry || entry.state === 'unavailable') {
    const notCollected = {
      state: 'unavailable',
      reason: 'notCollected',
      message: `Nobody read ${what}.`,
      missing: [],
    } as const;
    return { ...use, named: unnamed, unread: entry ?? notCollected };
  }
  if (entry.value === null) return undefined;
  const { metadata, serviceAccountName } = entry.value;
  const facts = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  return { ...use, named: namedAt(facts, '/serviceAccountName', serviceAccountName) };
}

/** Whether it names an account is not known; the default of its controller may still settle it. */
export interface UnreadUse extends CloudUse {
  readonly unread: Extract<Collected<unknown>, { state: 'unavailable' }>;
}

export function namedAt(object: KubernetesObject, pointer: string, name: string | undefined): NamedAccount {
  return { name, source: { object, pointer, observed: name === undefined || name === '' ? null : name } };
}
