import { describe, expect, it } from 'vitest';
import { NO_COUNTS, type ControlResult, type NotEvaluatedCause, type Outcome } from '#libs/core';
import { coverageOf as coverageOfResults } from '#libs/engine';
import { countOutcomes, coverageOf, isComplete, isCompliant, verdictOf } from './verdicts.js';

const result = (outcome: Outcome, cause?: NotEvaluatedCause, message = `It is ${outcome}.`): ControlResult => ({
  controlId: 'T-1',
  outcome,
  reason: 'REASON',
  message,
  severity: 'medium',
  counts: NO_COUNTS,
  partial: false,
  observations: [],
  missing: [],
  sightings: [],
  ...(cause && { cause }),
});
const assessment = (...results: readonly ControlResult[]) => ({
  cluster: { name: 'a', uid: 'u', serverVersion: 'v1' },
  collectedAt: '2026-11-01T00:00:00Z',
  profile: 'test@1',
  ruleSetVersion: '1',
  results,
  coverage: { evaluated: 0, applicable: 0, ratio: 1 },
});

describe('verdictOf', () => {
  it.each<[string, readonly ControlResult[], boolean, NotEvaluatedCause | null]>([
    ['one control passed', [result('pass'), result('notEvaluated', 'forbidden')], true, null],
    ['nothing applies', [result('notApplicable')], true, null],
    ['only a person can tell', [result('manual')], true, null],
    [
      'some do not apply, and of those that do no one was judged',
      [result('notApplicable'), result('notEvaluated', 'forbidden')],
      false,
      'forbidden',
    ],
    ['no control answered', [result('notEvaluated', 'unreachable')], false, 'unreachable'],
    ['every control stopped', [result('error')], false, null],
    [
      'causes differ: the most frequent one counts',
      [result('notEvaluated', 'timeout'), result('notEvaluated', 'forbidden'), result('notEvaluated', 'forbidden')],
      false,
      'forbidden',
    ],
    ['there are no controls', [], false, null],
  ])('%s', (_what, results, evaluated, cause) => {
    expect(verdictOf(assessment(...results))).toMatchObject({ evaluated, cause });
  });

  it('takes the message of the cause', () => {
    const verdict = verdictOf(
      assessment(result('error'), result('notEvaluated', 'timeout', 'Too slow.'), result('notEvaluated', 'timeout')),
    );
    expect(verdict).toMatchObject({ message: 'Too slow.', causes: { timeout: 2 }, counts: { notEvaluated: 3 } });
  });
});

describe('coverage', () => {
  it.each<[readonly Outcome[]]>([
    [[]],
    [['pass', 'fail', 'warn', 'notEvaluated', 'error', 'manual', 'notApplicable']],
    [['notApplicable', 'manual']],
    [['notEvaluated', 'error']],
  ])('of counts is that of the results: %j', (outcomes) => {
    const results = outcomes.map((outcome) => ({ outcome }));
    expect(coverageOf(countOutcomes(results))).toEqual(coverageOfResults(results));
  });
});

describe('isCompliant', () => {
  it.each<[readonly Outcome[], boolean]>([
    [['pass'], true],
    [['pass', 'warn', 'notApplicable', 'manual'], true],
    [['notApplicable'], false],
    [['manual'], false],
    [['pass', 'fail'], false],
    [['pass', 'notEvaluated'], false],
    [['pass', 'error'], false],
    [[], false],
  ])('%j: %s', (outcomes, expected) => {
    expect(isCompliant(countOutcomes(outcomes.map((outcome) => ({ outcome }))))).toBe(expected);
  });
});

describe('isComplete', () => {
  it.each<[Partial<ControlResult>, boolean]>([
    [{ outcome: 'pass' }, true],
    [{ outcome: 'notApplicable' }, true],
    [{ outcome: 'fail', partial: true }, false],
    [{ outcome: 'warn', counts: { ...NO_COUNTS, notEvaluated: 1 } }, false],
    [{ outcome: 'notEvaluated' }, false],
    [{ outcome: 'error' }, false],
  ])('%j: %s', (details, expected) => {
    expect(isComplete({ ...result('pass'), ...details })).toBe(expected);
  });
});
