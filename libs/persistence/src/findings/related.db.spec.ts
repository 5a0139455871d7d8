import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLUSTER_SUBJECT, type Observation, type RemoteApplyReading, type Subject, fail } from '#libs/core';
import { AuditedCluster, type Answers } from '../../../../test/support/audited-cluster.js';
import { denied, readingOf, remoteEdge } from '../../../../test/support/remote-apply-edge.js';
import { type Store, openStore } from '../../../../test/support/store.js';
import type { FindingDetail } from './finding.js';

let store: Store;
let hub: AuditedCluster;
let spoke: AuditedCluster;
let other: AuditedCluster;

const bad = (subject: Subject, reason: string): Observation =>
  fail(subject, reason, 'It is so.', { evidence: [{ pointer: '/x', observed: null, expected: 'y' }] });
const ks = (namespace: string, name = 'apps'): Subject => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  namespace,
  name,
});
const secret = (namespace: string): Subject => ({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'kubeconfig' });
const found = async (cluster: AuditedCluster, answers: Answers, remoteApplies?: RemoteApplyReading) =>
  store.audit(cluster.id, cluster.found(answers), remoteApplies ? { remoteApplies } : {});
async function detail(cluster: AuditedCluster, controlId: string, namespace?: string): Promise<FindingDetail> {
  const { items } = await store.findings.list({ limit: 50, filter: { cluster: [cluster.id], controlId: [controlId] } });
  const wanted = items.find(
    ({ subject }) => subject.name !== 'infra' && (namespace === undefined || subject.namespace === namespace),
  );
  const finding = wanted && (await store.findings.get(wanted.id));
  if (!finding) throw new Error(`${cluster.name} has no finding of ${controlId}.`);
  return finding;
}
const others = ({ related }: FindingDetail) =>
  related.findings.map(({ controlId, because, cluster }) => `${controlId} ${because} ${cluster.name}`);

beforeAll(async () => {
  store = await openStore();
  await store.tenants.create({ id: 'tnt_a', name: 'payments', displayName: 'Payments' });
  [hub, spoke, other] = [
    await AuditedCluster.register(store),
    await AuditedCluster.register(store),
    await AuditedCluster.register(store),
  ];
  await store.clusters.update(spoke.id, null, { tenantIds: ['tnt_a'] });
  await found(
    hub,
    {
      'FLUX-RA-03': [
        bad(ks(spoke.name), 'ACCESS_REVOKED'),
        bad(ks(spoke.name, 'infra'), 'ACCESS_REVOKED'),
        bad(ks(other.name), 'CREDENTIAL_MISSING'),
      ],
      'FLUX-RA-04': [bad(ks(spoke.name), 'NO_ALERT')],
      'FLUX-RA-02': [bad(secret(other.name), 'TOKEN_EXPIRED')],
      'FLUX-HC-01': [
        bad({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'flux-system', name: 'helm-controller' }, 'X'),
      ],
      'FLUX-X-09': [bad({ kind: 'Node', name: 'n1' }, 'X')],
      'FLUX-NET-01': [bad(CLUSTER_SUBJECT, 'X')],
      'FLUX-RA-05': [
        bad({ apiVersion: 'x/v1', kind: 'Alert', namespace: other.name, name: 'remote-apply' }, 'SEND_FAILED'),
        bad({ apiVersion: 'x/v1', kind: 'Provider', namespace: spoke.name, name: 'pager' }, 'X'),
      ],
    },
    readingOf(
      remoteEdge(spoke.name, { ...denied(), tenant: 'hub-side' }),
      remoteEdge(spoke.name, denied(), { name: 'infra' }),
      remoteEdge(other.name, { ...denied(false), cause: { code: 'CREDENTIAL_MISSING', message: 'm' } }),
      remoteEdge(other.name, {}, { kind: 'HelmRelease', name: 'web' }),
    ),
  );
  await found(spoke, {
    'FLUX-DED-01': [bad({ kind: 'Tenant', name: 'payments', field: 'A1 ClusterRoleBinding' }, 'ACCESS_REVOCABLE')],
    'FLUX-MT-01': [bad(ks('apps'), 'X')],
    'FLUX-X-18': [bad(ks('apps'), 'X')],
  });
});
afterAll(() => store.close());

describe('a finding on a tenant cluster', () => {
  it('names the objects of management clusters that are applied to it', async () => {
    const { related } = await detail(spoke, 'FLUX-MT-01');
    expect(related.remoteApplies).toMatchObject([
      {
        relation: 'appliesToCluster',
        cluster: { name: hub.name },
        name: 'apps',
        cause: 'ACCESS_REVOKED',
        silent: true,
      },
      { relation: 'appliesToCluster', name: 'infra' },
    ]);
    expect(related).toMatchObject({ targetClusters: [], tenants: [], findings: [], truncated: false });
  });

  it('about access names the remote applies that lost it', async () => {
    expect(others(await detail(spoke, 'FLUX-DED-01'))).toEqual([
      `FLUX-RA-03 accessOfTarget ${hub.name}`,
      `FLUX-RA-03 accessOfTarget ${hub.name}`,
    ]);
  });
});

describe('a finding on a management cluster', () => {
  it('names clusters and tenants that it reaches, and findings of the same cause', async () => {
    const finding = await detail(hub, 'FLUX-RA-03', spoke.name);
    expect(finding.related).toMatchObject({
      remoteApplies: [{ relation: 'isSubject' }],
      targetClusters: [{ id: spoke.id, name: spoke.name }],
      tenants: [
        { id: null, name: 'hub-side' },
        { id: 'tnt_a', name: 'payments' },
      ],
    });
    expect(others(finding).toSorted()).toEqual(
      [
        `FLUX-DED-01 accessOfTarget ${spoke.name}`,
        `FLUX-RA-03 sameTarget ${hub.name}`,
        `FLUX-RA-04 sameObject ${hub.name}`,
      ].toSorted(),
    );
  });

  it('about a credential names the objects that use it, and the other way round', async () => {
    const ofSecret = await detail(hub, 'FLUX-RA-02');
    expect(ofSecret.related.remoteApplies.map(({ relation, kind }) => [relation, kind])).toEqual([
      ['usesSubject', 'Kustomization'],
      ['usesSubject', 'HelmRelease'],
    ]);
    expect(others(ofSecret)).toEqual([`FLUX-RA-03 sameCredential ${hub.name}`]);
    expect(others(await detail(hub, 'FLUX-RA-03', other.name))).toEqual([`FLUX-RA-02 sameCredential ${hub.name}`]);
  });

  it.each<[string, string, string | undefined, readonly string[]]>([
    ['a controller', 'FLUX-HC-01', undefined, ['servedBySubject HelmRelease']],
    ['an Alert', 'FLUX-RA-05', 'other', ['usesSubject Kustomization', 'usesSubject HelmRelease']],
    ['a Provider', 'FLUX-RA-05', 'spoke', ['usesSubject Kustomization', 'usesSubject Kustomization']],
    ['a thing that has nothing to do with remote applies', 'FLUX-X-09', undefined, []],
  ])('about %s names what depends on it', async (_name, controlId, where, expected) => {
    const namespace = where === 'other' ? other.name : where === 'spoke' ? spoke.name : undefined;
    const { related } = await detail(hub, controlId, namespace);
    expect(related.remoteApplies.map(({ relation, kind }) => `${relation} ${kind}`)).toEqual(expected);
  });

  it('about the cluster as a whole reaches all that it applies to', async () => {
    const { related } = await detail(hub, 'FLUX-NET-01');
    expect(related.remoteApplies).toHaveLength(4);
    expect(related.targetClusters.map(({ name }) => name)).toEqual([spoke.name, other.name].toSorted());
    expect(related.findings).toEqual([]);
  });
});

it('does not name findings that are resolved, or of clusters that are gone', async () => {
  await found(spoke, { 'FLUX-DED-01': [], 'FLUX-MT-01': [], 'FLUX-X-18': [] });
  const finding = await detail(hub, 'FLUX-RA-03', spoke.name);
  expect(others(finding)).not.toContain(`FLUX-DED-01 accessOfTarget ${spoke.name}`);
  await store.clusters.delete(spoke.id, null);
  const { related } = await detail(hub, 'FLUX-RA-03', spoke.name);
  expect(related.targetClusters).toEqual([]);
});
