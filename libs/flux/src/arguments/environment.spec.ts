import { describe, expect, it } from 'vitest';
import { type Container, collected, unavailable } from '#libs/core';
import { type ConfigMaps, type ContainerHome, environmentOf } from './environment.js';

const home: ContainerHome = {
  namespace: 'flux-system',
  pod: { metadata: { name: 'helm-controller-abc', namespace: 'flux-system', uid: 'u1' }, podIP: '10.0.0.7' },
  labels: { lane: 'one' },
  annotations: { note: 'n' },
  spec: { containers: [], serviceAccountName: 'helm-controller', nodeName: 'node-1' },
};
const template: ContainerHome = { ...home, pod: undefined as never };
const forbidden = { verb: 'get', group: '', resource: 'configmaps', namespace: 'flux-system', name: 'secretive' };
const configMaps: ConfigMaps = {
  'flux-system/settings': collected({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'flux-system' },
    data: { ALLOW: 'true', LEVEL: 'info' },
  }),
  'flux-system/absent': collected(null),
  'flux-system/secretive': unavailable('forbidden', 'forbidden', [forbidden]),
};

function read(container: Partial<Container>, name: string, at = home): unknown {
  const value = environmentOf({ name: 'manager', image: 'x', ...container }, at, configMaps)(name);
  return value?.state === 'known' ? value.value : value?.why;
}

describe('the environment of a container', () => {
  it.each<[string, Partial<Container>, string, unknown]>([
    ['a value', { env: [{ name: 'A', value: 'x' }] }, 'A', 'x'],
    ['no such variable', {}, 'A', undefined],
    [
      'an earlier variable',
      {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', value: '$(A)y' },
        ],
      },
      'B',
      'xy',
    ],
    [
      'a later variable',
      {
        env: [
          { name: 'B', value: '$(A)' },
          { name: 'A', value: 'x' },
        ],
      },
      'B',
      '$(A)',
    ],
    [
      'the last of two',
      {
        env: [
          { name: 'A', value: 'x' },
          { name: 'A', value: 'y' },
        ],
      },
      'A',
      'y',
    ],
    ['no value at all', { env: [{ name: 'A' }] }, 'A', ''],
    [
      'a key',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'ALLOW' } } }] },
      'A',
      'true',
    ],
    [
      'an optional key that is missing',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'NO', optional: true } } }] },
      'A',
      undefined,
    ],
    [
      'a key that is missing',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'absent', key: 'NO' } } }] },
      'A',
      'the ConfigMap flux-system/absent has no key NO',
    ],
    [
      'a ConfigMap that is forbidden',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'secretive', key: 'A' } } }] },
      'A',
      'it comes from the ConfigMap flux-system/secretive, which could not be read (forbidden)',
    ],
    [
      'a ConfigMap that was not collected',
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'other', key: 'A' } } }] },
      'A',
      'it comes from the ConfigMap flux-system/other, which was not collected',
    ],
    [
      'a Secret',
      { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'hidden', key: 'A' } } }] },
      'A',
      'it comes from the Secret flux-system/hidden',
    ],
    [
      'what uses a Secret',
      {
        env: [
          { name: 'A', valueFrom: { secretKeyRef: { name: 'hidden', key: 'A' } } },
          { name: 'B', value: 'x$(A)' },
        ],
      },
      'B',
      'it uses $(A): it comes from the Secret flux-system/hidden',
    ],
    ['all of a ConfigMap', { envFrom: [{ configMapRef: { name: 'settings' } }] }, 'LEVEL', 'info'],
    ['with a prefix', { envFrom: [{ prefix: 'F_', configMapRef: { name: 'settings' } }] }, 'F_LEVEL', 'info'],
    [
      'env wins over envFrom',
      { envFrom: [{ configMapRef: { name: 'settings' } }], env: [{ name: 'LEVEL', value: 'debug' }] },
      'LEVEL',
      'debug',
    ],
    [
      'any name may come from all of a Secret',
      { envFrom: [{ secretRef: { name: 'hidden' } }] },
      'A',
      'it may come from the Secret flux-system/hidden',
    ],
    [
      'a later Secret may win over a ConfigMap',
      { envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'hidden' } }] },
      'LEVEL',
      'it may come from the Secret flux-system/hidden',
    ],
    ['but not without its prefix', { envFrom: [{ prefix: 'S_', secretRef: { name: 'hidden' } }] }, 'A', undefined],
    [
      'the namespace',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }] },
      'A',
      'flux-system',
    ],
    [
      'a label',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['lane']" } } }] },
      'A',
      'one',
    ],
    [
      'an absent label',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['no']" } } }] },
      'A',
      '',
    ],
    [
      'the pod',
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
      'A',
      'helm-controller-abc',
    ],
    ['its address', { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] }, 'A', '10.0.0.7'],
    [
      'its resources',
      { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } }] },
      'A',
      'it comes from the resources of the container',
    ],
    ['a Service link', {}, 'KUBERNETES_SERVICE_HOST', 'it may be set for a Service of the namespace'],
  ])('%s', (_title, container, name, expected) => {
    expect(read(container, name)).toEqual(expected);
  });

  it('does not know the pod of a template', () => {
    const env = [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }];
    expect(read({ env }, 'A', template)).toBe('it is the field metadata.name of a pod');
  });

  it('says which permission would help', () => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'secretive', key: 'A' } } }];
    const value = environmentOf({ name: 'manager', image: 'x', env }, home, configMaps)('A');
    expect(value).toMatchObject({ state: 'unresolved', missing: [forbidden] });
  });
});
