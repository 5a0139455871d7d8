import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditedCluster, bad, good, unseen } from '../../../../test/support/audited-cluster.js';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
let cluster: AuditedCluster;

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  cluster = await AuditedCluster.register(store);
});

describe('the standing of a cluster', () => {
  it('is empty before the first audit', async () => {
    expect(await cluster.record()).toMatchObject({
      summary: null,
      conditions: [],
      lastAuditedAt: null,
      clusterUid: null,
    });
  });

  it('says what was found', async () => {
    const assessment = cluster.found({
      'T-1': [bad('a', { severity: 'critical' })],
      'T-2': [good('a')],
      'T-3': [unseen('a')],
    });
    await store.audit(cluster.id, assessment, {
      fluxVersion: 'v2.9.2',
      stats: { requests: 9, bytes: 100, durationMs: 5 },
    });
    const record = await cluster.record();
    expect(record).toMatchObject({
      clusterUid: cluster.uid,
      lastAuditedAt: assessment.collectedAt,
      lastAttemptAt: assessment.collectedAt,
      fluxVersion: 'v2.9.2',
      unreachableSince: null,
      version: 1,
      summary: {
        counts: { pass: 1, fail: 1, notEvaluated: 1 },
        coverage: { evaluated: 2, applicable: 3 },
        compliant: false,
        open: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
        stale: 0,
      },
    });
    expect(Object.fromEntries(record.conditions.map(({ type, status }) => [type, status]))).toEqual({
      Reachable: 'True',
      Authenticated: 'True',
      IdentityVerified: 'True',
      PermissionsSufficient: 'True',
      FluxDetected: 'True',
      AuditFresh: 'True',
    });
  });

  it('keeps since when it is unreachable, and the time and words of the last audit', async () => {
    const audited = cluster.found({ 'T-1': [bad('a')], 'T-2': [good('a')] });
    await store.audit(cluster.id, audited);
    const first = cluster.notJudged();
    await store.audit(cluster.id, first);
    const second = cluster.notJudged();
    await store.audit(cluster.id, second, { message: 'The connection was refused.' });
    const record = await cluster.record();
    expect(record).toMatchObject({
      unreachableSince: first.collectedAt,
      lastAuditedAt: audited.collectedAt,
      lastAttemptAt: second.collectedAt,
      summary: { coverage: { ratio: 0 }, compliant: false, open: { medium: 1 }, stale: 1 },
    });
    const reachable = record.conditions.find(({ type }) => type === 'Reachable');
    expect(reachable).toMatchObject({
      status: 'False',
      reason: 'Unreachable',
      message: 'The connection was refused.',
      lastTransitionTime: first.collectedAt,
    });
    const next = await store.start({ target: { clusters: [cluster.id] } });
    expect((await store.runs.queuedTargets(next.id, null, 10)).map(({ lane }) => lane)).toEqual(['slow']);
    await store.saveAs(
      await store.targetOf(next.id, cluster.id),
      cluster.found({ 'T-1': [bad('a')], 'T-2': [good('a')] }),
    );
    expect(await cluster.record()).toMatchObject({ unreachableSince: null, summary: { stale: 0 } });
  });

  it('does not call a cluster unreachable that refuses the credential', async () => {
    await store.audit(cluster.id, cluster.notJudged('unauthenticated'));
    const record = await cluster.record();
    expect(record.unreachableSince).toBeNull();
    expect(record.conditions.map(({ type, status }) => [type, status])).toEqual([
      ['Reachable', 'True'],
      ['Authenticated', 'False'],
      ['IdentityVerified', 'Unknown'],
      ['AuditFresh', 'False'],
    ]);
  });

  it('names the missing permissions', async () => {
    const missing = [{ verb: 'list', group: '', resource: 'pods' }];
    await cluster.audit({
      'T-1': [{ ...unseen('a'), missing }],
      'T-2': [good('a')],
      'T-3': [{ ...unseen('b'), missing }],
    });
    const condition = (await cluster.record()).conditions.find(({ type }) => type === 'PermissionsSufficient');
    expect(condition).toMatchObject({ status: 'False', reason: 'RulesMissing', missing });
    expect(condition?.message).toContain('list pods in all namespaces');
  });

  it('counts controls of earlier runs that this one did not ask', async () => {
    await cluster.audit({ 'T-1': [good('a')], 'T-2': [bad('a')] });
    await cluster.audit({ 'T-1': [good('a')] });
    expect((await cluster.record()).summary).toMatchObject({ counts: { pass: 1, fail: 1 }, compliant: false });
    await cluster.audit({ 'T-2': [good('a')] });
    expect((await cluster.record()).summary?.compliant).toBe(true);
  });
});
