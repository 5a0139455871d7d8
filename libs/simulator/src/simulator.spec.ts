import { gunzipSync } from 'node:zlib';
import { Agent, request as send } from 'undici';
import { beforeEach, describe, expect, it } from 'vitest';
import { FLUX_RESOURCES, SimulatedCluster, SimulatedServer } from './index.js';

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

let cluster: SimulatedCluster;
let server: SimulatedServer;
let agent: Agent;

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: unknown) {
  const response = await send(`${server.urlOf(cluster)}${path}`, {
    dispatcher: agent,
    method: method as 'GET',
    headers: { authorization: `Bearer ${cluster.user.token}`, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, never>,
  };
}

const namespace = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const pod = (namespace: string, name: string, phase: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: {},
  status: { phase },
});

describe('a simulated cluster', () => {
  beforeEach(async () => {
    cluster = new SimulatedCluster({ name: 'spoke', resources: FLUX_RESOURCES });
    server = await SimulatedServer.start({ clusters: cluster });
    agent = new Agent({ connect: { ca: server.caPem } });
    return async () => {
      await agent.destroy();
      await server.close();
    };
  });

  it('says its version and its identity', async () => {
    expect((await ask('/version')).json()).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.3' });
    expect((await ask('/api/v1/namespaces/kube-system')).json()).toMatchObject({ metadata: { uid: cluster.uid } });
    expect(new SimulatedCluster({ name: 'another' }).uid).not.toBe(cluster.uid);
  });

  it('answers lists in pages, and the pages together are the whole', async () => {
    cluster.put(...Array.from({ length: 7 }, (_, index) => namespace(`team-${index}`)));
    const names: string[] = [];
    let token: string | undefined = '';
    let pages = 0;
    while (token !== undefined) {
      const { metadata, items } = (await ask(`/api/v1/namespaces?limit=4&continue=${token}`)).json() as unknown as {
        metadata: { continue?: string; remainingItemCount?: number };
        items: { metadata: { name: string } }[];
      };
      names.push(...items.map((item) => item.metadata.name));
      expect(metadata.remainingItemCount ?? 0).toBe(11 - names.length);
      token = metadata.continue;
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toHaveLength(11);
  });

  it.each([
    ['labelSelector=app%3Done', ['one']],
    ['labelSelector=app+in+(one,two)', ['one', 'two']],
    ['fieldSelector=status.phase!%3DSucceeded,status.phase!%3DFailed', ['one']],
    ['fieldSelector=metadata.name%3Dtwo', ['two']],
    ['labelSelector=app%3Dnone', []],
  ])('selects pods by %s', async (query, expected) => {
    cluster.put(pod('a', 'one', 'Running'), pod('a', 'two', 'Succeeded'), pod('b', 'three', 'Failed'));
    const { items } = (await ask(`/api/v1/pods?${query}`)).json() as unknown as {
      items: { metadata: { name: string } }[];
    };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(expected);
  });

  it('refuses a field selector that the kind does not have', async () => {
    expect(await ask('/api/v1/pods?fieldSelector=spec.foo%3Dbar')).toMatchObject({ status: 400 });
  });

  it('compresses long answers only, and only for clients that accept it', async () => {
    cluster.put(...Array.from({ length: 1000 }, (_, index) => namespace(`team-${index}`)));
    const gzip = { 'accept-encoding': 'gzip' };
    expect((await ask('/api/v1/namespaces?limit=2', gzip)).headers['content-encoding']).toBeUndefined();
    expect((await ask('/api/v1/namespaces')).headers['content-encoding']).toBeUndefined();
    const long = await ask('/api/v1/namespaces', gzip);
    expect(long.headers['content-encoding']).toBe('gzip');
    expect((long.json() as unknown as { items: unknown[] }).items).toHaveLength(1004);
  });

  it('answers a wrong token with 401 and a denied read with 403, also in reviews', async () => {
    expect((await ask('/version', { authorization: 'Bearer wrong' })).status).toBe(401);
    const review = (resource: string) =>
      ask('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {}, 'POST', {
        spec: { resourceAttributes: { verb: 'list', group: '', resource } },
      });
    expect((await review('pods')).json()).toMatchObject({ status: { allowed: true } });
    cluster.deny({ verb: 'list', group: '', resource: 'pods' });
    expect(await ask('/api/v1/pods')).toMatchObject({ status: 403 });
    expect((await review('pods')).json()).toMatchObject({ status: { allowed: false } });
    expect((await review('secrets')).json()).toMatchObject({ status: { allowed: false } });
    expect((await ask('/api/v1/namespaces')).status).toBe(200);
    cluster.allowAgain();
    expect((await ask('/api/v1/pods')).status).toBe(200);
  });

  it('lists stale group versions in discovery, and answers them with 503', async () => {
    const stale = new SimulatedCluster({ name: 'stale', stale: ['metrics.k8s.io/v1beta1'] });
    cluster = stale;
    await server.close();
    server = await SimulatedServer.start({ clusters: [stale], authority: server.authority });
    const { items } = (await ask('/apis', { accept: AGGREGATED })).json() as unknown as {
      items: { metadata: { name: string }; versions: { freshness: string }[] }[];
    };
    const group = items.find(({ metadata }) => metadata.name === 'metrics.k8s.io');
    expect(group?.versions).toEqual([{ version: 'v1beta1', freshness: 'Stale' }]);
    expect((await ask('/apis/metrics.k8s.io/v1beta1')).status).toBe(503);
  });

  it('knows requests that would change something, and none is carried out', async () => {
    await ask('/api/v1/pods');
    await ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, 'POST', {});
    expect(cluster.requests.mutating).toEqual([]);
    expect((await ask('/api/v1/namespaces/default', {}, 'DELETE')).status).toBe(403);
    expect(cluster.requests.mutating).toMatchObject([
      { method: 'DELETE', path: '/api/v1/namespaces/default', status: 403 },
    ]);
    expect((await ask('/api/v1/namespaces/default')).status).toBe(200);
  });
});

describe('faults of a simulated cluster', () => {
  beforeEach(async () => {
    cluster = new SimulatedCluster({ name: 'spoke' });
    server = await SimulatedServer.start({ clusters: cluster });
    agent = new Agent({ connect: { ca: server.caPem } });
    return async () => {
      await agent.destroy();
      await server.close();
    };
  });

  it('hang: no answer comes, and closing the server ends the request', async () => {
    cluster.injectFault({ kind: 'hang', path: /pods/ });
    expect((await ask('/version')).status).toBe(200);
    const hanging = ask('/api/v1/pods');
    const answered = await Promise.race([
      hanging.then(
        () => true,
        () => true,
      ),
      new Promise((resolve) => setTimeout(() => resolve(false), 200)),
    ]);
    expect(answered).toBe(false);
    await server.close();
    await expect(hanging).rejects.toThrow(/socket|other side/);
  });

  it('close and truncate: the client sees a broken connection', async () => {
    cluster.injectFault({ kind: 'close', times: 1 });
    await expect(ask('/version')).rejects.toThrow(/socket|other side/);
    cluster.injectFault({ kind: 'truncate', times: 1 });
    await expect(ask('/version')).rejects.toThrow(/terminated|other side|aborted/);
    expect((await ask('/version')).status).toBe(200);
  });

  it('status, garbage, redirect', async () => {
    cluster.injectFault({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    expect(await ask('/version')).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    cluster.injectFault({ kind: 'status', status: 500, times: 1 });
    expect((await ask('/version')).json()).toMatchObject({ kind: 'Status', code: 500 });
    cluster.injectFault({ kind: 'garbage', times: 1 });
    expect((await ask('/version')).text).toContain('<html>');
    cluster.injectFault({ kind: 'redirect', location: 'https://127.0.0.1:1/', times: 1 });
    expect(await ask('/version')).toMatchObject({ status: 302, headers: { location: 'https://127.0.0.1:1/' } });
  });

  it('slow answers come in the end; other shapes come as given', async () => {
    cluster.injectFault({ kind: 'slow', delayMs: 60, times: 1 });
    const started = performance.now();
    expect((await ask('/version')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(50);
    cluster.injectFault({ kind: 'json', body: { items: 7 }, times: 1 });
    expect((await ask('/api/v1/pods')).json()).toEqual({ items: 7 });
  });

  it('endless lists go on after their last object', async () => {
    cluster.injectFault({ kind: 'endlessList' });
    const first = (await ask('/api/v1/namespaces?limit=500')).json() as unknown as { metadata: { continue: string } };
    const second = (await ask(`/api/v1/namespaces?limit=500&continue=${first.metadata.continue}`)).json();
    expect(second).toMatchObject({ metadata: { continue: first.metadata.continue } });
  });

  it('expired continue tokens are answered 410, lists without a token are not', async () => {
    cluster.injectFault({ kind: 'expiredContinue' });
    const { metadata } = (await ask('/api/v1/namespaces?limit=1')).json() as unknown as {
      metadata: { continue: string };
    };
    const gone = await ask(`/api/v1/namespaces?limit=1&continue=${metadata.continue}`);
    expect(gone.json()).toMatchObject({ reason: 'Expired', code: 410 });
  });

  it('swapped identity from the second look on', async () => {
    cluster.injectFault({ kind: 'swapIdentity', uid: 'other', path: /namespaces\/kube-system$/, after: 1 });
    expect((await ask('/api/v1/namespaces/kube-system')).json()).toMatchObject({ metadata: { uid: cluster.uid } });
    expect((await ask('/api/v1/namespaces/kube-system')).json()).toMatchObject({ metadata: { uid: 'other' } });
  });
});
