import type { ConfigMap, Namespace, SecretMetadata, ServiceAccount } from '#libs/core';
import { defined, Fields } from './fields.js';
import { clusterMetadata, namespacedMetadata } from './metadata.js';

export function projectNamespace(item: unknown): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: clusterMetadata(Fields.of(item)) };
}

export function projectServiceAccount(item: unknown): ServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: namespacedMetadata(Fields.of(item)) };
}

/** A Secret of which nothing but metadata was asked for. When each part of it changed last is kept as well. */
export function projectSecretMetadata(item: unknown): SecretMetadata {
  return { apiVersion: 'v1', kind: 'Secret', metadata: namespacedMetadata(Fields.of(item), { managedFields: true }) };
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
