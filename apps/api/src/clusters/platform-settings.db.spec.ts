import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BreakGlassEntry, type Registration } from '#libs/core';
import { removeClusters, TestClusters } from '../../../../test/support/api/clusters.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
let fleet: TestClusters;
beforeAll(async () => {
  [api, fleet] = await Promise.all([startApi(), TestClusters.start(['spoke'])]);
});
afterAll(() => Promise.all([api.close(), fleet.close()]));
beforeEach(() => removeClusters(api));

const ENTRY: Required<BreakGlassEntry> = {
  name: 'edge-001',
  principals: { users: ['break-glass:edge-001'], groups: ['system:masters'], serviceAccounts: ['ops/break-glass'] },
  authMethod: 'clientCertificate',
  apiServer: 'https://edge-001.example.com:6443',
  network: { via: 'bastion', sharedWithPrimary: false },
  identityProvider: 'corp-sso',
  identityProviderShared: false,
  credentialRef: 'vault:platform/break-glass/edge-001',
  credentialStores: ['vault', 'offline'],
  owner: 'Platform on-call',
  approvers: ['ada', 'grace'],
  mfaAttestedAt: '2026-10-01T00:00:00Z',
  rotationDays: 180,
  drillDays: 90,
  rotatedAt: '2026-09-01T00:00:00Z',
  expiresAt: '2027-09-01T00:00:00+02:00',
  runbookUrl: 'https://runbooks.example.com/edge',
  runbookReachableAt: '2026-11-01T00:00:00Z',
  alertOnUse: { rule: 'bg-use', testedAt: '2026-11-01T00:00:00Z' },
  auditFeed: true,
  lastDrill: { at: '2026-11-01T00:00:00Z', by: 'ada', result: 'failed', failedStep: 'connect', evidence: 'wiki:7' },
};
const PLATFORM = {
  breakGlass: [ENTRY],
  platformPrincipals: { groups: ['platform-admins'], serviceAccounts: ['flux-system/kustomize-controller'] },
  sandboxHandlers: ['kata-qemu'],
  trustedRegistries: ['registry.example.com/mirror'],
  recoveryRecipients: ['age1recovery'],
  rotationDays: 90,
  watcher: { testedAt: '2026-11-01T00:00:00Z' },
  activeVerification: { enabled: true, networkProbe: false, pauseImage: 'registry.example.com/pause:3.10' },
} satisfies Partial<Registration>;

const register = (platform: object) => api.post('/clusters?verify=false', { ...fleet.registration('spoke'), platform });

describe('what the platform team declares', () => {
  it('is kept as it was sent, and reaches the audit', async () => {
    const made = await register(PLATFORM);
    expect([made.status, made.body.platform]).toEqual([201, PLATFORM]);
    expect((await api.get('/clusters/spoke', { as: 'viewer' })).body.platform).toEqual(PLATFORM);
    expect(await api.store.clusters.registration(made.body.id)).toMatchObject(PLATFORM);
  });

  it('is replaced entry by entry of the list, and taken back by null', async () => {
    await register(PLATFORM);
    const patch = { platform: { breakGlass: [{ name: 'other' }], watcher: null } };
    const { body } = await api.patch('/clusters/spoke', patch, { ifMatch: '*' });
    const { watcher: _, ...rest } = PLATFORM;
    expect(body.platform).toEqual({ ...rest, breakGlass: [{ name: 'other' }] });
  });

  it.each<[object, string]>([
    [{ breakGlass: [{ owner: 'ada' }] }, '/platform/breakGlass/0/name'],
    [{ breakGlass: [{ name: 'a', runbook: 'x' }] }, '/platform/breakGlass/0/runbook'],
    [{ breakGlass: [{ name: 'a', authMethod: 'password' }] }, '/platform/breakGlass/0/authMethod'],
    [{ breakGlass: [{ name: 'a', apiServer: 'http://edge' }] }, '/platform/breakGlass/0/apiServer'],
    [{ breakGlass: [{ name: 'a', network: {} }] }, '/platform/breakGlass/0/network/via'],
    [{ breakGlass: [{ name: 'a', credentialStores: ['desk'] }] }, '/platform/breakGlass/0/credentialStores/0'],
    [{ breakGlass: [{ name: 'a', expiresAt: 'soon' }] }, '/platform/breakGlass/0/expiresAt'],
    [{ breakGlass: [{ name: 'a', drillDays: 0 }] }, '/platform/breakGlass/0/drillDays'],
    [{ breakGlass: [{ name: 'a', runbookUrl: 'javascript:alert(1)' }] }, '/platform/breakGlass/0/runbookUrl'],
    [{ breakGlass: [{ name: 'a', alertOnUse: {} }] }, '/platform/breakGlass/0/alertOnUse/rule'],
    [{ breakGlass: [{ name: 'a', lastDrill: { at: '2026-11-01' } }] }, '/platform/breakGlass/0/lastDrill/at'],
    [{ breakGlass: [{ name: 'a' }, { name: 'a' }] }, '/platform/breakGlass'],
    [{ rotationDays: -1 }, '/platform/rotationDays'],
    [{ sandboxHandlers: [''] }, '/platform/sandboxHandlers/0'],
    [{ trustedRegistries: 'ghcr.io' }, '/platform/trustedRegistries'],
    [{ recoveryRecipients: [`AGE-SECRET-KEY-1${'QP'.repeat(29)}`] }, '/platform/recoveryRecipients/0'],
    [{ watcher: true }, '/platform/watcher'],
    [{ activeVerification: {} }, '/platform/activeVerification/enabled'],
    [{ activeVerification: { enabled: true, pauseImage: '--privileged' } }, '/platform/activeVerification/pauseImage'],
  ])('is not valid with %j', async (platform, pointer) => {
    const { status, body } = await register(platform);
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  const token = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30x.c2ln`;
  it.each([
    ['a token', `ghp_${'a1'.repeat(18)}`],
    ['a JWT', token],
    ['a key', ['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' ')],
    ['a kubeconfig', 'apiVersion: v1\nkind: Config\nusers: []'],
  ])('says where a credential is, and must not be one: %s', async (_name, credentialRef) => {
    const made = await register({ breakGlass: [{ name: 'a', credentialRef }] });
    expect([made.status, made.body.errors]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/platform/breakGlass/0/credentialRef' })],
    ]);
    expect(made.body.errors[0].detail).toMatch(/^This looks like/);
    expect(JSON.stringify(made.body)).not.toContain(credentialRef.slice(0, 20));
    expect((await api.get('/clusters')).body.items).toEqual([]);
  });
});
