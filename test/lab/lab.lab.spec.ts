import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, type AttachedLab } from './attach.js';
import { AdminClient } from './admin-client.js';
import { createServiceAccount, requestToken } from './identities.js';
import { eventually } from './poll.js';

const handle = inject('lab');

describe.skipIf(handle === null)('the shared clusters [needs lab]', () => {
  let lab: AttachedLab;
  beforeAll(() => {
    lab = attachLab(handle);
  });
  afterAll(() => lab.close());

  it('have identities that differ', async () => {
    const uids = [lab.management, lab['tenant-a'], lab['tenant-b']].map((cluster) => cluster.uid);
    expect(new Set(uids).size).toBe(3);
  });

  it('say the version that they were built from', async () => {
    const { json } = await lab.management.admin.request('GET', '/version');
    expect(json).toMatchObject({ gitVersion: expect.stringMatching(/^v1\.\d+\.\d+$/) });
  });

  it('do not accept the authority of another cluster', async () => {
    const { server } = lab['tenant-a'];
    const stranger = new AdminClient({ server, caPem: lab['tenant-b'].caPem });
    await expect(stranger.request('GET', '/version')).rejects.toThrow(/certificate/);
    await stranger.close();
  });

  it('know users and groups by their client certificates', async () => {
    const client = lab['tenant-a'].client(await lab['tenant-a'].certificate({ user: 'jane', groups: ['team-a'] }));
    const { json } = await client.request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    expect(json).toMatchObject({
      status: { userInfo: { username: 'jane', groups: ['team-a', 'system:authenticated'] } },
    });
    await client.close();
  });

  it('refuse a certificate that has expired', async () => {
    const expired = await lab['tenant-a'].certificate({ user: 'jane', notAfter: new Date(Date.now() - 60_000) });
    const client = lab['tenant-a'].client(expired);
    const { status } = await client.request('GET', '/api/v1/namespaces');
    expect(status).toBe(401);
    await client.close();
  });

  it('grant a service account what its role says, and nothing else', async () => {
    const { admin } = lab['tenant-a'];
    await createServiceAccount(admin, {
      namespace: 'lab-spec-reader',
      name: 'reader',
      rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }],
    });
    const client = lab['tenant-a'].client({ token: await requestToken(admin, 'lab-spec-reader', 'reader') });
    await eventually('the role takes effect', async () => {
      const { status } = await client.request('GET', '/api/v1/namespaces');
      return status === 200 || undefined;
    });
    expect((await client.request('GET', '/api/v1/pods')).status).toBe(403);
    await client.close();
  });
});
