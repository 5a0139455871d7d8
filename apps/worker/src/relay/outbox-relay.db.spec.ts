import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobQueues } from '#libs/jobs';
import { newId, createLogger } from '#libs/platform';
import { QUEUE_HOMES } from '../../../../test/support/redis.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';
import { WorkerMetrics } from '../metrics/worker-metrics.js';
import { OutboxRelay } from './outbox-relay.js';

const log = createLogger('test', { level: 'silent' });

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('the relay, queues %s', (_, { home, absent }) => {
  let stage: WorkerStage;
  let queues: JobQueues;

  beforeEach(async () => {
    if (absent) return;
    stage = await WorkerStage.open(home);
    queues = await JobQueues.open({ databaseUrl: stage.store.url, redisUrl: stage.redis?.url, workers: 0, log });
  });
  afterEach(async () => {
    if (absent) return;
    await queues.close();
    await stage.close();
  });

  function relay(): OutboxRelay {
    const { outbox, runs, deliveries, sources } = stage.store;
    return new OutboxRelay({ outbox, runs, deliveries, sources }, queues, new WorkerMetrics(), log);
  }
  async function drain(): Promise<void> {
    while (await relay().turn());
  }
  const registerMany = (count: number) =>
    stage.store.dataSource.query(
      `INSERT INTO cluster (id, name, connection) SELECT 'cls_' || n, 'cluster-' || n, '{"server": "https://x"}'
       FROM generate_series(1, $1) AS n`,
      [count],
    );

  it.skipIf(absent)('queues every target of a large run once, whoever is asked how often', async () => {
    await registerMany(2_500);
    await stage.startRun();
    await Promise.all([drain(), drain(), drain()]);
    expect((await queues.depth('audit')).waiting).toBe(2_500);
    expect((await stage.store.outbox.waiting()).count).toBe(0);
  });

  it.skipIf(absent)('adds nothing twice where it died between adding and noting it down', async () => {
    await registerMany(5);
    await stage.startRun();
    await drain();
    await stage.store.dataSource.query('UPDATE outbox SET dispatched_at = NULL');
    await drain();
    expect((await queues.depth('audit')).waiting).toBe(5);
  });

  it.skipIf(absent)('plans one delivery for each channel that wants to hear of a run, and queues it', async () => {
    await registerMany(1);
    const secret = { url: 'https://hooks.slack.com/services/T/B/x' };
    await stage.channel('slackWebhook', secret);
    await stage.channel('slackWebhook', secret);
    const { id } = await stage.startRun({ deadlineSeconds: 1 });
    await stage.store.runs.finishOverdueRuns(new Date(Date.now() + 2_000));
    await drain();
    await stage.store.dataSource.query('UPDATE outbox SET dispatched_at = NULL');
    await drain();
    const { items } = await stage.store.deliveries.list({ limit: 10, filter: { runId: [id] } });
    expect(items).toHaveLength(2);
    expect((await queues.depth('delivery')).waiting).toBe(2);
  });

  it.skipIf(absent)('keeps messages while the queues are away', async () => {
    await registerMany(5);
    await stage.startRun();
    const away = await JobQueues.open({ databaseUrl: stage.store.url, redisUrl: stage.redis?.url, workers: 0, log });
    await away.close();
    const { outbox, runs, deliveries, sources } = stage.store;
    const broken = new OutboxRelay({ outbox, runs, deliveries, sources }, away, new WorkerMetrics(), log);
    await expect(broken.turn()).rejects.toBeInstanceOf(Error);
    expect((await outbox.waiting()).count).toBe(1);
    await drain();
    expect((await queues.depth('audit')).waiting).toBe(5);
  });

  it.skipIf(absent)('drops messages about things that are gone', async () => {
    await stage.store.dataSource.query(
      `INSERT INTO outbox (kind, payload) VALUES ('run.planned', $1), ('run.completed', $1), ('delivery.due', $2)`,
      [{ runId: newId('run') }, { deliveryId: newId('dlv') }],
    );
    await drain();
    expect((await stage.store.outbox.waiting()).count).toBe(0);
  });
});
