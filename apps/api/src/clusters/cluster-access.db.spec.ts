import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '#libs/simulator';
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

describe('credentials', () => {
  it('are replaced, verified against the pinned identity, and never shown', async () => {
    const { body } = await api.post('/clusters', fleet.registration('spoke'));
    const [before] = (await api.get('/clusters/spoke/credentials', { as: 'viewer' })).body.items;
    const token = fleet.get('spoke').revokeToken();
    const replaced = await api.post('/clusters/spoke/credentials', { credential: { kind: 'token', token } });
    expect(replaced.status).toBe(201);
    expect(replaced.body.items).toHaveLength(1);
    expect(replaced.body.items[0]).toMatchObject({ kind: 'token', subject: null, lastUsedAt: null });
    expect(replaced.body.items[0].fingerprint).not.toBe(before.fingerprint);
    expect(conditionsIn((await api.get(`/clusters/${body.id}`)).body)['Authenticated']).toBe('True');
    expect(replaced.text).not.toContain(token);
  });

  it('are only checked with ?dryRun=true', async () => {
    await api.post('/clusters', fleet.registration('spoke'));
    const before = (await api.get('/clusters/spoke/credentials')).body;
    const credential = { kind: 'token', token: `${CANARY}-other` };
    const { status, body } = await api.post('/clusters/spoke/credentials?dryRun=true', { credential });
    expect([status, body]).toEqual([200, before]);
  });

  it('of another cluster are refused', async () => {
    await api.post('/clusters', fleet.registration('spoke'));
    const { connection, credential } = fleet.registration('other');
    const { status, body } = await api.post('/clusters/spoke/credentials', { connection, credential });
    expect([status, body.code]).toEqual([409, 'identity-mismatch']);
    const kubeconfig = { kind: 'kubeconfig', kubeconfig: fleet.kubeconfig('other') };
    expect((await api.post('/clusters/spoke/credentials', { credential: kubeconfig })).status).toBe(409);
  });

  it('may bring a new address, within the egress rule', async () => {
    await api.post('/clusters?verify=false', fleet.registration('other', 'spoke'));
    const { connection, credential } = fleet.registration('spoke');
    const moved = await api.post('/clusters/spoke/credentials', { connection, credential });
    expect(moved.status).toBe(201);
    expect((await api.get('/clusters/spoke')).body.connection.server).toBe(connection.server);
    const denied = { connection: { server: 'https://10.0.0.1' }, credential };
    expect((await api.post('/clusters/spoke/credentials', denied)).body.code).toBe('egress-denied');
  });

  it('must work with ?requireVerified=true', async () => {
    await api.post('/clusters', fleet.registration('spoke'));
    const credential = { kind: 'token', token: `${CANARY}-wrong` };
    const { status, body } = await api.post('/clusters/spoke/credentials?requireVerified=true', { credential });
    expect([status, body.code, body.reason]).toEqual([424, 'verify-failed', 'unauthenticated']);
  });

  it('of a cluster that is registered already are refused', async () => {
    const first = await api.post('/clusters', fleet.registration('spoke'));
    await api.post('/clusters?verify=false', fleet.registration('hub', 'hub'));
    const { connection, credential } = fleet.registration('spoke');
    const { status, body } = await api.post('/clusters/hub/credentials', { connection, credential });
    expect([status, body.code, body.existingId]).toEqual([409, 'cluster-duplicate', first.body.id]);
  });
});

describe('verifying', () => {
  it('tells identity, version, speed and rights', async () => {
    await api.post('/clusters?verify=false', fleet.registration('spoke'));
    const { status, body } = await api.post('/clusters/spoke/verify', undefined, { as: 'operator' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      identity: { uid: fleet.get('spoke').uid },
      kubernetesVersion: 'v1.36.3',
      user: { name: fleet.get('spoke').user.name },
      predictedCoverage: { ratio: 1 },
      overprivileged: [],
    });
    expect(body.capabilities.length).toBeGreaterThan(5);
    const cluster = (await api.get('/clusters/spoke')).body;
    expect(cluster.identity).toEqual({ uid: fleet.get('spoke').uid });
    expect((await api.get('/clusters/spoke/credentials')).body.items[0].lastUsedAt).not.toBeNull();
  });

  it('notices that another cluster answers', async () => {
    await api.post('/clusters', fleet.registration('spoke'));
    fleet.get('spoke').injectFault({ kind: 'swapIdentity', uid: '11111111-2222-3333-4444-555555555555' });
    const { status, body } = await api.post('/clusters/spoke/verify');
    expect([status, body.code]).toEqual([409, 'identity-mismatch']);
    expect(conditionsIn((await api.get('/clusters/spoke')).body)['IdentityVerified']).toBe('False');
  });

  it('notices that the cluster is registered under another name', async () => {
    const first = await api.post('/clusters', fleet.registration('spoke'));
    await api.post('/clusters?verify=false', fleet.registration('spoke', 'again'));
    const { status, body } = await api.post('/clusters/again/verify');
    expect([status, body.code, body.existingId]).toEqual([409, 'cluster-duplicate', first.body.id]);
  });

  it('says what is wrong in our own words', async () => {
    await api.post('/clusters', fleet.registration('spoke'));
    fleet.get('spoke').injectFault({ kind: 'json', body: { secret: `${CANARY}-from-the-other-side` } });
    const { status, body } = await api.post('/clusters/spoke/verify');
    expect([status, body.code, body.reason]).toEqual([424, 'verify-failed', 'notKubernetes']);
    expect(body.fix).not.toBe('');
  });

  it('needs a credential', async () => {
    const { body } = await api.post('/clusters', fleet.registration('spoke'));
    await api.store.dataSource.query('DELETE FROM credential WHERE cluster_id = $1', [body.id]);
    const answer = await api.post('/clusters/spoke/verify');
    expect([answer.status, answer.body.reason]).toEqual([424, 'noCredential']);
  });

  it('does not trust an unknown authority', async () => {
    const stranger = await CertificateAuthority.create('stranger');
    const connection = { ...fleet.connection('spoke'), caData: stranger.certPem };
    await api.post('/clusters?verify=false', { ...fleet.registration('spoke'), connection });
    expect((await api.post('/clusters/spoke/verify')).body.reason).toBe('tlsUnknownCa');
  });
});

describe('the manifest', () => {
  it.each(['/install-manifest', '/clusters/spoke/install-manifest'])(
    '%s grants what controls read, and no Secrets',
    async (path) => {
      await api.post('/clusters?verify=false', fleet.registration('spoke'));
      const { status, headers, text } = await api.get(path, { as: 'viewer' });
      expect([status, headers['content-type']]).toEqual([200, 'application/yaml; charset=utf-8']);
      for (const kind of ['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding']) {
        expect(text).toContain(`\nkind: ${kind}\n`);
      }
      expect(text).toContain('kustomizations');
      expect(text).not.toMatch(/- secrets$/m);
      // Every kind of constraint is a resource of its own, so that these cannot be named one by one.
      expect(text.match(/"\*"|- '?\*/g)).toHaveLength(1);
    },
  );

  it('of active verification grants to act as the tenants of this cluster, and brings the guard', async () => {
    const tenant = await api.post('/tenants', {
      name: 'payments',
      namespaces: { names: ['payments'] },
      principals: { groups: ['payments-people'] },
    });
    const platform = { platformPrincipals: { groups: ['platform-admins'] } };
    const cluster = await api.post('/clusters?verify=false', {
      ...fleet.registration('spoke'),
      tenants: ['payments'],
      platform,
    });
    expect([tenant.status, cluster.status, cluster.body.errors]).toEqual([201, 201, undefined]);
    const { status, text } = await api.get('/clusters/spoke/install-manifest?mode=active', { as: 'viewer' });
    expect(status).toBe(200);
    expect(text).toContain('kind: ValidatingAdmissionPolicy\n');
    expect(text).toContain('- payments-people');
    expect(text).toContain('userextras/plimsoll/probe');
    expect(text).not.toContain('platform-admins');
    expect(text.match(/^kind: Namespace$/gm)).toHaveLength(1);
  });

  it('of no cluster knows no tenants', async () => {
    expect((await api.get('/install-manifest?mode=active', { as: 'viewer' })).status).toBe(422);
    expect((await api.get('/install-manifest?mode=readOnly', { as: 'viewer' })).status).toBe(200);
  });
});
