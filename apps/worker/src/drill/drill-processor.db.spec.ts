import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobQueues } from '#libs/jobs';
import { createLogger, newId } from '#libs/platform';
import { eventually } from '../../../../test/support/eventually.js';
import { QUEUE_HOMES } from '../../../../test/support/redis.js';
import type { SimulatedFleet } from '../../../../test/support/simulated-fleet.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';
import { Sweeper } from '../sweep/sweeper.js';

const log = createLogger('test', { level: 'silent' });
const ENTRY = { name: 'edge', principals: { users: ['break-glass'], groups: ['system:masters'] } };

describe.each(QUEUE_HOMES.map((home) => [home.title, home] as const))('drills, queues %s', (_, { home, absent }) => {
  let stage: WorkerStage;
  let fleet: SimulatedFleet;

  beforeEach(async () => {
    if (absent) return;
    stage = await WorkerStage.open(home);
    fleet = await stage.fleet(['one', 'two']);
    for (const { id } of fleet.members)
      await stage.store.clusters.update(id, null, { platform: { breakGlass: [ENTRY] } });
  });
  afterEach(() => (absent ? undefined : stage.close()));

  async function wanted(name: string): Promise<string> {
    const drill = await stage.store.drills.create({
      id: newId('drl'),
      clusterId: fleet.member(name).id,
      entry: 'edge',
      mode: 'verify',
      runner: 'service',
      requestedBy: 'tok_1',
      deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    if (drill === 'notFound' || 'conflict' in drill) throw new Error('it was not made');
    return drill.id;
  }
  const completed = (id: string) =>
    eventually(`drill ${id} is over`, async () => {
      const drill = await stage.store.drills.get(id);
      return drill?.state === 'completed' && drill;
    });
  const states = (steps: readonly { readonly name: string; readonly state: string; readonly cause?: string }[]) =>
    steps.map(({ name, state, cause }) => `${name} ${cause ?? state}`);

  it.skipIf(absent)('asks with the auditor’s credential, and saves every call', async () => {
    const id = await wanted('one');
    await stage.startWorker();
    const drill = await completed(id);
    expect(states(drill.steps)).toEqual([
      'reach passed',
      'identity CREDENTIAL_NOT_HELD',
      'rights passed',
      'restoreCreate NOT_PART',
      'restoreDelete NOT_PART',
    ]);
    expect(drill).toMatchObject({ outcome: 'passed', writes: 0, attempt: 1 });
    const calls = drill.steps.flatMap(({ requests }) => requests);
    expect(calls.length).toBeGreaterThan(9);
    for (const { method, path } of calls)
      expect(`${method} ${path}`).toMatch(/^GET |^POST \/apis\/authorization\.k8s\.io\/v1\/subjectaccessreviews$/);
    // It proves nothing about the credential, so it is no drill of the entry.
    const registration = await stage.store.clusters.registration(drill.clusterId);
    expect(registration?.breakGlass?.[0]).not.toHaveProperty('lastDrill');
  });

  it.skipIf(absent)('tells what it could not find out', async () => {
    const [one, two] = [await wanted('one'), await wanted('two')];
    const sql = (text: string, name: string) => stage.store.dataSource.query(text, [fleet.member(name).id]);
    await sql('DELETE FROM credential WHERE cluster_id = $1', 'one');
    await sql(`UPDATE cluster SET connection = '{"server": "https://127.0.0.1:1"}' WHERE id = $1`, 'two');
    await stage.startWorker();
    expect((await completed(one)).steps[0]).toMatchObject({ name: 'reach', state: 'unknown', cause: 'NO_CREDENTIAL' });
    const drill = await completed(two);
    expect([drill.outcome, drill.steps[0]?.cause]).toEqual(['unknown', 'unreachable']);
    expect(drill.steps[0]?.requests).toEqual([{ method: 'GET', path: '/version', dryRun: false, status: 0 }]);
  });

  it.skipIf(absent)('goes on where a worker died, and gives up where it dies of it', async () => {
    const [one, two] = [await wanted('one'), await wanted('two')];
    // A worker took each, and was never heard of again.
    await stage.store.drills.claim(one);
    for (let times = 0; times < 6; times += 1) await stage.store.drills.claim(two);
    await stage.store.dataSource.query('DELETE FROM outbox');
    await stage.startWorker();
    const { runs, deliveries, drills, outbox, url } = stage.store;
    const queues = await JobQueues.open({ databaseUrl: url, redisUrl: stage.redis?.url, workers: 0, log });
    await new Sweeper({ runs, deliveries, drills, outbox }, queues, { budgetSeconds: 60 }, log).turn(
      new Date(Date.now() + 600_000),
    );
    await queues.close();
    expect(await completed(one)).toMatchObject({ outcome: 'passed', attempt: 2 });
    expect((await completed(two)).steps[0]).toMatchObject({ cause: 'WORKERS_LOST' });
  });

  it.skipIf(absent)('leaves alone what was aborted', async () => {
    const id = await wanted('one');
    await stage.store.drills.abort(id);
    const after = await wanted('two');
    await stage.startWorker();
    await completed(after);
    expect(await stage.store.drills.get(id)).toMatchObject({ state: 'aborted', steps: [] });
  });
});
