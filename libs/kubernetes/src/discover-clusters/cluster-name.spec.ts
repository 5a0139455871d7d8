import { describe, expect, it } from 'vitest';
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
