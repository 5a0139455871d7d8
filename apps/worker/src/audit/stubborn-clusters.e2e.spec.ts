import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerCluster } from '../../../../test/support/simulated-fleet.js';
import { WorkerStage } from '../../../../test/support/worker-stage.js';

/** Registers clusters whose API server takes connections and never says a word. */
async function silentServer(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const urlOf = (server: Server) => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('clusters that do not behave', () => {
  let stage: WorkerStage;
  let silent: Server;

  beforeEach(async () => {
    stage = await WorkerStage.open('postgres', {
      PLIMSOLL_WORKER_CONCURRENCY: '40',
      PLIMSOLL_TARGET_BUDGET_SECONDS: '30',
    });
    silent = await silentServer();
  });
  afterEach(async () => {
    await stage.close();
    silent.close();
  });

  it('do not keep a run from its end: 20 that hang beside 480 that answer', async () => {
    await stage.fleet(Array.from({ length: 480 }, (_, index) => `good-${index}`));
    for (let index = 0; index < 20; index++) {
      await registerCluster(stage.store, stage.keyring, `silent-${index}`, { server: urlOf(silent) }, 'token');
    }
    await stage.startWorker();
    const run = await stage.completed((await stage.startRun()).id, 240_000);
    expect(run).toMatchObject({ total: 500, done: 500, counts: { targets: { evaluated: 480, notEvaluated: 20 } } });
    const { items } = await stage.store.runs.targets(run.id, { limit: 50, filter: { outcome: ['notEvaluated'] } });
    expect(new Set(items.map(({ cause }) => cause))).toEqual(new Set(['unreachable']));
    expect(items.every(({ clusterName }) => clusterName.startsWith('silent-'))).toBe(true);
    const took = items.map(({ startedAt, finishedAt }) => Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? ''));
    expect(Math.max(...took)).toBeLessThan(30_000);
  }, 300_000);

  it('go to the slow lane the next time, and the others do not wait for them', async () => {
    await stage.fleet(['good-1', 'good-2']);
    await registerCluster(stage.store, stage.keyring, 'silent-1', { server: urlOf(silent) }, 'token');
    await stage.startWorker();
    await stage.completed((await stage.startRun()).id);
    const { id } = await stage.startRun();
    await stage.completed(id);
    const { items } = await stage.store.runs.targets(id, { limit: 10 });
    expect(items.map(({ clusterName, lane, cause }) => [clusterName, lane, cause])).toEqual([
      ['good-1', 'fast', null],
      ['good-2', 'fast', null],
      ['silent-1', 'slow', 'unreachable'],
    ]);
    const target = (name: string) => items.find((item) => item.clusterName === name);
    const silentEnded = Date.parse(target('silent-1')?.finishedAt ?? '');
    // A cluster that answers has more to read than one that is given up, so its start tells whether it waited.
    for (const name of ['good-1', 'good-2']) {
      expect(Date.parse(target(name)?.startedAt ?? '')).toBeLessThan(silentEnded);
    }
  });

  it('are not judged where two API servers were swapped, and none of their findings changes', async () => {
    const fleet = await stage.fleet(['bad-1', 'good-1']);
    const [bad, good] = [fleet.member('bad-1'), fleet.member('good-1')];
    await stage.startWorker();
    await stage.completed((await stage.startRun()).id);
    const findings = async () => (await stage.store.findings.list({ limit: 100 })).items;
    const before = await findings();
    expect(before.length).toBeGreaterThan(0);
    // Each address now answers for the other cluster, which accepts the same token.
    for (const [member, other] of [
      [bad, good],
      [good, bad],
    ] as const) {
      member.cluster.injectFault({ kind: 'swapIdentity', uid: other.cluster.uid });
    }
    bad.cluster.stopServing('kustomize.toolkit.fluxcd.io');
    const { id } = await stage.startRun();
    const run = await stage.completed(id);
    expect(run.counts?.targets).toMatchObject({ evaluated: 0, notEvaluated: 2 });
    const { items } = await stage.store.runs.targets(id, { limit: 10 });
    expect(items.map(({ cause, opened, resolved }) => [cause, opened, resolved])).toEqual([
      ['identityMismatch', 0, 0],
      ['identityMismatch', 0, 0],
    ]);
    const after = await findings();
    const kept = (all: typeof before) => all.map(({ id: finding, state, lastSeenAt }) => [finding, state, lastSeenAt]);
    expect(kept(after)).toEqual(kept(before));
    expect(after.every(({ stale }) => stale)).toBe(true);
  });

  it('are given up after five workers died of them', async () => {
    const fleet = await stage.fleet(['bad-1']);
    const { id } = await stage.startRun();
    await stage.store.dataSource.query('UPDATE target SET attempt = 5 WHERE run_id = $1', [id]);
    await stage.startWorker();
    await stage.completed(id);
    const { items } = await stage.store.runs.targets(id, { limit: 1 });
    expect(items[0]).toMatchObject({ outcome: 'notEvaluated', cause: 'budgetExceeded', attempt: 6 });
    expect(items[0]?.message).toContain('ended its worker process');
    expect(fleet.member('bad-1').cluster.requests.count).toBe(0);
  });

  it('without a credential are not evaluated, and say why', async () => {
    const fleet = await stage.fleet(['bad-1']);
    await stage.store.dataSource.query('DELETE FROM credential');
    await stage.startWorker();
    const { id } = await stage.startRun();
    await stage.completed(id);
    const { items } = await stage.store.runs.targets(id, { limit: 1 });
    expect(items[0]).toMatchObject({ outcome: 'notEvaluated', cause: 'unauthenticated' });
    expect(items[0]?.message).toContain('No credential is stored');
    expect(fleet.member('bad-1').cluster.requests.count).toBe(0);
  });

  it('with a secret sealed for another cluster are not evaluated', async () => {
    const fleet = await stage.fleet(['bad-1', 'good-1']);
    await stage.store.dataSource.query(
      `UPDATE credential SET sealed = (SELECT sealed FROM credential WHERE cluster_id = $1) WHERE cluster_id = $2`,
      [fleet.member('bad-1').id, fleet.member('good-1').id],
    );
    await stage.startWorker();
    const { id } = await stage.startRun();
    await stage.completed(id);
    const { items } = await stage.store.runs.targets(id, { limit: 2 });
    expect(items.map(({ outcome, cause }) => [outcome, cause])).toEqual([
      ['evaluated', null],
      ['notEvaluated', 'unauthenticated'],
    ]);
    expect(fleet.member('good-1').cluster.requests.count).toBe(0);
  });

  it('that open a run of their own are read within the time that the schedule gives', async () => {
    const fleet = await stage.fleet(['good-1']);
    fleet.member('good-1').cluster.injectFault({ kind: 'hang' });
    await stage.startWorker();
    const { id } = await stage.startRun({ budgetSeconds: 2 });
    await stage.completed(id);
    const { items } = await stage.store.runs.targets(id, { limit: 1 });
    expect(items[0]).toMatchObject({ outcome: 'notEvaluated', cause: 'timeout' });
  });
});
