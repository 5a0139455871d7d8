import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewSource, SourceRecord } from '#libs/persistence';
import { createLogger, EgressPolicy, newId } from '#libs/platform';
import { SimulatedHub } from '../../../../test/support/simulated-hub.js';
import { registerCluster } from '../../../../test/support/simulated-fleet.js';
import { openStore, type Store } from '../../../../test/support/store.js';
import { CandidateRegistrar } from './register-candidate.js';
import { SyncProcessor } from './sync-processor.js';

const SECRET = 'hunter2-SECRET';
const log = createLogger('test', { level: 'silent' });
const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8', '::1/128'], allowPorts: [] });
let store: Store;
let fleet: SimulatedHub;
let hubId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE source, cluster, tenant, outbox CASCADE');
  fleet = await SimulatedHub.start(['one', 'two'], SECRET);
  hubId = await registerCluster(store, store.keyring, 'hub', fleet.connection(fleet.hub), fleet.hub.user.token);
});
afterEach(() => fleet.close());

async function source(more: Partial<NewSource> = {}): Promise<string> {
  const made = await store.sources.create({
    id: newId('src'),
    name: `fleet-${newId('src').slice(-6).toLowerCase()}`,
    type: 'fluxKubeConfig',
    hubClusterId: hubId,
    namespaces: [],
    labelSelector: '',
    mapping: {},
    policy: 'propose',
    pruneAfter: 7,
    intervalSeconds: 900,
    enabled: true,
    nextSyncAt: null,
    ...more,
  });
  if (typeof made === 'string') throw new Error(made);
  return made.id;
}

function processor(): SyncProcessor {
  const options = { egress, userAgent: 'test' };
  const registrar = new CandidateRegistrar(store, store.keyring, options);
  return new SyncProcessor(store, registrar, store.keyring, options, log);
}

async function sync(id: string): Promise<SourceRecord> {
  await store.sources.requestSync(id);
  await processor().process({ sourceId: id }, { jobId: 'x', stop: new AbortController().signal });
  const found = await store.sources.get(id);
  if (!found) throw new Error('it is gone');
  return found;
}

const states = async (id: string) =>
  (await store.candidates.list(id, { limit: 50 })).items.map(({ name, state }) => `${name} ${state}`);

async function everythingStored(): Promise<string> {
  const tables = ['source', 'source_candidate', 'cluster', 'credential', 'outbox'];
  const found = await Promise.all(tables.map((table) => store.dataSource.query(`SELECT * FROM ${table}`)));
  return JSON.stringify(found);
}

describe('a synchronisation', () => {
  it('proposes what it finds, knows what is registered, and says when something is gone', async () => {
    fleet.applyTo('one');
    fleet.applyTo('two');
    const id = await source();
    await registerCluster(store, store.keyring, 'known', fleet.connection(fleet.spoke('two')), 'x');
    expect(await sync(id)).toMatchObject({
      syncState: 'idle',
      lastResult: 'ok',
      lastMessage: '2 clusters were found.',
      lastCounts: { proposed: 1, registered: 1 },
    });
    expect(await states(id)).toEqual(['one proposed', 'two registered']);
    fleet.stopApplyingTo('two');
    await sync(id);
    expect(await states(id)).toEqual(['one proposed', 'two orphaned']);
    expect(await store.clusters.get('known')).not.toBeNull();
    expect(await everythingStored()).not.toContain(SECRET);
    expect(fleet.hub.requests.mutating).toEqual([]);
  });

  it('takes nothing for gone where something could not be read', async () => {
    fleet.applyTo('one');
    const id = await source();
    await sync(id);
    fleet.stopApplyingTo('one');
    fleet.hub.deny({ verb: 'list', group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' });
    const synced = await sync(id);
    expect(synced.lastResult).toBe('partial');
    expect(synced.lastMessage).toMatch(/helmreleases.*could not be read.*not taken for gone\.$/);
    expect(await states(id)).toEqual(['one proposed']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['is away', () => fleet.hub.injectFault({ kind: 'status', status: 503 }), /error of its own/],
    ['is another one', () => store.dataSource.query(`UPDATE cluster SET cluster_uid = 'other'`), /not the cluster/],
    ['has no credential', () => store.dataSource.query('DELETE FROM credential'), /credential/],
    ['is deleted', () => store.clusters.delete(hubId, null), /not registered any more/],
    [
      'has a credential of another cluster',
      () => store.dataSource.query(`UPDATE credential SET id = 'crd_other'`),
      /cannot be opened/,
    ],
  ])(
    'fails with words of ours where the management cluster %s',
    async (_title, disturb, message) => {
      fleet.applyTo('one');
      const id = await source();
      await disturb();
      const synced = await sync(id);
      expect([synced.lastResult, synced.syncState]).toEqual(['failed', 'idle']);
      expect(synced.lastMessage).toMatch(message);
    },
    20_000,
  );

  it('is given up where workers die of it, and does nothing where nobody asked', async () => {
    const id = await source();
    await store.sources.requestSync(id);
    for (let i = 0; i < 5; i++) await store.sources.claimSync(id);
    await processor().process({ sourceId: id }, { jobId: 'x', stop: new AbortController().signal });
    expect((await store.sources.get(id))?.lastResult).toBe('failed');
    const before = await store.sources.get(id);
    await processor().process({ sourceId: id }, { jobId: 'x', stop: new AbortController().signal });
    expect(await store.sources.get(id)).toEqual(before);
  });

  it('leaves everything to the next worker where this one stops', async () => {
    fleet.applyTo('one');
    const id = await source();
    await store.sources.requestSync(id);
    const stop = AbortSignal.abort(new Error('stopping'));
    await expect(processor().process({ sourceId: id }, { jobId: 'x', stop })).rejects.toThrow('stopping');
    expect((await store.sources.get(id))?.syncState).toBe('running');
    await processor().process({ sourceId: id }, { jobId: 'x', stop: new AbortController().signal });
    expect(await store.sources.get(id)).toMatchObject({ syncState: 'idle', lastResult: 'ok' });
    expect(await states(id)).toEqual(['one proposed']);
  });
});

describe('a source that registers by itself', () => {
  const auto = { policy: 'autoRegister', labelSelector: 'env=prod' } as const;

  it('registers what the selector takes, with an identity and a sealed credential', async () => {
    fleet.applyTo('one', { labels: { env: 'prod' } });
    fleet.applyTo('two', { labels: { env: 'lab' } });
    const tenant = await store.tenants.create({ id: newId('tnt'), name: 'team-a', displayName: 'Team A' });
    expect(tenant).toHaveProperty('id');
    const id = await source({ ...auto, mapping: { namePrefix: 'eu-', tenantFromNamespace: true } });
    expect((await sync(id)).lastMessage).toBe('1 cluster was found. Registered now: 1.');
    const cluster = await store.clusters.get('eu-one');
    expect(cluster).toMatchObject({
      role: 'tenant',
      delivery: 'remoteApply',
      labels: { 'source/env': 'prod' },
      clusterUid: fleet.spoke('one').uid,
      tenants: [{ name: 'team-a' }],
    });
    expect(await store.clusters.get('eu-two')).toBeNull();
    expect(await states(id)).toEqual(['one registered']);
    expect(await store.credentials.sealedFor(cluster?.id ?? '')).toMatchObject({ kind: 'token' });
    expect(await everythingStored()).not.toContain(SECRET);
    await sync(id);
    expect((await store.clusters.list({ limit: 9 })).items).toHaveLength(2);
  });

  it('shows two names for one cluster, and overwrites nothing', async () => {
    const { uid } = fleet.spoke('one');
    const existing = await store.register('elsewhere', { clusterUid: uid });
    fleet.applyTo('one', { labels: { env: 'prod' } });
    const id = await source(auto);
    expect((await sync(id)).lastMessage).toMatch(/In conflict with registered ones: 1\./);
    const [candidate] = (await store.candidates.list(id, { limit: 1 })).items;
    expect(candidate).toMatchObject({ state: 'conflict', conflict: { code: 'clusterDuplicate', clusterId: existing } });
    expect((await store.clusters.list({ limit: 9 })).items.map(({ name }) => name)).toEqual(['elsewhere', 'hub']);
  });

  it('leaves a cluster for the next time that does not answer', async () => {
    fleet.applyTo('one', { labels: { env: 'prod' } });
    fleet.spoke('one').injectFault({ kind: 'status', status: 401 });
    const id = await source(auto);
    expect((await sync(id)).lastMessage).toMatch(/Not reached, and tried again next time: 1\./);
    fleet.spoke('one').clearFaults();
    await sync(id);
    expect(await states(id)).toEqual(['one registered']);
  });
});
