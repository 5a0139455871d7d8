import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '#libs/controls';
import type { NewSchedule } from '#libs/persistence';
import { createLogger } from '#libs/platform';
import { eventually } from '../../../../test/support/eventually.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';
import { Scheduler } from './scheduler.js';

const log = createLogger('test', { level: 'silent' });
const NOW = new Date('2026-03-10T12:00:30Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

let stage: WorkerStage;
beforeEach(async () => {
  stage = await WorkerStage.open('postgres');
  await stage.store.register('spoke');
});
afterEach(() => stage.close());

const scheduler = () => new Scheduler(stage.store.schedules, { runDeadlineSeconds: 3600 }, log);
const runs = async () => (await stage.store.runs.list({ limit: 50 })).items;

async function schedule(name: string, changes: Partial<NewSchedule> = {}): Promise<string> {
  const created = await stage.store.schedules.create({
    name,
    cron: '0 * * * *',
    timeZone: 'UTC',
    profile: DEFAULT_PROFILE,
    nextRunAt: minutes(-1).toISOString(),
    ...changes,
  });
  if (created === 'nameTaken') throw new Error(`two schedules named ${name}`);
  return created.id;
}

describe('a schedule', () => {
  it('fires when it is due, and is due again at its next time', async () => {
    const id = await schedule('hourly', { budgetSeconds: 20 });
    expect(await scheduler().turn(minutes(-2))).toBe(false);
    expect(await runs()).toEqual([]);
    await scheduler().turn(NOW);
    const [run, ...others] = await runs();
    expect(run).toMatchObject({
      trigger: 'schedule',
      scheduleId: id,
      requestedBy: 'schedule:hourly',
      budgetSeconds: 20,
    });
    expect(others).toEqual([]);
    expect(await stage.store.schedules.get(id)).toMatchObject({
      nextRunAt: '2026-03-10T13:00:00.000Z',
      lastFiredAt: NOW.toISOString(),
      lastRunId: run?.id,
    });
  });

  it('fires once for everything that was missed', async () => {
    const id = await schedule('hourly', { nextRunAt: minutes(-7 * 60).toISOString() });
    await scheduler().turn(NOW);
    await scheduler().turn(NOW);
    expect(await runs()).toHaveLength(1);
    expect((await stage.store.schedules.get(id))?.nextRunAt).toBe('2026-03-10T13:00:00.000Z');
  });

  it('fires once although many look at the same moment', async () => {
    await schedule('hourly');
    await Promise.all(Array.from({ length: 6 }, () => scheduler().turn(NOW)));
    expect(await runs()).toHaveLength(1);
  });

  it.each<[string, Partial<NewSchedule>]>([
    ['is off', { enabled: false }],
    ['is paused', { pauseUntil: minutes(1).toISOString() }],
    ['is not due', { nextRunAt: minutes(1).toISOString() }],
    ['has no time', { nextRunAt: null }],
  ])('does not fire where it %s', async (_, changes) => {
    await schedule('quiet', changes);
    await scheduler().turn(NOW);
    expect(await runs()).toEqual([]);
  });

  it('fires again when its pause is over', async () => {
    await schedule('paused', { pauseUntil: minutes(1).toISOString() });
    await scheduler().turn(minutes(2));
    expect(await runs()).toHaveLength(1);
  });

  it('moves on without a second run while the last one goes on, and where no cluster matches', async () => {
    const [busy, nobody] = [await schedule('busy'), await schedule('nobody', { labelSelector: 'env=moon' })];
    await scheduler().turn(NOW);
    await scheduler().turn(minutes(70));
    expect(await runs()).toHaveLength(1);
    for (const id of [busy, nobody]) {
      expect((await stage.store.schedules.get(id))?.nextRunAt).toBe('2026-03-10T14:00:00.000Z');
    }
  });

  it('that cannot be read never fires again, and the others go on', async () => {
    const broken = await schedule('broken', { cron: 'no cron' });
    const fine = await schedule('fine', { labelSelector: '!env' });
    await scheduler().turn(NOW);
    expect((await stage.store.schedules.get(broken))?.nextRunAt).toBeNull();
    expect((await stage.store.schedules.get(fine))?.nextRunAt).toBe('2026-03-10T13:00:00.000Z');
  });

  it('fires by its own clock and jitter', async () => {
    const id = await schedule('berlin', { cron: '0 6 * * *', timeZone: 'Europe/Berlin', jitterSeconds: 600 });
    await scheduler().turn(NOW);
    const next = Date.parse((await stage.store.schedules.get(id))?.nextRunAt ?? '');
    const planned = Date.parse('2026-03-11T05:00:00Z');
    expect(next).toBeGreaterThanOrEqual(planned);
    expect(next).toBeLessThan(planned + 600_000);
  });

  it('fires in one of two running workers', async () => {
    await stage.store.dataSource.query('DELETE FROM cluster');
    await stage.fleet(['good-1']);
    await stage.startWorker();
    await stage.startWorker();
    await schedule('now', { nextRunAt: new Date().toISOString() });
    const run = await eventually('it fired', async () => (await runs())[0] ?? false);
    await stage.completed(run.id);
    expect(await runs()).toHaveLength(1);
  });
});
