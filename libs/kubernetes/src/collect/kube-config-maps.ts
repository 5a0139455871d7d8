import type { Artifacts, HelmRelease, Kustomization } from '#libs/core';
import { kubeConfigMapReferences } from '#libs/flux';
import type { ClusterClient } from '../client/cluster-client.js';
import { kubeConfigMapFacts } from '../facts/kube-config-map-facts.js';
import { readNamed } from './read-named.js';

/** The ConfigMaps that tell Flux how to reach other clusters, read by name. */
export async function collectKubeConfigMaps(
  client: ClusterClient,
  objects: readonly (Kustomization | HelmRelease)[],
): Promise<Artifacts['kubeConfigMaps']> {
  const entries = await Promise.all(
    kubeConfigMapReferences(objects).map(async (name) => {
      const found = await readNamed(client, { resource: 'configmaps', title: 'ConfigMap' }, name, kubeConfigMapFacts);
      return [`${name.namespace}/${name.name}`, found] as const;
    }),
  );
  return Object.fromEntries(entries);
}
