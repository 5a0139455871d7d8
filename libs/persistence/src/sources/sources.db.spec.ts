import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseLabelSelector } from '#libs/core';
import { newId } from '#libs/platform';
import { type Store, openStore } from '../../../../test/support/store.js';
import { candidateRegistration } from './candidate-registration.js';
import type { FoundCandidate, NewSource, SourceRecord, SyncWork } from './source.js';

let store: Store;
let hub: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.dataSource.query('TRUNCATE source, cluster, outbox CASCADE');
  hub = await store.register('hub', { clusterUid: 'uid-hub' });
});

async function source(name = 'fleet', more: Partial<NewSource> = {}): Promise<SourceRecord> {
  const made = await store.sources.create({
    id: newId('src'),
    name,
    type: 'fluxKubeConfig',
    hubClusterId: hub,
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
  return made;
}

const found = (name: string, more: Partial<FoundCandidate> = {}): FoundCandidate => ({
  key: `Secret/a/${name}`,
  name,
  object: { kind: 'Kustomization', namespace: 'a', name },
  labels: { env: 'prod' },
  credential: { format: 'kubeconfig', namespace: 'a', name },
  connection: { server: `https://${name}.example.com` },
  reasons: [],
  ...more,
});

async function claimed(id: string): Promise<SyncWork> {
  await store.sources.requestSync(id);
  const work = await store.sources.claimSync(id);
  if (!work) throw new Error('there is nothing to take');
  return work;
}

async function sync(id: string, clusters: readonly FoundCandidate[], complete = true): Promise<void> {
  const { claim } = await claimed(id);
  await store.candidates.save(claim, clusters, { complete });
  await store.sources.finishSync(claim, { result: complete ? 'ok' : 'partial', message: 'Done.' });
}

const states = async (id: string) =>
  (await store.candidates.list(id, { limit: 50 })).items.map(({ name, state }) => `${name} ${state}`);

describe('sources', () => {
  it('are made, changed and deleted', async () => {
    const made = await source();
    expect(made).toMatchObject({ hubCluster: { id: hub, name: 'hub' }, syncState: 'idle', version: 1 });
    expect(await store.sources.get('fleet')).toEqual(made);
    expect(await store.sources.update(made.id, 1, { pruneAfter: 3 })).toMatchObject({ pruneAfter: 3, version: 2 });
    expect(await store.sources.update(made.id, 1, { pruneAfter: 4 })).toBe('stale');
    const names = async (filter: object) =>
      (await store.sources.list({ limit: 9, filter })).items.map(({ name }) => name);
    await source('other', { type: 'argocd' });
    expect(await names({ type: ['argocd'] })).toEqual(['other']);
    expect(await names({ hubCluster: ['hub'], q: 'fle' })).toEqual(['fleet']);
    expect(await names({ hubCluster: ['nobody'] })).toEqual([]);
    expect(await store.sources.delete(made.id, 1)).toBe('stale');
    expect(await store.sources.delete(made.id, 2)).toBe('deleted');
    expect(await store.sources.delete(made.id, null)).toBe('notFound');
  });

  it('have names of their own and a management cluster', async () => {
    await source();
    await expect(source()).rejects.toThrow('nameTaken');
    await expect(source('x', { hubClusterId: 'cls_none' })).rejects.toThrow('unknownCluster');
    await expect(source('x', { policy: 'autoRegister' })).rejects.toThrow(/check constraint/);
  });
});

describe('synchronisations', () => {
  it('are asked for once, taken, and ended once', async () => {
    const { id } = await source();
    expect(await store.sources.requestSync(id)).toMatchObject({ syncState: 'queued' });
    expect(await store.sources.requestSync(id)).toBe('running');
    expect(await store.sources.requestSync('src_none')).toBe('notFound');
    expect((await store.outbox.waiting()).count).toBe(1);
    const first = await store.sources.claimSync(id);
    // The worker died; another one takes it.
    const second = await store.sources.claimSync(id);
    expect([first?.claim.attempt, second?.claim.attempt]).toEqual([1, 2]);
    if (!first || !second) throw new Error('nothing was taken');
    expect(await store.candidates.save(first.claim, [found('a')], { complete: true })).toBe(false);
    expect(await store.sources.finishSync(first.claim, { result: 'ok', message: '' })).toBe(false);
    expect(await store.candidates.save(second.claim, [found('a')], { complete: true })).toBe(true);
    expect(await store.sources.finishSync(second.claim, { result: 'ok', message: 'Done.' })).toBe(true);
    expect(await store.sources.get(id)).toMatchObject({
      syncState: 'idle',
      lastResult: 'ok',
      lastMessage: 'Done.',
      lastCounts: { proposed: 1, blocked: 0, registered: 0, conflict: 0, orphaned: 0 },
      version: 1,
    });
    expect(await store.sources.claimSync(id)).toBeNull();
  });

  it('are asked for by the clock, once for each due time', async () => {
    const due = new Date('2026-11-01T02:00:00Z');
    const next = new Date('2026-11-01T02:15:00Z');
    const { id } = await source('due', { nextSyncAt: due.toISOString() });
    await source('later', { nextSyncAt: next.toISOString() });
    await source('off', { nextSyncAt: due.toISOString(), enabled: false });
    const fire = () => store.sources.fireDue(due, 10, () => next);
    const fired = (await Promise.all([fire(), fire(), fire()])).flat();
    expect(fired.map(({ name }) => name)).toEqual(['due']);
    expect(await store.sources.get(id)).toMatchObject({ syncState: 'queued', nextSyncAt: next.toISOString() });
  });

  it('are found again where their job may be lost', async () => {
    const { id } = await source();
    const later = new Date(Date.now() + 60_000);
    const overdue = async (queuedBefore: Date, claimedBefore: Date) =>
      (await store.sources.overdue({ queuedBefore, claimedBefore, limit: 9 })).map((one) => one.id);
    await store.sources.requestSync(id);
    expect(await overdue(new Date(0), later)).toEqual([]);
    expect(await overdue(later, new Date(0))).toEqual([id]);
    await store.sources.claimSync(id);
    expect(await overdue(later, new Date(0))).toEqual([]);
    expect(await overdue(new Date(0), later)).toEqual([id]);
    expect(await store.sources.pendingSync(id)).not.toBeNull();
  });

  it('have no management cluster where that was deleted', async () => {
    const { id } = await source();
    await store.clusters.delete(hub, null);
    expect((await claimed(id)).hub).toBeNull();
  });
});

describe('candidates', () => {
  it('are kept by their key, with why they are blocked', async () => {
    const { id } = await source();
    const reasons = [{ code: 'exec', message: 'm', fix: 'f' }];
    await sync(id, [found('a'), found('b', { reasons }), found('c', { tenantNamespace: 'c', labels: {} })]);
    expect(await states(id)).toEqual(['a proposed', 'b blocked', 'c proposed']);
    const names = async (filter: object) =>
      (await store.candidates.list(id, { limit: 9, filter })).items.map(({ name }) => name);
    expect(await names({ state: ['blocked'] })).toEqual(['b']);
    expect(await names({ reason: ['exec', 'other'] })).toEqual(['b']);
    expect(await names({ tenantNamespace: ['c'] })).toEqual(['c']);
    expect(await names({ labelSelector: parseLabelSelector('env=prod') })).toEqual(['a', 'b']);
    expect(await names({ q: 'a.example' })).toEqual(['a']);
    const [before] = (await store.candidates.list(id, { limit: 1 })).items;
    await sync(id, [found('a', { name: 'renamed' }), found('b'), found('c')]);
    const [after] = await store.candidates.ofSource(id, ['renamed']);
    expect([after?.id, after?.firstSeenAt]).toEqual([before?.id, before?.firstSeenAt]);
  });

  it('that are gone are orphaned, come back, and are forgotten in time; the cluster stays', async () => {
    const { id } = await source();
    const clusterId = await store.register('spoke');
    await sync(id, [found('a', { clusterId }), found('b')]);
    await sync(id, [found('b')], false);
    expect(await states(id)).toEqual(['a registered', 'b proposed']);
    await sync(id, [found('b')]);
    expect(await states(id)).toEqual(['a orphaned', 'b proposed']);
    await sync(id, [found('a')]);
    expect(await states(id)).toEqual(['a registered', 'b orphaned']);
    await store.dataSource.query(
      `UPDATE source_candidate SET orphaned_at = now() - interval '8 days' WHERE name = 'b'`,
    );
    await sync(id, []);
    expect(await states(id)).toEqual(['a orphaned']);
    expect(await store.clusters.get('spoke')).not.toBeNull();
  });

  it('are proposed again where their cluster was deleted', async () => {
    const { id } = await source();
    const clusterId = await store.register('spoke');
    await sync(id, [found('a')]);
    const [candidate] = await store.candidates.ofSource(id, ['a']);
    await store.candidates.link(candidate?.id ?? '', clusterId);
    expect(await states(id)).toEqual(['a registered']);
    await store.clusters.delete(clusterId, null);
    expect(await states(id)).toEqual(['a proposed']);
    expect((await store.candidates.proposed(id, 9)).map(({ name }) => name)).toEqual(['a']);
  });

  it('keep a conflict until it is gone, or they lead elsewhere', async () => {
    const { id } = await source();
    const other = await store.register('other');
    await sync(id, [found('a')]);
    const [candidate] = await store.candidates.ofSource(id, ['a']);
    const refuse = () => store.candidates.refuse(candidate?.id ?? '', { code: 'clusterDuplicate', clusterId: other });
    await refuse();
    await sync(id, [found('a')]);
    expect(await states(id)).toEqual(['a conflict']);
    await sync(id, [found('a', { connection: { server: 'https://new.example.com' } })]);
    expect(await states(id)).toEqual(['a proposed']);
    await refuse();
    await store.clusters.delete(other, null);
    expect(await store.candidates.ofSource(id, ['a'])).toMatchObject([{ state: 'proposed', conflict: null }]);
  });
});

it('registers what the mapping says, with labels of the source under source/', () => {
  const labels = { env: 'prod', 'a.b/c': 'd' };
  const mapping = { namePrefix: 'eu-', labels: { team: 'x' }, tenancy: 'dedicated' } as const;
  expect(candidateRegistration({ type: 'fluxKubeConfig', mapping }, { name: 'one', labels })).toEqual({
    name: 'eu-one',
    role: 'tenant',
    tenancy: 'dedicated',
    delivery: 'remoteApply',
    labels: { 'source/env': 'prod', 'source/a.b_c': 'd', team: 'x' },
  });
  const long = candidateRegistration({ type: 'argocd', mapping: {} }, { name: `${'a'.repeat(62)}-b`, labels: {} });
  expect([long.name, long.delivery]).toEqual(['a'.repeat(62), null]);
});
