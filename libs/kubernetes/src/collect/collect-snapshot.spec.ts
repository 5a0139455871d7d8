import { describe, expect, it } from 'vitest';
import { ARTIFACT_NAMES, ARTIFACT_READS, type AccessRule, type Snapshot } from '#libs/core';
import {
  FLUX_OPERATOR_RESOURCES,
  FLUX_RESOURCES,
  fluxObjects,
  GATEKEEPER_RESOURCES,
  GATEWAY_RESOURCES,
  gitRepository,
  helmRelease,
  kustomization,
  KYVERNO_RESOURCES,
  MONITORING_RESOURCES,
  MUTATING_POLICY_RESOURCES,
  NETWORK_PLUGIN_RESOURCES,
  scaleCluster,
  SEALED_SECRETS_RESOURCES,
  SimulatedCluster,
  SimulatedServer,
  tenantNamespace,
  type SimulatedClusterOptions,
} from '#libs/simulator';
import { failureOf, openClient } from '../../test/hostile-cluster.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';
import { collectSnapshot, type CollectOptions } from './collect-snapshot.js';

const app = { namespace: 'team-a', name: 'app' };

const EVERY_RESOURCE = [
  FLUX_RESOURCES,
  FLUX_OPERATOR_RESOURCES,
  SEALED_SECRETS_RESOURCES,
  MONITORING_RESOURCES,
  GATEWAY_RESOURCES,
  NETWORK_PLUGIN_RESOURCES,
  KYVERNO_RESOURCES,
  GATEKEEPER_RESOURCES,
  MUTATING_POLICY_RESOURCES,
].flat();

function fluxCluster(options: Partial<SimulatedClusterOptions> = {}): SimulatedCluster {
  return new SimulatedCluster({
    name: 'prod',
    resources: EVERY_RESOURCE,
    objects: [
      ...fluxObjects({ fluxOperator: true }),
      tenantNamespace({ tenant: 'team-a' }),
      gitRepository(app),
      kustomization(app),
      helmRelease(app),
    ],
    ...options,
  });
}

/** Reads a simulated cluster. */
async function collect(
  cluster: SimulatedCluster,
  options: Partial<CollectOptions> & Parameters<typeof openClient>[1] = {},
): Promise<Snapshot> {
  const server = await SimulatedServer.start({ clusters: cluster });
  const access = { server: server.urlOf(cluster), caData: server.caPem };
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ ...access, credential }, options);
  try {
    return await collectSnapshot(client, {
      name: cluster.name,
      registration: { name: cluster.name },
      sightings: { firstSeen: {} },
      needs: ARTIFACT_NAMES,
      ...options,
    });
  } finally {
    await client.close();
    await server.close();
  }
}

/** State of each artifact, those of sources apart. */
function statesOf({ artifacts }: Snapshot): Record<string, string> {
  const { sources, ...rest } = artifacts;
  const kinds = sources.state === 'collected' ? Object.entries(sources.value) : [];
  return Object.fromEntries(
    [...Object.entries(rest), ...kinds].map(([name, artifact]) => [
      name,
      artifact.state === 'collected' ? (artifact.provenAbsent ?? 'collected') : artifact.reason,
    ]),
  );
}

/** These need to be told what to ask for, or come from elsewhere. */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set([
  'accessReviews',
  'fleet',
  'gitTrees',
  'kubeConfigMaps',
  'probes',
  'secretFacts',
]);

/** What is not simply collected. */
const gapsOf = (snapshot: Snapshot) =>
  Object.fromEntries(
    Object.entries(statesOf(snapshot)).filter(
      ([name, state]) => state !== 'collected' && !(state === 'notCollected' && NOT_ASKED_FOR.has(name)),
    ),
  );

/** What rests on where Flux runs. */
const SURROUNDINGS = ['services', 'ingresses', 'gatewayRoutes', 'resourceQuotas', 'disruptionBudgets'];
const OF_PODS = ['pods', 'podGroups', 'operatorPods', 'deployments', 'configMaps', 'sealingKeys', ...SURROUNDINGS];
const OF_DEPLOYMENTS = ['deployments', 'configMaps', ...SURROUNDINGS];

function valueOf<N extends keyof Snapshot['artifacts']>(snapshot: Snapshot, name: N) {
  const artifact = snapshot.artifacts[name];
  if (artifact.state !== 'collected') throw new Error(`${name}: ${artifact.message}`);
  return artifact.value as Extract<Snapshot['artifacts'][N], { state: 'collected' }>['value'];
}

describe('a cluster with Flux', () => {
  it('is read completely, and only by reading', async () => {
    const cluster = fluxCluster();
    const snapshot = await collect(cluster, { expectedUid: cluster.uid });
    expect(gapsOf(snapshot)).toEqual({});
    expect(snapshot.cluster).toEqual({ name: 'prod', uid: cluster.uid, serverVersion: 'v1.36.3' });
    expect(valueOf(snapshot, 'deployments').map(({ metadata }) => metadata.name)).toContain('kustomize-controller');
    expect(valueOf(snapshot, 'kustomizations')[0]).toMatchObject({ kind: 'Kustomization', metadata: app });
    expect(valueOf(snapshot, 'serviceAccounts').length).toBeGreaterThan(3);
    const requests = cluster.requests.requests;
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(requests.filter(({ path }) => /\/secrets(\?|$)|resourceVersion|watch=/.test(path))).toEqual([]);
    // Asked for by name wherever the cluster is; this one does not run on EKS, and gives no Secret.
    const refused = requests.filter(({ status }) => status !== 200).map(({ status, path }) => `${status} ${path}`);
    const base = '404 /api/v1/namespaces/kube-system/configmaps';
    expect(refused.filter((line) => !/^403 \S+\/secrets\/\S+$/.test(line)).toSorted()).toEqual([
      `${base}/amazon-vpc-cni`,
      `${base}/aws-auth`,
    ]);
  });

  it('is the same when it is written down and read again', async () => {
    const snapshot = await collect(fluxCluster());
    const text = writeSnapshot(snapshot);
    expect(readSnapshot(text)).toEqual(snapshot);
    expect(writeSnapshot(readSnapshot(text))).toBe(text);
  });

  it('keeps of 1,200 pods those of Flux', async () => {
    const snapshot = await collect(scaleCluster({ name: 'large', pods: 1_200 }));
    const pods = valueOf(snapshot, 'pods');
    expect(pods.length).toBeGreaterThan(3);
    expect(new Set(pods.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['flux-system']));
  });

  it.each(['v2', 'v2beta1', 'none'] as const)('is read with discovery of the form %s', async (aggregatedDiscovery) => {
    const snapshot = await collect(fluxCluster({ aggregatedDiscovery }));
    expect(gapsOf(snapshot)).toEqual({});
    expect(valueOf(snapshot, 'discovery').resources).toEqual(
      expect.arrayContaining(['/v1/pods', 'apps/v1/deployments', 'kustomize.toolkit.fluxcd.io/v1/kustomizations']),
    );
  });

  it('is read only as far as is needed', async () => {
    const cluster = fluxCluster();
    const states = statesOf(await collect(cluster, { needs: ['kustomizations'] }));
    expect(states).toMatchObject({ kustomizations: 'collected', discovery: 'collected', pods: 'notCollected' });
    expect(cluster.requests.requests.some(({ path }) => path.includes('/pods'))).toBe(false);
  });
});

describe('what the cluster does not have', () => {
  it.each(['v2', 'v2beta1', 'none'] as const)(
    'is proven absent by discovery of the form %s',
    async (aggregatedDiscovery) => {
      const snapshot = await collect(new SimulatedCluster({ name: 'bare', aggregatedDiscovery }));
      expect(gapsOf(snapshot)).toEqual(
        Object.fromEntries(
          ['kustomizations', 'helmReleases', 'alerts', 'providers', 'fluxInstances', 'GitRepository', 'OCIRepository']
            .concat(['HelmRepository', 'HelmChart', 'Bucket', 'ExternalArtifact', 'receivers', 'imageRepositories'])
            .concat(['imagePolicies', 'imageUpdateAutomations', 'artifactGenerators', 'resourceSets', 'sealedSecrets'])
            .concat(['alertingRules', 'ruleEvaluators', 'gatewayRoutes', 'nativePolicies', 'enginePolicies'])
            .map((name) => [name, 'apiNotServed']),
        ),
      );
    },
  );

  it('is not proven absent where its group does not answer', async () => {
    const cluster = fluxCluster({ stale: ['helm.toolkit.fluxcd.io/v2'] });
    expect(gapsOf(await collect(cluster))).toEqual({ helmReleases: 'transient' });
  });

  it('is not proven absent where discovery cannot be read', async () => {
    const cluster = new SimulatedCluster({ name: 'bare' });
    cluster.injectFault({ kind: 'status', status: 403, path: /^\/apis$/ });
    const snapshot = await collect(cluster);
    expect(snapshot.artifacts.kustomizations).toMatchObject({
      state: 'unavailable',
      reason: 'forbidden',
      missing: [{ verb: 'get', group: '', resource: '/apis' }],
    });
    expect(snapshot.artifacts.namespaces.state).toBe('collected');
  });

  it('leaves what is there readable where discovery cannot be read', async () => {
    const cluster = fluxCluster();
    cluster.injectFault({ kind: 'status', status: 403, path: /^\/apis$/ });
    // Which kinds of constraints there are is known from discovery alone.
    const { discovery, enginePolicies, ...rest } = gapsOf(await collect(cluster));
    expect({ discovery, enginePolicies }).toEqual({ discovery: 'forbidden', enginePolicies: 'forbidden' });
    expect(rest).toEqual({});
  });
});

describe('a permission that is missing', () => {
  const RULES: [string, AccessRule][] = Object.entries(ARTIFACT_READS).flatMap(([name, rules]) =>
    rules.map((rule): [string, AccessRule] => [name === 'sources' ? rule.resource : name, rule]),
  );
  const SOURCE_OF: Readonly<Record<string, string>> = {
    gitrepositories: 'GitRepository',
    ocirepositories: 'OCIRepository',
    helmrepositories: 'HelmRepository',
    helmcharts: 'HelmChart',
    buckets: 'Bucket',
    externalartifacts: 'ExternalArtifact',
  };

  /** Of what each artifact is made: if that cannot be read, these are gone. */
  const GONE_WITH: Readonly<Record<string, readonly string[]>> = {
    pods: OF_PODS,
    podGroups: OF_PODS,
    operatorPods: OF_PODS,
    deployments: OF_DEPLOYMENTS,
  };

  it.each(RULES.filter(([name]) => !NOT_ASKED_FOR.has(name)))(
    'makes %s unavailable, with the rule, and nothing else',
    async (name, rule) => {
      const cluster = fluxCluster();
      cluster.deny(rule);
      const snapshot = await collect(cluster);
      const artifact = SOURCE_OF[name] ?? name;
      const gone = GONE_WITH[artifact] ?? [artifact];
      expect(gapsOf(snapshot)).toEqual(Object.fromEntries(gone.map((key) => [key, 'forbidden'])));
      const sources = valueOf(snapshot, 'sources') as Readonly<Record<string, unknown>>;
      const found = sources[artifact] ?? snapshot.artifacts[artifact as 'pods'];
      expect(found).toMatchObject({ missing: [rule], requests: [{ status: 403 }] });
    },
  );

  it('to see the identity of the cluster stops everything', async () => {
    const cluster = fluxCluster();
    const rule = { verb: 'get', group: '', resource: 'namespaces', name: 'kube-system' };
    cluster.deny(rule);
    expect(await failureOf(collect(cluster))).toMatchObject({ code: 'forbidden', missing: [rule] });
  });
});

describe('one bad answer', () => {
  it.each([
    ['503', { kind: 'status', status: 503 }, 'transient'],
    ['429', { kind: 'status', status: 429, retryAfterSeconds: 0 }, 'transient'],
    ['500', { kind: 'status', status: 500 }, 'transient'],
    ['a page that calls itself JSON', { kind: 'garbage' }, 'malformed'],
    ['another shape', { kind: 'json', body: { kind: 'Status', metadata: {} } }, 'malformed'],
    [
      'a malformed object',
      { kind: 'json', body: { kind: 'HelmReleaseList', metadata: {}, items: [{ metadata: {} }] } },
      'malformed',
    ],
    ['half an answer', { kind: 'truncate' }, 'transient'],
    ['a redirect', { kind: 'redirect', location: 'https://127.0.0.1:1/' }, 'unreachable'],
    ['a closed connection', { kind: 'close' }, 'transient'],
    ['a list without end', { kind: 'endlessList' }, 'budgetExceeded'],
    ['no answer', { kind: 'hang' }, 'timeout'],
  ] as const)('%s makes its artifact unavailable, and no other', async (_title, fault, reason) => {
    const cluster = fluxCluster();
    cluster.injectFault({ ...fault, path: /helmreleases/ });
    const snapshot = await collect(cluster, { timeouts: { totalMs: 2_000 } });
    expect(gapsOf(snapshot)).toEqual({ helmReleases: reason });
  });

  it.each([
    ['500 at the newest version', 500],
    ['404 at the newest version', 404],
  ])('%s leads to another version', async (_title, status) => {
    const cluster = fluxCluster();
    cluster.serve({
      group: 'helm.toolkit.fluxcd.io',
      version: 'v2beta2',
      plural: 'helmreleases',
      kind: 'HelmRelease',
      namespaced: true,
      custom: true,
    });
    cluster.injectFault({ kind: 'status', status, path: /v2\/helmreleases/ });
    const snapshot = await collect(cluster);
    expect(valueOf(snapshot, 'helmReleases')[0]).toMatchObject({ apiVersion: 'helm.toolkit.fluxcd.io/v2beta2' });
  });
});

describe('the identity of the cluster', () => {
  it('must be the registered one', async () => {
    const error = await failureOf(collect(fluxCluster(), { expectedUid: '00000000-0000-4000-8000-000000000000' }));
    expect(error.code).toBe('identityMismatch');
  });

  it('must not change while the cluster is read', async () => {
    const cluster = fluxCluster();
    const uid = '00000000-0000-4000-8000-000000000000';
    cluster.injectFault({ kind: 'swapIdentity', uid, path: /namespaces\/kube-system/, after: 1 });
    expect((await failureOf(collect(cluster))).code).toBe('identityMismatch');
  });

  it('must be known at the end, even when the time is up', async () => {
    const cluster = fluxCluster();
    cluster.injectFault({ kind: 'hang', path: /pods/ });
    const snapshot = await collect(cluster, { budget: { wallMs: 6_000 } });
    expect(gapsOf(snapshot)).toEqual(Object.fromEntries(OF_PODS.map((name) => [name, 'budgetExceeded'])));
    const platform = Object.values(valueOf(snapshot, 'platformConfigMaps'));
    expect(platform.map((part) => part.state)).toEqual(['unavailable', 'unavailable']);
  });

  it('cannot be known from something else', async () => {
    const cluster = fluxCluster();
    cluster.injectFault({ kind: 'json', body: { gitVersion: 'nginx' }, path: /version/ });
    expect((await failureOf(collect(cluster))).code).toBe('notKubernetes');
  });

  it('is not asked of somebody who does not know us', async () => {
    const cluster = fluxCluster();
    const { token } = cluster.user;
    cluster.revokeToken();
    const server = await SimulatedServer.start({ clusters: cluster });
    const client = await openClient({
      server: server.urlOf(cluster),
      caData: server.caPem,
      credential: { kind: 'token', token },
    });
    const options = { name: 'x', registration: { name: 'x' }, sightings: { firstSeen: {} }, needs: [] };
    expect((await failureOf(collectSnapshot(client, options))).code).toBe('unauthenticated');
    await client.close();
    await server.close();
  });

  it('is lost with the token', async () => {
    const cluster = fluxCluster();
    cluster.injectFault({ kind: 'status', status: 401, after: 8 });
    expect((await failureOf(collect(cluster))).code).toBe('unauthenticated');
  });
});
