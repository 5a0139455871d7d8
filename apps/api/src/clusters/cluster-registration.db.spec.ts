import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { conditionsIn, removeClusters, TestClusters } from '../../../../test/support/api/clusters.js';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let fleet: TestClusters;
beforeAll(async () => {
  [api, fleet] = await Promise.all([startApi(), TestClusters.start(['hub', 'spoke', 'other'])]);
  await api.post('/tenants', { name: 'team-a' });
});
afterAll(() => Promise.all([api.close(), fleet.close()]));

beforeEach(() => removeClusters(api));
afterEach(() => fleet.heal());

describe('registering', () => {
  it('contacts the cluster, pins its identity and stores what it found', async () => {
    const input = { ...fleet.registration('spoke'), role: 'tenant', labels: { env: 'prod' }, tenants: ['team-a'] };
    const { status, body, headers } = await api.post('/clusters', input, { as: 'operator' });
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/api/v1/clusters/${body.id}`);
    expect(body).toMatchObject({
      name: 'spoke',
      role: 'tenant',
      tenants: [{ name: 'team-a' }],
      connection: { server: fleet.connection('spoke').server },
      identity: { uid: fleet.get('spoke').uid },
      kubernetesVersion: 'v1.36.3',
      stale: false,
      summary: null,
    });
    expect(conditionsIn(body)).toEqual({
      Reachable: 'True',
      Authenticated: 'True',
      IdentityVerified: 'True',
      PermissionsSufficient: 'True',
    });
    expect((await api.get('/clusters/spoke', { as: 'viewer' })).body).toEqual(body);
    expect((await api.get(`/clusters/${body.id}`)).headers['etag']).toBe(headers['etag']);
  });

  it('takes a kubeconfig', async () => {
    const credential = { kind: 'kubeconfig', kubeconfig: fleet.kubeconfig('hub') };
    const { status, body } = await api.post('/clusters', { name: 'hub', credential });
    expect([status, body.identity]).toEqual([201, { uid: fleet.get('hub').uid }]);
  });

  it('takes a client certificate', async () => {
    const { certPem, keyPem } = await fleet.server.authority.issueClient(fleet.get('hub').user.name);
    const credential = { kind: 'clientCertificate', certData: certPem, keyData: keyPem };
    const { status, body } = await api.post('/clusters', {
      name: 'hub',
      connection: fleet.connection('hub'),
      credential,
    });
    expect([status, conditionsIn(body)['Authenticated']]).toEqual([201, 'True']);
    const [stored] = (await api.get('/clusters/hub/credentials')).body.items;
    expect(stored).toMatchObject({ kind: 'clientCertificate', subject: expect.stringContaining('CN=') });
    expect(stored.expiresAt).not.toBeNull();
  });

  it('stores what it cannot reach, and says why', async () => {
    fleet.get('spoke').injectFault({ kind: 'close' });
    const { status, body } = await api.post('/clusters', fleet.registration('spoke'));
    expect([status, body.identity]).toEqual([201, null]);
    expect(conditionsIn(body)).toEqual({ Reachable: 'False', Authenticated: 'Unknown', IdentityVerified: 'Unknown' });
  });

  it('stores what refuses the credential, and says why', async () => {
    const credential = { kind: 'token', token: `${CANARY}-wrong` };
    const { status, body } = await api.post('/clusters', { ...fleet.registration('spoke'), credential });
    expect(status).toBe(201);
    expect(conditionsIn(body)).toMatchObject({
      Reachable: 'True',
      Authenticated: 'False',
      IdentityVerified: 'Unknown',
    });
  });

  it('names the permissions that are missing', async () => {
    const rule = { verb: 'list', group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' };
    fleet.get('spoke').deny(rule);
    const { body } = await api.post('/clusters', fleet.registration('spoke'));
    const condition = body.conditions.find(({ type }: { type: string }) => type === 'PermissionsSufficient');
    expect(condition).toMatchObject({ status: 'False', missing: [rule] });
    const capabilities = (await api.get('/clusters/spoke/capabilities')).body;
    expect(capabilities.missing).toEqual([rule]);
    expect(capabilities.predictedCoverage.ratio).toBeLessThan(1);
    const blind = capabilities.controls.filter(({ missing }: { missing: unknown[] }) => missing.length > 0);
    expect(blind.length).toBe(capabilities.predictedCoverage.applicable - capabilities.predictedCoverage.evaluated);
    expect(blind.length).toBeGreaterThan(0);
  });

  it('does not contact it where that is not wanted', async () => {
    const before = fleet.get('spoke').requests.count;
    const { status, body } = await api.post('/clusters?verify=false', fleet.registration('spoke'));
    expect([status, body.identity, body.conditions]).toEqual([201, null, []]);
    expect(fleet.get('spoke').requests.count).toBe(before);
    const capabilities = (await api.get('/clusters/spoke/capabilities')).body;
    expect([capabilities.checkedAt, capabilities.predictedCoverage]).toEqual([null, null]);
  });

  it('stores nothing with ?requireVerified=true that cannot be verified', async () => {
    fleet.get('spoke').injectFault({ kind: 'garbage' });
    const { status, body } = await api.post('/clusters?requireVerified=true', fleet.registration('spoke'));
    expect([status, body.code, body.reason]).toEqual([424, 'verify-failed', 'notKubernetes']);
    expect((await api.get('/clusters/spoke')).status).toBe(404);
  });

  it('refuses the same cluster under a second name', async () => {
    const first = await api.post('/clusters', fleet.registration('spoke'));
    const { status, body } = await api.post('/clusters', fleet.registration('spoke', 'again'));
    expect([status, body.code, body.existingId]).toEqual([409, 'cluster-duplicate', first.body.id]);
    expect((await api.get('/clusters/again')).status).toBe(404);
  });

  it('refuses a name that is taken', async () => {
    const first = await api.post('/clusters', fleet.registration('spoke'));
    const { status, body } = await api.post('/clusters', fleet.registration('hub', 'spoke'));
    expect([status, body.code, body.existingId]).toEqual([409, 'name-taken', first.body.id]);
  });

  it('refuses tenants that do not exist', async () => {
    const input = { ...fleet.registration('spoke'), tenants: ['team-a', 'nobody'] };
    const { status, body } = await api.post('/clusters', input);
    expect([status, body.errors]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/tenants/1', code: 'unknown-tenant' })],
    ]);
  });

  it('only checks with ?dryRun=true', async () => {
    const { status, body, headers } = await api.post('/clusters?dryRun=true', fleet.registration('spoke'));
    expect([status, headers['plimsoll-dry-run'], body.identity]).toEqual([
      200,
      'true',
      { uid: fleet.get('spoke').uid },
    ]);
    expect((await api.get('/clusters/spoke')).status).toBe(404);
  });

  it.each([
    ['http://10.0.0.1:6443', 422, 'kubeconfig-rejected', 'serverNotHttps'],
    ['https://user:pass@example.com', 422, 'kubeconfig-rejected', 'serverCredentials'],
    ['https://10.0.0.1:6443', 422, 'egress-denied', 'private'],
    ['https://169.254.169.254', 422, 'egress-denied', 'metadata'],
    ['https://[fe80::1]:6443', 422, 'egress-denied', 'linkLocal'],
    ['https://0.0.0.0:6443', 422, 'egress-denied', 'unspecified'],
    ['https://[::ffff:192.168.0.1]', 422, 'egress-denied', 'private'],
  ])('refuses the address %s', async (server, status, code, reason) => {
    const connection = { ...fleet.connection('spoke'), server };
    const answer = await api.post('/clusters?verify=false', { ...fleet.registration('spoke'), connection });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: '/connection/server', code: reason })]);
    expect(answer.text).not.toContain('user:pass');
  });

  it('needs the address for a bare credential, and only there', async () => {
    const { connection: _, ...bare } = fleet.registration('spoke');
    expect((await api.post('/clusters', bare)).body.errors).toEqual([
      expect.objectContaining({ pointer: '/connection' }),
    ]);
    const credential = { kind: 'kubeconfig', kubeconfig: fleet.kubeconfig('spoke') };
    const both = await api.post('/clusters', { ...fleet.registration('spoke'), credential });
    expect([both.status, both.body.errors[0].code]).toEqual([422, 'ambiguous']);
  });
});

describe('upserting by name', () => {
  it('registers, then changes what is stated', async () => {
    const { name: _, ...input } = fleet.registration('spoke');
    const made = await api.put('/clusters/spoke', { ...input, labels: { a: '1' } });
    expect([made.status, made.body.name, made.body.labels]).toEqual([201, 'spoke', { a: '1' }]);
    const ifMatch = made.headers['etag'] ?? '';
    const changed = await api.put('/clusters/spoke', { ...input, labels: { b: '2' }, role: 'management' }, { ifMatch });
    expect([changed.status, changed.body.labels, changed.body.role]).toEqual([200, { b: '2' }, 'management']);
    // The whole is stated: what is left out goes back to its default.
    const reset = await api.put('/clusters/spoke', {}, { ifMatch: '*' });
    expect([reset.status, reset.body.labels, reset.body.role, reset.body.connection]).toEqual([
      200,
      {},
      null,
      made.body.connection,
    ]);
  });

  it('needs the version of what exists, and refuses one of what does not', async () => {
    const { name: _, ...input } = fleet.registration('spoke');
    expect((await api.put('/clusters/spoke', input, { ifMatch: '"1"' })).body.code).toBe('etag-mismatch');
    await api.put('/clusters/spoke', input);
    expect((await api.put('/clusters/spoke', input)).body.code).toBe('if-match-required');
    const stale = await api.put('/clusters/spoke', input, { ifMatch: '"7"' });
    expect([stale.status, stale.body.currentETag, stale.headers['etag']]).toEqual([412, '"1"', '"1"']);
  });

  it('needs a credential for a new cluster, and for a new address', async () => {
    const { connection } = fleet.registration('spoke');
    const missing = [expect.objectContaining({ pointer: '/credential', code: 'required' })];
    expect((await api.put('/clusters/spoke', { connection })).body.errors).toEqual(missing);
    await api.post('/clusters', fleet.registration('spoke'));
    expect((await api.put('/clusters/spoke', { connection }, { ifMatch: '*' })).status).toBe(200);
    const moved = { connection: { ...connection, server: 'https://evil.example:6443' } };
    expect((await api.put('/clusters/spoke', moved, { ifMatch: '*' })).body.errors).toEqual(missing);
    const { caData: _, ...withoutCa } = connection;
    expect((await api.put('/clusters/spoke', { connection: withoutCa }, { ifMatch: '*' })).body.errors).toEqual(
      missing,
    );
  });

  it('refuses to point a registration at another cluster', async () => {
    await api.post('/clusters', fleet.registration('spoke'));
    const { name: _, ...other } = fleet.registration('other');
    const { status, body } = await api.put('/clusters/spoke', other, { ifMatch: '*' });
    expect([status, body.code]).toEqual([409, 'identity-mismatch']);
    expect((await api.get('/clusters/spoke')).body.connection.server).toBe(fleet.connection('spoke').server);
  });

  it('obeys the egress rule, and must verify where that is wanted', async () => {
    const { name: _, ...input } = fleet.registration('spoke');
    const connection = { server: 'https://10.0.0.1' };
    expect((await api.put('/clusters/spoke', { ...input, connection })).body.code).toBe('egress-denied');
    fleet.get('spoke').injectFault({ kind: 'garbage' });
    expect((await api.put('/clusters/spoke?requireVerified=true', input)).body.code).toBe('verify-failed');
    fleet.get('spoke').clearFaults();
    await api.put('/clusters/spoke', input);
    expect((await api.put('/clusters/again', input)).body.code).toBe('cluster-duplicate');
    const dry = await api.put('/clusters/spoke?dryRun=true', { ...input, role: 'tenant' }, { ifMatch: '*' });
    expect([dry.status, dry.body.role, (await api.get('/clusters/spoke')).body.role]).toEqual([200, 'tenant', null]);
  });

  it('refuses what is no name', async () => {
    const { name: _, ...input } = fleet.registration('spoke');
    expect((await api.put('/clusters/Not_A_Name', input)).body.errors).toEqual([
      expect.objectContaining({ parameter: 'clusterRef' }),
    ]);
  });
});
