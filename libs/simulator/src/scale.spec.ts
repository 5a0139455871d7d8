import { Agent, request as send } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { GeneratedPods, scaleCluster, scaleFleet, SimulatedServer, type SimulatedCluster } from './index.js';

interface PodList {
  readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  }[];
}

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** A client for paths of one cluster. */
async function serve(cluster: SimulatedCluster, clusters: SimulatedCluster | readonly SimulatedCluster[] = cluster) {
  const server = await SimulatedServer.start({ clusters });
  const agent = new Agent({ connect: { ca: server.caPem } });
  stop = async () => {
    await agent.destroy();
    await server.close();
  };
  return async (path: string) => {
    const headers = { authorization: `Bearer ${cluster.user.token}` };
    const { body } = await send(`${server.urlOf(cluster)}${path}`, { dispatcher: agent, headers });
    return body.text();
  };
}

describe('a cluster with 100,000 pods', () => {
  it('is made in no time and serves any page', async () => {
    const cluster = scaleCluster({ name: 'large', pods: 100_000 });
    const get = await serve(cluster);
    const first = JSON.parse(await get('/api/v1/pods?limit=500')) as PodList;
    expect(first.items).toHaveLength(500);
    expect(first.metadata.remainingItemCount).toBe(100_004 - 500);
    expect(first.items[0]?.metadata.namespace).toBe('flux-system');
    const second = JSON.parse(await get(`/api/v1/pods?limit=500&continue=${first.metadata.continue}`)) as PodList;
    expect(second.items).toHaveLength(500);
    const keys = [...first.items, ...second.items].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(new Set(keys).size).toBe(1000);
    expect(keys).toEqual(keys.toSorted());
  });

  it('pages through all of them without a gap', async () => {
    const get = await serve(scaleCluster({ name: 'large', pods: 2_100 }));
    const uids = new Set<string>();
    let token = '';
    do {
      const page = JSON.parse(await get(`/api/v1/pods?limit=500&continue=${token}`)) as PodList;
      for (const { metadata } of page.items) uids.add(metadata.uid);
      token = page.metadata.continue ?? '';
    } while (token !== '');
    expect(uids.size).toBe(2_104);
  });

  it('selects among them, and knows each by name', async () => {
    const get = await serve(scaleCluster({ name: 'large', pods: 2_000 }));
    const selected = JSON.parse(await get('/api/v1/pods?labelSelector=app.kubernetes.io/part-of%3Dflux')) as PodList;
    expect(selected.items).toHaveLength(4);
    const inNamespace = JSON.parse(await get('/api/v1/namespaces/team-0003/pods?limit=5')) as PodList;
    expect(inNamespace.items).toHaveLength(5);
    expect(inNamespace.metadata.remainingItemCount).toBe(15);
    const name = inNamespace.items[0]?.metadata.name;
    expect(JSON.parse(await get(`/api/v1/namespaces/team-0003/pods/${name}`))).toMatchObject({ metadata: { name } });
    expect(JSON.parse(await get('/api/v1/namespaces/team-0003/pods/app-0000001'))).toMatchObject({ code: 404 });
  });

  it('has several pods of one owner, on several nodes that exist', async () => {
    const get = await serve(scaleCluster({ name: 'large', pods: 1_000 }));
    const { items } = JSON.parse(await get('/api/v1/pods?limit=500')) as {
      items: { metadata: { ownerReferences: { name: string }[] }; spec: { nodeName: string } }[];
    };
    const nodes = JSON.parse(await get('/api/v1/nodes')) as { items: { metadata: { name: string } }[] };
    const names = new Set(nodes.items.map(({ metadata }) => metadata.name));
    expect(names.size).toBe(10);
    const nodesOf = new Map<string, string[]>();
    for (const { metadata, spec } of items.slice(4)) {
      const owner = metadata.ownerReferences[0]?.name ?? '';
      nodesOf.set(owner, [...(nodesOf.get(owner) ?? []), spec.nodeName]);
      expect(names).toContain(spec.nodeName);
    }
    expect(nodesOf.size).toBe(100);
    for (const used of nodesOf.values()) expect(new Set(used).size).toBe(used.length);
  });

  it('has pods of a realistic size', () => {
    const pods = new GeneratedPods({ count: 1 });
    const json = pods.itemJson(0) ?? '';
    expect(json.length).toBeGreaterThan(6_000);
    expect(json.length).toBeLessThan(10_000);
    const { apiVersion: _, kind: __, ...made } = pods.at(0);
    expect(JSON.parse(json)).toEqual(made);
  });
});

describe('a fleet of 200 clusters', () => {
  it('answers for each with its own identity, and some are faulty', async () => {
    const fleet = scaleFleet({ clusters: 200, podsPerCluster: 10 });
    expect(new Set(fleet.map(({ uid }) => uid)).size).toBe(200);
    const last = fleet.at(-1) as SimulatedCluster;
    const get = await serve(last, fleet);
    expect(JSON.parse(await get('/api/v1/namespaces/kube-system'))).toMatchObject({ metadata: { uid: last.uid } });
    const faulty = fleet.filter((cluster) => {
      const metadata = { namespace: 'flux-system', name: 'helm-controller' };
      const found = cluster.find({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
      return JSON.stringify(found).includes('--insecure-kubeconfig-exec');
    });
    expect(faulty.length).toBeGreaterThan(5);
    expect(faulty.length).toBeLessThan(50);
  });
});
