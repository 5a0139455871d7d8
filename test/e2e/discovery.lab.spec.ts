import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalog } from '#libs/controls';
import { auditorClusterRole } from '#libs/kubernetes';
import { createLogger, EgressPolicy, Keyring } from '#libs/platform';
import { kubeconfigText } from '#libs/simulator';
import { CandidateRegistrar } from '../../apps/worker/src/discovery/register-candidate.js';
import { SyncProcessor } from '../../apps/worker/src/discovery/sync-processor.js';
import type { Manifest } from '../lab/admin-client.js';
import { installCrds } from '../lab/crds.js';
import { createServiceAccount, requestToken } from '../lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../lab/lab.js';
import { eventually } from '../lab/poll.js';
import { startApi, type TestApi } from '../support/api/harness.js';

const shared = inject('lab');
const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8', '::1/128'], allowPorts: [] });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const CAPI = 'cluster.x-k8s.io';
const SVELTOS = 'lib.projectsveltos.io';

/** A kind whose objects may be anything, as those of projects that are not installed here. */
const crd = (group: string, version: string, plural: string, kind: string): Manifest => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${plural}.${group}`,
    annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/enhancements/pull/1111' },
  },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

describe.skipIf(!shared?.flux)('clusters that a real management cluster knows [needs lab]', () => {
  let lab: Lab;
  let hub: RunningCluster;
  let spoke: RunningCluster;
  let api: TestApi;
  let spokeToken: string;

  const secret = (namespace: string, name: string, data: Readonly<Record<string, string>>, labels: object = {}) =>
    hub.admin.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name, labels },
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
    });
  const remote = (name: string, secretName: string): Manifest => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { namespace: 'team-a', name, labels: { env: 'prod' } },
    spec: {
      interval: '10m',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'fleet' },
      kubeConfig: { secretRef: { name: secretName } },
    },
  });
  const spokeKubeconfig = () =>
    kubeconfigText({
      clusterName: 'spoke',
      server: spoke.server,
      caPem: spoke.caPem,
      credential: { token: spokeToken },
    });

  beforeAll(async () => {
    if (!shared?.crdFolder) return;
    lab = await startLab({
      programs: shared.programs,
      clusters: ['hub', 'spoke'].map((name) => ({ name, controllerManager: false })),
    });
    [hub, spoke] = [lab.cluster('hub'), lab.cluster('spoke')];
    await installCrds(hub.admin, shared.crdFolder);
    await hub.admin.apply(crd(CAPI, 'v1beta1', 'clusters', 'Cluster'));
    await hub.admin.apply(crd(SVELTOS, 'v1beta1', 'sveltosclusters', 'SveltosCluster'));
    for (const name of ['team-a', 'argocd', 'mgmt'])
      await hub.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

    const reader = auditorClusterRole(catalog).rules;
    await createServiceAccount(spoke.admin, { namespace: 'plimsoll', name: 'reader', rules: reader });
    spokeToken = await requestToken(spoke.admin, 'plimsoll', 'reader');
    await createServiceAccount(hub.admin, {
      namespace: 'plimsoll',
      name: 'reader',
      rules: [
        ...reader,
        { apiGroups: [CAPI], resources: ['clusters'], verbs: ['list'] },
        { apiGroups: [SVELTOS], resources: ['sveltosclusters'], verbs: ['list'] },
      ],
    });
    await grant('team-a', [{ names: ['spoke-kubeconfig', 'again'], verbs: ['get'] }]);
    await grant('argocd', [{ verbs: ['list'] }, { names: ['spoke', 'exec'], verbs: ['get'] }]);
    await grant('mgmt', [{ names: ['spoke-kubeconfig', 'spoke-sveltos-kubeconfig'], verbs: ['get'] }]);

    await secret('team-a', 'spoke-kubeconfig', { value: spokeKubeconfig() });
    await secret('team-a', 'again', { value: spokeKubeconfig() });
    await secret('team-a', 'hidden', { value: spokeKubeconfig() });
    for (const [name, of] of [
      ['apps', 'spoke-kubeconfig'],
      ['second', 'again'],
      ['third', 'hidden'],
      ['fourth', 'gone'],
    ] as const)
      await hub.admin.apply(remote(name, of));
    const label = { 'argocd.argoproj.io/secret-type': 'cluster' };
    const tlsClientConfig = { caData: base64(spoke.caPem) };
    const config = JSON.stringify({ bearerToken: spokeToken, tlsClientConfig });
    await secret('argocd', 'spoke', { name: 'spoke', server: spoke.server, config }, label);
    const exec = JSON.stringify({ execProviderConfig: { command: 'argocd-k8s-auth' }, tlsClientConfig });
    await secret('argocd', 'exec', { name: 'exec', server: spoke.server, config: exec }, label);
    await secret('mgmt', 'spoke-kubeconfig', { value: spokeKubeconfig() });
    await secret('mgmt', 'spoke-sveltos-kubeconfig', { kubeconfig: spokeKubeconfig() });
    for (const [apiVersion, kind, name, spec] of [
      [`${CAPI}/v1beta1`, 'Cluster', 'spoke', { controlPlaneEndpoint: { host: '10.0.0.1', port: 6443 } }],
      [`${SVELTOS}/v1beta1`, 'SveltosCluster', 'spoke', {}],
      [`${SVELTOS}/v1beta1`, 'SveltosCluster', 'odd', { kubeconfigName: 7 }],
    ] as const)
      await hub.admin.apply({ apiVersion, kind, metadata: { namespace: 'mgmt', name }, spec });

    api = await startApi();
    await api.post('/clusters', {
      name: 'hub',
      role: 'management',
      connection: { server: hub.server, caData: hub.caPem },
      credential: { kind: 'token', token: await requestToken(hub.admin, 'plimsoll', 'reader') },
    });
  });
  afterAll(async () => {
    await api?.close();
    await lab?.stop();
  });

  /** Lets the reader do this with Secrets of one namespace: what the documentation tells to grant. */
  async function grant(namespace: string, rules: readonly { names?: readonly string[]; verbs: readonly string[] }[]) {
    const [group, name] = ['rbac.authorization.k8s.io', 'plimsoll-discovery'];
    await hub.admin.apply({
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata: { namespace, name },
      rules: rules.map(({ names, verbs }) => ({
        apiGroups: [''],
        resources: ['secrets'],
        verbs,
        ...(names && { resourceNames: names }),
      })),
    });
    await hub.admin.apply({
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { namespace, name },
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', namespace: 'plimsoll', name: 'reader' }],
    });
  }

  /** Makes a source where there is none, and synchronises it as a worker does. */
  async function synchronised(type: string) {
    const name = type.toLowerCase();
    if ((await api.get(`/sources/${name}`)).status === 404)
      await api.post('/sources', { name, type, hubCluster: 'hub', enabled: false });
    const asked = await api.post(`/sources/${name}/sync`);
    expect(asked.status).toBe(202);
    const keyring = api.app.get(Keyring);
    const options = { egress, userAgent: 'plimsoll-test' };
    const registrar = new CandidateRegistrar(api.store, keyring, options);
    const log = createLogger('test', { level: 'silent' });
    const processor = new SyncProcessor(api.store, registrar, keyring, options, log);
    await processor.process({ sourceId: asked.body.id }, { jobId: 'x', stop: new AbortController().signal });
    const { sync } = (await api.get(`/sources/${name}`)).body;
    const { items } = (await api.get(`/sources/${name}/candidates`)).body;
    const shown = items.map((one: { name: string; state: string; reasons: { code: string }[] }) =>
      [one.name, one.state, ...one.reasons.map(({ code }) => code)].join(' '),
    );
    return { sync, items, shown };
  }

  it('are found in Flux, each Secret by the right to its name', async () => {
    const { sync, shown } = await eventually('the rights are known', async () => {
      const found = await synchronised('fluxKubeConfig');
      return found.shown.includes('spoke proposed') && found;
    });
    expect(shown).toEqual([
      'again proposed',
      'gone blocked secretForbidden',
      'hidden blocked secretForbidden',
      'spoke proposed',
    ]);
    expect(sync).toMatchObject({ state: 'idle', result: 'ok', counts: { proposed: 2, blocked: 2 } });
  });

  it('are found in Argo CD by name, without listing what their Secrets hold', async () => {
    const { shown } = await synchronised('argocd');
    expect(shown).toEqual(['exec blocked execProvider', 'spoke proposed']);
  });

  it('are found in Cluster API, whose administrator is no credential', async () => {
    const { items, shown } = await synchronised('clusterApi');
    expect(shown).toEqual(['spoke blocked mintOwnToken']);
    expect(items[0]).toMatchObject({ server: spoke.server, credentialFrom: null });
    expect(items[0].caData).toContain('BEGIN CERTIFICATE');
  });

  it('are found in Sveltos although another object cannot be understood', async () => {
    const { sync, shown } = await synchronised('sveltos');
    expect(shown).toEqual(['spoke proposed']);
    expect(sync).toMatchObject({ result: 'partial', message: expect.stringContaining('mgmt/odd') });
  });

  it('are registered with their identity, once', async () => {
    const accepted = await api.post('/sources/fluxkubeconfig/candidates:accept', { candidates: ['spoke'] });
    expect(accepted.body.items).toMatchObject([{ status: 201, name: 'spoke' }]);
    const { body: cluster } = await api.get('/clusters/spoke');
    const { metadata } = await spoke.admin.get({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'kube-system' },
    });
    expect(cluster).toMatchObject({ identity: { uid: metadata.uid }, labels: { 'source/env': 'prod' } });
    expect(cluster.conditions).toContainEqual(expect.objectContaining({ type: 'Reachable', status: 'True' }));
    // The same API server under another name: of Flux, and of Argo CD.
    const again = await api.post('/sources/fluxkubeconfig/candidates:accept', { candidates: ['again'] });
    const argo = await api.post('/sources/argocd/candidates:accept', {
      candidates: ['spoke'],
      names: { spoke: 'of-argo' },
    });
    for (const { body } of [again, argo])
      expect(body.items).toMatchObject([
        { status: 409, problem: { code: 'cluster-duplicate', existingId: cluster.id } },
      ]);
    expect((await api.get('/clusters')).body.items).toHaveLength(2);
    // Address and CA tell now that all of them are the registered one.
    const { shown } = await synchronised('argocd');
    expect(shown).toContain('spoke registered');
  });

  it('are orphaned when nobody applies to them any more, and stay registered', async () => {
    await hub.admin.delete(remote('apps', 'spoke-kubeconfig'));
    const { items, shown } = await synchronised('fluxKubeConfig');
    expect(shown).toContain('spoke orphaned');
    expect(items.find(({ name }: { name: string }) => name === 'spoke').orphanedAt).toMatch(/^\d{4}-/);
    expect((await api.get('/clusters/spoke')).status).toBe(200);
  });

  it('leave no token in the database', async () => {
    const tables: { name: string }[] = await api.store.dataSource.query(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    for (const { name } of tables) {
      const rows: unknown = await api.store.dataSource.query(`SELECT * FROM "${name}"`);
      expect([name, JSON.stringify(rows).includes(spokeToken)]).toEqual([name, false]);
    }
  });
});
