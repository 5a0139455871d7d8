import { describe, expect, it } from 'vitest';
import type { Finding, FindingChange } from '#libs/core';
import { planFindings, type PlanContext, type StoredFinding } from './plan-findings.js';

const FINDING: Finding = {
  fingerprint: 'f1',
  controlId: 'T-1',
  subject: { kind: 'Thing', name: 'x' },
  outcome: 'fail',
  severity: 'high',
  confidence: 'proven',
  reason: 'BAD',
  message: 'Bad.',
  evidence: [{ pointer: '/a', observed: 1, expected: '2' }],
  fixes: [],
};
const CONTEXT: PlanContext = {
  runId: 'run_1',
  baseline: false,
  controlsBefore: new Set(['T-1']),
  completeControls: new Set(['T-1']),
  resolveAfterRuns: 3,
  tenantIdOf: () => null,
};

const plan = (
  stored: readonly StoredFinding[],
  changes: readonly FindingChange[],
  context: Partial<PlanContext> = {},
) => planFindings(stored, { changes }, { ...CONTEXT, ...context });

/** The finding as the store holds it after it was opened. */
function stored(details: Partial<StoredFinding> = {}): StoredFinding {
  const opened = plan([], [{ change: 'opened', finding: FINDING }]);
  const [written] = opened.written;
  if (!written) throw new Error('nothing was written');
  return {
    ...FINDING,
    state: 'open',
    id: written.id,
    cleanRuns: 0,
    waiverId: null,
    resolvedReason: null,
    contentSha256: written.contentSha256,
    evidenceId: written.evidenceId,
    evidenceContentSha256: opened.evidence[0]?.contentSha256 ?? null,
    ...details,
  };
}

describe('a finding that is there again', () => {
  it.each<[string, Partial<Finding>, 'seenAgain' | 'written']>([
    ['as it was', {}, 'seenAgain'],
    ['with other words', { message: 'Worse.' }, 'written'],
    ['with other evidence', { evidence: [{ pointer: '/a', observed: 3, expected: '2' }] }, 'written'],
    ['of another uid', { subject: { kind: 'Thing', name: 'x', uid: 'u2' } }, 'written'],
    ['with another fix', { fixes: [{ form: 'steps', title: 'Do', content: 'it' }] }, 'written'],
  ])('%s', (_what, details, expected) => {
    const known = stored();
    const planned = plan([known], [{ change: 'unchanged', finding: { ...FINDING, ...details } }]);
    expect(planned.seenAgain).toEqual(expected === 'seenAgain' ? [known.id] : []);
    expect(planned.written.map(({ id }) => id)).toEqual(expected === 'written' ? [known.id] : []);
    expect(planned.changes).toEqual([]);
    expect(planned.evidence).toHaveLength(details.evidence ? 1 : 0);
    expect(planned.written[0]?.evidenceId).toBe(
      expected === 'written' ? (planned.evidence[0]?.id ?? known.evidenceId) : undefined,
    );
  });
});

describe('the end of a finding', () => {
  it.each([
    [1, []],
    [2, ['told']],
    [3, []],
  ])('after %i clean runs before this one, of three that are needed', (cleanRuns, told) => {
    const known = stored({ state: 'resolved', cleanRuns, resolvedReason: 'PASSES' });
    const planned = plan([known], []);
    expect(planned.cleanAgain).toEqual(cleanRuns < 3 ? [known.id] : []);
    expect(planned.announceResolved).toEqual(told.map(() => known.id));
  });

  it.each<[string, Partial<StoredFinding>]>([
    ['was waived', { waiverId: 'wvr_1' }],
    ['fails for another reason', { resolvedReason: 'REASON_CHANGED' }],
  ])('is never told where it %s', (_what, details) => {
    const known = stored({ state: 'resolved', cleanRuns: 2, resolvedReason: 'PASSES', ...details });
    expect(plan([known], []).announceResolved).toEqual([]);
  });

  it('is told at once where one run is enough', () => {
    const known = stored();
    const resolved: FindingChange = { change: 'resolved', fingerprint: 'f1', reason: 'PASSES' };
    expect(plan([known], [resolved], { resolveAfterRuns: 1 }).changes).toMatchObject([{ announced: true }]);
    expect(plan([known], [resolved]).changes).toMatchObject([{ announced: false }]);
    expect(plan([known], [resolved]).resolved).toEqual([{ id: known.id, reason: 'PASSES' }]);
  });
});

describe('a change that does not fit what is stored', () => {
  it.each<[string, FindingChange, Partial<StoredFinding> | null, string | undefined]>([
    ['opened, but known and open', { change: 'opened', finding: FINDING }, {}, undefined],
    ['opened, but known and resolved', { change: 'opened', finding: FINDING }, { state: 'resolved' }, 'reopened'],
    ['unchanged, but unknown', { change: 'unchanged', finding: FINDING }, null, 'opened'],
    ['escalated, but unknown', { change: 'escalated', finding: FINDING }, null, 'opened'],
    ['resolved, but unknown', { change: 'resolved', fingerprint: 'f1', reason: 'PASSES' }, null, undefined],
    ['stale, but resolved', { change: 'stale', fingerprint: 'f1' }, { state: 'resolved' }, undefined],
  ])('%s', (_what, change, known, written) => {
    const planned = plan(known ? [stored(known)] : [], [change]);
    expect(planned.changes.map((one) => one.change)).toEqual(written ? [written] : []);
    expect([planned.resolved, planned.stale]).toEqual([[], []]);
  });

  it('counts once what is named twice', () => {
    const change: FindingChange = { change: 'opened', finding: FINDING };
    expect(plan([], [change, change]).written).toHaveLength(1);
  });
});
