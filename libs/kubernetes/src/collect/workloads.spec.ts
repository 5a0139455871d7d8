import { describe, expect, it } from 'vitest';
import type { Collected } from '#libs/core';
import { FLUX_RESOURCES, SimulatedCluster, SimulatedServer, type SimulatedObject } from '#libs/simulator';
import { openClient } from '../../test/hostile-cluster.js';
import { FLUX_IMAGE, podObject, SECRET, type Json } from '../../test/objects.js';
import { collectConfigMaps } from './config-maps.js';
import { collectWorkloads } from './workloads.js';

const pod = (...args: Parameters<typeof podObject>) =>
  ({ apiVersion: 'v1', kind: 'Pod', ...podObject(...args) }) as unknown as SimulatedObject;

function deployment(name: string, container: Json, labels: Json = {}): SimulatedObject {
  const { metadata, spec } = podObject([container], { labels: { app: name } });
  const template = { metadata: { ...(metadata as Json), annotations: { note: SECRET } }, spec };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'flux-system', labels, annotations: { note: SECRET } },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
  } as unknown as SimulatedObject;
}

const configMap = (name: string, data: Json): SimulatedObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'flux-system' },
  data,
});

async function withClient<T>(
  cluster: SimulatedCluster,
  use: (client: Awaited<ReturnType<typeof openClient>>) => Promise<T>,
): Promise<T> {
  const server = await SimulatedServer.start({ clusters: cluster });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential });
  try {
    return await use(client);
  } finally {
    await client.close();
    await server.close();
  }
}

function clusterOf(...objects: readonly SimulatedObject[]): SimulatedCluster {
  return new SimulatedCluster({ name: 'c', resources: FLUX_RESOURCES, objects });
}

function valueOf<T>(artifact: Collected<T>): T {
  if (artifact.state !== 'collected') throw new Error(artifact.message);
  return artifact.value;
}

describe('the workloads of Flux', () => {
  it('are found by the labels of either, and through each other', async () => {
    const plain = { image: 'registry/kc:v1', args: ['--a'] };
    const cluster = clusterOf(
      // Labels on the Deployment alone, as the community chart sets them, and a name of its own for the image.
      deployment('labelled', plain, { 'app.kubernetes.io/part-of': 'flux' }),
      pod([plain], { name: 'labelled-1', owner: 'labelled' }),
      // No labels at all, but an image that is known.
      deployment('unlabelled', { image: FLUX_IMAGE }),
      pod([{ image: FLUX_IMAGE }], { name: 'unlabelled-1', owner: 'unlabelled' }),
      // A component label, and no pods.
      deployment('empty', plain, { 'app.kubernetes.io/component': 'source-controller' }),
      // A pod whose Deployment is gone.
      pod([{ image: FLUX_IMAGE }], { name: 'orphan-1', owner: 'orphan' }),
      deployment('other', { image: 'nginx', args: [SECRET], env: [{ name: 'A', value: SECRET }] }),
      pod([{ image: 'nginx', args: [SECRET], env: [{ name: 'A', value: SECRET }] }], {
        name: 'other-1',
        owner: 'other',
      }),
    );
    const { pods, deployments } = await withClient(cluster, collectWorkloads);
    expect(valueOf(pods).map(({ metadata }) => metadata.name)).toEqual(['labelled-1', 'orphan-1', 'unlabelled-1']);
    expect(valueOf(deployments).map(({ metadata }) => metadata.name)).toEqual(['labelled', 'empty', 'unlabelled']);
    expect(valueOf(pods)[0]?.spec.containers[0]?.args).toEqual(['--a']);
    expect(JSON.stringify([pods, deployments])).not.toContain(SECRET);
  });

  it('need no more than the right to list them', async () => {
    const cluster = clusterOf(
      deployment('unlabelled', { image: FLUX_IMAGE }),
      pod([{ image: FLUX_IMAGE }], { name: 'unlabelled-1', owner: 'unlabelled' }),
    );
    cluster.deny({ verb: 'get', group: 'apps', resource: 'deployments' });
    const { deployments } = await withClient(cluster, collectWorkloads);
    expect(valueOf(deployments)).toHaveLength(1);
  });

  it('do not fail over a pod whose owner has a name that cannot be', async () => {
    const item = pod([{ image: FLUX_IMAGE }], { owner: 'x/../../secrets' });
    const { pods, deployments } = await withClient(clusterOf(item), collectWorkloads);
    expect(valueOf(pods)).toHaveLength(1);
    expect(deployments.state).toBe('collected');
  });
});

describe('the ConfigMaps behind the environment of Flux', () => {
  const args = ['--a=$(A)', '--b=$(P_KEY)'];
  const env = [
    { name: 'A', valueFrom: { configMapKeyRef: { name: 'direct', key: 'a' } } },
    { name: 'UNUSED', valueFrom: { configMapKeyRef: { name: 'unused', key: 'a' } } },
  ];
  const envFrom = [
    { prefix: 'P_', configMapRef: { name: 'all' } },
    { configMapRef: { name: 'gone', optional: true } },
    { secretRef: { name: 'secret' } },
  ];
  const controller = pod([{ image: FLUX_IMAGE, args, env, envFrom }]);
  const maps = [
    configMap('direct', { a: '1', other: SECRET }),
    configMap('unused', { a: SECRET }),
    configMap('all', { KEY: '2', OTHER: SECRET }),
    configMap('unrelated', { a: SECRET }),
  ];

  async function collect(cluster: SimulatedCluster) {
    return withClient(cluster, async (client) => {
      const { pods, deployments } = await collectWorkloads(client);
      return valueOf(await collectConfigMaps(client, valueOf(pods), valueOf(deployments)));
    });
  }

  it('are read by name, and only the keys that arguments refer to are kept', async () => {
    const cluster = clusterOf(controller, ...maps);
    const found = await collect(cluster);
    expect(Object.keys(found).toSorted()).toEqual(['flux-system/all', 'flux-system/direct', 'flux-system/gone']);
    expect(found['flux-system/direct']).toMatchObject({ state: 'collected', value: { data: { a: '1' } } });
    expect(found['flux-system/all']).toMatchObject({ state: 'collected', value: { data: { KEY: '2' } } });
    expect(found['flux-system/gone']).toEqual({ state: 'collected', value: null });
    expect(JSON.stringify(found)).not.toContain(SECRET);
    expect(cluster.requests.requests.some(({ path }) => path.includes('secrets'))).toBe(false);
  });

  it('have their own state each', async () => {
    const cluster = clusterOf(controller, ...maps);
    const rule = { verb: 'get', group: '', resource: 'configmaps', namespace: 'flux-system', name: 'direct' };
    cluster.deny(rule);
    const found = await collect(cluster);
    expect(found['flux-system/direct']).toMatchObject({ state: 'unavailable', reason: 'forbidden', missing: [rule] });
    expect(found['flux-system/all']?.state).toBe('collected');
  });

  it('are not taken for absent where the answer is not about them', async () => {
    const cluster = clusterOf(controller, ...maps);
    cluster.injectFault({ kind: 'status', status: 404, path: /configmaps\/direct/ });
    expect((await collect(cluster))['flux-system/direct']).toMatchObject({ state: 'unavailable', reason: 'transient' });
  });
});
