import type { KubeConfigFacts, KubeConfigReference, SecretFacts } from '#libs/core';

/**
 * The data key of a Secret that holds the kubeconfig: the one that the reference names, else `value` (even if empty),
 * else `value.yaml`. Undefined where the Secret has none of them; Flux then fails.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
 */
export function kubeConfigKey(keys: readonly string[], named: string | undefined): string | undefined {
  const wanted = named === undefined || named === '' ? ['value', 'value.yaml'] : [named];
  return wanted.find((key) => keys.includes(key));
}

/** The facts of the kubeconfig that a reference means; undefined where the Secret has no such key. */
export function kubeConfigOf(
  facts: Pick<SecretFacts, 'kubeConfig' | 'kubeConfigs'>,
  reference: NonNullable<KubeConfigReference['secretRef']>,
): KubeConfigFacts | undefined {
  const { kubeConfig, kubeConfigs } = facts;
  if (kubeConfigs === undefined) return kubeConfig;
  const key = reference.key ?? '';
  return Object.hasOwn(kubeConfigs, key) ? kubeConfigs[key] : undefined;
}
