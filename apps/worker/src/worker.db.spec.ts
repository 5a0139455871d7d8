import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.js';
import { startMisbehavingReceiver, type MisbehavingReceiver } from '../../../test/support/misbehaving-receiver.js';
import { QUEUE_HOMES } from '../../../test/support/redis.js';
import { WorkerStage } from '../../../test/support/worker-stage.js';
import { WorkerRuntime } from './runtime/worker-runtime.js';

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))(
  'a worker with queues %s',
  (_, { home, absent }) => {
    let stage: WorkerStage;
    let slack: MisbehavingReceiver;

    beforeEach(async () => {
      if (absent) return;
      slack = await startMisbehavingReceiver();
      stage = await WorkerStage.open(home, { PLIMSOLL_SLACK_WEBHOOK_HOSTS: slack.host });
    });
    afterEach(async () => {
      if (absent) return;
      await stage.close();
      await slack.stop();
    });

    it.skipIf(absent)('audits a fleet, counts what it found, and tells it once', async () => {
      const fleet = await stage.fleet(['good-1', 'good-2', 'bad-1', 'bad-2', 'refuses']);
      fleet.member('refuses').cluster.revokeToken();
      const hidden = { verb: 'list', group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' };
      fleet.member('bad-2').cluster.deny(hidden);
      await stage.channel('slackWebhook', { url: `${slack.origin}/services/T/B/x` });
      await stage.startWorker();
      const { id } = await stage.startRun();
      const run = await stage.completed(id);
      expect(run).toMatchObject({
        total: 5,
        done: 5,
        counts: { targets: { evaluated: 4, notEvaluated: 1, cancelled: 0 } },
      });
      const { items } = await stage.store.runs.targets(id, { limit: 10 });
      expect(items.map(({ clusterName, outcome, cause, attempt }) => [clusterName, outcome, cause, attempt])).toEqual([
        ['bad-1', 'evaluated', null, 1],
        ['bad-2', 'evaluated', null, 1],
        ['good-1', 'evaluated', null, 1],
        ['good-2', 'evaluated', null, 1],
        ['refuses', 'notEvaluated', 'unauthenticated', 1],
      ]);
      const blind = items.find(({ clusterName }) => clusterName === 'bad-2');
      expect(blind?.causes).toMatchObject({ forbidden: expect.any(Number) });
      expect(blind?.coverage).toBeLessThan(1);
      const findings = await stage.store.findings.list({ limit: 10, filter: { controlId: ['FLUX-KC-01'] } });
      expect(findings.items.every(({ state }) => state === 'open')).toBe(true);
      expect(new Set(findings.items.map(({ clusterId }) => clusterId))).toEqual(
        new Set(['bad-1', 'bad-2'].map((name) => fleet.member(name).id)),
      );
      await eventually('the message was sent', async () => {
        const { items: deliveries } = await stage.store.deliveries.list({ limit: 10 });
        return deliveries.length === 1 && deliveries[0]?.state === 'sent';
      });
      expect(slack.requests).toHaveLength(1);
      expect((await stage.store.outbox.waiting()).count).toBe(0);
    });
  },
);

describe('a worker process', () => {
  let stage: WorkerStage;
  beforeEach(async () => {
    stage = await WorkerStage.open('postgres');
  });
  afterEach(() => stage.close());

  it('serves its health and what it did, where it is asked to', async () => {
    const fleet = await stage.fleet(['bad-1', 'good-1', 'refuses']);
    fleet.member('refuses').cluster.revokeToken();
    const worker = await stage.startWorker({ PLIMSOLL_METRICS_LISTEN: '127.0.0.1:0' });
    const get = (path: string) => fetch(`http://127.0.0.1:${worker.get(WorkerRuntime).metricsPort}${path}`);
    const { id } = await stage.startRun();
    await stage.completed(id);
    await eventually('the run was counted', async () =>
      (await (await get('/metrics')).text()).includes('plimsoll_run_duration_seconds_count 1'),
    );
    const text = await (await get('/metrics')).text();
    expect(text).toContain('plimsoll_targets_total{outcome="evaluated",cause=""} 2');
    expect(text).toContain('plimsoll_targets_total{outcome="notEvaluated",cause="unauthenticated"} 1');
    expect(text).toContain('plimsoll_kube_requests_total{code="401"} 1');
    expect(text).toContain('plimsoll_check_duration_seconds_count{control="FLUX-KC-01"} 2');
    expect(text).toMatch(/plimsoll_kube_requests_total\{code="200"\} \d+/);
    expect(text).toContain('plimsoll_queue_depth{queue="audit",state="waiting"}');
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
  });

  it('opens no port where it is not asked to', async () => {
    const worker = await stage.startWorker();
    expect(worker.get(WorkerRuntime).metricsPort).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string]>([
    ['without a database', { DATABASE_URL: '' }, 'A worker needs DATABASE_URL'],
    ['with settings that cannot be', { PLIMSOLL_WORKER_CONCURRENCY: 'many' }, 'PLIMSOLL_WORKER_CONCURRENCY'],
    ['where its queues do not answer', { REDIS_URL: 'redis://:hidden@127.0.0.1:1' }, 'redis server of the job queues'],
  ])('does not start %s, and says why', async (_, environment, words) => {
    const worker = await stage.spawnProgram('main', environment);
    expect(await worker.ended).toBe(1);
    const fatal = JSON.stringify(worker.log.filter(({ level }) => level === 'fatal'));
    expect(fatal).toContain(words);
    expect(JSON.stringify(worker.log)).not.toContain('hidden');
  });

  it('finds the schema that migrate made, which may run again', async () => {
    await stage.store.dataSource.query('DROP SCHEMA bullmq CASCADE');
    for (const attempt of [1, 2]) {
      const migrate = await stage.spawnProgram('migrate');
      expect([attempt, await migrate.ended]).toEqual([attempt, 0]);
    }
    const [{ count }] = await stage.store.dataSource.query('SELECT count(*)::int AS count FROM bullmq.job');
    expect(count).toBe(0);
  });
});
