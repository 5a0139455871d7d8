import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { AdminClient } from './admin-client.js';
import { attachLab, type AttachedLab } from './attach.js';
import { FaultyProxy } from './faulty-proxy.js';
import { createServiceAccount, requestToken } from './identities.js';

const handle = inject('lab');

describe.skipIf(handle === null)('a proxy in front of a cluster [needs lab]', () => {
  let lab: AttachedLab;
  let proxy: FaultyProxy;
  let client: AdminClient;

  beforeAll(async () => {
    lab = attachLab(handle);
    const cluster = lab['tenant-a'];
    proxy = await FaultyProxy.start(cluster);
    await createServiceAccount(cluster.admin, {
      namespace: 'proxy-spec',
      name: 'reader',
      clusterRole: 'cluster-admin',
    });
    const token = await requestToken(cluster.admin, 'proxy-spec', 'reader');
    client = new AdminClient({ server: proxy.url, caPem: cluster.caPem, token });
  });
  beforeEach(() => {
    proxy.mode = { kind: 'pass' };
  });
  afterAll(async () => {
    await client.close();
    await proxy.stop();
    await lab.close();
  });

  const identity = async () => {
    const { json } = await client.request('GET', '/api/v1/namespaces/kube-system');
    return (json as { metadata: { uid: string } }).metadata.uid;
  };

  it('passes requests through', async () => {
    expect(await identity()).toBe(lab['tenant-a'].uid);
    expect(proxy.requests.at(-1)).toBe('GET /api/v1/namespaces/kube-system');
  });

  it('swaps two clusters: another identity answers at the same address', async () => {
    proxy.mode = { kind: 'swap', to: lab['tenant-b'] };
    expect(await identity()).toBe(lab['tenant-b'].uid);
  });

  it('redirects', async () => {
    proxy.mode = { kind: 'redirect', location: 'https://example.com/' };
    expect(await client.request('GET', '/version')).toMatchObject({
      status: 302,
      headers: { location: 'https://example.com/' },
    });
  });

  it('truncates', async () => {
    proxy.mode = { kind: 'truncate' };
    await expect(client.request('GET', '/api/v1/namespaces')).rejects.toThrow(/terminated|aborted|other side/);
  });
});
