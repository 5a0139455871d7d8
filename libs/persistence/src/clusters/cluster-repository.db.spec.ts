import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, credentialAad } from '#libs/platform';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { NewCredential } from './cluster.js';

let store: Store;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const connection = { server: 'https://a.example.com:6443' };
function credentialFor(clusterId: string, token: string): NewCredential {
  const id = newId('crd');
  return { id, kind: 'token', fingerprint: 'f', sealed: store.keyring.seal(token, credentialAad(id, clusterId)) };
}
async function tenant(name: string): Promise<string> {
  const created = await store.tenants.create({ name });
  if (created === 'nameTaken') throw new Error('taken');
  return created.id;
}

describe('create', () => {
  it('registers a cluster with tenants and credential', async () => {
    const [a, b] = [await tenant('team-b'), await tenant('team-a')];
    const id = newId('cls');
    const created = await store.clusters.create({
      id,
      name: 'full',
      role: 'tenant',
      tenancy: 'shared',
      labels: { env: 'prod' },
      connection,
      platform: { fluxNamespaces: ['flux-system'] },
      tenantIds: [a, b, a],
      credential: credentialFor(id, 'token-1'),
    });
    expect(created).toMatchObject({
      id,
      name: 'full',
      version: 1,
      tenants: [
        { id: b, name: 'team-a' },
        { id: a, name: 'team-b' },
      ],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(JSON.stringify(created)).not.toMatch(/sealed|deletedAt/);
    expect(await store.clusters.get('full')).toEqual(created);
    expect(await store.clusters.get(id)).toEqual(created);
  });

  it('takes what was not stated as not stated', async () => {
    const id = newId('cls');
    await store.clusters.create({ id, name: 'bare', connection });
    expect(await store.clusters.get(id)).toMatchObject({ role: null, tenancy: null, delivery: null, labels: {} });
    expect(await store.clusters.registration(id)).toEqual({ name: 'bare', labels: {}, tenants: [] });
  });

  it('names the cluster that is in the way', async () => {
    const id = await store.register('taken', { clusterUid: 'uid-taken' });
    expect(await store.clusters.create({ id: newId('cls'), name: 'taken', connection })).toEqual({
      conflict: 'nameTaken',
      id,
    });
    expect(
      await store.clusters.create({ id: newId('cls'), name: 'other', connection, clusterUid: 'uid-taken' }),
    ).toEqual({ conflict: 'clusterDuplicate', id });
  });

  it('writes nothing where a tenant does not exist', async () => {
    const id = newId('cls');
    expect(await store.clusters.create({ id, name: 'no-tenant', connection, tenantIds: ['tnt_none'] })).toEqual({
      conflict: 'unknownTenant',
    });
    expect(await store.clusters.get('no-tenant')).toBeNull();
  });
});

describe('update', () => {
  it('changes what is given and counts the version', async () => {
    const id = await store.register('to-change', { labels: { a: '1' } });
    const changed = await store.clusters.update(id, 1, { labels: { b: '2' }, tenancy: 'dedicated' });
    expect(changed).toMatchObject({ version: 2, labels: { b: '2' }, tenancy: 'dedicated', name: 'to-change' });
    expect(await store.clusters.update(id, 1, { labels: {} })).toBe('stale');
    expect(await store.clusters.update(id, null, { tenancy: null })).toMatchObject({ version: 3, tenancy: null });
    expect(await store.clusters.update('cls_none', null, { labels: {} })).toBe('notFound');
  });

  it('lets one of several writers win', async () => {
    const id = await store.register('contended');
    const answers = await Promise.all(['1', '2', '3', '4'].map((n) => store.clusters.update(id, 1, { labels: { n } })));
    expect(answers.filter((answer) => answer === 'stale')).toHaveLength(3);
    expect(await store.clusters.get(id)).toMatchObject({ version: 2 });
  });

  it('does not take the name of another cluster', async () => {
    const id = await store.register('first-name');
    const second = await store.register('second-name');
    expect(await store.clusters.update(second, null, { name: 'first-name' })).toEqual({ conflict: 'nameTaken', id });
  });

  it('replaces the credential and erases the old one', async () => {
    const id = await store.register('rotated', { token: 'old' });
    const before = await store.credentials.sealedFor(id);
    const next = credentialFor(id, 'new');
    await store.clusters.update(id, null, { credential: next });
    const sealed = await store.credentials.sealedFor(id);
    expect(sealed?.id).toBe(next.id);
    expect(store.keyring.open(sealed?.sealed ?? next.sealed, credentialAad(next.id, id)).toString()).toBe('new');
    const listed = await store.credentials.ofCluster(id);
    expect(listed.map((credential) => credential.id)).toEqual([next.id]);
    expect(listed[0]).not.toHaveProperty('sealed');
    expect(await store.dataSource.query('SELECT 1 FROM credential WHERE id = $1', [before?.id])).toEqual([]);
  });
});

describe('the known clusters', () => {
  it('are all that are registered, with where they are and whose', async () => {
    const own = await openStore();
    const ids = await Promise.all(['b', 'a'].map((name) => own.tenants.create({ name })));
    const tenantIds = ids.flatMap((created) => (created === 'nameTaken' ? [] : [created.id]));
    const caData = '-----BEGIN CERTIFICATE-----';
    const spoke = newId('cls');
    await own.clusters.create({
      id: spoke,
      name: 'spoke',
      role: 'tenant',
      tenancy: 'dedicated',
      delivery: 'remoteApply',
      connection: { ...connection, caData },
      tenantIds,
      clusterUid: 'uid-spoke',
      credential: credentialFor(spoke, 'token-of-spoke'),
    });
    const hub = newId('cls');
    await own.clusters.create({ id: hub, name: 'hub', connection });
    const gone = newId('cls');
    await own.clusters.create({ id: gone, name: 'gone', connection });
    await own.clusters.delete(gone, null);
    expect(await own.clusters.known()).toEqual([
      { id: hub, name: 'hub', role: null, tenancy: null, delivery: null, connection, clusterUid: null, tenants: [] },
      {
        id: spoke,
        name: 'spoke',
        role: 'tenant',
        tenancy: 'dedicated',
        delivery: 'remoteApply',
        connection: { ...connection, caData },
        clusterUid: 'uid-spoke',
        tenants: ['a', 'b'],
      },
    ]);
    await own.close();
  });
});

describe('the registration', () => {
  it('is what controls may know', async () => {
    const id = newId('cls');
    await store.tenants.create({
      id: 'tnt_reg',
      name: 'team-reg',
      isolation: 'high',
      namespaces: { matchLabels: { tenant: 'reg' } },
    });
    await store.clusters.create({
      id,
      name: 'registered',
      role: 'tenant',
      tenancy: 'shared',
      delivery: 'remoteApply',
      labels: { env: 'prod' },
      connection,
      platform: { suspendGraceHours: 12, tenantLabels: ['tenant'] },
      tenantIds: ['tnt_reg'],
    });
    expect(await store.clusters.registration(id)).toEqual({
      name: 'registered',
      role: 'tenant',
      tenancy: 'shared',
      delivery: 'remoteApply',
      labels: { env: 'prod' },
      suspendGraceHours: 12,
      tenantLabels: ['tenant'],
      tenants: [{ name: 'team-reg', isolation: 'high', namespaces: { matchLabels: { tenant: 'reg' } } }],
    });
  });
});

describe('identity', () => {
  it('is pinned on first sight and compared from then on', async () => {
    const id = await store.register('pinned');
    expect(await store.clusters.pinIdentity(id, 'uid-1')).toEqual({ result: 'pinned' });
    expect(await store.clusters.pinIdentity(id, 'uid-1')).toEqual({ result: 'same' });
    expect(await store.clusters.pinIdentity(id, 'uid-2')).toEqual({ result: 'mismatch', pinned: 'uid-1' });
    const twin = await store.register('pinned-twin');
    expect(await store.clusters.pinIdentity(twin, 'uid-1')).toEqual({ result: 'duplicate', id, name: 'pinned' });
    expect(await store.clusters.pinIdentity('cls_none', 'uid-9')).toEqual({ result: 'notFound' });
  });

  it('goes to one of two clusters that show it at the same moment', async () => {
    const ids = [await store.register('race-1'), await store.register('race-2')];
    const answers = await Promise.all(ids.map((id) => store.clusters.pinIdentity(id, 'uid-race')));
    expect(answers.map(({ result }) => result).toSorted()).toEqual(['duplicate', 'pinned']);
  });
});

describe('recordConditions', () => {
  it('keeps a verification without counting it as a change', async () => {
    const id = await store.register('verified');
    const observed = { type: 'Reachable', status: 'True', reason: 'Answered', message: 'ok' } as const;
    const recorded = await store.clusters.recordConditions(id, [observed], { kubernetesVersion: 'v1.36.3' });
    expect(recorded).toMatchObject({ version: 1, kubernetesVersion: 'v1.36.3', conditions: [observed] });
    const filter = { conditions: [{ type: 'Reachable', status: 'True' }] } as const;
    expect((await store.clusters.list({ limit: 9, filter })).items.map(({ name }) => name)).toEqual(['verified']);
    expect(await store.clusters.recordConditions('cls_none', [observed])).toBe('notFound');
  });
});

describe('delete', () => {
  it('erases the credentials, frees the name and identity, and keeps the history', async () => {
    const id = await store.register('leaving', { clusterUid: 'uid-leaving' });
    expect(await store.clusters.delete(id, 7)).toBe('stale');
    expect(await store.clusters.delete(id, 1)).toBe('deleted');
    expect(await store.clusters.delete(id, null)).toBe('notFound');
    expect(await store.clusters.get(id)).toBeNull();
    expect(await store.credentials.sealedFor(id)).toBeNull();
    expect(await store.dataSource.query('SELECT 1 FROM credential WHERE cluster_id = $1', [id])).toEqual([]);
    expect(await store.dataSource.query('SELECT 1 FROM cluster WHERE id = $1', [id])).toHaveLength(1);
    await store.register('leaving', { clusterUid: 'uid-leaving' });
    expect(await store.credentials.replace(id, credentialFor(id, 'x'))).toBe('notFound');
    expect(await store.clusters.update(id, null, { labels: {} })).toBe('notFound');
  });

  it('waits for the end of a run', async () => {
    const id = await store.register('busy');
    const run = await store.start({ target: { clusters: [id] } });
    expect(await store.clusters.delete(id, null)).toBe('hasRunningAudit');
    await store.runs.cancel(run.id);
    expect(await store.clusters.delete(id, null, { purge: true })).toBe('deleted');
    for (const table of ['cluster', 'target', 'credential']) {
      const column = table === 'cluster' ? 'id' : 'cluster_id';
      expect(await store.dataSource.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [id])).toEqual([]);
    }
  });
});

it('counts the clusters that are registered', async () => {
  const before = await store.clusters.count();
  const id = await store.register('counted');
  expect(await store.clusters.count()).toBe(before + 1);
  await store.clusters.delete(id, null);
  expect(await store.clusters.count()).toBe(before);
});
