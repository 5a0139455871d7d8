import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#libs/platform';
import { eventually } from '../../../../test/support/eventually.js';
import { QUEUE_HOMES } from '../../../../test/support/redis.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))(
  'a drill survives, queues %s',
  (_, { home, absent }) => {
    let stage: WorkerStage;
    beforeEach(async () => {
      if (!absent) stage = await WorkerStage.open(home);
    });
    afterEach(() => (absent ? undefined : stage.close()));

    it.skipIf(absent)('the death of its worker, and is saved once', async () => {
      const fleet = await stage.fleet(['one']);
      const { id: clusterId, cluster } = fleet.member('one');
      const entry = { name: 'edge', principals: { groups: ['system:masters'] } };
      await stage.store.clusters.update(clusterId, null, { platform: { breakGlass: [entry] } });
      cluster.injectFault({ kind: 'hang' });
      const victim = await stage.spawnWorker();
      const id = newId('drl');
      await stage.store.drills.create({
        id,
        clusterId,
        entry: 'edge',
        mode: 'verify',
        runner: 'service',
        requestedBy: 'tok_1',
        deadlineAt: new Date(Date.now() + 600_000).toISOString(),
      });
      const drill = async () => stage.store.drills.get(id);
      await eventually('the drill is running', async () => (await drill())?.state === 'running');
      victim.process.kill('SIGKILL');
      expect(await victim.ended).toBe('SIGKILL');
      cluster.clearFaults();
      await stage.spawnWorker();
      const done = await eventually(
        'the drill is over',
        async () => {
          const found = await drill();
          return found?.state === 'completed' && found;
        },
        { withinMs: 60_000 },
      );
      expect(done).toMatchObject({ outcome: 'passed', attempt: 2 });
      const count = async (sql: string) => Number((await stage.store.dataSource.query(sql))[0].count);
      expect(await count('SELECT count(*) FROM drill_step')).toBe(5);
    });
  },
);
