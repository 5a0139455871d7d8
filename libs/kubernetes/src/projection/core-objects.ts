import type { ConfigMap, Namespace, ServiceAccount } from '#libs/core';
import { defined, Fields } from './fields.js';
import { clusterMetadata, namespacedMetadata } from './metadata.js';

export function projectNamespace(item: unknown): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: clusterMetadata(Fields.of(item)) };
}

export function projectServiceAccount(item: unknown): ServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: namespacedMetadata(Fields.of(item)) };
}

/** What of a ConfigMap's data is kept: nothing is, unless a Flux container's arguments need it. */
export function projectConfigMap(item: unknown, keep: (key: string) => 'value' | 'name' | 'nothing'): ConfigMap {
  const object = Fields.of(item);
  const data = object.textMap('data', (key) => keep(key) !== 'nothing');
  return defined({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespacedMetadata(object),
    data:
      data && Object.fromEntries(Object.entries(data).map(([key, value]) => [key, keep(key) === 'value' ? value : ''])),
  });
}
