import {
  type Artifacts,
  type Collected,
  type KubeConfigFacts,
  type KubeConfigMapFacts,
  type KubernetesObject,
  type SecretFacts,
  type Subject,
  subjectOf,
} from '#libs/core';
import { kubeConfigOf, secretNamed } from '#libs/flux';
import { type RemoteApplyObject, labelOf } from './remote-apply-object.js';

interface Use {
  readonly namespace: string;
  readonly name: string;
  /** Kustomizations and HelmReleases that refer to it; all are of its namespace. */
  readonly objects: readonly RemoteApplyObject[];
}

/** A Secret that objects name in `spec.kubeConfig.secretRef`, by the key that they name. */
export interface SecretUse extends Use {
  readonly kind: 'Secret';
  /** Empty where the reference names none. */
  readonly key: string;
  readonly facts: Collected<SecretFacts | null>;
}

/** A ConfigMap that objects name in `spec.kubeConfig.configMapRef`. */
export interface ConfigMapUse extends Use {
  readonly kind: 'ConfigMap';
  readonly facts: Collected<KubeConfigMapFacts | null>;
}

export type KubeConfigUse = SecretUse | ConfigMapUse;

/** Where the kubeconfigs are read. */
export type KubeConfigArtifacts = { readonly [N in 'secretFacts' | 'kubeConfigMaps']: Collected<Artifacts[N]> };

/** What is known of a ConfigMap by name, with its own state. */
function mapNamed(
  maps: Collected<Artifacts['kubeConfigMaps']>,
  namespace: string,
  name: string,
): Collected<KubeConfigMapFacts | null> {
  if (maps.state === 'unavailable') return maps;
  const key = `${namespace}/${name}`;
  const entry = Object.hasOwn(maps.value, key) ? maps.value[key] : undefined;
  const message = `The ConfigMap ${key} was not read.`;
  return entry ?? { state: 'unavailable', reason: 'notCollected', message, missing: [] };
}

/** Each Secret (and key) and each ConfigMap once, with the objects that use it. Objects that name neither are left out. */
export function kubeConfigUses(
  objects: readonly RemoteApplyObject[],
  { secretFacts, kubeConfigMaps }: KubeConfigArtifacts,
): readonly KubeConfigUse[] {
  const groups = new Map<string, RemoteApplyObject[]>();
  for (const object of objects) {
    const { secretRef, configMapRef } = object.spec.kubeConfig ?? {};
    if (!secretRef && !configMapRef) continue;
    const reference = secretRef
      ? ['Secret', secretRef.name, secretRef.key ?? '']
      : ['ConfigMap', configMapRef?.name ?? '', ''];
    const key = JSON.stringify([object.metadata.namespace ?? '', ...reference]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(object);
  }
  return [...groups].map(([id, group]) => {
    const [namespace = '', kind, name = '', key = ''] = JSON.parse(id) as string[];
    const use = { namespace, name, objects: group };
    return kind === 'Secret'
      ? { ...use, kind: 'Secret', key, facts: secretNamed(secretFacts, namespace, name) }
      : { ...use, kind: 'ConfigMap', facts: mapNamed(kubeConfigMaps, namespace, name) };
  });
}

/** The Secret or ConfigMap as an object, for subjects and evidence. */
export function objectOfUse({ kind, namespace, name, facts }: KubeConfigUse): KubernetesObject {
  const metadata = facts.state === 'collected' && facts.value ? facts.value.metadata : { namespace, name };
  return { apiVersion: 'v1', kind, metadata };
}

/** Where one Secret is used by several keys, the key tells them apart. */
export function subjectOfUse(use: KubeConfigUse): Subject {
  return subjectOf(objectOfUse(use), use.kind === 'Secret' && use.key !== '' ? { field: use.key } : {});
}

/** The kubeconfig that a reference means, and where it stands in the facts. */
export function kubeConfigIn(
  use: SecretUse,
): { readonly config: KubeConfigFacts; readonly pointer: string } | undefined {
  const facts = use.facts.state === 'collected' ? use.facts.value : null;
  const config = facts && kubeConfigOf(facts, { name: use.name, key: use.key });
  if (!facts || !config) return undefined;
  const key = use.key.replaceAll('~', '~0').replaceAll('/', '~1');
  return { config, pointer: facts.kubeConfigs ? `/kubeConfigs/${key}` : '/kubeConfig' };
}

/** `Secret spoke-a/kubeconfig`, for messages. */
export function labelOfUse({ kind, namespace, name }: KubeConfigUse): string {
  return `${kind} ${namespace}/${name}`;
}

const MAX_NAMES = 10;

/** `Kustomization spoke-a/apps, HelmRelease spoke-a/web and 3 more`. */
export function namesOf(objects: readonly RemoteApplyObject[]): string {
  const names = objects.map(labelOf).toSorted();
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
