import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  accessRuleKey,
  ARTIFACT_NAMES,
  ARTIFACT_READS,
  describeAccessRule,
  type AccessRule,
  type Collected,
  type KubernetesObject,
} from '#libs/core';
import { kustomization } from '#libs/simulator';
import { installCrds } from '../../../../test/lab/crds.js';
import { createServiceAccount, requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { failureOf, openClient } from '../../test/hostile-cluster.js';
import { oneOfEach } from '../../test/one-of-each.js';
import { readsOf } from '../auditor/auditor-reads.js';
import { auditorClusterRole, policyRules } from '../auditor/cluster-role.js';
import { preflight } from '../auditor/preflight.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { readDiscovery } from '../client/discovery.js';
import { mayI } from '../client/reviews.js';
import { collectSnapshot } from './collect-snapshot.js';

const shared = inject('lab');
const auditor = { id: 'ALL', requires: ARTIFACT_NAMES, reads: Object.values(ARTIFACT_READS).flat() };
const ALL = readsOf([auditor]);
/** These need to be told what to ask for, or come from elsewhere. */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set([
  'accessReviews',
  'fleet',
  'gitTrees',
  'kubeConfigMaps',
  'probes',
  'secretFacts',
  // The Sealed Secrets controller seems to run here, and no role lets its keys be read.
  'sealingKeys',
]);

/** What is made of the pods, and of the Deployments: gone with them. */
const SURROUNDINGS = ['services', 'ingresses', 'gatewayRoutes', 'resourceQuotas', 'disruptionBudgets'];
const OF_PODS = ['pods', 'podGroups', 'operatorPods', 'deployments', 'configMaps', ...SURROUNDINGS];
const GONE_WITH: Readonly<Record<string, readonly string[]>> = {
  pods: OF_PODS,
  podGroups: OF_PODS,
  operatorPods: OF_PODS,
  deployments: ['deployments', 'configMaps', ...SURROUNDINGS],
};
const IDENTITY = ALL[0] as AccessRule;

describe.skipIf(!shared?.flux)('a real API server [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let token: string;

  beforeAll(async () => {
    if (!shared?.crdFolder) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'reading', controllerManager: false }] });
    cluster = lab.cluster('reading');
    await installCrds(cluster.admin, shared.crdFolder);
    await createServiceAccount(cluster.admin, {
      namespace: 'plimsoll',
      name: 'auditor',
      rules: auditorClusterRole([auditor]).rules,
    });
    token = await requestToken(cluster.admin, 'plimsoll', 'auditor');
    for (const object of [...oneOfEach('team-a'), kustomization({ namespace: 'team-a', name: 'app' })(Date.now())])
      await cluster.admin.apply(object);
  });
  afterAll(() => lab?.stop());

  async function withClient<T>(use: (client: ClusterClient) => Promise<T>, credential = token): Promise<T> {
    const access = { server: cluster.server, caData: cluster.caPem };
    const client = await openClient({ ...access, credential: { kind: 'token', token: credential } });
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  const collect = () =>
    withClient((client) =>
      collectSnapshot(client, {
        name: 'reading',
        expectedUid: cluster.uid,
        registration: { name: 'reading', fluxNamespaces: ['team-a'] },
        sightings: { firstSeen: {} },
        needs: ARTIFACT_NAMES,
      }),
    );

  /** Gives the auditor exactly these rights, and waits until the server knows. */
  async function grant(rules: readonly AccessRule[]): Promise<void> {
    await cluster.admin.patch(
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'plimsoll-auditor' } },
      { rules: policyRules(rules) },
    );
    const granted = new Set(rules.map(accessRuleKey));
    await eventually('the new rights hold', () =>
      withClient(async (client) => {
        const answers = await Promise.all(ALL.map((rule) => mayI(client, rule)));
        return answers.every((allowed, i) => allowed === granted.has(accessRuleKey(ALL[i] as AccessRule)));
      }),
    );
  }

  it('is read completely with the rights of the role, and no others', async () => {
    await grant(ALL);
    const { artifacts, cluster: identity } = await collect();
    expect(identity).toMatchObject({ uid: cluster.uid, serverVersion: expect.stringMatching(/^v1\.\d+\.\d+/) });
    const { sources, ...rest } = artifacts;
    const askedFor = Object.entries(rest).filter(([name]) => !NOT_ASKED_FOR.has(name));
    for (const [name, artifact] of askedFor) expect({ name, ...artifact }).toMatchObject({ name, state: 'collected' });
    expect(sources).toMatchObject({ value: { GitRepository: { state: 'collected' } } });
    // Neither the Flux Operator nor a policy engine is installed here.
    const absent = { state: 'collected', value: [], provenAbsent: 'apiNotServed' };
    expect(artifacts).toMatchObject({ fluxInstances: absent, enginePolicies: absent, gatewayRoutes: absent });
    expect(artifacts.kustomizations).toMatchObject({
      value: [{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'app' } }],
      requests: [{ path: expect.stringContaining('limit=500'), status: 200, auditId: expect.any(String) }],
    });
  });

  it('shows every kind as it is understood', async () => {
    const { artifacts } = await collect();
    const own = (name: keyof typeof artifacts) => {
      const artifact = artifacts[name] as Collected<readonly KubernetesObject[]>;
      if (artifact.state !== 'collected') throw new Error(`${name}: ${artifact.message}`);
      return artifact.value.filter(({ metadata }) => metadata.name.startsWith('own'));
    };
    expect(own('rbac')).toMatchObject([
      { kind: 'Role', rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] },
      { kind: 'RoleBinding', roleRef: { kind: 'Role', name: 'own' }, subjects: [{ kind: 'Group', name: 'team-a' }] },
      { kind: 'ClusterRole', aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
      { kind: 'ClusterRoleBinding', roleRef: { kind: 'ClusterRole', name: 'own' } },
    ]);
    expect(own('nodes')).toMatchObject([
      {
        kind: 'Node',
        spec: { taints: expect.arrayContaining([{ key: 'pool', value: 'flux', effect: 'NoSchedule' }]) },
      },
    ]);
    expect(own('daemonSets')).toMatchObject([
      { containers: [{ name: 'agent', image: 'example.com/agent:1' }], status: { desired: 0, ready: 0 } },
    ]);
    expect(own('runtimeClasses')).toMatchObject([{ kind: 'RuntimeClass', handler: 'runsc' }]);
    expect(own('networkPolicies')).toMatchObject([
      {
        spec: {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'http' }] }],
        },
      },
    ]);
    expect(own('webhookConfigurations')).toMatchObject([
      {
        kind: 'ValidatingWebhookConfiguration',
        webhooks: [
          {
            name: 'own.example.com',
            failurePolicy: 'Ignore',
            service: { namespace: 'team-a', name: 'own' },
            rules: [{ operations: ['DELETE'] }],
          },
        ],
      },
    ]);
    expect(own('admissionPolicies')).toMatchObject([
      { kind: 'ValidatingAdmissionPolicy', spec: { failurePolicy: 'Fail', validations: [{ expression: 'true' }] } },
      { kind: 'ValidatingAdmissionPolicyBinding', spec: { policyName: 'own', validationActions: ['Audit'] } },
    ]);
    expect(own('services')).toMatchObject([{ spec: { type: 'ClusterIP', ports: [{ port: 80, targetPort: 'http' }] } }]);
    expect(own('resourceQuotas')).toMatchObject([{ spec: { hard: { pods: '10' } } }]);
    expect(own('disruptionBudgets')).toMatchObject([{ spec: { selector: { matchLabels: { app: 'own' } } } }]);
    expect(own('ingresses')).toMatchObject([
      {
        spec: {
          tls: true,
          tlsHosts: ['own.example.com'],
          backends: [{ host: 'own.example.com', path: '/', service: 'own', port: 80 }],
        },
      },
    ]);
    expect(artifacts.apiServices).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ spec: { group: 'apps', version: 'v1' } })]),
    });
    expect(artifacts.podGroups).toMatchObject({
      value: [
        {
          namespace: 'team-a',
          owner: { kind: 'Pod', name: 'own-sealed-secrets' },
          serviceAccountName: 'default',
          risks: ['hostPID'],
          mirror: false,
          nodes: { 'own-node': { count: 1 } },
        },
      ],
    });
    expect(artifacts.operatorPods).toMatchObject({
      value: [{ program: 'sealed-secrets-controller', container: { args: ['--key-renew-period=0'] } }],
    });
    expect(artifacts.platformConfigMaps).toMatchObject({
      // No rights to read ConfigMaps are given.
      value: { 'kube-system/aws-auth': { state: 'unavailable', reason: 'forbidden' } },
    });
  });

  it('gives the keys of the Sealed Secrets controller as metadata, to whoever may list them there', async () => {
    const missing = { verb: 'list', group: '', resource: 'secrets', namespace: 'team-a' };
    const before = await collect();
    expect(before.artifacts.sealingKeys).toMatchObject({
      state: 'unavailable',
      reason: 'forbidden',
      missing: [missing],
    });
    const name = 'sealing-keys';
    const metadata = { name, namespace: 'team-a' };
    const RBAC = 'rbac.authorization.k8s.io/v1';
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }];
    const subjects = [{ kind: 'ServiceAccount', namespace: 'plimsoll', name: 'auditor' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
    await cluster.admin.apply({ apiVersion: RBAC, kind: 'Role', metadata, rules });
    await cluster.admin.apply({ apiVersion: RBAC, kind: 'RoleBinding', metadata, subjects, roleRef });
    await eventually('the keys may be listed', () => withClient((client) => mayI(client, missing)));
    const { artifacts } = await collect();
    expect(artifacts.sealingKeys).toMatchObject({
      state: 'collected',
      value: [
        {
          kind: 'Secret',
          metadata: {
            name: 'own-key',
            labels: { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' },
            managedFields: [{ time: expect.any(String) }],
          },
        },
      ],
    });
    expect(JSON.stringify(artifacts)).not.toContain('bm90IGZvciB5b3U');
    await cluster.admin.delete({ apiVersion: RBAC, kind: 'RoleBinding', metadata });
    await eventually('they may not any more', () =>
      withClient(async (client) => (await mayI(client, missing)) === false),
    );
  });

  it.each(
    Object.entries(ARTIFACT_READS).flatMap(([name, rules]) =>
      rules
        .filter(({ verb }) => verb !== 'create')
        .map((rule) => ({ name, rule, title: `${describeAccessRule(rule)} (${name})` })),
    ),
  )('without the right to $title says so, and reads the rest', async ({ name, rule }) => {
    await grant(ALL.filter((other) => accessRuleKey(other) !== accessRuleKey(rule)));
    const { artifacts } = await collect();
    const gaps = Object.entries({
      ...artifacts,
      ...(artifacts.sources.state === 'collected' && artifacts.sources.value),
    }).filter(([gap, artifact]) => artifact.state === 'unavailable' && !NOT_ASKED_FOR.has(gap));
    if (artifacts.discovery.state !== 'collected') throw new Error(artifacts.discovery.message);
    // What is not served needs no right: discovery proves that it is not there.
    const isServed = artifacts.discovery.value.resources.some((entry) => {
      const [group, , resource] = entry.split('/');
      return group === rule.group && (rule.resource === '*' || rule.resource === resource);
    });
    for (const [, artifact] of gaps) expect(artifact).toMatchObject({ reason: 'forbidden', missing: [rule] });
    const names = gaps.map(([gap]) => gap).toSorted();
    const gone = GONE_WITH[name] ?? (name === 'sources' ? names.slice(0, 1) : [name]);
    expect(names).toEqual(isServed ? gone.filter((gap) => !NOT_ASKED_FOR.has(gap)).toSorted() : []);
    expect(names).toHaveLength(isServed ? Math.max(1, names.length) : 0);
  });

  it('without the right to see its identity is not judged at all', async () => {
    await grant(ALL.slice(1));
    expect(await failureOf(collect())).toMatchObject({ code: 'forbidden', missing: [IDENTITY] });
    await grant(ALL);
  });

  it('tells who we are and what we may do', async () => {
    const result = await withClient((client) => preflight(client, { controls: [auditor], expectedUid: cluster.uid }));
    expect(result.user).toMatchObject({ name: 'system:serviceaccount:plimsoll:auditor' });
    expect(result.capabilities.every(({ allowed }) => allowed === true)).toBe(true);
    expect(result).toMatchObject({ overprivileged: [], predictedCoverage: { ratio: 1 } });
  });

  it('shows that an administrator may do too much', async () => {
    const { admin } = cluster.handle;
    const client = await openClient({
      server: cluster.server,
      caData: cluster.caPem,
      credential: { kind: 'clientCertificate', certData: admin.certPem, keyData: admin.keyPem },
    });
    const { overprivileged, user } = await preflight(client, { controls: [auditor] });
    await client.close();
    expect(user?.groups).toContain('system:masters');
    expect(overprivileged).toHaveLength(4);
  });

  it.each([
    ['a token that it never gave', 'not-a-token'],
    ['a token of the wrong shape', 'a.b.c'],
  ])('refuses %s', async (_title, wrong) => {
    const error = await failureOf(withClient((client) => preflight(client, { controls: [] }), wrong));
    expect(error.code).toBe('unauthenticated');
  });

  it('gives lists in pages that together are the whole', async () => {
    const type = { group: '', version: 'v1', resource: 'namespaces' };
    const project = (item: unknown) => (item as { metadata: { name: string } }).metadata.name;
    const [paged, whole] = await withClient(async (client) => [
      (await client.list(type, { project, limit: 2, metadataOnly: true })).items,
      (await client.list(type, { project })).items,
    ]);
    expect(paged).toEqual(whole);
    expect(paged?.length).toBeGreaterThan(4);
  });

  it('compresses large lists', async () => {
    const data = { text: 'x'.repeat(100_000) };
    for (const name of ['a', 'b', 'c', 'd']) {
      await cluster.admin.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: `big-${name}`, annotations: data },
      });
    }
    const type = { group: '', version: 'v1', resource: 'namespaces' };
    const [items, bytes] = await withClient(async (client) => {
      const answer = await client.list(type, { project: (item) => item, metadataOnly: true });
      return [answer.items, client.stats().bytes] as const;
    });
    expect(items.length).toBeGreaterThan(8);
    expect(bytes).toBeGreaterThan(400_000);
  });

  it('lists a group whose server is gone as stale, and nothing of it passes for absent', async () => {
    await cluster.admin.apply({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.fluxcd.controlplane.io' },
      spec: {
        group: 'fluxcd.controlplane.io',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'gone', namespace: 'default' },
      },
    });
    await eventually('discovery tells of it', () =>
      withClient(async (client) => {
        const { api } = await readDiscovery(client, 'v1');
        return api.stale.includes('fluxcd.controlplane.io/v1');
      }),
    );
    const { artifacts } = await collect();
    expect(artifacts.fluxInstances).toMatchObject({ state: 'unavailable', reason: 'transient' });
    expect(artifacts.kustomizations.state).toBe('collected');
  });
});
