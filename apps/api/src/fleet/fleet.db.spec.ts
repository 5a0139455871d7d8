import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, profileById } from '#libs/controls';
import { assessmentOf, example, register, unreachable } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

const CONTROL = 'FLUX-HC-01';
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await api.post('/tenants', { name: 'retail' });
  const [bad, blind] = [
    await register(api, 'bad', { labels: { env: 'prod' }, tenants: ['retail'] }),
    await register(api, 'blind'),
  ];
  await register(api, 'new');
  await api.store.audit(bad, assessmentOf('bad', example(CONTROL)));
  await api.store.audit(blind, unreachable('blind'));
});
afterAll(() => api.close());

describe('the fleet', () => {
  it('is summed up: what was not judged is not compliant', async () => {
    const { status, body } = await api.get('/fleet', { as: 'viewer' });
    expect(status).toBe(200);
    expect(body.clusters).toEqual({ total: 3, compliant: 0, notCompliant: 3, unreachable: 1 });
    expect(body.coverage).toBeLessThan(1);
    expect(body.outcomes.notEvaluated).toBeGreaterThanOrEqual(profileById(DEFAULT_PROFILE)?.controls.length ?? 0);
    expect(Object.values(body.openFindings).some((count) => Number(count) > 0)).toBe(true);
    const control = body.controls.find(({ controlId }: { controlId: string }) => controlId === CONTROL);
    expect(control.outcomes).toEqual({ fail: 1, notEvaluated: 1 });
    // One that was never audited is not among them: nothing is known about it.
    expect(body.worstClusters.map(({ name }: { name: string }) => name).toSorted()).toEqual(['bad', 'blind']);
    expect([body.activeRun, body.lastRun.state]).toEqual([null, 'completed']);
  });

  it('can be narrowed to a tenant or to labels', async () => {
    for (const query of ['tenant=retail', 'labelSelector=env%3Dprod']) {
      const { body } = await api.get(`/fleet?${query}`);
      expect([query, body.clusters.total, body.clusters.unreachable]).toEqual([query, 1, 0]);
      const control = body.controls.find(({ controlId }: { controlId: string }) => controlId === CONTROL);
      expect(control.outcomes).toEqual({ fail: 1 });
    }
    expect((await api.get('/fleet?tenant=nobody')).body).toMatchObject({ clusters: { total: 0 }, coverage: null });
  });

  it('shows the run that is going on', async () => {
    const { body: run } = await api.post('/runs', { target: { clusters: ['new'] } });
    expect((await api.get('/fleet')).body.activeRun.id).toBe(run.id);
    await api.post(`/runs/${run.id}/cancel`);
  });
});

describe('the matrix', () => {
  it('has a row for each cluster and a character for each control', async () => {
    const { status, body } = await api.get('/matrix', { as: 'viewer' });
    expect(status).toBe(200);
    expect(body.controls).toEqual(profileById(DEFAULT_PROFILE)?.controls);
    const rows = Object.fromEntries(body.rows.map((row: { name: string }) => [row.name, row]));
    const column = body.controls.indexOf(CONTROL);
    expect(rows.bad.cells[column]).toBe('F');
    expect(rows.blind.cells).toBe('N'.repeat(body.controls.length));
    expect(rows.new.cells).toBe('-'.repeat(body.controls.length));
    expect([rows.bad.stale, rows.blind.stale, rows.new.stale]).toEqual([false, true, false]);
    const used = new Set<string>(body.rows.flatMap(({ cells }: { cells: string }) => cells.split('')));
    expect([...used].filter((letter) => !(letter in body.legend))).toEqual([]);
  });

  it('comes page by page, filtered and sorted like clusters', async () => {
    const first = (await api.get('/matrix?limit=2&sort=-name')).body;
    expect(first.rows.map(({ name }: { name: string }) => name)).toEqual(['new', 'blind']);
    const second = (await api.get(`/matrix?limit=2&sort=-name&cursor=${first.page.next}`)).body;
    expect([second.rows.length, second.page.next]).toEqual([1, null]);
    expect((await api.get('/matrix?labelSelector=env%3Dprod')).body.rows).toHaveLength(1);
    expect((await api.get('/matrix?profile=none@1')).body.errors[0].parameter).toBe('profile');
  });
});
