import { describe, expect, it } from 'vitest';
import { importedLabels, sharedLabels, validLabels } from './cluster-labels.js';
import { clusterName, withDistinctNames } from './cluster-name.js';

describe('names of found clusters', () => {
  it.each([
    ['prod-kubeconfig', 'team-a', 'prod'],
    ['cluster-kubeconfig', 'staging', 'staging'],
    ['kubeconfig', 'staging', 'staging'],
    ['prod-sveltos-kubeconfig', 'mgmt', 'prod'],
    ['prod.eu.example', 'a', 'prod-eu-example'],
    ['--', '..', 'cluster'],
    [`a${'b'.repeat(300)}`, 'a', `a${'b'.repeat(62)}`],
  ])('%s in %s is %s', (name, namespace, expected) => {
    expect(clusterName(name, namespace)).toBe(expected);
  });

  it('get their namespace where two would have one name', () => {
    const cluster = (name: string, namespace: string) => ({ name, object: { namespace } });
    const named = withDistinctNames([cluster('prod', 'a'), cluster('prod', 'b'), cluster('lab', 'a')]);
    expect(named.map(({ name }) => name)).toEqual(['a-prod', 'b-prod', 'lab']);
  });
});

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
