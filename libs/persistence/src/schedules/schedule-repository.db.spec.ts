import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { NewSchedule, ScheduleRecord } from './schedule-repository.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
  await store.register('a', { labels: { env: 'prod' } });
  await store.register('b', { labels: { env: 'lab' } });
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE schedule, run, outbox CASCADE');
});

const due = new Date('2026-11-01T02:00:00Z');
const next = new Date('2026-11-02T02:00:00Z');
const fire = (now = due, nextOf: (schedule: ScheduleRecord) => Date | null = () => next) =>
  store.schedules.fireDue(now, 10, nextOf, { deadlineSeconds: 60 });

async function schedule(name: string, details: Partial<NewSchedule> = {}): Promise<ScheduleRecord> {
  const created = await store.schedules.create({
    name,
    cron: '0 2 * * *',
    timeZone: 'Europe/Paris',
    profile: 'test@1',
    nextRunAt: due.toISOString(),
    ...details,
  });
  if (created === 'nameTaken') throw new Error('taken');
  return created;
}

describe('fireDue', () => {
  it('starts a run and moves the schedule on', async () => {
    const { id } = await schedule('nightly', { labelSelector: 'env=prod', budgetSeconds: 20 });
    const [fired, ...others] = await fire();
    expect(others).toEqual([]);
    expect(fired).toMatchObject({ outcome: 'started', schedule: { id } });
    expect(await store.schedules.get(id)).toMatchObject({
      nextRunAt: next.toISOString(),
      lastFiredAt: due.toISOString(),
      lastRunId: fired?.runId,
      version: 1,
    });
    expect(await store.runs.get(fired?.runId ?? '')).toMatchObject({
      trigger: 'schedule',
      scheduleId: id,
      requestedBy: 'schedule:nightly',
      budgetSeconds: 20,
      total: 1,
    });
    expect(await fire()).toEqual([]);
  });

  it('fires each due time once, however many processes look', async () => {
    for (const name of ['x', 'y', 'z']) await schedule(name, { profile: `${name}@1` });
    const fired = (await Promise.all([fire(), fire(), fire(), fire()])).flat();
    expect(fired.map((one) => one.schedule.name).toSorted()).toEqual(['x', 'y', 'z']);
    expect((await store.runs.list({ limit: 10 })).items).toHaveLength(3);
  });

  it.each<[string, Partial<NewSchedule>]>([
    ['is not due yet', { nextRunAt: new Date(due.getTime() + 1).toISOString() }],
    ['is switched off', { enabled: false }],
    ['is paused', { pauseUntil: new Date(due.getTime() + 1).toISOString() }],
    ['has no next time', { nextRunAt: null }],
  ])('leaves a schedule alone that %s', async (_what, details) => {
    await schedule('quiet', details);
    expect(await fire()).toEqual([]);
  });

  it('says where no run was started, and still moves on', async () => {
    const { id } = await schedule('nobody', { labelSelector: 'env=none' });
    expect(await fire()).toMatchObject([{ outcome: 'emptyTarget', runId: null }]);
    expect(await store.schedules.get(id)).toMatchObject({ nextRunAt: next.toISOString(), lastRunId: null });
    const again = await schedule('again', { labelSelector: 'env=lab' });
    const [first] = await fire();
    await store.schedules.update(again.id, null, { nextRunAt: due.toISOString() });
    expect(await fire()).toMatchObject([{ outcome: 'conflict', runId: null }]);
    expect((await store.schedules.get(again.id))?.lastRunId).toBe(first?.runId);
  });

  it('ends a schedule that has no further time', async () => {
    const { id } = await schedule('once');
    await fire(due, () => null);
    expect((await store.schedules.get(id))?.nextRunAt).toBeNull();
  });

  it('changes nothing where the next time cannot be told', async () => {
    const { id } = await schedule('broken');
    await expect(
      fire(due, () => {
        throw new Error('bad cron');
      }),
    ).rejects.toThrow('bad cron');
    expect((await store.schedules.get(id))?.lastFiredAt).toBeNull();
    expect((await store.runs.list({ limit: 10 })).items).toEqual([]);
  });
});

it('creates, updates, lists and deletes', async () => {
  const created = await schedule('weekly', { jitterSeconds: 30 });
  expect(created).toMatchObject({ enabled: true, labelSelector: '', jitterSeconds: 30, version: 1 });
  expect(await store.schedules.create({ name: 'weekly', cron: '', timeZone: '', profile: '' })).toBe('nameTaken');
  expect(await store.schedules.update(created.id, 1, { enabled: false })).toMatchObject({ version: 2, enabled: false });
  expect(await store.schedules.update(created.id, 1, { enabled: true })).toBe('stale');
  await schedule('daily');
  const names = async (filter: object) =>
    (await store.schedules.list({ limit: 9, filter })).items.map(({ name }) => name);
  expect(await names({})).toEqual(['daily', 'weekly']);
  expect(await names({ enabled: true })).toEqual(['daily']);
  expect(await store.schedules.delete(created.id, 1)).toBe('stale');
  expect(await store.schedules.delete(created.id, 2)).toBe('deleted');
  expect(await store.schedules.delete(created.id, null)).toBe('notFound');
});

it('keeps the runs of a schedule that is deleted', async () => {
  const { id } = await schedule('short');
  const [fired] = await fire();
  await store.schedules.delete(id, null);
  expect(await store.runs.get(fired?.runId ?? '')).toMatchObject({ scheduleId: null });
});
