import { describe, expect, it } from 'vitest';
import { ARTIFACT_READS, type AccessRule, type ArtifactName } from '#libs/core';
import { EVERYTHING, FLUX_RESOURCES, SimulatedCluster, SimulatedServer } from '#libs/simulator';
import { failureOf, openClient } from '../../test/hostile-cluster.js';
import { preflight, type PreflightOptions } from './preflight.js';

const control = (id: string, requires: readonly ArtifactName[], optional: readonly ArtifactName[] = []) => ({
  id,
  requires,
  reads: [...requires, ...optional].flatMap((name) => ARTIFACT_READS[name]),
});
const controls = [control('A', ['pods'], ['namespaces']), control('B', ['pods', 'kustomizations']), control('C', [])];

async function meet(cluster: SimulatedCluster, options: Partial<PreflightOptions> = {}) {
  const server = await SimulatedServer.start({ clusters: cluster });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential });
  try {
    return await preflight(client, { controls, ...options });
  } finally {
    await client.close();
    await server.close();
  }
}

const clusterOf = (user: ConstructorParameters<typeof SimulatedCluster>[0]['user'] = {}) =>
  new SimulatedCluster({ name: 'prod', resources: FLUX_RESOURCES, user });
const list = (group: string, resource: string): AccessRule => ({ verb: 'list', group, resource });

describe('preflight', () => {
  it('tells which cluster it is, who we are and what we may read', async () => {
    const cluster = clusterOf();
    const result = await meet(cluster, { expectedUid: cluster.uid });
    expect(result).toMatchObject({
      uid: cluster.uid,
      serverVersion: 'v1.36.3',
      tls: { protocol: 'TLSv1.3' },
      user: { name: cluster.user.name, groups: expect.arrayContaining(['system:authenticated']) },
      capabilities: [
        { rule: { verb: 'get', resource: 'namespaces', name: 'kube-system' }, allowed: true, usedBy: ['A', 'B', 'C'] },
        { rule: list('', 'pods'), allowed: true, usedBy: ['A', 'B'] },
        { rule: list('', 'namespaces'), allowed: true, usedBy: ['A'] },
        { rule: list('kustomize.toolkit.fluxcd.io', 'kustomizations'), allowed: true, usedBy: ['B'] },
      ],
      predictedCoverage: { evaluated: 3, applicable: 3, ratio: 1 },
      overprivileged: [],
    });
    expect(result.latencyMs).toBeGreaterThanOrEqual(0);
    expect(cluster.requests.mutating).toEqual([]);
  });

  it.each<[string, AccessRule, number]>([
    ['a right that two controls require', list('', 'pods'), 1],
    ['a right that one control requires', list('kustomize.toolkit.fluxcd.io', 'kustomizations'), 2],
    ['a right that is only useful', list('', 'namespaces'), 3],
  ])('predicts the coverage without %s', async (_title, rule, evaluated) => {
    const cluster = clusterOf();
    cluster.deny(rule);
    const { capabilities, predictedCoverage } = await meet(cluster);
    expect(predictedCoverage).toEqual({ evaluated, applicable: 3, ratio: evaluated / 3 });
    expect(capabilities.filter(({ allowed }) => allowed !== true).map((capability) => capability.rule)).toEqual([rule]);
  });

  it('names rights that an auditor should not have', async () => {
    const { overprivileged } = await meet(clusterOf({ allowed: EVERYTHING, denied: [] }));
    expect(overprivileged).toEqual([
      { verb: 'create', group: '', resource: 'pods' },
      { verb: 'get', group: '', resource: 'secrets' },
      { verb: 'impersonate', group: '', resource: 'users' },
      { verb: '*', group: '*', resource: '*' },
    ]);
  });

  it('does not take a question that was not answered for a "no"', async () => {
    const cluster = clusterOf();
    cluster.injectFault({ kind: 'status', status: 403, method: 'POST' });
    const { user, capabilities, overprivileged } = await meet(cluster);
    expect(user).toBeUndefined();
    expect(new Set(capabilities.map(({ allowed }) => allowed))).toEqual(new Set([null]));
    expect(overprivileged).toEqual([]);
  });

  it('refuses another cluster', async () => {
    const error = await failureOf(meet(clusterOf(), { expectedUid: '00000000-0000-4000-8000-000000000000' }));
    expect(error.code).toBe('identityMismatch');
  });

  it.each([
    ['something else', { kind: 'garbage' }, 'notKubernetes'],
    ['JSON of something else', { kind: 'json', body: { version: '1.27.0' } }, 'notKubernetes'],
    ['a server without that path', { kind: 'status', status: 404 }, 'notKubernetes'],
    ['a login page elsewhere', { kind: 'redirect', location: 'https://login.example.com/' }, 'redirected'],
    ['a stranger', { kind: 'status', status: 401 }, 'unauthenticated'],
    ['a server in trouble', { kind: 'status', status: 503 }, 'transient'],
  ] as const)('recognises %s', async (_title, fault, code) => {
    const cluster = clusterOf();
    cluster.injectFault({ ...fault, path: /version/ });
    expect((await failureOf(meet(cluster))).code).toBe(code);
  });
});
