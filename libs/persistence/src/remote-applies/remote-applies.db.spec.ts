import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteApplyReading } from '#libs/core';
import { AuditedCluster, good } from '../../../../test/support/audited-cluster.js';
import { denied, readingOf, remoteEdge } from '../../../../test/support/remote-apply-edge.js';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { RemoteApplyFilter, RemoteApplyRecord } from './remote-apply.js';

let store: Store;
let hub: AuditedCluster;
let spokes = 0;

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  hub = await AuditedCluster.register(store);
});

const spoke = async (details: Parameters<Store['register']>[1] = {}) => {
  spokes += 1;
  const name = `spoke-${spokes}`;
  return { name, id: await store.register(name, details) };
};
const audit = (remoteApplies?: RemoteApplyReading) =>
  store.audit(hub.id, hub.found({ 'T-1': [good('a')] }), remoteApplies ? { remoteApplies } : {});
const list = async (filter: RemoteApplyFilter = {}): Promise<readonly RemoteApplyRecord[]> =>
  (await store.remoteApplies.list({ limit: 100, filter: { cluster: [hub.id], ...filter } })).items;
const only = async (): Promise<RemoteApplyRecord> => {
  const [record, ...others] = await list();
  if (!record || others.length > 0) throw new Error('There is not exactly one remote apply.');
  return record;
};

describe('remote applies', () => {
  it('are kept with the registered cluster that they lead to', async () => {
    const target = await spoke();
    const edge = remoteEdge(target.name, { tenant: 'a' });
    await audit(readingOf(edge));
    const record = await only();
    expect(record).toMatchObject({
      clusterId: hub.id,
      clusterName: hub.name,
      targetClusterId: target.id,
      targetClusterName: target.name,
      tenant: 'a',
      edge,
      stale: false,
    });
    expect(await store.remoteApplies.get(record.id)).toEqual(record);
    expect(await store.remoteApplies.get('rap_none')).toBeNull();
  });

  it('keep their id and first sight, and forget what is gone', async () => {
    await audit(readingOf(remoteEdge('x'), remoteEdge('y')));
    const [before] = await list({ q: 'x/apps' });
    await audit(readingOf(remoteEdge('x', { suspended: true })));
    const after = await only();
    expect([after.id, after.firstSeenAt, after.suspended]).toEqual([before?.id, before?.firstSeenAt, true]);
    expect(after.lastSeenAt > after.firstSeenAt).toBe(true);
  });

  it('fail since what the object says, else since they were first seen failing', async () => {
    await audit(readingOf(remoteEdge('x', denied())));
    const first = await only();
    expect(first.failingSince).toBe(first.lastSeenAt);
    await audit(readingOf(remoteEdge('x', denied())));
    expect((await only()).failingSince).toBe(first.failingSince);
    await audit(readingOf(remoteEdge('x', denied(true, '2026-10-01T00:00:00.000Z'))));
    expect((await only()).failingSince).toBe('2026-10-01T00:00:00.000Z');
    await audit(readingOf(remoteEdge('x')));
    expect(await only()).toMatchObject({ failingSince: null, cause: null });
  });

  it('of a cluster that could not be read stay, and are stale until it is read again', async () => {
    await audit(readingOf(remoteEdge('x')));
    await store.audit(hub.id, hub.notJudged());
    expect((await only()).stale).toBe(true);
    await audit(readingOf(remoteEdge('x')));
    expect((await only()).stale).toBe(false);
  });

  it('of a kind that could not be read stay, while the others are replaced', async () => {
    const release = remoteEdge('x', {}, { kind: 'HelmRelease' });
    await audit(readingOf(remoteEdge('x'), release));
    await audit({ edges: [], unread: [{ kind: 'HelmRelease', reason: 'forbidden' }] });
    expect(await only()).toMatchObject({ kind: 'HelmRelease', stale: true });
    await audit({
      edges: [],
      unread: [
        { kind: 'HelmRelease', reason: 'notCollected' },
        { kind: 'Kustomization', reason: 'notCollected' },
      ],
    });
    expect(await list()).toHaveLength(1);
  });

  it('stay as they are where an audit says nothing about them', async () => {
    await audit(readingOf(remoteEdge('x')));
    await audit();
    expect(await only()).toMatchObject({ stale: false });
  });

  it('lead to nothing registered once their target is deleted, and are gone with their own cluster', async () => {
    const target = await spoke();
    await audit(readingOf(remoteEdge(target.name)));
    await store.clusters.delete(target.id, null, {});
    expect(await only()).toMatchObject({ targetClusterName: null, targetTenants: [] });
    await store.clusters.delete(hub.id, null, {});
    expect(await list()).toEqual([]);
  });

  it('store what no database stores as it is', async () => {
    await audit(readingOf(remoteEdge('x', { cause: { code: 'NETWORK', message: 'a\u0000b' } })));
    expect((await only()).edge.cause?.message).toBe('a\ufffdb');
  });
});

describe('lists', () => {
  const tenant = async (name: string) =>
    (await store.tenants.create({ id: `tnt_${name}`, name, displayName: name })) && `tnt_${name}`;

  it('can be filtered', async () => {
    const tenantId = await tenant('payments');
    const target = await spoke({ tenantIds: [tenantId] });
    await audit(
      readingOf(
        remoteEdge(target.name, { ...denied(), tenant: 'hub-side' }),
        remoteEdge('quiet', {
          suspended: true,
          alertCovered: false,
          target: { state: 'unregistered', address: 'https://q:443' },
        }),
        remoteEdge('blind', { ...denied(null), auth: { method: 'unknown' }, ready: 'Unknown' }),
      ),
    );
    const names = async (filter: RemoteApplyFilter) =>
      (await list(filter)).map(({ namespace }) => namespace).toSorted();
    expect(await names({ cluster: [hub.name] })).toHaveLength(3);
    expect(await names({ cluster: ['nobody'] })).toEqual([]);
    for (const filter of [
      { target: [target.name] },
      { target: [target.id] },
      { target: [`https://${target.name}.example.com:6443`] },
      { tenant: ['payments'] },
      { tenant: [tenantId] },
      { tenant: ['hub-side'] },
      { silent: ['true'] },
      { ready: ['False'] },
      { q: `${target.name}/APPS` },
    ] as const) {
      expect([filter, await names(filter)]).toEqual([filter, [target.name]]);
    }
    expect(await names({ suspended: true })).toEqual(['quiet']);
    expect(await names({ targetState: ['unregistered'] })).toEqual(['quiet']);
    expect(await names({ authMethod: ['unknown'] })).toEqual(['blind']);
    expect(await names({ failing: true })).toEqual(['blind', target.name]);
    expect(await names({ alertCovered: ['unknown'] })).toEqual(['blind']);
    expect(await names({ alertCovered: ['false'] })).toEqual(['quiet', target.name].toSorted());
    expect(await names({ silent: ['false', 'unknown'] })).toEqual(['blind', 'quiet']);
    expect(await names({ stale: true })).toEqual([]);
    expect(await names({ kind: ['HelmRelease'] })).toEqual([]);
  });

  it('start with what fails and nobody is told of, and come page by page', async () => {
    await audit(
      readingOf(
        remoteEdge('a'),
        remoteEdge('b', { suspended: true }),
        remoteEdge('c', denied(false)),
        remoteEdge('d', denied()),
        remoteEdge('e', { alertCovered: false }),
        remoteEdge('f', denied(null)),
      ),
    );
    const seen: string[] = [];
    let after: readonly string[] | undefined;
    do {
      const page = await store.remoteApplies.list({
        limit: 2,
        filter: { cluster: [hub.id] },
        ...(after && { after }),
      });
      expect(page.total.count).toBe(6);
      seen.push(...page.items.map(({ namespace }) => namespace));
      after = page.next ?? undefined;
    } while (after);
    expect(seen).toEqual(['d', 'f', 'c', 'b', 'e', 'a']);
    for (const field of ['failingSince', 'cluster', 'target', 'name', 'firstSeenAt', 'lastSeenAt'] as const) {
      const sort = [{ field, direction: 'desc' }] as const;
      const all = await store.remoteApplies.list({ limit: 10, filter: { cluster: [hub.id] }, sort });
      const first = await store.remoteApplies.list({ limit: 3, filter: { cluster: [hub.id] }, sort });
      const rest = await store.remoteApplies.list({
        limit: 10,
        filter: { cluster: [hub.id] },
        sort,
        after: first.next ?? [],
      });
      expect([...first.items, ...rest.items]).toEqual(all.items);
    }
  });
});
