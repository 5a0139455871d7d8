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

describe('the life of a finding', () => {
  it('opens silently in the first run, and as news later', async () => {
    const first = cluster.found({ 'T-1': [bad('a'), good('b')] });
    const run = await store.audit(cluster.id, first);
    expect(await cluster.finding()).toMatchObject({
      state: 'open',
      baseline: true,
      occurrences: 1,
      controlId: 'T-1',
      severity: 'medium',
      firstSeenAt: first.collectedAt,
      openedRunId: run,
      stale: false,
    });
    await cluster.audit({ 'T-1': [bad('a'), bad('b')] });
    const [b, a] = await cluster.findings();
    expect([a?.occurrences, a?.baseline, b?.occurrences, b?.baseline]).toEqual([2, true, 1, false]);
    expect(await cluster.history(a)).toEqual(['opened']);
    expect(await cluster.history(b)).toEqual(['opened!']);
  });

  it('stays quiet about what a control finds that was never asked here before', async () => {
    await cluster.audit({ 'T-1': [good('a')] });
    await cluster.audit({ 'T-1': [good('a')], 'T-2': [bad('a')] });
    expect(await cluster.finding()).toMatchObject({ baseline: true });
  });

  it('tells what shows up once a permission is granted', async () => {
    await cluster.audit({ 'T-1': [good('a')], 'T-2': [unseen('a')] });
    await cluster.audit({ 'T-1': [good('a')], 'T-2': [bad('a')] });
    expect(await cluster.history()).toEqual(['opened!']);
  });

  it('resolves at once, and tells it after enough clean runs', async () => {
    await cluster.audit({ 'T-1': [bad('a'), good('b')] });
    const resolving = await cluster.audit({ 'T-1': [good('a'), good('b')] });
    const { id } = await cluster.finding();
    expect(await cluster.finding()).toMatchObject({
      state: 'resolved',
      cleanRuns: 1,
      resolvedRunId: resolving,
      resolvedReason: 'PASSES',
    });
    expect(await cluster.history()).toEqual(['opened', 'resolved']);
    const telling = await cluster.audit({ 'T-1': [good('a'), good('b')] });
    expect(await cluster.history()).toEqual(['opened', 'resolved!']);
    expect((await store.findings.changes(id)).at(-1)).toMatchObject({ runId: resolving, announcedRunId: telling });
    await cluster.audit({ 'T-1': [good('a'), good('b')] });
    expect((await cluster.finding()).cleanRuns).toBe(2);
  });

  it('says nothing about a finding that comes back before its end was told', async () => {
    await cluster.audit({ 'T-1': [bad('a')] });
    await cluster.audit({ 'T-1': [good('a')] });
    await cluster.audit({ 'T-1': [bad('a')] });
    const finding = await cluster.finding();
    expect(finding).toMatchObject({ state: 'reopened', resolvedAt: null, resolvedReason: null, cleanRuns: 0 });
    expect(await cluster.history()).toEqual(['opened', 'resolved', 'reopened']);
  });

  it('tells a finding that comes back after its end was told', async () => {
    await cluster.audit({ 'T-1': [bad('a')] });
    await cluster.audit({ 'T-1': [good('a')] });
    await cluster.audit({ 'T-1': [good('a')] });
    await cluster.audit({ 'T-1': [bad('a')] });
    expect(await cluster.history()).toEqual(['opened', 'resolved!', 'reopened!']);
  });

  it('tells a higher severity, not a lower one', async () => {
    await cluster.audit({ 'T-1': [bad('a', { severity: 'low' })] });
    await cluster.audit({ 'T-1': [bad('a', { severity: 'critical' })] });
    expect(await cluster.finding()).toMatchObject({ severity: 'critical', state: 'open', occurrences: 2 });
    await cluster.audit({ 'T-1': [bad('a', { severity: 'medium' })] });
    expect(await cluster.finding()).toMatchObject({ severity: 'medium' });
    expect(await cluster.history()).toEqual(['opened', 'escalated!']);
  });

  it.each([
    ['the control could not look', { 'T-1': [unseen('a')] }],
    ['only part of it could be looked at', { 'T-1': [good('b'), unseen('a')] }],
  ])('marks a finding stale, and never resolves it, where %s', async (_why, answers) => {
    await cluster.audit({ 'T-1': [bad('a'), good('b')] });
    for (let run = 0; run < 3; run += 1) await cluster.audit(answers);
    expect(await cluster.finding()).toMatchObject({ state: 'open', stale: true, occurrences: 1 });
    await cluster.audit({ 'T-1': [bad('a'), good('b')] });
    expect(await cluster.finding()).toMatchObject({ state: 'open', stale: false, occurrences: 2 });
    expect(await cluster.history()).toEqual(['opened']);
  });

  it('does not count a run that could not look as a clean one', async () => {
    await cluster.audit({ 'T-1': [bad('a')] });
    await cluster.audit({ 'T-1': [good('a')] });
    await cluster.audit({ 'T-1': [unseen('a')] });
    expect(await cluster.finding()).toMatchObject({ state: 'resolved', cleanRuns: 1 });
  });

  it('follows a change of reason without telling the old one as resolved', async () => {
    await cluster.audit({ 'T-1': [bad('a')] });
    const other = { ...bad('a'), reason: 'FLAG_ODD' };
    await cluster.audit({ 'T-1': [other] });
    await cluster.audit({ 'T-1': [other] });
    const byReason = new Map((await cluster.findings()).map((finding) => [finding.reason, finding]));
    expect(byReason.get('FLAG_TRUE')).toMatchObject({ state: 'resolved', cleanRuns: 2 });
    expect(await cluster.history(byReason.get('FLAG_TRUE'))).toEqual(['opened', 'resolved']);
    expect(await cluster.history(byReason.get('FLAG_ODD'))).toEqual(['opened!']);
  });

  it('does not tell what is waived, and shows it as waived', async () => {
    await cluster.audit({ 'T-1': [good('a')] });
    const waiver = await store.waivers.create({
      controlId: 'T-1',
      scope: { cluster: cluster.name },
      reason: 'Planned.',
      requestedBy: 'a',
      approver: 'b',
      expiresAt: '2999-01-01T00:00:00Z',
    });
    await cluster.audit({ 'T-1': [bad('a')] });
    expect(await cluster.finding()).toMatchObject({ state: 'open', waiver: { id: waiver.id, approver: 'b' } });
    expect(await cluster.history()).toEqual(['opened']);
    await store.waivers.revoke(waiver.id);
    expect((await cluster.finding()).waiver).toBeNull();
  });
});

describe('evidence', () => {
  it('is kept once while it says the same, whatever the object version', async () => {
    await cluster.audit({ 'T-1': [bad('a')] });
    const { evidenceId } = await cluster.finding();
    await cluster.audit({ 'T-1': [bad('a')] });
    expect((await cluster.finding()).evidenceId).toBe(evidenceId);
    const changed = bad('a');
    const evidence = changed.evidence.map((fact) => ({ ...fact, observed: '--insecure-kubeconfig-exec' }));
    await cluster.audit({ 'T-1': [{ ...changed, evidence }] });
    const now = await store.findings.get((await cluster.finding()).id);
    expect(now?.evidenceId).not.toBe(evidenceId);
    expect(now?.evidence?.body[0]?.observed).toBe('--insecure-kubeconfig-exec');
    expect(now?.evidence?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await store.findings.evidence(evidenceId ?? '')).toMatchObject({ findingId: now?.id });
  });

  it('stores what a hostile cluster sends, without characters that PostgreSQL refuses', async () => {
    const odd = 'nul \u0000, half \ud800 and <!channel> \u202e';
    const base = bad('a');
    const evidence = base.evidence.map((fact) => ({ ...fact, observed: { [odd]: odd } }));
    await cluster.audit({ 'T-1': [{ ...base, message: odd, evidence }] });
    const detail = await store.findings.get((await cluster.finding()).id);
    const kept = 'nul \ufffd, half \ufffd and <!channel> \u202e';
    expect(detail?.message).toBe(kept);
    expect(detail?.evidence?.body[0]?.observed).toEqual({ [kept]: kept });
  });
});
