import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ARTIFACT_READS, type AccessQuestion, type ArtifactName } from '#libs/core';
import { installCrds } from '../../../../test/lab/crds.js';
import { createServiceAccount, requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { valueOf } from '../../test/collecting.js';
import { openClient } from '../../test/hostile-cluster.js';
import { base64, kubeconfig } from '../../test/kubeconfigs.js';
import { SECRET } from '../../test/objects.js';
import { caSpkiSha256 } from '../access/ca-spki.js';
import { auditorClusterRole } from '../auditor/cluster-role.js';
import { mayI } from '../client/reviews.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';
import { collectSnapshot, type CollectOptions } from './collect-snapshot.js';

const shared = inject('lab');
const NEEDS: readonly ArtifactName[] = [
  'kustomizations',
  'helmReleases',
  'sources',
  'alerts',
  'providers',
  'receivers',
  'alertEvents',
  'secretFacts',
  'kubeConfigMaps',
  'accessReviews',
];
const namespace = 'team-a';
const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/v1';
const AGE_KEY = 'AGE-SECRET-KEY-1G0Q5K9TV4REQ3ZSQRMTMG8NSWQGYT0T7TZ33RAZEE0GZYVZN0APSU24RK7';

describe.skipIf(!shared?.flux)('what Flux objects name, on a real API server [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let token: string;
  let spokeToken: string;

  const secret = (name: string, data: Readonly<Record<string, string>>) =>
    cluster.admin.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name, annotations: { note: SECRET } },
      type: 'Opaque',
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
    });
  const object = (apiVersion: string, kind: string, name: string, spec: unknown) =>
    cluster.admin.apply({ apiVersion, kind, metadata: { namespace, name }, spec });
  const sync = { interval: '10m', prune: true, path: './', sourceRef: { kind: 'GitRepository', name: 'app' } };

  beforeAll(async () => {
    if (!shared?.crdFolder) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'naming', controllerManager: false }] });
    cluster = lab.cluster('naming');
    await installCrds(cluster.admin, shared.crdFolder);
    const reads = NEEDS.flatMap((name) => ARTIFACT_READS[name]);
    await createServiceAccount(cluster.admin, {
      namespace: 'plimsoll',
      name: 'auditor',
      rules: auditorClusterRole([{ reads }]).rules,
    });
    token = await requestToken(cluster.admin, 'plimsoll', 'auditor');
    await createServiceAccount(cluster.admin, {
      namespace,
      name: 'deployer',
      rules: [
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] },
        { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
      ],
    });
    spokeToken = await requestToken(cluster.admin, namespace, 'deployer', 7_200);
    await cluster.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });

    const remote = kubeconfig({
      cluster: { server: cluster.server, 'certificate-authority-data': base64(cluster.caPem) },
      user: { token: spokeToken },
    });
    const { admin } = cluster.handle;
    const asAdmin = kubeconfig({
      user: {
        'client-certificate-data': base64(admin.certPem),
        'client-key-data': base64(admin.keyPem),
        token: undefined,
      },
    });
    await secret('kubeconfig', { value: remote });
    await secret('admin', { spoke: asAdmin });
    await secret('sops', { 'age.agekey': AGE_KEY });
    await secret('slack', { address: `https://hooks.slack.com/services/${SECRET}`, token: SECRET });
    await secret('hook', { token: SECRET });
    await secret('closed', { value: remote });
    await object(KUSTOMIZE, 'Kustomization', 'remote', { ...sync, kubeConfig: { secretRef: { name: 'kubeconfig' } } });
    await object(KUSTOMIZE, 'Kustomization', 'closed', { ...sync, kubeConfig: { secretRef: { name: 'closed' } } });
    await object(KUSTOMIZE, 'Kustomization', 'gone', { ...sync, kubeConfig: { secretRef: { name: 'gone' } } });
    await object(KUSTOMIZE, 'Kustomization', 'cloud', { ...sync, kubeConfig: { configMapRef: { name: 'cloud' } } });
    await object(KUSTOMIZE, 'Kustomization', 'app', {
      ...sync,
      force: true,
      commonMetadata: { labels: { lane: 'a' } },
      decryption: { provider: 'sops', secretRef: { name: 'sops' } },
      postBuild: { substitute: { password: SECRET }, substituteFrom: [{ kind: 'Secret', name: 'vars' }] },
      healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', namespace }],
    });
    await object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'app', {
      interval: '5m',
      kubeConfig: { secretRef: { name: 'admin', key: 'spoke' } },
      chart: {
        spec: {
          chart: 'app',
          sourceRef: { kind: 'HelmRepository', name: 'charts' },
          verify: { provider: 'cosign', secretRef: { name: 'gone' } },
        },
      },
      values: { password: SECRET },
      valuesFrom: [{ kind: 'Secret', name: 'db', targetPath: 'db.password' }],
      upgrade: { crds: 'CreateReplace', disableOpenAPIValidation: true },
      driftDetection: { mode: 'enabled' },
    });
    await object('source.toolkit.fluxcd.io/v1', 'OCIRepository', 'app', {
      interval: '5m',
      url: 'oci://ghcr.io/a/b',
      insecure: true,
      verify: { provider: 'cosign', matchOIDCIdentity: [{ issuer: '^https://x$', subject: '^y$' }] },
    });
    await object('source.toolkit.fluxcd.io/v1', 'Bucket', 'app', {
      interval: '5m',
      endpoint: `user:${SECRET}@minio:9000`,
      bucketName: 'b',
    });
    await object('notification.toolkit.fluxcd.io/v1beta3', 'Provider', 'slack', {
      type: 'slack',
      address: `https://hooks.slack.com/services/${SECRET}`,
      secretRef: { name: 'slack' },
    });
    await object('notification.toolkit.fluxcd.io/v1beta3', 'Alert', 'slack', {
      providerRef: { name: 'slack' },
      eventSources: [{ kind: 'Kustomization', name: '*' }],
      eventMetadata: { token: SECRET },
    });
    await object('notification.toolkit.fluxcd.io/v1', 'Receiver', 'hook', {
      type: 'github',
      secretRef: { name: 'hook' },
      resources: [{ kind: 'GitRepository', name: '*' }],
    });
    await cluster.admin.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace, name: 'cloud' },
      data: {
        provider: 'generic',
        address: 'https://spoke',
        audiences: 'a\nb',
        'ca.crt': cluster.caPem,
        other: SECRET,
      },
    });
    for (const [name, kind] of [
      ['slack.1', 'Alert'],
      ['other.1', 'Pod'],
    ] as const) {
      await cluster.admin.apply({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { namespace, name },
        involvedObject: { kind, namespace, name: 'slack' },
        reason: 'NotificationDispatchFailed',
        type: 'Warning',
        message: `Post "https://hooks.slack.com/services/${SECRET}": timeout`,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:00Z',
        count: 2,
      });
    }
    await grantNames(['kubeconfig', 'admin', 'sops', 'slack', 'hook', 'gone']);
  });
  afterAll(() => lab?.stop());

  /** Lets the auditor read these Secrets, and the ConfigMap, by name. */
  async function grantNames(secrets: readonly string[]): Promise<void> {
    const rbac = 'rbac.authorization.k8s.io';
    await cluster.admin.apply({
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { namespace, name: 'plimsoll-secrets' },
      rules: [
        { apiGroups: [''], resources: ['secrets'], resourceNames: secrets, verbs: ['get'] },
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['cloud'], verbs: ['get'] },
      ],
    });
    await cluster.admin.apply({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { namespace, name: 'plimsoll-secrets' },
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'plimsoll-secrets' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'plimsoll', name: 'auditor' }],
    });
    const rule = { verb: 'get', group: '', resource: 'secrets', namespace, name: 'kubeconfig' };
    await eventually('the auditor may read the Secret', () => withClient((client) => mayI(client, rule)));
  }

  async function withClient<T>(use: (client: Awaited<ReturnType<typeof openClient>>) => Promise<T>): Promise<T> {
    const client = await openClient({
      server: cluster.server,
      caData: cluster.caPem,
      credential: { kind: 'token', token },
    });
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  const collect = (options: Partial<CollectOptions> = {}) =>
    withClient((client) =>
      collectSnapshot(client, {
        name: 'naming',
        registration: { name: 'naming' },
        sightings: { firstSeen: {} },
        needs: NEEDS,
        ...options,
      }),
    );

  it('is read into facts, each by the right to its name', async () => {
    const snapshot = await collect();
    const facts = valueOf(snapshot, 'secretFacts');
    const now = Date.now();
    expect(facts).toMatchObject({
      'team-a/kubeconfig': {
        value: {
          keys: ['value'],
          type: 'Opaque',
          metadata: { uid: expect.any(String), managedFields: [{ operation: 'Apply' }] },
          kubeConfig: {
            server: cluster.server,
            hasCaData: true,
            caSpkiSha256: caSpkiSha256(cluster.caPem),
            token: {
              kind: 'jwt',
              subject: 'system:serviceaccount:team-a:deployer',
              audiences: [expect.any(String)],
            },
          },
        },
      },
      'team-a/admin': {
        value: { kubeConfig: { certificate: { organizations: expect.arrayContaining(['system:masters']) } } },
      },
      'team-a/sops': { value: { decryption: { recipients: [expect.stringMatching(/^age1/)] } } },
      'team-a/slack': { value: { address: { origin: 'https://hooks.slack.com', hasPath: true } } },
      'team-a/hook': { value: { lengths: { token: SECRET.length } } },
      'team-a/gone': { value: null },
      'team-a/closed': {
        state: 'unavailable',
        reason: 'forbidden',
        missing: [{ verb: 'get', group: '', resource: 'secrets', namespace, name: 'closed' }],
      },
    });
    const found = facts['team-a/kubeconfig'];
    const expiresAt = found?.state === 'collected' ? found.value?.kubeConfig?.token?.expiresAt : undefined;
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(now + 6_000_000);
    expect(valueOf(snapshot, 'kubeConfigMaps')).toMatchObject({
      'team-a/cloud': { value: { address: 'https://spoke', audiences: ['a', 'b'], hasCa: true } },
    });
  });

  it('stands in objects as real custom resources have them', async () => {
    const snapshot = await collect();
    const app = valueOf(snapshot, 'kustomizations').find(({ metadata }) => metadata.name === 'app');
    expect(app?.spec).toMatchObject({
      force: true,
      commonLabels: { lane: 'a' },
      postBuild: { hasSubstitute: true, substituteFrom: [{ kind: 'Secret', name: 'vars' }] },
      healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', namespace }],
    });
    expect(valueOf(snapshot, 'helmReleases')[0]?.spec).toMatchObject({
      chart: { spec: { verify: { provider: 'cosign', secretRef: { name: 'gone' } } } },
      valuesFrom: [{ kind: 'Secret', name: 'db', targetPath: 'db.password' }],
      upgrade: { crds: 'CreateReplace', disableOpenAPIValidation: true },
      driftDetection: { mode: 'enabled' },
    });
    expect(valueOf(snapshot, 'sources')).toMatchObject({
      OCIRepository: {
        value: [
          {
            spec: {
              insecure: true,
              verify: { provider: 'cosign', matchOIDCIdentity: [{ issuer: '^https://x$', subject: '^y$' }] },
            },
          },
        ],
      },
      Bucket: { value: [{ spec: { endpoint: 'minio:9000', bucketName: 'b' } }] },
    });
    expect(valueOf(snapshot, 'alerts')[0]?.spec).toMatchObject({
      eventMetadataKeys: ['token'],
      suspectMetadataKeys: ['token'],
    });
    expect(valueOf(snapshot, 'providers')[0]?.spec).toMatchObject({
      address: 'https://hooks.slack.com',
      addressHasPath: true,
    });
    expect(valueOf(snapshot, 'receivers')[0]?.spec).toMatchObject({ type: 'github', secretRef: { name: 'hook' } });
    expect(valueOf(snapshot, 'alertEvents')).toMatchObject([
      { reason: 'NotificationDispatchFailed', message: 'Post "https://hooks.slack.com/…": timeout', count: 2 },
    ]);
  });

  it('leaves no secret in a snapshot', async () => {
    const snapshot = await collect();
    const text = writeSnapshot(snapshot);
    expect(readSnapshot(text).artifacts.secretFacts).toEqual(snapshot.artifacts.secretFacts);
    const [header = '', payload = '', signature = ''] = spokeToken.split('.');
    const keyLine = cluster.handle.admin.keyPem.split('\n')[1] ?? '';
    const planted = [
      SECRET,
      base64(SECRET),
      spokeToken,
      header,
      payload,
      signature,
      AGE_KEY,
      AGE_KEY.slice(16),
      keyLine,
    ];
    expect(planted.filter((secret) => secret === '' || text.includes(secret))).toEqual([]);
  });

  it('is asked about as the API server decides', async () => {
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    const deployer = { user: `system:serviceaccount:${namespace}:deployer`, groups };
    const questions: readonly AccessQuestion[] = [
      { ...deployer, verb: 'create', group: 'apps', resource: 'deployments', namespace: 'default' },
      {
        ...deployer,
        verb: 'create',
        group: '',
        resource: 'serviceaccounts',
        subresource: 'token',
        namespace,
        name: 'x',
      },
      { ...deployer, verb: 'delete', group: '', resource: 'namespaces', namespace: 'default', name: 'default' },
      { ...deployer, verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
      { user: 'alice', groups: ['system:masters'], verb: '*', group: '*', resource: '*' },
      { user: 'nobody', groups: [], verb: 'list', group: '', resource: 'pods' },
      // Any member of a group, whoever that is.
      { user: '', groups: ['system:masters'], verb: '*', group: '*', resource: '*' },
      { user: '', groups: ['team-a', 'system:authenticated'], verb: 'list', group: '', resource: 'pods' },
    ];
    const answers = valueOf(await collect({ planReviews: () => questions }), 'accessReviews');
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, false, false, true, false, true, false]);
    expect(answers[0]?.reason).toContain('ClusterRoleBinding "team-a-deployer"');
    expect(answers.map(({ question }) => question)).toEqual(questions);
  });

  it('is not asked about without the right to ask', async () => {
    await cluster.admin.patch(
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'plimsoll-auditor' } },
      { rules: auditorClusterRole([{ reads: ARTIFACT_READS.kustomizations }]).rules },
    );
    const rule = ARTIFACT_READS.accessReviews[0];
    if (!rule) throw new Error('no rule');
    await eventually('the right is gone', async () => (await withClient((client) => mayI(client, rule))) === false);
    const question = { user: 'alice', groups: [], verb: 'get', group: '', resource: 'pods' };
    const { artifacts } = await collect({ planReviews: () => [question] });
    expect(artifacts.accessReviews).toMatchObject({ state: 'unavailable', reason: 'forbidden', missing: [rule] });
    expect(artifacts.receivers).toMatchObject({ state: 'unavailable', reason: 'forbidden' });
    expect(valueOf({ ...(await collect()), artifacts }, 'kustomizations')).toHaveLength(5);
  });
});
