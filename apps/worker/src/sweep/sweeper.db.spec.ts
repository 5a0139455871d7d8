import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditJob, JobQueues } from '#libs/jobs';
import { createLogger } from '#libs/platform';
import { QUEUE_HOMES } from '../../../../test/support/redis.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';
import { Sweeper } from './sweeper.js';

const log = createLogger('test', { level: 'silent' });
const BUDGET_SECONDS = 30;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))(
  'the sweeper, queues %s',
  (_, { home, absent }) => {
    let stage: WorkerStage;
    let queues: JobQueues;

    beforeEach(async () => {
      if (absent) return;
      stage = await WorkerStage.open(home);
      queues = await JobQueues.open({ databaseUrl: stage.store.url, redisUrl: stage.redis?.url, workers: 0, log });
      for (const name of ['spoke-1', 'spoke-2', 'spoke-3']) await stage.store.register(name);
    });
    afterEach(async () => {
      if (absent) return;
      await queues.close();
      await stage.close();
    });

    const sweep = (now: Date) => {
      const { runs, deliveries, drills, outbox } = stage.store;
      return new Sweeper({ runs, deliveries, drills, outbox }, queues, { budgetSeconds: BUDGET_SECONDS }, log).turn(
        now,
      );
    };
    const waiting = async () => (await queues.depth('audit')).waiting;
    const targetIds = async (runId: string) =>
      (await stage.store.runs.targets(runId, { limit: 10 })).items.map(({ id }) => id);

    it.skipIf(absent)('queues targets that wait too long, and leaves fresh ones to the relay', async () => {
      await stage.startRun();
      await sweep(new Date());
      expect(await waiting()).toBe(0);
      await sweep(inSeconds(20));
      expect(await waiting()).toBe(3);
      await sweep(inSeconds(40));
      expect(await waiting()).toBe(3);
    });

    it.skipIf(absent)('puts clusters that were unreachable into the slow lane', async () => {
      await stage.store.dataSource.query(`UPDATE cluster SET unreachable_since = now() WHERE name = 'spoke-2'`);
      await stage.startRun();
      await sweep(inSeconds(20));
      expect(await waiting()).toBe(2);
      expect((await queues.depth('audit-slow')).waiting).toBe(1);
    });

    it.skipIf(absent)('queues a target again whose worker is gone, not one that is being audited', async () => {
      const { id } = await stage.startRun();
      const [claimed = ''] = await targetIds(id);
      for (const target of await targetIds(id)) await stage.store.runs.claimTarget(target);
      await sweep(inSeconds(BUDGET_SECONDS));
      expect(await waiting()).toBe(0);
      await queues.addAll('audit', [auditJob(claimed)]);
      await sweep(inSeconds(BUDGET_SECONDS + 70));
      expect(await waiting()).toBe(3);
    });

    it.skipIf(absent)('ends a run at its deadline: what is left is not evaluated, never passed', async () => {
      const { id } = await stage.startRun({ deadlineSeconds: 60 });
      await sweep(inSeconds(30));
      expect((await stage.store.runs.get(id))?.state).toBe('queued');
      await sweep(inSeconds(61));
      const run = await stage.store.runs.get(id);
      expect(run).toMatchObject({
        state: 'completed',
        done: 3,
        counts: { targets: { evaluated: 0, notEvaluated: 3 } },
      });
      const { items } = await stage.store.runs.targets(id, { limit: 10 });
      expect(items.map(({ state, cause }) => [state, cause])).toEqual(items.map(() => ['done', 'timeout']));
    });

    it.skipIf(absent)('leaves cancelled runs alone', async () => {
      const { id } = await stage.startRun();
      await stage.store.runs.cancel(id);
      await sweep(inSeconds(20));
      expect(await waiting()).toBe(0);
    });

    it.skipIf(absent)('queues deliveries that are due, once for each due time', async () => {
      const channelId = await stage.channel('slackWebhook', { url: 'https://hooks.slack.com/services/T/B/x' });
      const { id } = await stage.startRun();
      const [deliveryId = ''] = await stage.store.deliveries.planForRun(id);
      await sweep(inSeconds(1));
      await sweep(inSeconds(2));
      expect(await queues.depth('delivery')).toEqual({ waiting: 1, active: 0, delayed: 0 });
      await stage.store.deliveries.record(deliveryId, {
        outcome: 'retry',
        code: 'serverError',
        durationMs: 1,
        nextAttemptAt: inSeconds(5),
      });
      await sweep(inSeconds(3));
      expect(await queues.depth('delivery')).toEqual({ waiting: 1, active: 0, delayed: 0 });
      await sweep(inSeconds(6));
      expect(await queues.depth('delivery')).toEqual({ waiting: 1, active: 0, delayed: 1 });
      expect((await stage.store.channels.get(channelId))?.enabled).toBe(true);
    });
  },
);
