import type {
  HelmRelease,
  ImageRepository,
  ImageUpdateAutomation,
  KubernetesObject,
  Kustomization,
  Provider,
  Receiver,
  ResourceSet,
  Source,
} from '#libs/core';

/** What a Secret is for, where a Flux object names it. */
export type SecretRole =
  | 'kubeConfig'
  | 'decryption'
  | 'provider'
  | 'receiver'
  | 'source'
  | 'verification'
  | 'certificates'
  | 'proxy'
  | 'image'
  | 'signingKey'
  | 'inputProvider';

/** A Secret that a Flux object names. Flux looks for it in the object's own namespace. */
export interface SecretReference {
  readonly namespace: string;
  readonly name: string;
  readonly role: SecretRole;
  /** Role `kubeConfig` only: the data key that the reference names; absent where it names none. */
  readonly key?: string;
  /** The object that refers to it. */
  readonly from: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** The kinds that refer to Secrets. A kind that is absent was not read: its references are missing from the answer. */
export interface ReferringObjects {
  readonly kustomizations?: readonly Kustomization[];
  readonly helmReleases?: readonly HelmRelease[];
  readonly sources?: readonly Source[];
  readonly providers?: readonly Provider[];
  readonly receivers?: readonly Receiver[];
  readonly imageRepositories?: readonly ImageRepository[];
  readonly imageUpdateAutomations?: readonly ImageUpdateAutomation[];
  readonly resourceSets?: readonly ResourceSet[];
}

type Named = { readonly name: string; readonly key?: string } | undefined;
type Roles = Partial<Record<SecretRole, Named>>;

/**
 * Every Secret that the objects name by `secretRef` and its like, once for each place that names it, in the order of the
 * objects. Secrets of `valuesFrom` and `substituteFrom` are not among them: nobody reads those.
 * https://fluxcd.io/flux/components/
 */
export function secretReferences(objects: ReferringObjects): readonly SecretReference[] {
  return [
    ...referencesOf(objects.kustomizations, ({ spec }) => ({
      kubeConfig: spec.kubeConfig?.secretRef,
      decryption: spec.decryption?.secretRef,
    })),
    ...referencesOf(objects.helmReleases, ({ spec }) => ({ kubeConfig: spec.kubeConfig?.secretRef })),
    // The chart is fetched and verified in the namespace of its repository.
    ...referencesOf(
      objects.helmReleases,
      ({ spec }) => ({ verification: spec.chart?.spec.verify?.secretRef }),
      ({ metadata, spec }) => spec.chart?.spec.sourceRef.namespace ?? metadata.namespace,
    ),
    ...referencesOf(objects.sources, ({ spec }) => ({
      source: spec.secretRef,
      verification: spec.verify?.secretRef,
      certificates: spec.certSecretRef,
      proxy: spec.proxySecretRef,
    })),
    ...referencesOf(objects.providers, ({ spec }) => ({
      provider: spec.secretRef,
      certificates: spec.certSecretRef,
      proxy: spec.proxySecretRef,
    })),
    ...referencesOf(objects.receivers, ({ spec }) => ({ receiver: spec.secretRef })),
    ...referencesOf(objects.imageRepositories, ({ spec }) => ({ image: spec.secretRef })),
    ...referencesOf(objects.imageUpdateAutomations, ({ spec }) => ({ signingKey: spec.git?.signingKey?.secretRef })),
    ...referencesOf(objects.resourceSets, ({ spec }) => ({
      inputProvider: spec.secretRef,
      certificates: spec.certSecretRef,
    })),
  ];
}

function referencesOf<T extends KubernetesObject>(
  objects: readonly T[] = [],
  rolesOf: (object: T) => Roles,
  home: (object: T) => string | undefined = ({ metadata }) => metadata.namespace,
): readonly SecretReference[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const namespace = home(object);
    if (namespace === undefined || metadata.namespace === undefined) return [];
    const from = { kind, namespace: metadata.namespace, name: metadata.name };
    return Object.entries(rolesOf(object)).flatMap(([role, named]: [string, Named]) =>
      named === undefined || named.name === ''
        ? []
        : [
            {
              namespace,
              name: named.name,
              role: role as SecretRole,
              ...(role === 'kubeConfig' && named.key !== undefined && named.key !== '' && { key: named.key }),
              from,
            },
          ],
    );
  });
}

/** The ConfigMaps that `spec.kubeConfig.configMapRef` of the objects names, each once, in order of their keys. */
export function kubeConfigMapReferences(
  objects: readonly (Kustomization | HelmRelease)[],
): readonly { readonly namespace: string; readonly name: string }[] {
  const found = new Map<string, { readonly namespace: string; readonly name: string }>();
  for (const { metadata, spec } of objects) {
    const name = spec.kubeConfig?.configMapRef?.name;
    if (metadata.namespace === undefined || name === undefined || name === '') continue;
    found.set(`${metadata.namespace}/${name}`, { namespace: metadata.namespace, name });
  }
  return [...found.keys()].toSorted().flatMap((key) => found.get(key) ?? []);
}
