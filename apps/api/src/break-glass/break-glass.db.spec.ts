import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILL_STEPS, drillOutcome, type DrillStep, type DrillStepName } from '#libs/core';
import { newId } from '#libs/platform';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
const ids: Record<string, string> = {};
const DEDICATED = { role: 'tenant', tenancy: 'dedicated' } as const;
const entry = (name: string, more: object = {}) => ({
  name,
  drillDays: 90,
  expiresAt: new Date(Date.now() + 100 * 86_400_000).toISOString(),
  credentialStores: ['vault', 'offline'] as const,
  runbookUrl: 'https://runbooks.example.com/edge',
  ...more,
});

async function drill(cluster: string, name: string, failing?: DrillStepName): Promise<string> {
  const id = newId('drl');
  const deadlineAt = new Date(Date.now() + 60_000).toISOString();
  const given = { clusterId: ids[cluster] ?? '', entry: name, requestedBy: 'tok_1', deadlineAt };
  await api.store.drills.create({ id, ...given, mode: 'dryRun', runner: 'cli' });
  const failed = failing === undefined ? DRILL_STEPS.length : DRILL_STEPS.indexOf(failing);
  const steps = DRILL_STEPS.map((step, place): DrillStep => ({
    name: step,
    state: place < failed ? 'passed' : place === failed ? 'failed' : 'skipped',
    ...(place === failed && { cause: 'RIGHT_MISSING' }),
    message: 'The principal may not create ClusterRoleBindings.',
    durationMs: 212,
    requests: [],
  }));
  const at = new Date().toISOString();
  const outcome = drillOutcome({ mode: 'dryRun', runner: 'cli' }, steps);
  await api.store.drills.report(id, { mode: 'dryRun', outcome, startedAt: at, finishedAt: at, writes: 0, steps });
  return id;
}

beforeAll(async () => {
  api = await startApi();
  const { id: tenantId } = (await api.post('/tenants', { name: 'team-a' })).body;
  const register = async (name: string, details: Parameters<typeof api.store.register>[1]) => {
    ids[name] = await api.store.register(name, details);
  };
  await register('edge-001', {
    ...DEDICATED,
    labels: { env: 'prod' },
    platform: { breakGlass: [entry('a'), entry('b')] },
  });
  await register('edge-014', { ...DEDICATED, tenantIds: [tenantId], platform: { breakGlass: [entry('a')] } });
  await register('edge-207', { ...DEDICATED, platform: { breakGlass: [entry('a')] } });
  await register('edge-300', DEDICATED);
  await register('hub', {
    role: 'management',
    platform: { breakGlass: [entry('a', { expiresAt: '2020-01-01T00:00:00Z' })] },
  });
  await register('shared', { role: 'tenant', tenancy: 'shared' });
  await drill('edge-001', 'a', 'rights');
  ids['passed'] = await drill('edge-001', 'b');
  ids['failed'] = await drill('edge-014', 'a', 'rights');
});
afterAll(() => api.close());

const board = async (query = '') => (await api.get(`/break-glass${query}`, { as: 'viewer' })).body;
const verdicts = async (query = '') =>
  (await board(query)).items.map((row: { cluster: string; verdict: string }) => `${row.cluster} ${row.verdict}`);

describe('the readiness board', () => {
  it('has a row for each cluster that needs a way in, those first where nobody gets in', async () => {
    expect(await verdicts()).toEqual([
      'edge-014 notReady',
      'edge-300 notReady',
      'hub notReady',
      'edge-207 unknown',
      'edge-001 ready',
    ]);
    expect((await board()).verdicts).toEqual({ ready: 1, notReady: 3, unknown: 1 });
  });

  it('shows the best way in, with what is known about each part, and where to look', async () => {
    const [row] = (await board('?cluster=edge-001')).items;
    expect(row).toMatchObject({
      id: ids['edge-001'],
      entry: 'b',
      entries: 2,
      credential: { state: 'ok', ageDays: 0 },
      path: { state: 'ok', text: 'worked, 212 ms', ageDays: 0, cause: null },
      recoveryPlan: { state: 'ok' },
      lastDrill: { state: 'ok', text: 'passed today' },
      escrow: { state: 'ok', text: '2/2', at: null, ageDays: null },
      lastDrillId: ids['passed'],
      runbookUrl: 'https://runbooks.example.com/edge',
    });
    for (const link of Object.values(row.links)) expect((await api.get(link as string)).status).toBe(200);
  });

  it('names the step that fails, and what was not reached', async () => {
    const [row] = (await board('?cluster=edge-014')).items;
    expect(row).toMatchObject({
      rights: { state: 'failed', cause: 'RIGHT_MISSING', text: 'The principal may not create ClusterRoleBindings.' },
      recoveryPlan: { state: 'unknown', text: 'never tried' },
      lastDrill: { state: 'failed', text: 'failed at rights' },
      lastDrillId: ids['failed'],
      tenants: ['team-a'],
    });
  });

  it('shows a cluster without any way in, and drills that are not over', async () => {
    const [none] = (await board('?cluster=edge-300')).items;
    expect(none).toMatchObject({ entry: null, entries: 0, verdict: 'notReady', credential: { state: 'failed' } });
    const started = await api.post('/drills', { cluster: 'edge-207', mode: 'verify' });
    expect((await board('?cluster=edge-207')).items[0]).toMatchObject({ openDrillId: started.body.id });
  });

  it.each([
    ['?verdict=ready', ['edge-001 ready']],
    ['?verdict=unknown&verdict=ready', ['edge-207 unknown', 'edge-001 ready']],
    ['?tenant=team-a', ['edge-014 notReady']],
    ['?labelSelector=env%3Dprod', ['edge-001 ready']],
    ['?failing=rights', ['edge-014 notReady']],
    ['?failing=rights&failing=credential&sort=cluster', ['edge-014 notReady', 'edge-300 notReady', 'hub notReady']],
    ['?q=EDGE-2', ['edge-207 unknown']],
    ['?cluster=hub&cluster=edge-001', ['hub notReady', 'edge-001 ready']],
    ['?cluster=nobody', []],
    ['?sort=-cluster&limit=2', ['hub notReady', 'edge-300 notReady']],
  ])('can be filtered: %s', async (query, expected) => {
    expect(await verdicts(query)).toEqual(expected);
  });

  it('counts verdicts over everything that the other filters leave', async () => {
    expect((await board('?verdict=ready&q=edge')).verdicts).toEqual({ ready: 1, notReady: 2, unknown: 1 });
  });

  it('comes page by page', async () => {
    const first = await board('?limit=3');
    const second = await board(`?limit=3&cursor=${first.page.next}`);
    const names = [...first.items, ...second.items].map((row: { cluster: string }) => row.cluster);
    expect([names, second.page.next]).toEqual([['edge-014', 'edge-300', 'hub', 'edge-207', 'edge-001'], null]);
  });

  it('refuses what it does not know', async () => {
    expect((await api.get('/break-glass?failing=luck')).status).toBe(422);
    expect((await api.get('/break-glass?labelSelector=%3D%3D')).status).toBe(422);
  });
});
