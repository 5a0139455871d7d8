import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Assessment,
  CLUSTER_SUBJECT,
  type FindingChange,
  type KnownFinding,
  type Observation,
  notApplicable,
  subjectKey,
} from '#libs/core';
import { assess } from '../../../test/support/control-stub.js';
import {
  anyObservation,
  bad,
  fine,
  manual,
  odd,
  outOfScope,
  unseen,
} from '../../../test/support/observation-arbitrary.js';
import { toFindings } from './findings.js';
import { reconcile } from './reconcile.js';

const nothing = notApplicable(CLUSTER_SUBJECT, 'NO_THING', 'Nothing.');

/** What the store knows after it applied the changes. */
function apply(known: readonly KnownFinding[], changes: readonly FindingChange[]): readonly KnownFinding[] {
  const next = new Map(known.map((finding) => [finding.fingerprint, finding]));
  for (const change of changes) {
    if (change.change === 'stale') continue;
    if (change.change === 'resolved') {
      const finding = next.get(change.fingerprint);
      if (!finding) throw new Error(`resolved what is not known: ${change.fingerprint}`);
      next.set(change.fingerprint, { ...finding, state: 'resolved' });
    } else {
      const { fingerprint, controlId, subject, severity, outcome } = change.finding;
      const state = change.change === 'reopened' ? 'reopened' : (next.get(fingerprint)?.state ?? 'open');
      next.set(fingerprint, { fingerprint, controlId, subject, severity, outcome, state });
    }
  }
  return [...next.values()];
}

const knownAfter = (...assessments: readonly Assessment[]): readonly KnownFinding[] =>
  assessments.reduce<readonly KnownFinding[]>((known, each) => apply(known, reconcile(known, each)), []);

const lines = (changes: readonly FindingChange[], known: readonly KnownFinding[]): string[] =>
  changes.map((change) => {
    if ('finding' in change) return `${change.change} ${change.finding.subject.name} ${change.finding.reason}`;
    const name = known.find(({ fingerprint }) => fingerprint === change.fingerprint)?.subject.name;
    return `${change.change} ${name}${change.change === 'resolved' ? ` ${change.reason}` : ''}`;
  });

describe('one finding', () => {
  it.each<[string, readonly Observation[], readonly Observation[], readonly string[]]>([
    ['new', [], [bad('a')], ['opened a BAD']],
    ['still there', [bad('a')], [bad('a')], ['unchanged a BAD']],
    ['fixed', [bad('a')], [fine('a')], ['resolved a PASSES']],
    ['subject deleted', [bad('a')], [fine('b')], ['resolved a SUBJECT_GONE']],
    ['subject deleted, nothing left', [bad('a')], [], ['resolved a NOT_APPLICABLE']],
    ['control does not apply any more', [bad('a')], [nothing], ['resolved a NOT_APPLICABLE']],
    ['subject out of scope', [bad('a')], [outOfScope('a'), fine('b')], ['resolved a NOT_APPLICABLE']],
    ['worse', [bad('a', 'BAD', 'low')], [bad('a', 'BAD', 'high')], ['escalated a BAD']],
    ['better', [bad('a', 'BAD', 'high')], [bad('a', 'BAD', 'low')], ['unchanged a BAD']],
    ['from warning to failure', [odd('a')], [bad('a')], ['escalated a BAD']],
    ['from failure to warning', [bad('a')], [odd('a')], ['unchanged a BAD']],
    ['another reason', [bad('a')], [bad('a', 'WORSE')], ['opened a WORSE', 'resolved a REASON_CHANGED']],
    ['one more reason', [bad('a')], [bad('a'), bad('a', 'WORSE')], ['unchanged a BAD', 'opened a WORSE']],
    ['subject unreadable', [bad('a')], [unseen('a')], ['stale a']],
    ['subject partly unreadable', [bad('a')], [unseen('a'), fine('a')], ['stale a']],
    [
      'subject partly unreadable, other reason',
      [bad('a')],
      [unseen('a'), bad('a', 'WORSE')],
      ['opened a WORSE', 'stale a'],
    ],
    ['needs a person now', [bad('a')], [manual('a')], ['stale a']],
    ['another subject unreadable, this one fine', [bad('a')], [fine('a'), unseen('b')], ['resolved a PASSES']],
    [
      'another subject unreadable, this one out of scope',
      [bad('a')],
      [outOfScope('a'), unseen('b')],
      ['resolved a NOT_APPLICABLE'],
    ],
    ['another subject unreadable, this one not listed', [bad('a')], [fine('c'), unseen('b')], ['stale a']],
    ['partial failure, this one not listed', [bad('a')], [bad('c'), unseen('b')], ['opened c BAD', 'stale a']],
    ['partial failure, nothing applies but one is unreadable', [bad('a')], [nothing, unseen('b')], ['stale a']],
  ])('%s', (_state, before, after, expected) => {
    const known = knownAfter(assess({ 'T-1': before }));
    expect(lines(reconcile(known, assess({ 'T-1': after })), known).toSorted()).toEqual(expected.toSorted());
  });

  it('is reopened when it comes back, and stays resolved otherwise', () => {
    const [with_, without] = [assess({ 'T-1': [bad('a')] }), assess({ 'T-1': [fine('a')] })];
    const resolved = knownAfter(with_, without);
    expect(reconcile(resolved, without)).toEqual([]);
    expect(lines(reconcile(resolved, with_), resolved)).toEqual(['reopened a BAD']);
    const back = knownAfter(with_, without, with_);
    expect(lines(reconcile(back, with_), back)).toEqual(['unchanged a BAD']);
    expect(lines(reconcile(back, without), back)).toEqual(['resolved a PASSES']);
  });

  it('stays where its control was not run', () => {
    const known = knownAfter(assess({ 'T-1': [bad('a')], 'T-2': [bad('b')] }));
    expect(lines(reconcile(known, assess({ 'T-2': [fine('b')] })), known)).toEqual(['resolved b PASSES']);
  });

  it('is stale where its control stopped with an error', () => {
    const known = knownAfter(assess({ 'T-1': [bad('a')] }));
    const broken = assess({
      'T-1': () => {
        throw new Error('defect');
      },
    });
    expect(lines(reconcile(known, broken), known)).toEqual(['stale a']);
  });

  it.each(['forbidden', 'unreachable', 'transient', 'identityMismatch'] as const)(
    'is stale where the artifact is %s',
    (reason) => {
      const known = knownAfter(assess({ 'T-1': [bad('a')] }));
      const blind = assess({ 'T-1': [fine('a')] }, { unavailable: { namespaces: reason } });
      expect(lines(reconcile(known, blind), known)).toEqual(['stale a']);
    },
  );

  it('belongs to one cluster: another identity shares nothing', () => {
    const known = knownAfter(assess({ 'T-1': [bad('a')] }, { uid: 'one' }));
    const changes = reconcile(known, assess({ 'T-1': [bad('a')] }, { uid: 'two' }));
    expect(lines(changes, known)).toEqual(['opened a BAD', 'resolved a REASON_CHANGED']);
  });
});

describe('for any answers', () => {
  const answers = fc.record({
    'T-1': fc.array(anyObservation, { maxLength: 6 }),
    'T-2': fc.array(anyObservation, { maxLength: 3 }),
  });
  const assessment = answers.map((each) => assess(each));
  const history = fc.array(assessment, { minLength: 1, maxLength: 3 }).map((all) => knownAfter(...all));
  const open = (known: readonly KnownFinding[]) => known.filter(({ state }) => state !== 'resolved');
  const prints = (items: readonly { readonly fingerprint: string }[]) =>
    items.map((each) => each.fingerprint).toSorted();

  it('a second time changes nothing', () => {
    fc.assert(
      fc.property(history, assessment, (known, next) => {
        const after = apply(known, reconcile(known, next));
        const again = reconcile(after, next);
        expect(again.every(({ change }) => change === 'unchanged' || change === 'stale')).toBe(true);
        expect(apply(after, again)).toEqual(after);
      }),
    );
  });

  it('the order of what is known and of what was answered does not matter', () => {
    fc.assert(
      fc.property(history, answers, (known, given) => {
        const forward = reconcile(known, assess(given));
        const backward = reconcile(
          known.toReversed(),
          assess({ 'T-2': given['T-2'].toReversed(), 'T-1': given['T-1'].toReversed() }),
        );
        const sorted = (changes: readonly FindingChange[]) => changes.map((each) => JSON.stringify(each)).toSorted();
        expect(sorted(backward)).toEqual(sorted(forward));
      }),
    );
  });

  it('nothing is resolved where its subject was not judged', () => {
    fc.assert(
      fc.property(history, assessment, (known, next) => {
        for (const change of reconcile(known, next)) {
          if (change.change !== 'resolved') continue;
          const finding = known.find(({ fingerprint }) => fingerprint === change.fingerprint);
          const result = next.results.find(({ controlId }) => controlId === finding?.controlId);
          const outcomes = result?.observations
            .filter((each) => finding && subjectKey(each.subject) === subjectKey(finding.subject))
            .map(({ outcome }) => outcome);
          expect(outcomes).not.toContain('notEvaluated');
          expect(result?.counts.notEvaluated === 0 || outcomes?.length !== 0).toBe(true);
        }
      }),
    );
  });

  it('nothing is resolved by a cluster that could not be read', () => {
    fc.assert(
      fc.property(history, answers, (known, given) => {
        const changes = reconcile(known, assess(given, { unavailable: { namespaces: 'unreachable' } }));
        expect(changes).toEqual(open(known).map(({ fingerprint }) => ({ change: 'stale', fingerprint })));
      }),
    );
  });

  it('what is open afterwards is what fails now, and what could not be judged', () => {
    fc.assert(
      fc.property(history, assessment, (known, next) => {
        const changes = reconcile(known, next);
        const stale = changes.filter((each) => each.change === 'stale');
        expect(prints(open(apply(known, changes)))).toEqual(prints([...toFindings(next), ...stale]));
      }),
    );
  });
});
