import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accessRuleKey, ARTIFACT_NAMES, ARTIFACT_READS, describeAccessRule, type AccessRule } from '#libs/core';
import { kustomization } from '#libs/simulator';
import { installCrds } from '../../../../test/lab/crds.js';
import { createServiceAccount, requestToken } from '../../../../test/lab/identities.js';
import { startLab, type Lab, type RunningCluster } from '../../../../test/lab/lab.js';
import { eventually } from '../../../../test/lab/poll.js';
import { failureOf, openClient } from '../../test/hostile-cluster.js';
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
    await cluster.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    await cluster.admin.apply(kustomization({ namespace: 'team-a', name: 'app' })(Date.now()));
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
        registration: { name: 'reading' },
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
    const { sources, fluxInstances, ...rest } = artifacts;
    for (const artifact of Object.values(rest)) expect(artifact).toMatchObject({ state: 'collected' });
    expect(sources).toMatchObject({ value: { GitRepository: { state: 'collected' } } });
    // The Flux Operator is not installed here.
    expect(fluxInstances).toEqual({ state: 'collected', value: [], provenAbsent: 'apiNotServed' });
    expect(artifacts.kustomizations).toMatchObject({
      value: [{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'app' } }],
      requests: [{ path: expect.stringContaining('limit=500'), status: 200, auditId: expect.any(String) }],
    });
  });

  it.each(
    Object.entries(ARTIFACT_READS).flatMap(([name, rules]) =>
      rules.map((rule) => ({ name, rule, title: describeAccessRule(rule) })),
    ),
  )('without the right to $title says so, and reads the rest', async ({ name, rule }) => {
    await grant(ALL.filter((other) => accessRuleKey(other) !== accessRuleKey(rule)));
    const { artifacts } = await collect();
    const whole = Object.entries(artifacts).filter(([, artifact]) => artifact.state === 'unavailable');
    const parts = artifacts.sources.state === 'collected' ? Object.entries(artifacts.sources.value) : [];
    const gaps = [...whole, ...parts.filter(([, artifact]) => artifact.state === 'unavailable')];
    // What is not served needs no right: discovery proves that it is not there.
    const isServed = rule.group !== 'fluxcd.controlplane.io';
    expect(gaps.length > 0).toBe(isServed);
    for (const [, artifact] of gaps) expect(artifact).toMatchObject({ reason: 'forbidden', missing: [rule] });
    const related = { pods: ['deployments', 'configMaps'], deployments: ['configMaps'] }[name] ?? [];
    const names = gaps.map(([gap]) => gap).filter((gap) => !related.includes(gap));
    expect(names).toHaveLength(isServed ? 1 : 0);
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
