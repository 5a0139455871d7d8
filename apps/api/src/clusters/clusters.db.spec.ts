import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeClusters, TestClusters } from '../../../../test/support/api/clusters.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let fleet: TestClusters;
beforeAll(async () => {
  [api, fleet] = await Promise.all([startApi(), TestClusters.start(['hub', 'spoke', 'other'])]);
  await api.post('/tenants', { name: 'team-a' });
});
afterAll(() => Promise.all([api.close(), fleet.close()]));

beforeEach(() => removeClusters(api));
afterEach(() => fleet.heal());

describe('changing', () => {
  it('merges a patch into what is declared', async () => {
    const made = await api.post('/clusters', { ...fleet.registration('spoke'), labels: { a: '1', b: '2' } });
    const ifMatch = made.headers['etag'] ?? '';
    const patch = { labels: { a: null, c: '3' }, tenants: ['team-a'], platform: { suspendGraceHours: 4 } };
    const { status, body, headers } = await api.patch('/clusters/spoke', patch, { ifMatch });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      labels: { b: '2', c: '3' },
      tenants: [{ name: 'team-a' }],
      platform: { suspendGraceHours: 4 },
    });
    const cleared = await api.patch('/clusters/spoke', { tenants: null }, { ifMatch: headers['etag'] ?? '' });
    expect(cleared.body.tenants).toEqual([]);
  });

  it.each([
    [{ connection: { server: 'https://evil.example' } }, '/connection'],
    [{ credential: { kind: 'token', token: 'x' } }, '/credential'],
    [{ name: 'other' }, '/name'],
    [{ role: 'boss' }, '/role'],
    [{ labels: { 'not a key': 'x' } }, '/labels/not a key'],
  ])('refuses the patch %j', async (patch, pointer) => {
    await api.post('/clusters?verify=false', fleet.registration('spoke'));
    const { status, body } = await api.patch('/clusters/spoke', patch, { ifMatch: '*' });
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('lets the first of two writers win', async () => {
    const { headers } = await api.post('/clusters?verify=false', fleet.registration('spoke'));
    const ifMatch = headers['etag'] ?? '';
    const writers = ['one', 'two', 'three', 'four'].map((value) =>
      api.patch('/clusters/spoke', { labels: { writer: value } }, { ifMatch }),
    );
    const statuses = (await Promise.all(writers)).map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 412, 412, 412]);
  });

  it('is not stopped by an audit in between', async () => {
    const { headers, body } = await api.post('/clusters', fleet.registration('spoke'));
    const observed = { type: 'FluxDetected', status: 'True', reason: 'ControllersFound', message: '' } as const;
    await api.store.clusters.recordConditions(body.id, [observed]);
    const read = await api.get('/clusters/spoke', { headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect(read.status).toBe(200);
    const changed = await api.patch('/clusters/spoke', { labels: { a: '1' } }, { ifMatch: headers['etag'] ?? '' });
    expect(changed.status).toBe(200);
  });

  it('deletes it with its credential, but not while it is being audited', async () => {
    const { body } = await api.post('/clusters', fleet.registration('spoke'));
    const run = await api.post('/runs', { target: { clusters: ['spoke'] } });
    const busy = await api.delete('/clusters/spoke', { ifMatch: '*' });
    expect([busy.status, busy.body.code]).toEqual([409, 'has-running-audit']);
    await api.post(`/runs/${run.body.id}/cancel`);
    expect((await api.delete('/clusters/spoke?dryRun=true', { ifMatch: '*' })).status).toBe(204);
    expect((await api.get('/clusters/spoke')).status).toBe(200);
    expect((await api.delete('/clusters/spoke', { ifMatch: '*' })).status).toBe(204);
    expect((await api.get(`/clusters/${body.id}`)).status).toBe(404);
    expect(await api.store.credentials.sealedFor(body.id)).toBeNull();
    expect((await api.post('/clusters', fleet.registration('spoke'))).status).toBe(201);
  });
});

describe('listing', () => {
  it('filters by every documented filter', async () => {
    await api.post('/clusters', {
      ...fleet.registration('hub'),
      role: 'management',
      labels: { env: 'prod', tier: 'hub' },
    });
    await api.post('/clusters?verify=false', {
      ...fleet.registration('spoke'),
      role: 'tenant',
      tenancy: 'shared',
      tenants: ['team-a'],
      labels: { env: 'prod' },
    });
    await api.post('/clusters?verify=false', { ...fleet.registration('other'), labels: { env: 'lab' } });
    const names = async (query: string) =>
      (await api.get(`/clusters?${query}`)).body.items.map(({ name }: { name: string }) => name).join();
    expect(await names('')).toBe('hub,other,spoke');
    expect(await names('sort=-name')).toBe('spoke,other,hub');
    expect(await names('q=ub')).toBe('hub');
    expect(await names('role=management&role=tenant')).toBe('hub,spoke');
    expect(await names('tenancy=shared')).toBe('spoke');
    expect(await names('tenant=team-a')).toBe('spoke');
    expect(await names(`labelSelector=${encodeURIComponent('env=prod,!tier')}`)).toBe('spoke');
    expect(await names('condition=Reachable:True')).toBe('hub');
    expect(await names('condition=Reachable:True&condition=Authenticated:False')).toBe('');
    expect(await names('compliant=true')).toBe('');
    expect(await names('unreachable=false')).toBe('hub,other,spoke');
  });

  it.each([
    ['labelSelector=a%20in%20(b', 'labelSelector', 'label-selector'],
    ['sort=secret', 'sort', 'invalid-format'],
    ['condition=Nice:True', 'condition', 'invalid-format'],
    ['limit=0', 'limit', 'too-small'],
    ['unreachable=maybe', 'unreachable', 'invalid-value'],
  ])('refuses ?%s', async (query, parameter, code) => {
    const { status, body } = await api.get(`/clusters?${query}`);
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ parameter, code })]);
  });
});
