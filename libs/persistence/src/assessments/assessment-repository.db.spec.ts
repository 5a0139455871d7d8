import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Assessment, type Observation, type Subject, fail, notEvaluated, pass, warn } from '#libs/core';
import { notEvaluatedAssessment } from '#libs/engine';
import { assess, profileOf, stubControl } from '../../../../test/support/control-stub.js';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
let cluster: string;
let names = 0;

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  names += 1;
  cluster = await store.register(`cluster-${names}`);
});

const deployment = (name: string): Subject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'flux-system',
  name,
});
const bad = (name: string, details: Partial<Observation> = {}): Observation => ({
  ...fail(deployment(name), 'FLAG_TRUE', `The flag is true on ${name}.`, {
    evidence: [
      {
        object: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name,
          resourceVersion: String(Math.random()),
          generation: 3,
        },
        pointer: '/spec/template/spec/containers/0/args/3',
        observed: '--insecure-kubeconfig-exec=true',
        expected: 'absent or false',
      },
    ],
    fixes: [{ form: 'steps', title: 'Remove it', content: 'Remove the flag.' }],
  }),
  ...details,
});
const good = (name: string) => pass(deployment(name), 'FLAG_FALSE', 'Fine.');
const unseen = (name: string) => notEvaluated(deployment(name), 'forbidden', 'RBAC_DENIED_READ', 'Not readable.');

let clock = Date.parse('2026-11-01T00:00:00Z');
/** An assessment of the cluster under test, an hour after the one before. */
function found(answers: Readonly<Record<string, readonly Observation[]>>): Assessment {
  clock += 3_600_000;
  return at(assess(answers, { uid: `uid-${names}` }), new Date(clock).toISOString());
}
const at = (assessment: Assessment, collectedAt: string): Assessment => ({ ...assessment, collectedAt });

function unreachable(cause: 'unreachable' | 'unauthenticated' = 'unreachable'): Assessment {
  clock += 3_600_000;
  const controls = [stubControl([], 'T-1'), stubControl([], 'T-2')];
  return notEvaluatedAssessment(
    controls,
    profileOf(controls),
    { name: `cluster-${names}`, uid: '', serverVersion: '' },
    new Date(clock).toISOString(),
    { state: 'unavailable', reason: cause, message: 'No answer', missing: [] },
  );
}

const findings = async () => (await store.findings.list({ limit: 100, filter: { cluster: [cluster] } })).items;
const history = async (id: string) =>
  (await store.findings.changes(id)).map(({ change, announced }) => `${change}${announced ? '!' : ''}`);
const clusterNow = async () => {
  const record = await store.clusters.get(cluster);
  if (!record) throw new Error('no cluster');
  return record;
};
const one = async () => {
  const [finding, ...others] = await findings();
  if (!finding || others.length > 0) throw new Error(`${others.length + 1} findings`);
  return finding;
};

describe('the life of a finding', () => {
  it('opens silently in the first run, and as news later', async () => {
    const first = found({ 'T-1': [bad('a'), good('b')] });
    const run = await store.audit(cluster, first);
    expect(await one()).toMatchObject({
      state: 'open',
      baseline: true,
      occurrences: 1,
      controlId: 'T-1',
      severity: 'medium',
      firstSeenAt: first.collectedAt,
      openedRunId: run,
      stale: false,
    });
    await store.audit(cluster, found({ 'T-1': [bad('a'), bad('b')] }));
    const [b, a] = await findings();
    expect([a?.occurrences, a?.baseline, b?.occurrences, b?.baseline]).toEqual([2, true, 1, false]);
    expect(await history(a?.id ?? '')).toEqual(['opened']);
    expect(await history(b?.id ?? '')).toEqual(['opened!']);
  });

  it('stays quiet about what a control finds that was never asked here before', async () => {
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')], 'T-2': [bad('a')] }));
    expect(await one()).toMatchObject({ baseline: true });
  });

  it('tells what shows up once a permission is granted', async () => {
    await store.audit(cluster, found({ 'T-1': [good('a')], 'T-2': [unseen('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')], 'T-2': [bad('a')] }));
    expect(await history((await one()).id)).toEqual(['opened!']);
  });

  it('resolves at once, and tells it after enough clean runs', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a'), good('b')] }));
    const resolving = await store.audit(cluster, found({ 'T-1': [good('a'), good('b')] }));
    const { id } = await one();
    expect(await one()).toMatchObject({
      state: 'resolved',
      cleanRuns: 1,
      resolvedRunId: resolving,
      resolvedReason: 'PASSES',
    });
    expect(await history(id)).toEqual(['opened', 'resolved']);
    const telling = await store.audit(cluster, found({ 'T-1': [good('a'), good('b')] }));
    expect(await history(id)).toEqual(['opened', 'resolved!']);
    expect((await store.findings.changes(id)).at(-1)).toMatchObject({ runId: resolving, announcedRunId: telling });
    await store.audit(cluster, found({ 'T-1': [good('a'), good('b')] }));
    expect((await one()).cleanRuns).toBe(2);
  });

  it('says nothing about a finding that comes back before its end was told', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    const finding = await one();
    expect(finding).toMatchObject({ state: 'reopened', resolvedAt: null, resolvedReason: null, cleanRuns: 0 });
    expect(await history(finding.id)).toEqual(['opened', 'resolved', 'reopened']);
  });

  it('tells a finding that comes back after its end was told', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    expect(await history((await one()).id)).toEqual(['opened', 'resolved!', 'reopened!']);
  });

  it('tells a higher severity, not a lower one', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a', { severity: 'low' })] }));
    await store.audit(cluster, found({ 'T-1': [bad('a', { severity: 'critical' })] }));
    expect(await one()).toMatchObject({ severity: 'critical', state: 'open', occurrences: 2 });
    await store.audit(cluster, found({ 'T-1': [bad('a', { severity: 'medium' })] }));
    expect(await one()).toMatchObject({ severity: 'medium' });
    expect(await history((await one()).id)).toEqual(['opened', 'escalated!']);
  });

  it.each([
    ['the control could not look', { 'T-1': [unseen('a')] }],
    ['only part of it could be looked at', { 'T-1': [good('b'), unseen('a')] }],
  ])('marks a finding stale, and never resolves it, where %s', async (_why, answers) => {
    await store.audit(cluster, found({ 'T-1': [bad('a'), good('b')] }));
    for (let run = 0; run < 3; run += 1) await store.audit(cluster, found(answers));
    expect(await one()).toMatchObject({ state: 'open', stale: true, occurrences: 1 });
    await store.audit(cluster, found({ 'T-1': [bad('a'), good('b')] }));
    expect(await one()).toMatchObject({ state: 'open', stale: false, occurrences: 2 });
    expect(await history((await one()).id)).toEqual(['opened']);
  });

  it('does not count a run that could not look as a clean one', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    await store.audit(cluster, found({ 'T-1': [unseen('a')] }));
    expect(await one()).toMatchObject({ state: 'resolved', cleanRuns: 1 });
  });

  it('follows a change of reason without telling the old one as resolved', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    const other = { ...bad('a'), reason: 'FLAG_ODD' };
    await store.audit(cluster, found({ 'T-1': [other] }));
    await store.audit(cluster, found({ 'T-1': [other] }));
    const byReason = new Map((await findings()).map((finding) => [finding.reason, finding]));
    expect(byReason.get('FLAG_TRUE')).toMatchObject({ state: 'resolved', cleanRuns: 2 });
    expect(await history(byReason.get('FLAG_TRUE')?.id ?? '')).toEqual(['opened', 'resolved']);
    expect(await history(byReason.get('FLAG_ODD')?.id ?? '')).toEqual(['opened!']);
  });

  it('does not tell what is waived, and shows it as waived', async () => {
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    const waiver = await store.waivers.create({
      controlId: 'T-1',
      scope: { cluster: `cluster-${names}` },
      reason: 'Planned.',
      requestedBy: 'a',
      approver: 'b',
      expiresAt: '2999-01-01T00:00:00Z',
    });
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    expect(await one()).toMatchObject({ state: 'open', waiver: { id: waiver.id, approver: 'b' } });
    expect(await history((await one()).id)).toEqual(['opened']);
    await store.waivers.revoke(waiver.id);
    expect((await one()).waiver).toBeNull();
  });
});

describe('evidence', () => {
  it('is kept once while it says the same, whatever the object version', async () => {
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    const { evidenceId } = await one();
    await store.audit(cluster, found({ 'T-1': [bad('a')] }));
    expect((await one()).evidenceId).toBe(evidenceId);
    const changed = bad('a');
    const evidence = changed.evidence.map((fact) => ({ ...fact, observed: '--insecure-kubeconfig-exec' }));
    await store.audit(cluster, found({ 'T-1': [{ ...changed, evidence }] }));
    const now = await store.findings.get((await one()).id);
    expect(now?.evidenceId).not.toBe(evidenceId);
    expect(now?.evidence?.body[0]?.observed).toBe('--insecure-kubeconfig-exec');
    expect(now?.evidence?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await store.findings.evidence(evidenceId ?? '')).toMatchObject({ findingId: now?.id });
  });

  it('stores what a hostile cluster sends, without characters that PostgreSQL refuses', async () => {
    const odd = 'nul \u0000, half \ud800 and <!channel> \u202e';
    const base = bad('a');
    const evidence = base.evidence.map((fact) => ({ ...fact, observed: { [odd]: odd } }));
    await store.audit(cluster, found({ 'T-1': [{ ...base, message: odd, evidence }] }));
    const detail = await store.findings.get((await one()).id);
    const kept = 'nul \ufffd, half \ufffd and <!channel> \u202e';
    expect(detail?.message).toBe(kept);
    expect(detail?.evidence?.body[0]?.observed).toEqual({ [kept]: kept });
  });
});

describe('results', () => {
  const timeline = async () =>
    (await store.results.timeline(cluster, { controlId: 'T-1', limit: 10 })).map(({ outcome, toAt }) => [
      outcome,
      toAt === null,
    ]);

  it('are history: a row for as long as the answer stays the same', async () => {
    const first = found({ 'T-1': [good('a')] });
    await store.audit(cluster, first);
    await store.audit(cluster, found({ 'T-1': [good('a'), good('b')] }));
    expect(await timeline()).toEqual([['pass', true]]);
    const [row] = (await store.results.list({ limit: 5, filter: { cluster: [cluster] } })).items;
    expect(row).toMatchObject({ counts: { pass: 2 }, fromAt: first.collectedAt, observations: [] });
    const failing = found({ 'T-1': [bad('a'), good('b')] });
    await store.audit(cluster, failing);
    await store.audit(cluster, unreachable());
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    expect(await timeline()).toEqual([
      ['pass', true],
      ['notEvaluated', false],
      ['fail', false],
      ['pass', false],
    ]);
  });

  it('keep what did not pass, up to a limit, and no evidence twice', async () => {
    const many = Array.from({ length: 250 }, (_, index) => bad(`d-${index}`));
    await store.audit(cluster, found({ 'T-1': [...many, good('z')] }));
    const [row] = (await store.results.list({ limit: 5, filter: { cluster: [cluster] } })).items;
    expect(row?.counts).toMatchObject({ fail: 250, pass: 1 });
    expect(row?.observations).toHaveLength(200);
    expect(JSON.stringify(row?.observations)).not.toContain('evidence');
    expect((await store.findings.list({ limit: 1, filter: { cluster: [cluster] } })).total.count).toBe(250);
  });

  it('can be listed as they stood in a run', async () => {
    const before = await store.audit(cluster, found({ 'T-1': [bad('a')], 'T-2': [good('a')] }));
    const after = await store.audit(cluster, found({ 'T-1': [good('a')], 'T-2': [good('a')] }));
    const inRun = async (runId: string) =>
      (await store.results.list({ limit: 5, filter: { runId } })).items.map(({ controlId, outcome }) => [
        controlId,
        outcome,
      ]);
    expect(await inRun(before)).toEqual([
      ['T-1', 'fail'],
      ['T-2', 'pass'],
    ]);
    expect(await inRun(after)).toEqual([
      ['T-1', 'pass'],
      ['T-2', 'pass'],
    ]);
    expect(await store.results.byControl({ cluster: [cluster] })).toEqual([
      { controlId: 'T-1', outcomes: { pass: 1 } },
      { controlId: 'T-2', outcomes: { pass: 1 } },
    ]);
  });
});

describe('sightings', () => {
  const sighting = (key: string) => ({
    ...warn(deployment(key), 'NOT_READY', 'Not ready.'),
    sightings: [`T-1/${key}`],
  });
  const known = async () => {
    const run = await store.start({ target: { clusters: [cluster] }, reason: 'look' });
    const work = await store.runs.claimTarget(await store.targetOf(run.id, cluster));
    await store.runs.cancel(run.id);
    return work?.sightings.firstSeen;
  };

  it('keep the time of the first sight, and go when they are over', async () => {
    const first = found({ 'T-1': [sighting('a'), sighting('b')] });
    await store.audit(cluster, first);
    await store.audit(cluster, found({ 'T-1': [sighting('a'), good('b')] }));
    expect(await known()).toEqual({ 'T-1/a': first.collectedAt });
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    expect(await known()).toEqual({});
  });

  it('stay while the control could not look', async () => {
    const first = found({ 'T-1': [sighting('a'), sighting('b')] });
    await store.audit(cluster, first);
    await store.audit(cluster, unreachable());
    await store.audit(cluster, found({ 'T-1': [unseen('a'), good('b')] }));
    expect(await known()).toEqual({ 'T-1/a': first.collectedAt, 'T-1/b': first.collectedAt });
  });
});

describe('the standing of a cluster', () => {
  it('is empty before the first audit', async () => {
    expect(await clusterNow()).toMatchObject({ summary: null, conditions: [], lastAuditedAt: null, clusterUid: null });
  });

  it('says what was found', async () => {
    const assessment = found({
      'T-1': [bad('a', { severity: 'critical' })],
      'T-2': [good('a')],
      'T-3': [unseen('a')],
    });
    await store.audit(cluster, assessment, {
      fluxVersion: 'v2.9.2',
      stats: { requests: 9, bytes: 100, durationMs: 5 },
    });
    const record = await clusterNow();
    expect(record).toMatchObject({
      clusterUid: `uid-${names}`,
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
    const audited = found({ 'T-1': [bad('a')], 'T-2': [good('a')] });
    await store.audit(cluster, audited);
    const first = unreachable();
    await store.audit(cluster, first);
    const second = unreachable();
    await store.audit(cluster, second, { message: 'The connection was refused.' });
    const record = await clusterNow();
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
    const next = await store.start({ target: { clusters: [cluster] } });
    expect((await store.runs.queuedTargets(next.id, null, 10)).map(({ lane }) => lane)).toEqual(['slow']);
    await store.saveAs(await store.targetOf(next.id, cluster), found({ 'T-1': [bad('a')], 'T-2': [good('a')] }));
    expect(await clusterNow()).toMatchObject({ unreachableSince: null, summary: { stale: 0 } });
  });

  it('does not call a cluster unreachable that refuses the credential', async () => {
    await store.audit(cluster, unreachable('unauthenticated'));
    const record = await clusterNow();
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
    await store.audit(
      cluster,
      found({ 'T-1': [{ ...unseen('a'), missing }], 'T-2': [good('a')], 'T-3': [{ ...unseen('b'), missing }] }),
    );
    const condition = (await clusterNow()).conditions.find(({ type }) => type === 'PermissionsSufficient');
    expect(condition).toMatchObject({ status: 'False', reason: 'RulesMissing', missing });
    expect(condition?.message).toContain('list pods in all namespaces');
  });

  it('counts controls of earlier runs that this one did not ask', async () => {
    await store.audit(cluster, found({ 'T-1': [good('a')], 'T-2': [bad('a')] }));
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    expect((await clusterNow()).summary).toMatchObject({ counts: { pass: 1, fail: 1 }, compliant: false });
    await store.audit(cluster, found({ 'T-2': [good('a')] }));
    expect((await clusterNow()).summary?.compliant).toBe(true);
  });
});

describe('identity', () => {
  it('refuses the snapshot of another cluster, and saves nothing of it', async () => {
    await store.audit(cluster, found({ 'T-1': [good('a')] }));
    const stranger = {
      ...found({ 'T-1': [bad('a')] }),
      cluster: { name: 'x', uid: 'other', serverVersion: 'v1.36.0' },
    };
    const run = await store.start({ target: { clusters: [cluster] } });
    const target = await store.targetOf(run.id, cluster);
    await expect(store.saveAs(target, stranger)).rejects.toThrow(/another cluster than the one that is registered/);
    expect(await findings()).toEqual([]);
    expect(await store.runs.counts(run.id)).toMatchObject({ running: 1, done: 0 });
  });

  it('is not pinned twice: the second registration of a cluster says so', async () => {
    const assessment = found({ 'T-1': [good('a')] });
    await store.audit(cluster, assessment);
    const twin = await store.register(`twin-${names}`);
    await store.audit(twin, at(assessment, new Date(clock + 1).toISOString()));
    const record = await store.clusters.get(twin);
    expect(record?.clusterUid).toBeNull();
    expect(record?.conditions.find(({ type }) => type === 'IdentityVerified')).toMatchObject({
      status: 'False',
      reason: 'Duplicate',
    });
  });
});

describe('order and repetition', () => {
  it('saves a target once', async () => {
    const run = await store.start({ target: { clusters: [cluster] } });
    const target = await store.targetOf(run.id, cluster);
    const assessment = found({ 'T-1': [bad('a')] });
    expect(await store.saveAs(target, assessment)).toBe('saved');
    expect(await store.saveAs(target, assessment)).toBe('alreadyDone');
    expect(await one()).toMatchObject({ occurrences: 1 });
    expect(await store.runs.get(run.id)).toMatchObject({ done: 1, state: 'completed' });
  });

  it('saves once when two workers finish at the same moment', async () => {
    const run = await store.start({ target: { clusters: [cluster] } });
    const target = await store.targetOf(run.id, cluster);
    const assessment = found({ 'T-1': [bad('a')] });
    const answers = await Promise.all([1, 2, 3].map(() => store.saveAs(target, assessment)));
    expect(answers.toSorted()).toEqual(['alreadyDone', 'alreadyDone', 'saved']);
    expect(await one()).toMatchObject({ occurrences: 1 });
  });

  it('does not let an older snapshot undo a newer one', async () => {
    const older = found({ 'T-1': [bad('a'), bad('b')] });
    const newer = found({ 'T-1': [good('a'), bad('b')] });
    const early = await store.start({ target: { clusters: [cluster] } });
    const late = await store.start({ target: { clusters: [cluster] }, profile: 'other@1' });
    await store.saveAs(await store.targetOf(late.id, cluster), newer);
    expect(await store.saveAs(await store.targetOf(early.id, cluster), older)).toBe('saved');
    expect((await findings()).map(({ subject }) => subject.name)).toEqual(['b']);
    expect(await clusterNow()).toMatchObject({ lastAttemptAt: newer.collectedAt, lastRunId: late.id });
    expect(await store.runs.get(early.id)).toMatchObject({ state: 'completed', done: 1, counts: { opened: 0 } });
  });

  it('leaves everything as it was where reconciling fails', async () => {
    const run = await store.start({ target: { clusters: [cluster] } });
    const target = await store.targetOf(run.id, cluster);
    await store.runs.claimTarget(target);
    const failing = store.assessments.save(target, found({ 'T-1': [bad('a')] }), () => {
      throw new Error('a defect');
    });
    await expect(failing).rejects.toThrow('a defect');
    expect(await findings()).toEqual([]);
    expect(await store.runs.counts(run.id)).toMatchObject({ running: 1, done: 0 });
  });

  it('changes nothing once the run is cancelled or the cluster deleted', async () => {
    const run = await store.start({ target: { clusters: [cluster] } });
    const target = await store.targetOf(run.id, cluster);
    await store.runs.claimTarget(target);
    await store.runs.cancel(run.id);
    expect(await store.saveAs(target, found({ 'T-1': [bad('a')] }))).toBe('alreadyDone');
    expect(await store.clusters.delete(cluster, null)).toBe('deleted');
    expect(await findings()).toEqual([]);
  });
});

it('attributes findings to tenants: by name from the caller, else by namespace, else to the only one', async () => {
  const tenants = await Promise.all(
    ['a', 'b'].map((name) =>
      store.tenants.create({ name: `team-${name}-${names}`, namespaces: { names: [`ns-${name}`] } }),
    ),
  );
  const [a, b] = tenants.map((tenant) => (tenant === 'nameTaken' ? '' : tenant.id));
  const inNamespace = (namespace: string, name: string) => bad(name, { subject: { ...deployment(name), namespace } });
  const assessment = found({ 'T-1': [inNamespace('ns-a', 'x'), inNamespace('ns-b', 'y'), inNamespace('other', 'z')] });
  const tenantsOf = async () =>
    Object.fromEntries((await findings()).map(({ subject, tenantId }) => [subject.name, tenantId]));

  await store.clusters.update(cluster, null, { tenantIds: [a ?? '', b ?? ''] });
  await store.audit(cluster, assessment);
  expect(await tenantsOf()).toEqual({ x: a, y: b, z: null });

  await store.clusters.update(cluster, null, { tenantIds: [b ?? ''] });
  await store.audit(cluster, found({ 'T-1': assessment.results[0]?.observations ?? [] }));
  expect(await tenantsOf()).toEqual({ x: b, y: b, z: b });
});
