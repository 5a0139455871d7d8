import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobQueues } from '#libs/jobs';
import { createLogger, newId } from '#libs/platform';
import { eventually } from '../../../../test/support/eventually.js';
import { QUEUE_HOMES } from '../../../../test/support/redis.js';
import { registerCluster } from '../../../../test/support/simulated-fleet.js';
import { SimulatedHub } from '../../../../test/support/simulated-hub.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';
import { SYNC_LEASE_MS } from './sync-processor.js';
import { SyncScheduler } from './sync-scheduler.js';

const log = createLogger('test', { level: 'silent' });

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('sources, queues %s', (_, { home, absent }) => {
  let stage: WorkerStage;
  let fleet: SimulatedHub;
  let queues: JobQueues;

  beforeEach(async () => {
    if (absent) return;
    stage = await WorkerStage.open(home);
    fleet = await SimulatedHub.start(['one'], 'token');
    queues = await JobQueues.open({ databaseUrl: stage.store.url, redisUrl: stage.redis?.url, workers: 0, log });
  });
  afterEach(async () => {
    if (absent) return;
    await queues.close();
    await stage.close();
    await fleet.close();
  });

  async function source(nextSyncAt: string | null): Promise<string> {
    const { hub } = fleet;
    const id = newId('src');
    await stage.store.sources.create({
      id,
      name: 'fleet',
      type: 'fluxKubeConfig',
      hubClusterId: await registerCluster(stage.store, stage.keyring, 'hub', fleet.connection(hub), hub.user.token),
      namespaces: [],
      labelSelector: '',
      mapping: {},
      policy: 'propose',
      pruneAfter: 7,
      intervalSeconds: 900,
      enabled: true,
      nextSyncAt,
    });
    return id;
  }

  it.skipIf(absent)('that are due are synchronised by a worker', async () => {
    fleet.applyTo('one');
    const id = await source(new Date().toISOString());
    await stage.startWorker();
    const synced = await eventually('it is synchronised', async () => {
      const found = await stage.store.sources.get(id);
      return found?.lastResult != null && found;
    });
    expect(synced).toMatchObject({ syncState: 'idle', lastResult: 'ok', lastCounts: { proposed: 1 } });
    // On demand, through the outbox.
    await stage.store.sources.requestSync(id);
    await eventually('it is synchronised again', async () => {
      const found = await stage.store.sources.get(id);
      return found?.syncState === 'idle' && found.lastSyncAt !== synced.lastSyncAt;
    });
  });

  it.skipIf(absent)('are due again after their interval, moved by up to a tenth of it', async () => {
    const now = new Date();
    const id = await source(now.toISOString());
    for (const [random, seconds] of [
      [0, 900],
      [1, 990],
    ] as const) {
      await stage.store.dataSource.query(`UPDATE source SET sync_state = 'idle', next_sync_at = $1`, [now]);
      await new SyncScheduler(stage.store.sources, queues, log, () => random).turn(now);
      const next = Date.parse((await stage.store.sources.get(id))?.nextSyncAt ?? '');
      expect(next - now.getTime()).toBe(seconds * 1_000);
    }
  });

  it.skipIf(absent)('whose job is lost get it back, once', async () => {
    const id = await source(null);
    await stage.store.sources.requestSync(id);
    const scheduler = new SyncScheduler(stage.store.sources, queues, log);
    await scheduler.turn();
    expect((await queues.depth('discovery')).waiting).toBe(0);
    await scheduler.turn(new Date(Date.now() + 20_000));
    await scheduler.turn(new Date(Date.now() + 20_000));
    expect((await queues.depth('discovery')).waiting).toBe(1);
    await stage.store.sources.claimSync(id);
    const overdue = (afterMs: number) =>
      stage.store.sources.overdue({
        queuedBefore: new Date(0),
        claimedBefore: new Date(Date.now() + afterMs - SYNC_LEASE_MS),
        limit: 9,
      });
    expect(await overdue(SYNC_LEASE_MS - 10_000)).toEqual([]);
    expect(await overdue(SYNC_LEASE_MS + 10_000)).toHaveLength(1);
  });
});
