import { describe, expect, it } from 'vitest';
import type { Toleration } from '#libs/core';
import { node } from '../../../../test/support/node-objects.js';
import { placementOf, tolerates, toleratesAll } from './scheduling.js';

const taint = { key: 'role', value: 'flux', effect: 'NoSchedule' };

it.each<[string, readonly Toleration[], boolean]>([
  ['nothing', [], false],
  ['the taint', [{ key: 'role', operator: 'Equal', value: 'flux', effect: 'NoSchedule' }], true],
  ['the taint, Equal left out', [{ key: 'role', value: 'flux' }], true],
  ['another value', [{ key: 'role', value: 'gpu' }], false],
  ['another effect', [{ key: 'role', operator: 'Exists', effect: 'NoExecute' }], false],
  ['any value', [{ key: 'role', operator: 'Exists' }], true],
  ['everything', [{ operator: 'Exists' }], true],
  ['no key, and Equal', [{ operator: 'Equal' }], false],
  ['another key', [{ key: 'other', operator: 'Exists' }], false],
])('a pod that tolerates %s: %s', (_, tolerations, expected) => {
  expect(tolerates(tolerations, taint)).toBe(expected);
});

it.each<[Toleration, boolean]>([
  [{ operator: 'Exists' }, true],
  [{ operator: 'Exists', effect: 'NoExecute' }, false],
  [{ key: 'a', operator: 'Exists' }, false],
])('%j tolerates all: %s', (toleration, expected) => {
  expect(toleratesAll(toleration)).toBe(expected);
});

describe('placement', () => {
  const required = (...terms: readonly object[]) => ({
    containers: [],
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  });
  const expression = (key: string, operator: string, ...values: readonly string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  const pool = node('f', {}, { role: 'flux', size: '4' });

  it.each<[string, Parameters<typeof placementOf>[0], boolean, boolean]>([
    ['nothing', { containers: [] }, true, false],
    ['the operating system', { containers: [], nodeSelector: { 'kubernetes.io/os': 'linux' } }, true, false],
    ['another operating system', { containers: [], nodeSelector: { 'kubernetes.io/os': 'windows' } }, false, false],
    ['a label', { containers: [], nodeSelector: { role: 'flux' } }, true, true],
    ['In', required(expression('role', 'In', 'flux', 'x')), true, true],
    ['NotIn', required(expression('role', 'NotIn', 'flux')), false, true],
    ['NotIn of an absent label', required(expression('absent', 'NotIn', 'flux')), true, true],
    ['Exists', required(expression('role', 'Exists')), true, true],
    ['DoesNotExist', required(expression('role', 'DoesNotExist')), false, true],
    ['Gt', required(expression('size', 'Gt', '3')), true, true],
    ['Lt', required(expression('size', 'Lt', '3')), false, true],
    ['one of two terms', required(expression('role', 'In', 'x'), expression('size', 'Exists')), true, true],
    [
      'one term without a label of its own',
      required(expression('role', 'Exists'), expression('kubernetes.io/os', 'Exists')),
      true,
      false,
    ],
    ['an empty term', required({}), false, false],
    ['a name', required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['f'] }] }), true, true],
    ['an operator that is none', required(expression('role', 'Like', 'f')), false, true],
    [
      'preferences only',
      { containers: [], affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } } },
      true,
      false,
    ],
    ['what is no affinity', { containers: [], affinity: { nodeAffinity: 'x' as unknown as object } }, true, false],
  ])('%s', (_, spec, allowed, narrow) => {
    const placement = placementOf(spec);
    expect([placement.allows(pool), placement.narrow]).toEqual([allowed, narrow]);
  });
});
