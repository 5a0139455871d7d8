import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TargetRecord } from '#libs/persistence';
import { eventually } from '../../../test/support/eventually.js';
import { QUEUE_HOMES } from '../../../test/support/redis.js';
import { WorkerStage } from '../../../test/support/worker-stage.js';

const NAMES = Array.from({ length: 12 }, (_, index) => `${index % 3 === 0 ? 'bad' : 'good'}-${index}`);

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))(
  'a run survives, queues %s',
  (_, { home, absent }) => {
    let stage: WorkerStage;

    beforeEach(async () => {
      if (!absent) stage = await WorkerStage.open(home, { PLIMSOLL_WORKER_CONCURRENCY: '3' });
    });
    afterEach(async () => {
      if (!absent) await stage.close();
    });

    async function targetsOf(runId: string): Promise<readonly TargetRecord[]> {
      return (await stage.store.runs.targets(runId, { limit: 50 })).items;
    }
    const inTheMiddle = (runId: string) =>
      eventually('the run is in its middle', async () => {
        const counts = await stage.store.runs.counts(runId);
        return counts !== null && counts.done >= 3 && counts.running >= 1;
      });

    /** Every cluster judged once: one current state for each control, one finding and one change for each failure. */
    async function expectWhole(runId: string): Promise<void> {
      const targets = await targetsOf(runId);
      expect(targets.map(({ state, outcome }) => [state, outcome])).toEqual(NAMES.map(() => ['done', 'evaluated']));
      const count = async (sql: string) => Number((await stage.store.dataSource.query(sql))[0].count);
      const controls = await count(`SELECT count(DISTINCT control_id) FROM control_state`);
      expect(await count(`SELECT count(*) FROM control_state WHERE to_at IS NULL`)).toBe(controls * NAMES.length);
      expect(await count(`SELECT count(*) FROM control_state WHERE to_at IS NOT NULL`)).toBe(0);
      const findings = await count('SELECT count(*) FROM finding');
      expect(findings).toBeGreaterThan(0);
      expect(await count('SELECT count(*) FROM finding WHERE occurrences <> 1')).toBe(0);
      expect(await count(`SELECT count(*) FROM finding_change`)).toBe(findings);
      expect(await count(`SELECT count(*) FROM outbox WHERE kind = 'run.completed'`)).toBe(1);
    }

    it.skipIf(absent)('the death of its worker: no result lost, no message doubled', async () => {
      await stage.fleet(NAMES);
      const { receiver, channelId, environment } = await stage.webhookReceiver();
      const victim = await stage.spawnWorker(environment);
      const { id } = await stage.startRun();
      await inTheMiddle(id);
      victim.process.kill('SIGKILL');
      expect(await victim.ended).toBe('SIGKILL');
      expect((await stage.store.runs.get(id))?.state).toBe('running');
      await stage.spawnWorker(environment);
      await stage.completed(id);
      await expectWhole(id);
      const attempts = (await targetsOf(id)).map(({ attempt }) => attempt);
      expect(attempts.filter((attempt) => attempt === 2).length).toBeGreaterThan(0);
      expect(attempts.every((attempt) => attempt <= 2)).toBe(true);
      await eventually('the message was sent', async () => {
        const { items } = await stage.store.deliveries.list({ limit: 5, filter: { channel: [channelId] } });
        return items.length === 1 && items[0]?.state === 'sent';
      });
      expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toHaveLength(1);
    });

    it.skipIf(absent)('the end of one of two workers, which finishes what it has', async () => {
      await stage.fleet(NAMES);
      const leaving = await stage.spawnWorker();
      const { id } = await stage.startRun();
      await inTheMiddle(id);
      leaving.process.kill('SIGTERM');
      expect(await leaving.ended).toBe(0);
      const left = await targetsOf(id);
      expect(left.filter(({ state }) => state === 'running')).toEqual([]);
      expect(left.filter(({ state }) => state === 'queued').length).toBeGreaterThan(0);
      await stage.startWorker();
      await stage.completed(id);
      await expectWhole(id);
      expect((await targetsOf(id)).every(({ attempt }) => attempt === 1)).toBe(true);
    });

    it.skipIf(absent)('two workers at once, each cluster audited by one of them', async () => {
      await stage.fleet(NAMES);
      const [one, other] = [await stage.spawnWorker(), await stage.spawnWorker()];
      const { id } = await stage.startRun();
      await stage.completed(id);
      await expectWhole(id);
      expect((await targetsOf(id)).every(({ attempt }) => attempt === 1)).toBe(true);
      one.process.disconnect();
      other.process.disconnect();
      expect([await one.ended, await other.ended]).toEqual([0, 0]);
    });

    it.skipIf(absent)(
      'a database that drops every connection',
      async () => {
        await stage.fleet(NAMES);
        const worker = await stage.spawnWorker();
        const { id } = await stage.startRun();
        await inTheMiddle(id);
        // All but the connections of this test.
        await stage.store.dataSource.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name <> 'plimsoll'`,
        );
        expect((await stage.completed(id, 150_000)).done).toBe(NAMES.length);
        await expectWhole(id);
        expect(worker.process.exitCode).toBeNull();
      },
      180_000,
    );

    if (home === 'redis') {
      it.skipIf(absent)(
        'a queue server that loses everything',
        async () => {
          await stage.fleet(NAMES);
          await stage.startWorker();
          const { id } = await stage.startRun();
          await inTheMiddle(id);
          await stage.redis?.flushAll();
          expect((await stage.completed(id, 90_000)).done).toBe(NAMES.length);
          await expectWhole(id);
        },
        120_000,
      );

      it.skipIf(absent)(
        'a queue server that crashes and comes back empty',
        async () => {
          await stage.fleet(NAMES);
          const worker = await stage.spawnWorker();
          const { id } = await stage.startRun();
          await inTheMiddle(id);
          await stage.redis?.kill();
          await eventually('the worker noticed', () => worker.log.some(({ level }) => level === 'warn'));
          await stage.redis?.start();
          expect((await stage.completed(id, 150_000)).done).toBe(NAMES.length);
          await expectWhole(id);
          expect(worker.process.exitCode).toBeNull();
        },
        180_000,
      );
    }
  },
);
