import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DRILL_STEPS, type DrillStepName } from '#libs/core';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let id: string;
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.store.dataSource.query('DELETE FROM cluster');
  const breakGlass = [{ name: 'edge', principals: { users: ['bg'] }, alertOnUse: { rule: 'r' } }];
  id = await api.store.register('edge-001', { role: 'tenant', tenancy: 'dedicated', platform: { breakGlass } });
});

const start = (more: object = {}, as: 'admin' | 'operator' | 'viewer' = 'operator') =>
  api.post('/drills', { cluster: 'edge-001', mode: 'verify', ...more }, { as });
const LIVE = { mode: 'live', confirm: 'edge-001', reason: 'quarterly rehearsal' };
const started = async (more: object): Promise<string> => (await start(more)).body.id;

function results(failing?: DrillStepName, more: object = {}) {
  const steps = DRILL_STEPS.map((name) => ({
    name,
    state: name === failing ? 'failed' : 'passed',
    ...(name === failing && { cause: 'ADMISSION_DENIES' }),
    message: 'So it was.',
    durationMs: 12,
    requests: [{ method: 'POST', path: `${BINDINGS}?dryRun=All`, dryRun: true, status: 201 }] as object[],
  }));
  return { startedAt: '2026-11-24T09:00:00Z', finishedAt: '2026-11-24T09:00:04Z', steps, ...more };
}
const registered = async () => (await api.store.clusters.registration(id))?.breakGlass?.[0];

describe('asking for a drill', () => {
  it('queues what the service does itself, and says where to look', async () => {
    const { status, headers, body } = await start();
    expect([status, headers['location'], headers['retry-after']]).toEqual([202, `/api/v1/drills/${body.id}`, '1']);
    expect(body).toMatchObject({
      cluster: { id, name: 'edge-001' },
      entry: 'edge',
      mode: 'verify',
      runner: 'service',
      state: 'queued',
      outcome: null,
      requestedBy: { id: api.tokenIds.operator, name: 'test operator' },
    });
    expect((await api.get(`/drills/${body.id}`)).body).toMatchObject({ id: body.id, steps: [], written: [] });
  });

  it.each([
    [{ mode: 'verify', runner: 'cli' }, 'awaitingResults'],
    [{ mode: 'dryRun' }, 'awaitingResults'],
    [{ mode: 'dryRun', confirm: 'edge-001', cluster: 'edge-001', entry: 'edge' }, 'awaitingResults'],
    [LIVE, 'awaitingApproval'],
  ])('leaves the rest to people: %j', async (input, state) => {
    expect((await start(input)).body).toMatchObject({ state, runner: 'cli' });
  });

  it('is refused while another one of the way in is open', async () => {
    const first = await started({});
    const { status, body } = await start();
    expect([status, body.code, body.existingId]).toEqual([409, 'drill-running', first]);
  });

  it.each([
    [{ cluster: 'nobody' }, 'validation-failed', '/cluster'],
    [{ entry: 'nobody' }, 'validation-failed', '/entry'],
    [{ mode: 'dryRun', runner: 'service' }, 'validation-failed', '/runner'],
    [{ mode: 'live', confirm: 'edge-001' }, 'validation-failed', '/reason'],
    [{ mode: 'everything' }, 'validation-failed', '/mode'],
    [{ credential: 'x' }, 'validation-failed', '/credential'],
    [{ ...LIVE, confirm: undefined }, 'confirm-mismatch', undefined],
    [{ ...LIVE, confirm: 'edge-002' }, 'confirm-mismatch', undefined],
    [{ mode: 'dryRun', confirm: 'edge-002' }, 'confirm-mismatch', undefined],
  ])('is refused: %j', async (input, code, pointer) => {
    const { status, body } = await start(input);
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, code, pointer]);
  });

  it('needs an entry, and its name where there are several', async () => {
    await api.store.clusters.update(id, null, { platform: { breakGlass: [{ name: 'a' }, { name: 'b' }] } });
    expect((await start()).body.errors).toMatchObject([{ pointer: '/entry', code: 'missing' }]);
    expect((await start({ entry: 'b' })).status).toBe(202);
    await api.store.clusters.update(id, null, { platform: {} });
    expect((await start()).body.errors).toMatchObject([{ pointer: '/entry', code: 'no-entry' }]);
  });

  it('is only checked with ?dryRun=true', async () => {
    const { status, body } = await api.post('/drills?dryRun=true', { cluster: 'edge-001', ...LIVE });
    expect([status, body.state]).toEqual([200, 'awaitingApproval']);
    expect((await api.get('/drills')).body.items).toEqual([]);
  });

  it('needs a key and a right', async () => {
    const unkeyed = await api.post('/drills', { cluster: 'edge-001', mode: 'verify' }, { key: null });
    expect([unkeyed.status, unkeyed.body.code]).toEqual([400, 'idempotency-key-missing']);
    const refused = await start({}, 'viewer');
    expect([refused.status, refused.body.requiredPermission]).toEqual([403, 'drills.write']);
  });
});

describe('approvals of a live drill', () => {
  it('are two, and never of who asked', async () => {
    const drill = await started(LIVE);
    const approve = (as: 'admin' | 'operator' | 'viewer', query = '') =>
      api.post(`/drills/${drill}/approve${query}`, undefined, { as });
    const own = await approve('operator');
    expect([own.status, own.body.code]).toEqual([403, 'self-approval']);
    expect((await approve('viewer')).body.requiredPermission).toBe('drills.approve');
    expect((await approve('admin', '?dryRun=true')).body.approvals).toEqual([]);
    expect((await approve('admin')).body).toMatchObject({
      state: 'awaitingApproval',
      approvals: [{ by: { name: 'test admin' } }],
    });
    expect((await approve('admin')).body.approvals).toHaveLength(1);

    const early = await api.post(`/drills/${drill}/results`, results());
    expect([early.status, early.body.code]).toEqual([403, 'live-needs-approval']);
    await api.store.drills.approve(drill, 'tok_of_grace');
    expect((await api.get(`/drills/${drill}`)).body).toMatchObject({ state: 'awaitingResults', approvals: [{}, {}] });
    const unbegun = await api.post(`/drills/${drill}/results`, results());
    expect([unbegun.status, unbegun.body.code]).toEqual([409, 'drill-state']);
    await api.post(`/drills/${drill}/start`);
    expect((await api.post(`/drills/${drill}/results`, results())).body).toMatchObject({ state: 'completed' });
    expect((await approve('admin')).status).toBe(200);
  });

  it('make no sense of any other drill', async () => {
    const { status, body } = await api.post(`/drills/${await started({})}/approve`);
    expect([status, body.code]).toEqual([409, 'drill-state']);
    expect((await api.post('/drills/drl_none/approve')).status).toBe(404);
  });
});

describe('beginning a live drill', () => {
  const begin = (drill: string, as: 'operator' | 'viewer' = 'operator', query = '') =>
    api.post(`/drills/${drill}/start${query}`, undefined, { as });

  it('is possible once, after two approvals', async () => {
    const drill = await started(LIVE);
    expect((await begin(drill)).body.code).toBe('live-needs-approval');
    await api.store.drills.approve(drill, 'tok_of_ada');
    await api.store.drills.approve(drill, 'tok_of_grace');
    expect((await begin(drill, 'viewer')).body.requiredPermission).toBe('drills.write');
    expect((await begin(drill, 'operator', '?dryRun=true')).body.state).toBe('running');
    const first = await begin(drill);
    expect([first.status, first.body.state, first.body.startedAt]).toEqual([200, 'running', expect.any(String)]);
    const second = await begin(drill);
    expect([second.status, second.body.code]).toEqual([409, 'drill-state']);
    expect((await api.post(`/drills/${drill}/results`, results())).body).toMatchObject({ state: 'completed' });
  });

  it('is nothing that the service lets others do for it', async () => {
    expect((await begin(await started({}))).body.code).toBe('drill-state');
    expect((await begin('drl_none')).status).toBe(404);
  });
});

describe('results', () => {
  it('complete a drill, and become the last one of its way in', async () => {
    const drill = await started({ mode: 'dryRun' });
    const input = results(undefined, { operators: 'ada, grace', alertId: 'ALERT-1' });
    expect((await api.post(`/drills/${drill}/results?dryRun=true`, input)).body.outcome).toBe('passed');
    expect(await registered()).not.toHaveProperty('lastDrill');
    const { status, body } = await api.post(`/drills/${drill}/results`, input, { as: 'operator' });
    expect([status, body.state, body.outcome, body.writes]).toEqual([200, 'completed', 'passed', 0]);
    expect(body.steps).toEqual(input.steps);
    expect(await registered()).toMatchObject({
      lastDrill: { result: 'passed', by: 'ada, grace', evidence: drill, at: body.finishedAt },
      alertOnUse: { testedAt: body.finishedAt },
    });
  });

  it('are judged here: a step that failed, a step that is missing, a write that was not to be', async () => {
    const outcome = async (input: object) => {
      const drill = await started({ mode: 'dryRun' });
      const { body } = await api.post(`/drills/${drill}/results`, input);
      return [body.outcome, body.writes, body.written?.length];
    };
    expect(await outcome(results('restoreDelete'))).toEqual(['failed', 0, 0]);
    const skipped = results().steps.map((step) => (step.name === 'rights' ? { ...step, state: 'skipped' } : step));
    expect(await outcome(results(undefined, { steps: skipped }))).toEqual(['unknown', 0, 0]);
    const written = results();
    written.steps[3]?.requests.push({ method: 'POST', path: BINDINGS, dryRun: false, status: 201 });
    expect(await outcome(written)).toEqual(['failed', 1, 1]);
  });

  it.each<[string, (input: ReturnType<typeof results>) => object, string]>([
    ['a step is missing', (input) => ({ ...input, steps: input.steps.slice(1) }), '/steps'],
    ['steps in another order', (input) => ({ ...input, steps: input.steps.toReversed() }), '/steps'],
    [
      'a call says what its path does not',
      (input) => (input.steps[0]?.requests.push({ method: 'POST', path: BINDINGS, dryRun: true, status: 201 }), input),
      '/steps/0/requests/1/dryRun',
    ],
    ['a credential', (input) => ({ ...input, operators: 'Bearer abcdefghijklmnopqrstuvwxyz123456' }), '/operators'],
    ['something else', (input) => ({ ...input, kubeconfig: 'x' }), '/kubeconfig'],
    ['no time', (input) => ({ ...input, startedAt: 'today' }), '/startedAt'],
  ])('are refused with %s', async (_what, change, pointer) => {
    const drill = await started({ mode: 'dryRun' });
    const { status, body } = await api.post(`/drills/${drill}/results`, change(results()));
    expect([status, body.errors?.map((error: { pointer: string }) => error.pointer)]).toEqual([422, [pointer]]);
  });

  it('are taken once, and of no drill that the service does', async () => {
    const drill = await started({ mode: 'dryRun' });
    await api.post(`/drills/${drill}/results`, results());
    expect((await api.post(`/drills/${drill}/results`, results())).body.code).toBe('drill-state');
    expect((await api.post(`/drills/${await started({})}/results`, results())).body.code).toBe('drill-state');
    expect((await api.post('/drills/drl_none/results', results())).status).toBe(404);
    expect((await api.post(`/drills/${drill}/results`, results(), { as: 'viewer' })).status).toBe(403);
  });
});

describe('aborting', () => {
  it('ends what is not over', async () => {
    const drill = await started({});
    expect((await api.post(`/drills/${drill}/abort?dryRun=true`)).body.state).toBe('aborted');
    expect((await api.get(`/drills/${drill}`)).body.state).toBe('queued');
    expect((await api.post(`/drills/${drill}/abort`, undefined, { as: 'operator' })).body.state).toBe('aborted');
    const again = await api.post(`/drills/${drill}/abort`);
    expect([again.status, again.body.code]).toEqual([409, 'drill-state']);
    expect((await api.post('/drills/drl_none/abort')).status).toBe(404);
    expect((await start()).status).toBe(202);
  });
});

describe('reading drills', () => {
  it('tells the UID that is pinned for the cluster', async () => {
    const drill = await started({ mode: 'dryRun' });
    const uid = async () => (await api.get(`/drills/${drill}`)).body.clusterUid;
    expect(await uid()).toBeNull();
    await api.store.dataSource.query('UPDATE cluster SET cluster_uid = $2 WHERE id = $1', [id, `uid-of-${id}`]);
    expect(await uid()).toBe(`uid-of-${id}`);
  });

  it('waits for the end, as long as the caller wants', async () => {
    const drill = await started({ mode: 'dryRun' });
    const waiting = api.get(`/drills/${drill}`, { headers: { prefer: 'wait=10' } });
    await api.post(`/drills/${drill}/results`, results());
    const { body, headers } = await waiting;
    expect([body.state, headers['preference-applied']]).toEqual(['completed', 'wait=10']);
    const known = await api.get(`/drills/${drill}`, { headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect(known.status).toBe(304);
    expect((await api.get('/drills/drl_none')).status).toBe(404);
  });

  it('lists them by what is asked for', async () => {
    const first = await started({ mode: 'dryRun' });
    await api.post(`/drills/${first}/results`, results('rights'));
    const second = await started({});
    const ids = async (query: string) =>
      (await api.get(`/drills?${query}`, { as: 'viewer' })).body.items.map((drill: { id: string }) => drill.id);
    expect(await ids('cluster=edge-001')).toEqual([second, first]);
    expect(await ids(`cluster=${id}&outcome=failed&mode=dryRun&runner=cli&state=completed&entry=edge`)).toEqual([
      first,
    ]);
    expect(await ids('cluster=nobody')).toEqual([]);
    expect(await ids('state=queued&state=running')).toEqual([second]);
    const page = (await api.get('/drills?limit=1')).body.page;
    expect(page).toMatchObject({ total: { count: 2 }, next: expect.any(String) });
    expect(await ids(`limit=1&cursor=${page.next}`)).toEqual([first]);
  });
});
