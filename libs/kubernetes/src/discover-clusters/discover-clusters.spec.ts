import { describe, expect, it } from 'vitest';
import { parseLabelSelector, type DiscoveredCluster, type SourceType } from '#libs/core';
import {
  EVERYTHING,
  FLUX_RESOURCES,
  INVENTORY_RESOURCES,
  SimulatedCluster,
  SimulatedServer,
  type SimulatedObject,
} from '#libs/simulator';
import { base64, kubeconfig, type Part } from '../../test/kubeconfigs.js';
import { failureOf, openClient } from '../../test/hostile-cluster.js';
import { discoverClusters } from './discover-clusters.js';
import type { SourceFindings } from './discovery-context.js';

const TOKEN = 'hunter2-token';
const SERVER = 'https://api.example.com:6443';

const object = (
  apiVersion: string,
  kind: string,
  place: string,
  rest: Part = {},
  labels: Part = {},
): SimulatedObject => {
  const [namespace = '', name = ''] = place.split('/');
  return { apiVersion, kind, metadata: { namespace, name, labels }, ...rest } as SimulatedObject;
};
const secret = (place: string, data: Readonly<Record<string, string>>, labels: Part = {}) =>
  object(
    'v1',
    'Secret',
    place,
    { data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])) },
    labels,
  );
const config = (user: Part = { token: TOKEN }) => kubeconfig({ user: { token: undefined, ...user } });
const kustomization = (place: string, kubeConfig?: Part, labels: Part = {}) =>
  object(
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    place,
    { spec: { interval: '1m', prune: true, sourceRef: { kind: 'GitRepository', name: 'x' }, kubeConfig } },
    labels,
  );
const capi = (place: string, spec: Part = {}) => object('cluster.x-k8s.io/v1beta1', 'Cluster', place, { spec });
const sveltos = (place: string, spec: Part = {}) =>
  object('lib.projectsveltos.io/v1beta1', 'SveltosCluster', place, { spec });
const profile = (place: string, status: Part) =>
  object('multicluster.x-k8s.io/v1alpha1', 'ClusterProfile', place, { spec: {}, status });
const provider = (name: string, extension?: Part, cluster: Part = {}) => ({
  name,
  cluster: {
    server: SERVER,
    ...cluster,
    ...(extension && { extensions: [{ name: 'client.authentication.k8s.io/exec', extension }] }),
  },
});

interface Options {
  readonly namespaces?: readonly string[];
  readonly selector?: string;
  readonly uid?: string;
  readonly change?: (cluster: SimulatedCluster) => void;
}

async function discover(
  type: SourceType,
  objects: readonly SimulatedObject[],
  { namespaces = [], selector = '', uid, change }: Options = {},
): Promise<SourceFindings & { readonly paths: readonly string[] }> {
  const resources = [...FLUX_RESOURCES, ...INVENTORY_RESOURCES];
  const cluster = new SimulatedCluster({ name: 'hub', resources, objects, user: { allowed: EVERYTHING, denied: [] } });
  change?.(cluster);
  const server = await SimulatedServer.start({ clusters: cluster });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential });
  try {
    const labelSelector = parseLabelSelector(selector);
    const found = await discoverClusters(client, type, { namespaces, labelSelector, ...(uid && { expectedUid: uid }) });
    expect(JSON.stringify(found)).not.toContain(TOKEN);
    expect(cluster.requests.mutating).toEqual([]);
    return { ...found, paths: cluster.requests.requests.map(({ path }) => path) };
  } finally {
    await client.close();
    await server.close();
  }
}

const short = ({ key, name, reasons }: DiscoveredCluster) => [key, name, reasons.map(({ code }) => code).join()];

describe('clusters that Flux applies to', () => {
  it('are one for each Secret and key, with what their objects have in common', async () => {
    const { clusters, gaps } = await discover('fluxKubeConfig', [
      secret('team-a/prod-kubeconfig', { value: config(), other: config() }),
      kustomization(
        'team-a/apps',
        { secretRef: { name: 'prod-kubeconfig' } },
        { env: 'prod', app: 'a', 'bad key': 'x' },
      ),
      kustomization('team-a/infra', { secretRef: { name: 'prod-kubeconfig' } }, { env: 'prod', app: 'b' }),
      object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'team-a/app', {
        spec: { interval: '1m', kubeConfig: { secretRef: { name: 'prod-kubeconfig', key: 'other' } } },
      }),
      kustomization('team-a/local'),
    ]);
    expect(gaps).toEqual([]);
    expect(clusters).toEqual([
      {
        key: 'Secret/team-a/prod-kubeconfig',
        name: 'team-a-prod',
        object: { kind: 'Kustomization', namespace: 'team-a', name: 'apps' },
        labels: { env: 'prod' },
        tenantNamespace: 'team-a',
        connection: { server: SERVER },
        credential: { format: 'kubeconfig', namespace: 'team-a', name: 'prod-kubeconfig' },
        reasons: [],
      },
      expect.objectContaining({
        key: 'Secret/team-a/prod-kubeconfig/other',
        credential: { format: 'kubeconfig', namespace: 'team-a', name: 'prod-kubeconfig', key: 'other' },
      }),
    ]);
  });

  it('say why they cannot be registered', async () => {
    const { clusters } = await discover('fluxKubeConfig', [
      secret('a/exec', { value: config({ exec: { command: 'sh' } }) }),
      secret('a/key', { other: config() }),
      secret('a/cluster-kubeconfig', { value: config() }),
      kustomization('a/1', { secretRef: { name: 'exec' } }),
      kustomization('a/2', { secretRef: { name: 'key' } }),
      kustomization('a/3', { secretRef: { name: 'gone' } }),
      kustomization('a/4', { secretRef: { name: 'cluster-kubeconfig' } }),
      kustomization('a/5', { configMapRef: { name: 'eks' } }),
      object('v1', 'ConfigMap', 'a/eks', { data: { provider: 'aws', address: 'eks.example.com' } }),
    ]);
    expect(clusters.map(short)).toEqual([
      ['ConfigMap/a/eks', 'eks', 'workloadIdentity'],
      ['Secret/a/cluster-kubeconfig', 'a', ''],
      ['Secret/a/exec', 'exec', 'exec'],
      ['Secret/a/gone', 'gone', 'secretMissing'],
      ['Secret/a/key', 'key', 'keyMissing'],
    ]);
    expect(clusters[0]?.connection).toEqual({ server: 'https://eks.example.com' });
  });

  it('are read only where the source looks, and only those that the selector takes', async () => {
    const objects = [
      ...['a', 'b'].map((namespace) => secret(`${namespace}/k`, { value: config() })),
      kustomization('a/1', { secretRef: { name: 'k' } }, { env: 'prod' }),
      kustomization('b/1', { secretRef: { name: 'k' } }, { env: 'prod' }),
      kustomization('a/2', { secretRef: { name: 'other' } }, { env: 'lab' }),
    ];
    const { clusters, paths } = await discover('fluxKubeConfig', objects, { namespaces: ['a'], selector: 'env=prod' });
    expect(clusters.map(({ key }) => key)).toEqual(['Secret/a/k']);
    expect(paths.filter((path) => path.includes('secrets'))).toEqual(['/api/v1/namespaces/a/secrets/k']);
    expect(paths.some((path) => path.includes('/namespaces/b/'))).toBe(false);
  });

  it('stand although another list cannot be read, and the gap is told', async () => {
    const rule = { verb: 'list', group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' };
    const objects = [secret('a/k', { value: config() }), kustomization('a/1', { secretRef: { name: 'k' } })];
    const found = await discover('fluxKubeConfig', objects, { change: (cluster) => cluster.deny(rule) });
    expect(found.clusters.map(({ key }) => key)).toEqual(['Secret/a/k']);
    expect(found.gaps).toMatchObject([{ reason: 'forbidden' }]);
  });

  it('tell a Secret that may not be read from one that is not there', async () => {
    const rule = { verb: 'get', group: '', resource: 'secrets', name: 'k' };
    const objects = [secret('a/k', { value: config() }), kustomization('a/1', { secretRef: { name: 'k' } })];
    const { clusters } = await discover('fluxKubeConfig', objects, { change: (cluster) => cluster.deny(rule) });
    expect(clusters.map(short)).toEqual([['Secret/a/k', 'k', 'secretForbidden']]);
  });
});

describe('clusters of Cluster API', () => {
  it('want a token of their own; the kubeconfig of the administrator is no credential', async () => {
    const endpoint = { controlPlaneEndpoint: { host: '10.0.0.1', port: 6443 } };
    const { clusters } = await discover('clusterApi', [
      capi('default/prod'),
      secret('default/prod-kubeconfig', { value: config() }),
      capi('default/new', endpoint),
      capi('default/six', { controlPlaneEndpoint: { host: 'fd00::1', port: 6443 } }),
      capi('default/odd', { controlPlaneEndpoint: { host: 'a b', port: 1 } }),
    ]);
    expect(clusters.map(short)).toEqual(
      ['new', 'odd', 'prod', 'six'].map((name) => [`Cluster/default/${name}`, name, 'mintOwnToken']),
    );
    expect(clusters.map(({ connection }) => connection?.server)).toEqual([
      'https://10.0.0.1:6443',
      undefined,
      SERVER,
      'https://[fd00::1]:6443',
    ]);
    expect(clusters.filter(({ credential }) => credential)).toEqual([]);
  });

  it('do not hide behind one that cannot be understood', async () => {
    const odd = { controlPlaneEndpoint: { host: 7 } };
    const { clusters, gaps } = await discover('clusterApi', [capi('a/ok'), capi('a/odd', odd)]);
    expect(clusters.map(({ name }) => name)).toEqual(['ok']);
    expect(gaps).toEqual([{ reason: 'malformed', message: 'Some clusters could not be understood: a/odd.' }]);
  });
});

describe('clusters of Argo CD', () => {
  const label = { 'argocd.argoproj.io/secret-type': 'cluster' };
  const cluster = (place: string, settings: object, labels: Part = {}) =>
    secret(place, { name: 'prod', server: SERVER, config: JSON.stringify(settings) }, { ...label, ...labels });

  it('are listed as metadata in the one namespace and read by name', async () => {
    const objects = [
      cluster('argocd/cluster-prod-1', { bearerToken: TOKEN }, { env: 'prod' }),
      cluster('argocd/exec', { execProviderConfig: { command: 'sh' } }),
      cluster('elsewhere/prod', { bearerToken: TOKEN }),
      secret('argocd/other', { password: TOKEN }),
    ];
    const { clusters, paths } = await discover('argocd', objects, { namespaces: ['argocd'] });
    expect(clusters.map(short)).toEqual([
      ['Secret/argocd/cluster-prod-1', 'prod-1', ''],
      ['Secret/argocd/exec', 'exec', 'execProvider'],
    ]);
    expect(clusters[0]?.labels).toEqual({ env: 'prod' });
    expect(paths.filter((path) => path.includes('secrets')).toSorted()).toEqual([
      '/api/v1/namespaces/argocd/secrets/cluster-prod-1',
      '/api/v1/namespaces/argocd/secrets/exec',
      `/api/v1/namespaces/argocd/secrets?limit=500&labelSelector=${encodeURIComponent('argocd.argoproj.io/secret-type=cluster')}`,
    ]);
  });

  it.each([[[]], [['a', 'b']]])('are not looked for in the namespaces %j', async (namespaces) => {
    const { clusters, gaps, paths } = await discover('argocd', [cluster('a/x', {})], { namespaces });
    expect(clusters).toEqual([]);
    expect(gaps).toHaveLength(1);
    expect(paths.some((path) => path.includes('secrets'))).toBe(false);
  });
});

it('of Sveltos are found with the Secret and key that their spec names', async () => {
  const { clusters } = await discover('sveltos', [
    sveltos('mgmt/prod'),
    secret('mgmt/prod-sveltos-kubeconfig', { kubeconfig: config() }),
    sveltos('mgmt/renewed', { kubeconfigName: 'own', kubeconfigKeyName: 're-kubeconfig' }),
    secret('mgmt/own', { kubeconfig: 'old', 're-kubeconfig': config() }),
    sveltos('mgmt/pull', { pullMode: true }),
    sveltos('mgmt/none'),
  ]);
  expect(clusters.map(short)).toEqual([
    ['SveltosCluster/mgmt/none', 'none', 'secretMissing'],
    ['SveltosCluster/mgmt/prod', 'prod', ''],
    ['SveltosCluster/mgmt/pull', 'pull', 'pullMode'],
    ['SveltosCluster/mgmt/renewed', 'renewed', ''],
  ]);
});

describe('cluster profiles', () => {
  it('are understood where a Secret holds the credential, and never run', async () => {
    const kubeconfigIn = { name: 'spoke', key: 'kc', namespace: 'spokes', context: 'prod' };
    const { clusters, paths } = await discover('clusterProfile', [
      secret('fleet/one', { token: TOKEN }),
      secret('spokes/spoke', { kc: config() }),
      profile('fleet/one', { accessProviders: [provider('secretreader', { clusterName: 'one' })] }),
      profile('fleet/two', { accessProviders: [provider('x'), provider('kubeconfig-secretreader', kubeconfigIn)] }),
      profile('fleet/older', { credentialProviders: [provider('secretreader', { clusterName: 'one' })] }),
      profile('fleet/exec', { accessProviders: [provider('eks-aws-auth', { clusterName: 'one' })] }),
      profile('fleet/open', {
        accessProviders: [provider('secretreader', { clusterName: 'one' }, { 'insecure-skip-tls-verify': true })],
      }),
      profile('fleet/bare', { accessProviders: [provider('secretreader')] }),
      profile('fleet/none', {}),
    ]);
    expect(clusters.map(short)).toEqual([
      ['ClusterProfile/fleet/bare', 'bare', 'secretMissing'],
      ['ClusterProfile/fleet/exec', 'exec', 'providerUnsupported'],
      ['ClusterProfile/fleet/none', 'none', 'noAccessProvider'],
      ['ClusterProfile/fleet/older', 'older', ''],
      ['ClusterProfile/fleet/one', 'one', ''],
      ['ClusterProfile/fleet/open', 'open', 'insecureSkipTlsVerify'],
      ['ClusterProfile/fleet/two', 'two', ''],
    ]);
    expect(clusters.at(-1)?.credential).toEqual({ format: 'kubeconfig', ...kubeconfigIn });
    expect(paths.filter((path) => /secrets\/(?!one|spoke)/.test(path))).toEqual([]);
  });

  it('do not lead out of the namespaces of the source', async () => {
    const elsewhere = provider('kubeconfig-secretreader', { name: 'spoke', namespace: 'spokes' });
    const objects = [secret('spokes/spoke', { value: config() }), profile('fleet/a', { accessProviders: [elsewhere] })];
    const { clusters, paths } = await discover('clusterProfile', objects, { namespaces: ['fleet'] });
    expect(clusters.map(short)).toEqual([['ClusterProfile/fleet/a', 'a', 'outsideNamespaces']]);
    expect(paths.some((path) => path.includes('secrets'))).toBe(false);
  });
});

it('refuses a management cluster with another identity before it reads anything', async () => {
  const uid = '00000000-0000-4000-8000-000000000000';
  expect((await failureOf(discover('clusterApi', [capi('a/b')], { uid }))).code).toBe('identityMismatch');
});

it('finds nothing where the API is not installed, and does not say so where that is not known', async () => {
  const absent = await discover('fluxKubeConfig', []);
  expect([absent.clusters, absent.gaps]).toEqual([[], []]);
  const fault = { kind: 'status', status: 403, path: /\/apis$/ } as const;
  const unknown = await discover('clusterApi', [], {
    change: (cluster) => {
      cluster.injectFault(fault);
      cluster.deny({ verb: 'list', group: 'cluster.x-k8s.io', resource: 'clusters' });
    },
  });
  expect(unknown.gaps).toMatchObject([{ reason: 'forbidden' }]);
});
