import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RunRepository } from '#libs/persistence';
import { eventually } from '../../../../test/support/eventually.js';
import { assessmentOf, example, register, unreachable } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  api = await startApi();
  await api.post('/tenants', { name: 'retail' });
  ids = {
    a: await register(api, 'a', { labels: { env: 'prod' } }),
    b: await register(api, 'b', { labels: { env: 'prod' }, tenants: ['retail'] }),
    c: await register(api, 'c', { labels: { env: 'lab' } }),
  };
});
afterAll(() => api.close());

async function finish(runId: string): Promise<void> {
  for (const target of (await api.get(`/runs/${runId}/targets`)).body.items) {
    const { name } = target.cluster;
    await api.store.saveAs(target.id, name === 'c' ? unreachable(name) : assessmentOf(name, example('FLUX-HC-01')));
  }
}

describe('starting a run', () => {
  it('answers at once with what will be audited', async () => {
    const { status, body, headers } = await api.post('/runs', { target: {}, reason: 'look' }, { as: 'operator' });
    expect(status).toBe(202);
    expect(headers).toMatchObject({ location: `/api/v1/runs/${body.id}`, 'retry-after': '1' });
    expect(body).toMatchObject({
      trigger: 'api',
      requestedBy: 'test operator',
      reason: 'look',
      state: 'queued',
      targets: { total: 3, done: 0 },
      counts: null,
    });
    expect((await api.store.outbox.waiting()).count).toBeGreaterThan(0);
    await api.post(`/runs/${body.id}/cancel`);
  });

  it.each([
    [{ clusters: ['a', 'c'] }, 2],
    [{ labelSelector: 'env=prod' }, 2],
    [{ tenant: 'retail' }, 1],
    [{ labelSelector: 'env=prod', clusters: ['a', 'c'] }, 1],
  ])('takes the target %j', async (target, total) => {
    const preview = await api.post('/runs?dryRun=true', { target });
    expect([preview.status, preview.body.targets.total]).toEqual([200, total]);
    const { body } = await api.post('/runs', { target });
    expect(body.targets.total).toBe(total);
    await api.post(`/runs/${body.id}/cancel`);
  });

  it.each([
    [{ target: { clusters: ['a', 'nobody', 'x'] } }, ['/target/clusters/1', '/target/clusters/2']],
    [{ target: { labelSelector: 'a in (b' } }, ['/target/labelSelector']],
    [{ profile: 'none@1' }, ['/profile']],
    [{ controls: ['FLUX-HC-01', 'FLUX-XX-99'] }, ['/controls/1']],
  ])('refuses %j', async (input, pointers) => {
    for (const path of ['/runs', '/runs?dryRun=true']) {
      const { status, body } = await api.post(path, input);
      expect([status, body.code]).toEqual([422, 'validation-failed']);
      expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    }
  });

  it.each(['/runs', '/runs?dryRun=true'])('refuses a target that selects nothing (%s)', async (path) => {
    const { status, body } = await api.post(path, { target: { labelSelector: 'env=none' } });
    expect([status, body.code]).toEqual([422, 'empty-target']);
  });

  it('does not start the same twice, and joins where that is wanted', async () => {
    const first = await api.post('/runs', { target: { clusters: ['a'] } });
    const second = await api.post('/runs', { target: { clusters: ['a'] } });
    expect([second.status, second.body.code, second.body.existingId]).toEqual([409, 'run-conflict', first.body.id]);
    const joined = await api.post('/runs?join=true', { target: { clusters: ['a'] } });
    expect([joined.status, joined.body.id]).toEqual([200, first.body.id]);
    await api.post(`/runs/${first.body.id}/cancel`);
  });

  it('happens once for one key, also when asked ten times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.post('/runs', { target: { clusters: ['b'] } }, { key: 'once' })),
    );
    const started = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => body.id));
    expect(started.size).toBe(1);
    const runs = (await api.get('/runs?cluster=b&state=queued')).body.items;
    expect(runs).toHaveLength(1);
    await api.post(`/runs/${runs[0].id}/cancel`);
  });
});

describe('following a run', () => {
  it('shows progress, then what it counted, and what changed', async () => {
    const { body: run } = await api.post('/runs', { target: {} });
    expect((await api.get(`/runs/${run.id}/diff`)).body.code).toBe('run-not-completed');
    const before = await api.get(`/runs/${run.id}`);
    expect(before.body.progress).toMatchObject({ queued: 3, done: 0, coverage: null });
    await finish(run.id);

    const after = await api.get(`/runs/${run.id}`);
    expect(after.body).toMatchObject({
      state: 'completed',
      targets: { total: 3, done: 3 },
      counts: { targets: { evaluated: 2, notEvaluated: 1 } },
      progress: { queued: 0, done: 3, evaluated: 2, notEvaluated: 1, causes: { unreachable: 1 } },
    });
    expect(after.headers['etag']).not.toBe(before.headers['etag']);
    expect(after.body.coverage).toBeLessThan(1);

    const targets = (await api.get(`/runs/${run.id}/targets?outcome=notEvaluated`)).body.items;
    expect(targets).toEqual([
      expect.objectContaining({ cluster: { id: ids['c'], name: 'c' }, cause: 'unreachable', state: 'done' }),
    ]);
    expect((await api.get(`/runs/${run.id}/targets?cause=unreachable&state=done`)).body.items).toHaveLength(1);

    const { status, body: diff } = await api.get(`/runs/${run.id}/diff`);
    expect(status).toBe(200);
    expect(diff).toMatchObject({ runId: run.id, clusters: { total: 3, evaluated: 2, notEvaluated: 1 } });
    expect(diff.blindSpots).toEqual(expect.arrayContaining([expect.objectContaining({ cause: 'unreachable' })]));

    const cancelled = await api.post(`/runs/${run.id}/cancel`);
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'already-finished']);
    expect((await api.post(`/runs/${run.id}/cancel?dryRun=true`)).body.code).toBe('already-finished');
  });

  it('can be awaited: the answer comes when the run has finished', async () => {
    const { body: run } = await api.post('/runs', { target: { clusters: ['a'] } });
    const waiting = api.get(`/runs/${run.id}`, { headers: { prefer: 'respond-async, wait=30' } });
    await finish(run.id);
    const { body, headers } = await waiting;
    expect([body.state, headers['preference-applied']]).toEqual(['completed', 'wait=30']);
  });

  it('can be awaited: the answer comes when anything changed', async () => {
    const { body: run } = await api.post('/runs', { target: { labelSelector: 'env=prod' } });
    const [target] = (await api.get(`/runs/${run.id}/targets`)).body.items;
    await api.store.runs.claimTarget(target.id);
    const { headers } = await api.get(`/runs/${run.id}`);
    const known = { 'if-none-match': headers['etag'] ?? '' };
    expect((await api.get(`/runs/${run.id}`, { headers: known })).status).toBe(304);
    const waiting = api.get(`/runs/${run.id}`, { headers: { ...known, prefer: 'wait=30' } });
    await api.store.saveAs(target.id, assessmentOf(target.cluster.name, example('FLUX-HC-01')));
    const { status, body } = await waiting;
    expect([status, body.state, body.targets.done]).toEqual([200, 'running', 1]);
    await api.post(`/runs/${run.id}/cancel`);
  });

  it('can be awaited often over one connection', async () => {
    const { body: run } = await api.post('/runs', { target: { clusters: ['a'] } });
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const headers = { authorization: `Bearer ${api.tokens.viewer}`, connection: 'keep-alive' };
    for (let i = 0; i < 15; i += 1) await (await fetch(`${api.url}/api/v1/runs/${run.id}`, { headers })).text();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    await api.post(`/runs/${run.id}/cancel`);
  });

  it('is not awaited any longer by a process that stops', async () => {
    const stopping = await startApi();
    await register(stopping, 'x');
    const { body: run } = await stopping.post('/runs', { target: {} });
    const asked = vi.spyOn(stopping.app.get(RunRepository), 'counts');
    const waiting = stopping.get(`/runs/${run.id}`, { headers: { prefer: 'wait=60' } });
    await eventually('it is being awaited', () => asked.mock.calls.length >= 2);
    const [answer] = await Promise.all([waiting, stopping.close()]);
    expect([answer.status, answer.body.state]).toEqual([200, 'queued']);
  });

  it('can be awaited in vain: the answer says where it stands', async () => {
    const { body: run } = await api.post('/runs', { target: { clusters: ['a'] } });
    const { status, body } = await api.get(`/runs/${run.id}`, { headers: { prefer: 'wait=1' } });
    expect([status, body.state]).toEqual([200, 'queued']);
    expect((await api.post(`/runs/${run.id}/cancel?dryRun=true`)).status).toBe(200);
    expect((await api.post(`/runs/${run.id}/cancel`)).body.state).toBe('cancelled');
  });
});

describe('listing runs', () => {
  it('filters by every documented filter', async () => {
    const count = async (query: string) => (await api.get(`/runs?${query}`)).body.items.length;
    const all = await count('limit=1000');
    expect(all).toBeGreaterThan(5);
    expect((await count('state=completed')) + (await count('state=cancelled'))).toBe(all);
    expect(await count('trigger=api&trigger=schedule')).toBe(all);
    expect(await count('trigger=start')).toBe(0);
    expect(await count('profile=none@1')).toBe(0);
    expect(await count('schedule=nightly')).toBe(0);
    expect(await count('cluster=nobody')).toBe(0);
    expect(await count('cluster=c')).toBe(await count(`cluster=${ids['c']}`));
    const newest = (await api.get('/runs?limit=2')).body.items;
    expect(newest[0].createdAt >= newest[1].createdAt).toBe(true);
  });
});
