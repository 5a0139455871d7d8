import { expect, it } from 'vitest';
import { podSecurityOf } from './pod-security.js';

const POINTER = '/metadata/labels/pod-security.kubernetes.io~1enforce';

it.each([
  [{}, {}],
  [{ 'pod-security.kubernetes.io/enforce': 'baseline' }, { enforce: 'baseline' }],
  [
    { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.29' },
    { enforce: 'restricted', version: 'v1.29' },
  ],
  [{ 'pod-security.kubernetes.io/enforce': 'strict' }, { invalid: 'strict' }],
  [{ 'pod-security.kubernetes.io/warn': 'restricted' }, {}],
])('%j', (labels, expected) => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels } } as const;
  expect(podSecurityOf(namespace)).toEqual({ pointer: POINTER, ...expected });
});
