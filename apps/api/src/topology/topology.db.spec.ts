import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessmentOf, example, register } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { readingOf, remoteEdge } from '../../../../test/support/remote-apply-edge.js';
import { MOST_NODES } from './topology.controller.js';

let api: TestApi;

const apply = async (from: string, id: string, targets: readonly string[]) =>
  api.store.audit(id, assessmentOf(from, example('FLUX-HC-01', 'passing')), {
    remoteApplies: readingOf(...targets.map((target) => remoteEdge(target))),
  });

beforeAll(async () => {
  api = await startApi();
  const hub = await register(api, 'hub', { role: 'management' });
  const middle = await register(api, 'middle', { labels: { site: 'lyon' } });
  await register(api, 'leaf', { labels: { site: 'paris' } });
  await register(api, 'alone');
  await apply('hub', hub, ['middle', 'leaf']);
  await apply('middle', middle, ['leaf']);
});
afterAll(() => api.close());

const topology = (query: string) => api.get(`/topology?${query}`, { as: 'viewer' });
const labels = (body: { nodes: { kind: string; label: string }[] }, kind: string) =>
  body.nodes.filter((node) => node.kind === kind).map(({ label }) => label);

describe('the topology', () => {
  it('starts at a management cluster', async () => {
    const { status, body } = await topology('root=hub');
    expect(status).toBe(200);
    expect(body).toMatchObject({ root: { name: 'hub' }, depth: 1, collapse: null });
    expect(labels(body, 'targetCluster').toSorted()).toEqual(['leaf', 'middle']);
    expect(labels(body, 'object')).toHaveLength(2);
    expect((await topology(`root=${body.root.id}`)).body).toEqual(body);
  });

  it('goes on at the target clusters where it is asked to', async () => {
    const { body } = await topology('root=hub&depth=2');
    expect(labels(body, 'object')).toHaveLength(3);
    expect(body.depth).toBe(2);
  });

  it('can be collapsed', async () => {
    const { body } = await topology('root=hub&collapse=label:site');
    expect(labels(body, 'targetCluster').toSorted()).toEqual(['lyon', 'paris']);
    expect(labels((await topology('root=hub&collapse=namespace')).body, 'object').toSorted()).toEqual([
      'leaf',
      'middle',
    ]);
  });

  it('is the root alone where nothing is applied', async () => {
    expect((await topology('root=alone')).body.nodes).toHaveLength(1);
  });

  it('says how to collapse what is too large', async () => {
    const big = await register(api, 'big', { role: 'management' });
    const edges = Array.from({ length: MOST_NODES / 2 }, (_, index) =>
      remoteEdge('leaf', {}, { namespace: 'all', name: `app-${index}` }),
    );
    const others = edges.map((edge, index) => ({
      ...edge,
      object: { ...edge.object, name: `more-${index}` },
    }));
    await api.store.audit(big, assessmentOf('big', example('FLUX-HC-01', 'passing')), {
      remoteApplies: readingOf(...edges, ...others),
    });
    const { status, body } = await topology('root=big');
    expect([status, body.code]).toEqual([413, 'too-many-nodes']);
    expect(body.fix).toContain(body.suggestedCollapse);
    expect((await topology(`root=big&collapse=${body.suggestedCollapse}`)).status).toBe(200);
  });

  it.each<[string, string, number, string]>([
    ['a cluster that there is not', 'root=nobody', 422, 'validation-failed'],
    ['no root', '', 422, 'validation-failed'],
    ['a depth that there is not', 'root=hub&depth=3', 422, 'validation-failed'],
    ['a way of collapsing that there is not', 'root=hub&collapse=color', 422, 'validation-failed'],
    ['a label without a key', 'root=hub&collapse=label:', 422, 'validation-failed'],
  ])('refuses %s', async (_name, query, status, code) => {
    const answer = await topology(query);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('needs a token', async () => {
    expect((await api.get('/topology?root=hub', { as: null })).status).toBe(401);
  });
});
