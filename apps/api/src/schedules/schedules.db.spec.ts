import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ now: () => NOW });
});
afterAll(() => api.close());
beforeEach(() => api.store.dataSource.query('DELETE FROM schedule'));

const NIGHTLY = { name: 'nightly', cron: '0 2 * * *', timeZone: 'Europe/Paris', target: { labelSelector: 'env=prod' } };

describe('schedules', () => {
  it('are created with their next time, read, changed and deleted', async () => {
    const made = await api.post('/schedules', NIGHTLY, { as: 'operator' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...NIGHTLY,
      enabled: true,
      jitterSeconds: 0,
      nextRunAt: '2026-11-25T01:00:00.000Z',
    });
    expect((await api.get('/schedules/nightly')).body).toEqual(made.body);
    const ifMatch = made.headers['etag'] ?? '';

    const moved = await api.patch('/schedules/nightly', { cron: '30 3 * * 1', timeZone: null }, { ifMatch });
    expect(moved.body).toMatchObject({ timeZone: 'UTC', nextRunAt: '2026-11-30T03:30:00.000Z' });
    expect((await api.patch('/schedules/nightly', { enabled: false }, { ifMatch })).body.code).toBe('etag-mismatch');

    const off = await api.patch('/schedules/nightly', { enabled: false }, { ifMatch: moved.headers['etag'] ?? '' });
    expect([off.body.nextRunAt, (await api.get('/schedules/nightly/next')).body.items]).toEqual([null, []]);
    expect((await api.delete('/schedules/nightly?dryRun=true', { ifMatch: '*' })).status).toBe(204);
    expect((await api.delete('/schedules/nightly', { ifMatch: off.headers['etag'] ?? '' })).status).toBe(204);
    expect((await api.get('/schedules/nightly')).status).toBe(404);
  });

  it('tell their next times in the time zone that they name, over a clock change', async () => {
    await api.post('/schedules', { ...NIGHTLY, cron: '30 2 * * *', pauseUntil: '2027-03-27T12:00:00Z' });
    const { body } = await api.get('/schedules/nightly/next?count=3', { as: 'viewer' });
    expect(body.items).toEqual(['2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z', '2027-03-30T00:30:00.000Z']);
    expect((await api.get('/schedules/nightly/next')).body.items).toHaveLength(5);
  });

  it('spread their starts by no more than the jitter', async () => {
    await api.post('/schedules', { ...NIGHTLY, timeZone: 'UTC', jitterSeconds: 600 });
    const { body } = await api.get('/schedules/nightly/next?count=20');
    const shifts = body.items.map((time: string) => (Date.parse(time) % 86_400_000) - 2 * 3_600_000);
    expect(Math.min(...shifts)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shifts)).toBeLessThan(600_000);
    expect(new Set(shifts).size).toBeGreaterThan(10);
  });

  it.each([
    [{ cron: 'every day' }, '/cron'],
    [{ cron: '0 2 * *' }, '/cron'],
    [{ cron: '0 2 * * * *' }, '/cron'],
    [{ cron: '0 0 30 2 *' }, '/cron'],
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
  ])('are refused with %j', async (more, pointer) => {
    const { status, body } = await api.post('/schedules', { ...NIGHTLY, ...more });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'bad-cron', pointer]);
    await api.post('/schedules', NIGHTLY);
    expect((await api.patch('/schedules/nightly', more, { ifMatch: '*' })).body.code).toBe('bad-cron');
  });

  it.each([
    [{ name: 'Not A Name' }, '/name'],
    [{ target: { labelSelector: 'a in (b' } }, '/target/labelSelector'],
    [{ target: { clusters: ['a'] } }, '/target/clusters'],
    [{ profile: 'none@1' }, '/profile'],
    [{ jitterSeconds: -1 }, '/jitterSeconds'],
    [{ budgetSeconds: 1 }, '/budgetSeconds'],
  ])('are not valid with %j', async (more, pointer) => {
    const { status, body } = await api.post('/schedules', { ...NIGHTLY, ...more });
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('have unique names', async () => {
    await api.post('/schedules', NIGHTLY);
    for (const path of ['/schedules', '/schedules?dryRun=true']) {
      expect((await api.post(path, NIGHTLY)).body.code).toBe('name-taken');
    }
  });

  it('are only checked with ?dryRun=true', async () => {
    const { status, body } = await api.post('/schedules?dryRun=true', NIGHTLY);
    expect([status, body.nextRunAt]).toEqual([200, '2026-11-25T01:00:00.000Z']);
    expect((await api.get('/schedules')).body.items).toEqual([]);
    await api.post('/schedules', NIGHTLY);
    await api.patch('/schedules/nightly?dryRun=true', { enabled: false }, { ifMatch: '*' });
    expect((await api.get('/schedules/nightly')).body.enabled).toBe(true);
  });

  it('can be listed by every documented filter', async () => {
    await api.post('/schedules', NIGHTLY);
    await api.post('/schedules', { ...NIGHTLY, name: 'weekly', enabled: false });
    const names = async (query: string) =>
      (await api.get(`/schedules?${query}`)).body.items.map(({ name }: { name: string }) => name).join();
    expect(await names('')).toBe('nightly,weekly');
    expect(await names('enabled=true')).toBe('nightly');
    expect(await names('q=week')).toBe('weekly');
    expect(await names('sort=nextRunAt')).toBe('nightly,weekly');
  });

  it('name the runs that they start', async () => {
    const { body: schedule } = await api.post('/schedules', { ...NIGHTLY, target: {} });
    const { id } = await api.store.clusters
      .create({ id: 'cls_1', name: 'one', connection: { server: 'https://127.0.0.1:1' } })
      .then((cluster) => ('conflict' in cluster ? { id: '' } : cluster));
    expect(id).toBe('cls_1');
    await api.store.schedules.fireDue(new Date('2026-11-25T01:00:00Z'), 10, () => null, { deadlineSeconds: 60 });
    const runs = (await api.get('/runs?schedule=nightly')).body.items;
    expect(runs).toEqual([
      expect.objectContaining({ trigger: 'schedule', scheduleId: schedule.id, requestedBy: 'schedule:nightly' }),
    ]);
    expect((await api.get('/schedules/nightly')).body.lastFiredAt).toBe('2026-11-25T01:00:00.000Z');
  });
});
