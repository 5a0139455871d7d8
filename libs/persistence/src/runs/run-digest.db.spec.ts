import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Assessment, type Observation, fail, hasNews, notEvaluated, pass } from '#libs/core';
import { notEvaluatedAssessment } from '#libs/engine';
import { assess, profileOf, stubControl } from '../../../../test/support/control-stub.js';
import { type Store, openStore } from '../../../../test/support/store.js';

let store: Store;
let hour = 0;
const ids = new Map<string, string>();

beforeAll(async () => {
  store = await openStore();
  const created = await store.tenants.create({ name: 'payments' });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    const tenantIds = name === 'a' && created !== 'nameTaken' ? [created.id] : [];
    ids.set(name, await store.register(name, { tenantIds }));
  }
});
afterAll(() => store.close());

const evidence = [{ pointer: '/spec', observed: true, expected: 'false' }] as const;
const subject = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'x', name });
const bad = (name: string, severity: 'critical' | 'high' | 'low' = 'high'): Observation =>
  fail(subject(name), 'BAD', `${name} is bad.`, { severity, evidence });
const good = (name: string): Observation => pass(subject(name), 'FINE', 'Fine.');
const unseen = notEvaluated(subject('u'), 'forbidden', 'RBAC_DENIED_READ', 'Not readable.');

type Found = readonly Observation[] | Readonly<Record<string, readonly Observation[]>> | 'unreachable';

function assessmentOf(name: string, found: Found): Assessment {
  const at = new Date(Date.parse('2026-11-01T00:00:00Z') + hour * 3_600_000).toISOString();
  if (found !== 'unreachable') {
    const answers = Array.isArray(found)
      ? { 'T-1': found }
      : (found as Readonly<Record<string, readonly Observation[]>>);
    return { ...assess(answers, { uid: `uid-${name}` }), collectedAt: at };
  }
  const controls = [stubControl([], 'T-1')];
  return notEvaluatedAssessment(controls, profileOf(controls), { name, uid: '', serverVersion: '' }, at, {
    state: 'unavailable',
    reason: 'unreachable',
    message: 'No answer',
    missing: [],
  });
}

async function run(fleet: Readonly<Record<string, Found>>) {
  hour += 1;
  const started = await store.start({ target: { clusters: Object.keys(fleet) } });
  expect(await store.runs.digest(started.id, String)).toBeNull();
  for (const [name, found] of Object.entries(fleet)) {
    const target = await store.targetOf(started.id, ids.get(name) ?? '');
    await store.saveAs(target, assessmentOf(name, found), { message: 'The connection was refused.' });
  }
  const digest = await store.runs.digest(started.id, (id) => `Title of ${id}`);
  if (!digest) throw new Error('no digest');
  return { id: started.id, digest };
}

it('tells a first run in counts alone', async () => {
  const { id, digest } = await run({ a: [bad('x'), bad('y', 'critical')], b: [good('x')], c: 'unreachable' });
  expect(digest).toEqual({
    runId: id,
    profile: 'test@1',
    trigger: 'api',
    finishedAt: expect.any(String),
    baseline: true,
    clusters: { total: 3, evaluated: 2, notEvaluated: 1, lost: 0, regained: 0 },
    coverage: expect.closeTo(2 / 3),
    compliant: { now: 1, before: null },
    open: { critical: 1, high: 1, medium: 0, low: 0, info: 0 },
    baselineFindings: 2,
    opened: [],
    reopened: [],
    escalated: [],
    resolved: [],
    openedCount: 0,
    reopenedCount: 0,
    escalatedCount: 0,
    resolvedCount: 0,
    blindSpots: [
      { cause: 'unreachable', controls: 0, clusters: ['c'], clusterCount: 1, message: 'The connection was refused.' },
    ],
  });
  expect(hasNews(digest)).toBe(true);
});

it('has no news where nothing changed', async () => {
  const { digest } = await run({ a: [bad('x'), bad('y', 'critical')], b: [good('x')] });
  expect(hasNews(digest)).toBe(false);
  expect(digest).toMatchObject({ baseline: false, compliant: { now: 1, before: 1 }, open: { critical: 1, high: 1 } });
});

it('has news where a cluster can no longer be judged, and where it can again, but not while it stays away', async () => {
  const known = [bad('x'), bad('y', 'critical')];
  const lost = await run({ a: 'unreachable', b: [good('x')] });
  expect(lost.digest).toMatchObject({
    clusters: { evaluated: 1, notEvaluated: 1, lost: 1, regained: 0 },
    openedCount: 0,
  });
  expect(hasNews(lost.digest)).toBe(true);
  const away = await run({ a: 'unreachable', b: [good('x')] });
  expect(away.digest.clusters).toMatchObject({ notEvaluated: 1, lost: 0, regained: 0 });
  expect(hasNews(away.digest)).toBe(false);
  const back = await run({ a: known, b: [good('x')] });
  expect(back.digest).toMatchObject({ clusters: { lost: 0, regained: 1 }, openedCount: 0 });
  expect(hasNews(back.digest)).toBe(true);
});

it('groups the same change on several clusters into one line, worst first', async () => {
  await run({ d: [good('x')], e: [good('x')], f: [good('x')], g: [good('x')] });
  const { digest } = await run({
    a: [bad('x'), bad('y', 'critical'), bad('new', 'low')],
    b: [bad('x'), bad('z', 'critical')],
    d: [bad('x')],
    e: [bad('x')],
    f: [bad('x')],
    g: [bad('x')],
  });
  expect(digest.openedCount).toBe(7);
  expect(digest.opened).toEqual([
    {
      findingId: expect.stringMatching(/^fnd_/),
      controlId: 'T-1',
      title: 'Title of T-1',
      severity: 'critical',
      clusters: ['b', 'd', 'e', 'f', 'g'],
      clusterCount: 5,
      message: 'z is bad.',
    },
    expect.objectContaining({ severity: 'low', clusters: ['a'], clusterCount: 1, tenant: 'payments' }),
  ]);
  expect(digest).toMatchObject({ baselineFindings: 0, compliant: { now: 0, before: 5 } });
});

it('tells escalations, resolutions once confirmed, returns, and controls that could not be judged', async () => {
  const first = await run({
    a: [bad('x', 'critical'), good('y'), good('new')],
    b: { 'T-1': [unseen, good('x')], 'T-2': [good('x')] },
  });
  expect(first.digest).toMatchObject({ escalatedCount: 1, resolvedCount: 0, openedCount: 0 });
  expect(first.digest.escalated[0]).toMatchObject({ severity: 'critical', message: 'x is bad.' });
  expect(first.digest.blindSpots).toEqual([
    {
      cause: 'forbidden',
      controls: 1,
      clusters: ['b'],
      clusterCount: 1,
      message: expect.stringContaining('Not readable.'),
    },
  ]);
  const second = await run({ a: [bad('x', 'critical'), good('y'), good('new')] });
  expect(second.digest).toMatchObject({ escalatedCount: 0, resolvedCount: 2 });
  expect(second.digest.resolved[0]).toMatchObject({ severity: 'critical', clusterCount: 1 });
  const third = await run({ a: [bad('x', 'critical'), bad('y', 'critical'), good('new')] });
  expect(third.digest).toMatchObject({ reopenedCount: 1, resolvedCount: 0 });
  // What a run told does not change with later ones.
  expect(await store.runs.digest(second.id, String)).toMatchObject({ resolvedCount: 2, reopenedCount: 0 });
});

it('does not exist for a run that was cancelled', async () => {
  const started = await store.start({ target: { clusters: ['a'] } });
  await store.runs.cancel(started.id);
  expect(await store.runs.digest(started.id, String)).toBeNull();
});
