import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClusterClient, discoverClusters } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { kustomizationObject, secretObject, SimulatedHub } from '../../../../test/support/simulated-hub.js';

let api: TestApi;
let fleet: SimulatedHub;
beforeAll(async () => {
  api = await startApi();
  fleet = await SimulatedHub.start(['one', 'two'], CANARY);
  fleet.applyTo('one', { labels: { env: 'prod' } });
  fleet.applyTo('two', { namespace: 'team-b' });
  fleet.hub.put(
    kustomizationObject('team-a', 'exec', {}),
    secretObject('team-a', 'exec', { value: fleet.kubeconfig('one').replace(/token: .*/, 'exec: {command: sh}') }),
  );
});
afterAll(async () => {
  await fleet.close();
  await api.close();
});
beforeEach(async () => {
  await api.store.dataSource.query('TRUNCATE source, cluster, tenant, outbox CASCADE');
  fleet.heal();
  const credential = { kind: 'token', token: fleet.hub.user.token };
  await api.post('/clusters', { name: 'hub', connection: fleet.connection(fleet.hub), credential });
});

const FLUX = { name: 'flux', type: 'fluxKubeConfig', hubCluster: 'hub' };

/** What a worker does. */
async function synchronise(name = 'flux'): Promise<void> {
  await api.store.sources.requestSync((await api.store.sources.get(name))?.id ?? '');
  const work = await api.store.sources.claimSync((await api.store.sources.get(name))?.id ?? '');
  if (!work) throw new Error('there is nothing to do');
  const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
  const credential = { kind: 'token', token: fleet.hub.user.token } as const;
  const access = { ...fleet.connection(fleet.hub), credential };
  const client = await ClusterClient.open(access, { egress, userAgent: 'test', budget: { qps: 1_000, burst: 1_000 } });
  const { clusters } = await discoverClusters(client, work.source.type, { namespaces: work.source.namespaces });
  await client.close();
  await api.store.candidates.save(work.claim, clusters, { complete: true });
  await api.store.sources.finishSync(work.claim, { result: 'ok', message: 'Done.' });
}

const candidates = async (query = '') => (await api.get(`/sources/flux/candidates${query}`)).body.items;
const states = async () =>
  (await candidates()).map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);
const accept = (body: object, query = '') => api.post(`/sources/flux/candidates:accept${query}`, body);
const codes = (items: readonly { status: number; problem?: { code: string } }[]) =>
  items.map(({ status, problem }) => [status, problem?.code]);

describe('sources', () => {
  it('are created, read, changed and deleted', async () => {
    const made = await api.post('/sources', FLUX, { as: 'operator' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...FLUX,
      hubCluster: { name: 'hub' },
      policy: 'propose',
      pruneAfter: 30,
      intervalSeconds: 900,
      sync: { state: 'idle', result: null },
    });
    expect(Date.parse(made.body.sync.nextSyncAt)).toBeLessThanOrEqual(Date.now());
    expect((await api.get('/sources/flux')).body).toEqual(made.body);
    const ifMatch = made.headers['etag'] ?? '';
    const auto = { policy: 'autoRegister', labelSelector: 'env=prod', intervalSeconds: 60 };
    expect((await api.patch('/sources/flux?dryRun=true', auto, { ifMatch })).body).toMatchObject(auto);
    expect((await api.patch('/sources/flux', { enabled: false }, { ifMatch })).body.sync.nextSyncAt).toBeNull();
    expect((await api.patch('/sources/flux', auto, { ifMatch })).body.code).toBe('etag-mismatch');
    expect((await api.delete('/sources/flux?dryRun=true', { ifMatch: '*' })).status).toBe(204);
    expect((await api.delete('/sources/flux', { ifMatch: '*' })).status).toBe(204);
    expect((await api.get('/sources/flux')).status).toBe(404);
    expect((await api.get('/clusters/hub')).status).toBe(200);
  });

  it.each([
    [{ type: 'rancher' }, '/type'],
    [{ hubCluster: 'nobody' }, '/hubCluster'],
    [{ policy: 'autoRegister' }, '/labelSelector'],
    [{ labelSelector: 'a in (b' }, '/labelSelector'],
    [{ pruneAfter: 0 }, '/pruneAfter'],
    [{ intervalSeconds: 5 }, '/intervalSeconds'],
    [{ namespaces: ['Not A Name'] }, '/namespaces/0'],
    [{ type: 'argocd', namespaces: ['a', 'b'] }, '/namespaces'],
    [{ mapping: { namePrefix: '-x' } }, '/mapping/namePrefix'],
  ])('are not valid with %j', async (more, pointer) => {
    const { status, body } = await api.post('/sources', { ...FLUX, ...more });
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('have unique names, and are only checked with ?dryRun=true', async () => {
    expect((await api.post('/sources?dryRun=true', FLUX)).status).toBe(200);
    expect((await api.get('/sources')).body.items).toEqual([]);
    await api.post('/sources', FLUX);
    for (const path of ['/sources', '/sources?dryRun=true'])
      expect((await api.post(path, FLUX)).body.code).toBe('name-taken');
  });

  it('can be listed by every documented filter', async () => {
    await api.post('/sources', FLUX);
    const argo = await api.post('/sources', { name: 'argo', type: 'argocd', hubCluster: 'hub', enabled: false });
    expect(argo.body.namespaces).toEqual(['argocd']);
    const names = async (query: string) =>
      (await api.get(`/sources?${query}`)).body.items.map(({ name }: { name: string }) => name).join();
    expect(await names('')).toBe('argo,flux');
    expect(await names('type=argocd')).toBe('argo');
    expect(await names('policy=autoRegister')).toBe('');
    expect(await names('hubCluster=hub&q=fl')).toBe('flux');
    expect(await names('result=ok')).toBe('');
    expect(await names('sort=-lastSyncAt')).toMatch(/argo/);
  });

  it('are synchronised on demand, once at a time', async () => {
    await api.post('/sources', FLUX);
    const asked = await api.post('/sources/flux/sync');
    expect([asked.status, asked.body.sync.state, asked.headers['location']]).toEqual([
      202,
      'queued',
      `/api/v1/sources/${asked.body.id}`,
    ]);
    const again = await api.post('/sources/flux/sync');
    expect([again.status, again.body.code]).toEqual([409, 'sync-running']);
    expect((await api.store.outbox.waiting()).count).toBe(1);
    expect((await api.post('/sources/none/sync')).status).toBe(404);
  });
});

describe('candidates', () => {
  beforeEach(async () => {
    await api.post('/sources', { ...FLUX, mapping: { tenantFromNamespace: true } });
    await synchronise();
  });

  it('say what they are, and why they cannot be registered', async () => {
    expect(await states()).toEqual(['exec blocked', 'one proposed', 'two proposed']);
    const [exec, one] = await candidates();
    expect(exec).toMatchObject({ reasons: [{ code: 'exec' }], server: fleet.connection(fleet.spoke('one')).server });
    expect(one).toMatchObject({
      object: { kind: 'Kustomization', namespace: 'team-a' },
      labels: { env: 'prod' },
      tenantNamespace: 'team-a',
      credentialFrom: { kind: 'Secret', namespace: 'team-a', name: 'one-kubeconfig', key: null },
      cluster: null,
    });
    const names = async (query: string) => (await candidates(query)).map(({ name }: { name: string }) => name).join();
    expect(await names('?state=blocked')).toBe('exec');
    expect(await names('?reason=exec&reason=other')).toBe('exec');
    expect(await names('?tenantNamespace=team-b')).toBe('two');
    expect(await names('?labelSelector=env%3Dprod')).toBe('one');
    expect(await names('?q=one')).toMatch('one');
    const first = await api.get('/sources/flux/candidates?limit=2');
    const { next } = first.body.page;
    expect(await names(`?limit=2&cursor=${next}`)).toBe('two');
    expect((await api.get('/sources/none/candidates')).status).toBe(404);
  });

  it('are registered with what the management cluster says now', async () => {
    await api.post('/tenants', { name: 'team-a' });
    expect((await accept({ candidates: ['one'] }, '?dryRun=true')).body.items).toEqual([
      { candidate: 'one', status: 200, name: 'one' },
    ]);
    expect(await states()).toContain('one proposed');
    const { status, body } = await accept({ candidates: ['one'] });
    expect([status, body.accepted, body.items[0].status]).toEqual([200, 1, 201]);
    const cluster = (await api.get(`/clusters/${body.items[0].clusterId}`)).body;
    expect(cluster).toMatchObject({
      name: 'one',
      role: 'tenant',
      delivery: 'remoteApply',
      labels: { 'source/env': 'prod' },
      tenants: [{ name: 'team-a' }],
      identity: { uid: fleet.spoke('one').uid },
    });
    expect((await api.get('/clusters/one/credentials')).body.items).toMatchObject([{ kind: 'token' }]);
    expect(await states()).toContain('one registered');
    const again = await accept({ candidates: ['one'] });
    expect(again.body.items[0].problem).toMatchObject({ code: 'cluster-duplicate', existingId: cluster.id });
  });

  it('are registered under the name and for the tenants that are given', async () => {
    await api.post('/tenants', { name: 'x' });
    const { body } = await accept({ candidates: ['two'], names: { two: 'deux' }, tenants: ['x'] });
    expect(body.items).toMatchObject([{ status: 201, name: 'deux' }]);
    expect((await api.get('/clusters/deux')).body.tenants).toMatchObject([{ name: 'x' }]);
    const unknown = await accept({ candidates: ['one'], tenants: ['nobody'] });
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '/tenants/0']);
  });

  it('that are one cluster under two names are a conflict, and nothing is overwritten', async () => {
    const credential = { kind: 'token', token: fleet.spoke('one').user.token };
    const connection = fleet.connection(fleet.spoke('one'));
    const made = await api.post('/clusters', { name: 'elsewhere', connection, credential });
    const { body } = await accept({ candidates: ['one'] });
    expect(body.items[0]).toMatchObject({
      status: 409,
      problem: { code: 'cluster-duplicate', existingId: made.body.id },
    });
    expect(await states()).toContain('one conflict');
    const [one] = await candidates('?state=conflict');
    expect(one.conflict).toEqual({ code: 'clusterDuplicate', clusterId: made.body.id });
    expect((await api.get('/clusters/elsewhere')).body).toEqual(made.body);
    expect((await api.get('/clusters/one')).status).toBe(404);
  });

  it('are refused each for its own reason', async () => {
    await api.post('/clusters?verify=false', {
      name: 'two',
      connection: { server: 'https://127.0.0.1:1' },
      credential: { kind: 'token', token: 'token' },
    });
    const { body } = await accept({ candidates: ['nobody', 'exec', 'two', 'one'] });
    expect(codes(body.items)).toEqual([
      [404, 'not-found'],
      [422, 'candidate-not-acceptable'],
      [409, 'name-taken'],
      [201, undefined],
    ]);
    expect([body.accepted, body.failed]).toEqual([1, 3]);
    expect(body.items[1].problem.errors).toEqual([expect.objectContaining({ code: 'exec' })]);
  });

  it('are not registered where they lead elsewhere now, or are gone', async () => {
    const { dataSource } = api.store;
    await dataSource.query(
      `UPDATE source_candidate SET connection = '{"server":"https://127.0.0.1:1"}' WHERE name = 'one'`,
    );
    await dataSource.query(`UPDATE source_candidate SET orphaned_at = now() WHERE name = 'two'`);
    const { body } = await accept({ candidates: ['one', 'two'] });
    expect(codes(body.items)).toEqual([
      [409, 'candidate-changed'],
      [409, 'candidate-changed'],
    ]);
    expect((await api.get('/clusters')).body.items).toHaveLength(1);
  });

  it('are not registered where their Secret may not be read any more', async () => {
    fleet.hub.deny({ verb: 'get', group: '', resource: 'secrets' });
    const { body } = await accept({ candidates: ['one'] });
    expect(body.items[0].problem).toMatchObject({
      code: 'candidate-not-acceptable',
      errors: [{ code: 'secretForbidden' }],
    });
  });

  it('are not asked for where the management cluster cannot be', async () => {
    fleet.hub.injectFault({ kind: 'status', status: 401 });
    const away = await accept({ candidates: ['one'] });
    expect([away.status, away.body.code, away.body.reason]).toEqual([424, 'verify-failed', 'unauthenticated']);
    fleet.hub.clearFaults();
    await api.store.dataSource.query(`UPDATE cluster SET cluster_uid = 'other' WHERE name = 'hub'`);
    const other = await accept({ candidates: ['one'] });
    expect([other.status, other.body.code]).toEqual([409, 'identity-mismatch']);
    await api.store.clusters.delete((await api.store.clusters.get('hub'))?.id ?? '', null);
    expect((await accept({ candidates: ['one'] })).body).toMatchObject({ code: 'verify-failed', reason: 'gone' });
  });
});
