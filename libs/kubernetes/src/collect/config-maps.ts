import { collected, type Collected, type ConfigMap, type Container, type Deployment, type Pod } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { projectConfigMap } from '../projection/core-objects.js';
import { environmentFilter, type KeptPart } from '../projection/environment.js';
import { readNamed } from './read-named.js';

/** Which keys of a ConfigMap the arguments of Flux containers need. */
type KeyFilter = (key: string) => KeptPart;

interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly filters: KeyFilter[];
}

/**
 * The ConfigMaps that containers of Flux take their environment from, read by name, by `namespace/name`. Each has its own
 * state; of its data only the keys that the arguments refer to are kept.
 */
export async function collectConfigMaps(
  client: ClusterClient,
  pods: readonly Pod[],
  deployments: readonly Deployment[],
): Promise<Collected<Readonly<Record<string, Collected<ConfigMap | null>>>>> {
  const wanted = wantedConfigMaps([
    ...pods.map(({ metadata, spec }) => ({ namespace: metadata.namespace, containers: spec.containers })),
    ...deployments.map(({ metadata, spec }) => ({
      namespace: metadata.namespace,
      containers: spec.template.spec.containers,
    })),
  ]);
  const entries = await Promise.all(
    [...wanted].map(async ([key, entry]) => [key, await readConfigMap(client, entry)] as const),
  );
  return collected(Object.fromEntries(entries));
}

function wantedConfigMaps(
  homes: readonly { readonly namespace?: string; readonly containers: readonly Container[] }[],
): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const want = (namespace: string, name: string, filter: KeyFilter) => {
    if (name === '') return;
    const key = `${namespace}/${name}`;
    const entry = wanted.get(key) ?? { namespace, name, filters: [] };
    entry.filters.push(filter);
    wanted.set(key, entry);
  };
  for (const { namespace, containers } of homes) {
    if (namespace === undefined) continue;
    for (const container of containers) {
      const filter = environmentFilter(container);
      for (const { name, valueFrom } of container.env ?? []) {
        const from = valueFrom?.configMapKeyRef;
        if (from) want(namespace, from.name, (key) => (key === from.key ? filter(name) : 'nothing'));
      }
      for (const { prefix = '', configMapRef } of container.envFrom ?? []) {
        if (configMapRef) want(namespace, configMapRef.name, (key) => filter(prefix + key));
      }
    }
  }
  return wanted;
}

async function readConfigMap(client: ClusterClient, wanted: Wanted): Promise<Collected<ConfigMap | null>> {
  const { namespace, name, filters } = wanted;
  const keep: KeyFilter = (key) => {
    const parts = filters.map((filter) => filter(key));
    return parts.includes('value') ? 'value' : parts.includes('name') ? 'name' : 'nothing';
  };
  return readNamed(client, { resource: 'configmaps', title: 'ConfigMap' }, { namespace, name }, (body) =>
    projectConfigMap(body, keep),
  );
}
