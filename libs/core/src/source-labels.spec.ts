import { describe, expect, it } from 'vitest';
import { importedLabels, sharedLabels, validLabels } from './source-labels.js';

describe('labels of found clusters', () => {
  it('are imported under source/, with a prefix as part of the name', () => {
    const long = `${'a'.repeat(60)}.example/${'b'.repeat(10)}`;
    expect(
      importedLabels({ env: 'prod', 'topology.kubernetes.io/region': 'eu', [long]: 'x', 'no!': 'x', a: '-' }),
    ).toEqual({
      'source/env': 'prod',
      'source/topology.kubernetes.io_region': 'eu',
    });
  });

  it('are few', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 'v']));
    expect(Object.keys(validLabels(many))).toHaveLength(32);
  });

  it('are those that all have', () => {
    expect(
      sharedLabels([
        { a: '1', b: '2' },
        { a: '1', b: '3' },
      ]),
    ).toEqual({ a: '1' });
    expect(sharedLabels([])).toEqual({});
  });
});
