import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { QUEUE_HOMES, startRedis, type TestRedis } from '../../../test/support/redis.js';
import { serverBuild } from '../../../test/support/server-build.js';
import { takeAway } from '../../../test/support/take-away.js';
import type { JobLog } from './job-log.js';
import { JobQueues } from './job-queues.js';
import { auditJob, deliveryJob } from './jobs.js';

const targets = (count: number) =>
  Array.from({ length: count }, (_, index) => `tgt_01JD9YZ3M6Q8R5T7V9X1${String(index).padStart(6, '0')}`);
const [TARGET = ''] = targets(1);

/** Lines that a test may look at. */
function recordingLog() {
  const lines: { readonly level: string; readonly message: string; readonly fields: Record<string, unknown> }[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } });
  const log: JobLog = { info: at('info'), warn: at('warn'), error: at('error') };
  return { log, lines };
}

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('job queues %s', (_, { home, absent }) => {
  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let opened: JobQueues[] = [];
  const { log, lines } = recordingLog();

  async function open(workers = 1): Promise<JobQueues> {
    const queues = await JobQueues.open({ databaseUrl: database.url, redisUrl: redis?.url, workers, log });
    opened.push(queues);
    return queues;
  }

  beforeEach(async () => {
    if (absent) return;
    database = await createDatabase();
    redis = home === 'redis' ? await startRedis() : undefined;
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.all(opened.map((queues) => queues.close()));
    opened = [];
    await redis?.stop();
  });

  it.skipIf(absent)('runs every job once and keeps the ids apart', async () => {
    const queues = await open();
    expect(queues.kind).toBe(home);
    await queues.ping();
    const ran: string[] = [];
    await queues.process('audit', 4, async ({ targetId }) => void ran.push(targetId));
    await queues.addAll(
      'audit',
      targets(2_500).map((id) => auditJob(id)),
    );
    await eventually('all jobs ran', () => ran.length >= 2_500);
    await eventually('nothing is left', async () => Object.values(await queues.depth('audit')).every((n) => n === 0));
    expect(new Set(ran).size).toBe(2_500);
    expect(ran).toHaveLength(2_500);
  });

  it.skipIf(absent)('takes a job added again, waiting or done, for the same job', async () => {
    const queues = await open();
    const ran: string[] = [];
    await queues.addAll('audit', [auditJob(TARGET)]);
    await queues.addAll('audit', [auditJob(TARGET), auditJob(TARGET)]);
    expect(await queues.depth('audit')).toEqual({ waiting: 1, active: 0, delayed: 0 });
    await queues.process('audit', 1, async (_payload, { jobId }) => void ran.push(jobId));
    await eventually('it ran', async () => ran.length > 0 && (await queues.depth('audit')).active === 0);
    await queues.addAll('audit', [auditJob(TARGET)]);
    const [, other = ''] = targets(2);
    await queues.addAll('audit', [auditJob(other)]);
    await eventually('a later job ran', () => ran.includes(other));
    expect(ran).toEqual([TARGET, other]);
  });

  it.skipIf(absent)('adds the same jobs from two processes at once', async () => {
    const [one, other] = [await open(), await open()];
    const jobs = targets(1_500).map((id) => auditJob(id));
    await Promise.all([one.addAll('audit', jobs), other.addAll('audit', [...jobs].reverse())]);
    expect((await one.depth('audit')).waiting).toBe(1_500);
  });

  it.skipIf(absent)('waits until a delayed job is due', async () => {
    const queues = await open();
    let ranAt = 0;
    await queues.process('delivery', 1, async () => void (ranAt = Date.now()));
    const due = new Date(Date.now() + 600);
    await queues.addAll('delivery', [deliveryJob('dlv_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', due, new Date())]);
    expect((await queues.depth('delivery')).delayed).toBe(1);
    await eventually('it ran', () => ranAt > 0);
    expect(ranAt).toBeGreaterThanOrEqual(due.getTime() - 20);
  });

  it.skipIf(absent)('runs a job again after an error, and says so', async () => {
    const queues = await open();
    let runs = 0;
    await queues.process('audit', 1, async () => {
      runs += 1;
      if (runs === 1) throw new Error('the database is restarting');
    });
    await queues.addAll('audit', [auditJob(TARGET)]);
    await eventually('it ran twice', () => runs === 2);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'a job failed',
        fields: expect.objectContaining({
          queue: 'audit',
          jobId: TARGET,
          err: new Error('the database is restarting'),
        }),
      }),
    );
  });

  it.skipIf(absent)('refuses a payload that is not ids alone, when adding', async () => {
    const queues = await open();
    const extra: { readonly targetId: string } = Object.assign({ targetId: TARGET }, { token: 'x' });
    await expect(queues.addAll('audit', [{ id: TARGET, payload: extra }])).rejects.toThrow('token');
    expect((await queues.depth('audit')).waiting).toBe(0);
  });

  it.skipIf(absent)('finishes current jobs when it closes, and takes no more', async () => {
    const queues = await open();
    const done: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let started = 0;
    await queues.process('audit', 2, async ({ targetId }) => {
      started += 1;
      await held;
      done.push(targetId);
    });
    await queues.addAll(
      'audit',
      targets(5).map((id) => auditJob(id)),
    );
    await eventually('two are running', () => started === 2);
    const closed = queues.close(30_000);
    release();
    await closed;
    expect(done).toHaveLength(2);
    expect((await (await open()).depth('audit')).waiting).toBe(3);
  });

  it.skipIf(absent)('gives a job that does not finish in time back to the queue, for another process', async () => {
    const [stuck, healthy] = [await open(), await open()];
    let seen: AbortSignal | undefined;
    await stuck.process('audit', 1, async (_payload, { stop }) => {
      seen = stop;
      await new Promise(() => undefined);
    });
    await stuck.addAll('audit', [auditJob(TARGET)]);
    await eventually('it runs', () => seen !== undefined);
    await stuck.close(50);
    expect(seen?.aborted).toBe(true);
    let ran = 0;
    await healthy.process('audit', 1, async () => void (ran += 1));
    await eventually('another process ran it', () => ran === 1, { withinMs: 5_000 });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.skipIf(absent)('runs the job of a killed process again within about 15 seconds', async () => {
    const entry = pathToFileURL(path.join(await serverBuild(), 'libs/jobs/src/index.js'));
    const options = JSON.stringify({ databaseUrl: database.url, redisUrl: redis?.url, workers: 1 });
    const program = `
      const { JobQueues } = await import(${JSON.stringify(entry)});
      const log = { info() {}, warn() {}, error() {} };
      const queues = await JobQueues.open({ ...${options}, log });
      await queues.process('audit', 1, () => { process.send('running'); return new Promise(() => {}); });`;
    const victim = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const queues = await open();
    await queues.addAll('audit', [auditJob(TARGET)]);
    await once(victim, 'message');
    victim.kill('SIGKILL');
    const killedAt = Date.now();
    let recoveredAt = 0;
    await queues.process('audit', 1, async () => void (recoveredAt = Date.now()));
    await eventually('it ran again', () => recoveredAt > 0, { withinMs: 40_000 });
    expect(recoveredAt - killedAt).toBeLessThan(20_000);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a job lost its worker and runs again' }),
    );
  });

  it.skipIf(absent)('goes on after the server was away, and says so', async () => {
    const queues = await open();
    const ran: string[] = [];
    await queues.process('audit', 1, async ({ targetId }) => void ran.push(targetId));
    const comeBack = await takeAway(database.url, redis);
    const jobs = [auditJob(TARGET)];
    expect(await succeeds(queues.addAll('audit', jobs))).toBe(false);
    await eventually('the logger heard of it', () => lines.some(({ level }) => level === 'warn' || level === 'error'));
    await comeBack();
    await eventually('a job can be added', () => succeeds(queues.addAll('audit', jobs)));
    await eventually('it ran', () => ran.length === 1);
  });

  it.skipIf(absent)('closes while the server is away, with a job in its hands', async () => {
    const queues = await open();
    let running = 0;
    await queues.process('audit', 1, async () => {
      running += 1;
      await new Promise(() => undefined);
    });
    await queues.addAll('audit', [auditJob(TARGET)]);
    await eventually('it runs', () => running === 1);
    const comeBack = await takeAway(database.url, redis);
    const startedAt = Date.now();
    await queues.close(100);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    await comeBack();
  });

  if (home === 'redis')
    it.skipIf(absent)('runs jobs that were lost by FLUSHALL once they are added again', async () => {
      const queues = await open();
      const ran: string[] = [];
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      await queues.process('audit', 1, async ({ targetId }) => {
        await held;
        ran.push(targetId);
      });
      const jobs = targets(3).map((id) => auditJob(id));
      await queues.addAll('audit', jobs);
      await eventually('one is running', async () => (await queues.depth('audit')).active === 1);
      await redis?.flushAll();
      expect(await queues.depth('audit')).toEqual({ waiting: 0, active: 0, delayed: 0 });
      release();
      await queues.addAll('audit', jobs);
      await eventually('all ran', () => new Set(ran).size === 3);
    });
});

describe('opening job queues', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });

  it('says what to do where the server does not answer, without its address', async () => {
    const { log } = recordingLog();
    const redisUrl = 'redis://:hidden@127.0.0.1:1';
    const failure = await JobQueues.open({ databaseUrl: database.url, redisUrl, workers: 1, log }).catch(
      (e: Error) => e,
    );
    expect(failure).toEqual(new Error('The redis server of the job queues does not answer. Check that it runs.'));
  });
});
