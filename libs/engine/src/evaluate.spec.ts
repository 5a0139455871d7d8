import { describe, expect, it } from 'vitest';
import {
  CLUSTER_SUBJECT,
  type Observation,
  type Severity,
  type UnavailableReason,
  causeOfUnavailable,
  codeOfUnavailable,
  defineControl,
  fail,
  notApplicable,
  notEvaluated,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { evaluate } from './evaluate.js';
import { notEvaluatedAssessment } from './not-evaluated.js';
import { profileOf, stubControl as control } from '../../../test/support/control-stub.js';
import { snapshotOf } from '../../../test/support/snapshot-of.js';

const subject = (name: string) => ({ kind: 'Thing', namespace: 'apps', name });
const evidence = [{ pointer: '/spec', observed: true, expected: 'false' }] as const;
const RULE = { verb: 'list', group: '', resource: 'pods' };

function resultOf(observations: readonly Observation[], overrides?: Readonly<Record<string, Severity>>) {
  const one = control(observations);
  const [result] = evaluate([one], profileOf([one], overrides), snapshotOf()).results;
  if (!result) throw new Error('no result');
  return result;
}

const PASS = pass(subject('pass'), 'FINE', 'Fine.');
const FAIL = fail(subject('fail'), 'BAD', 'Bad.', { evidence });
const WARN = warn(subject('warn'), 'HM', 'Hm.');
const ABSENT = notApplicable(CLUSTER_SUBJECT, 'NO_THING', 'Nothing.');
const UNSEEN = notEvaluated(subject('unseen'), 'forbidden', 'RBAC_DENIED_READ', 'Unseen.', { missing: [RULE] });
const MANUAL: Observation = { ...PASS, outcome: 'manual', reason: 'ATTEST', subject: subject('manual') };

describe('roll-up', () => {
  it.each([
    [[], 'notApplicable', 'NO_SUBJECT'],
    [[ABSENT], 'notApplicable', 'NO_THING'],
    [[PASS, ABSENT], 'pass', 'FINE'],
    [[PASS, MANUAL], 'manual', 'ATTEST'],
    [[PASS, MANUAL, WARN], 'warn', 'HM'],
    [[PASS, WARN, UNSEEN], 'notEvaluated', 'RBAC_DENIED_READ'],
    [[PASS, UNSEEN, FAIL, WARN], 'fail', 'BAD'],
  ] as const)('%#: the worst outcome decides', (observations, outcome, reason) => {
    expect(resultOf(observations)).toMatchObject({ outcome, reason });
    expect(resultOf(observations.toReversed())).toEqual(resultOf(observations));
  });

  it('is partial where a failure hides what could not be judged', () => {
    expect(resultOf([FAIL, UNSEEN])).toMatchObject({
      partial: true,
      missing: [RULE],
      counts: { fail: 1, notEvaluated: 1 },
    });
    expect(resultOf([FAIL]).partial).toBe(false);
    expect(resultOf([UNSEEN, PASS])).toMatchObject({ partial: false, cause: 'forbidden' });
    expect(resultOf([FAIL, UNSEEN])).not.toHaveProperty('cause');
  });

  it('takes the worst severity among the failing observations', () => {
    const critical = { ...FAIL, subject: subject('z'), severity: 'critical' } as const;
    const info = { ...FAIL, severity: 'info' } as const;
    expect(resultOf([info]).severity).toBe('info');
    expect(resultOf([info, FAIL]).severity).toBe('medium');
    expect(resultOf([info, critical, FAIL])).toMatchObject({ severity: 'critical', counts: { fail: 3 } });
    expect(resultOf([{ ...WARN, severity: 'critical' }, info]).severity).toBe('info');
    expect(resultOf([{ ...PASS, severity: 'critical' }]).severity).toBe('medium');
  });

  it('lets a profile override every severity of a control', () => {
    const result = resultOf([{ ...FAIL, severity: 'critical' }, WARN], { 'T-1': 'low', 'T-2': 'critical' });
    expect(result.severity).toBe('low');
    expect(result.observations.map(({ severity }) => severity)).toEqual(['low', 'low']);
  });

  it('joins sightings and missing permissions without repeating them', () => {
    const sighted = { ...UNSEEN, sightings: ['T-1/b', 'T-1/a'] };
    const result = resultOf([sighted, { ...sighted, subject: subject('other') }]);
    expect(result.sightings).toEqual(['T-1/a', 'T-1/b']);
    expect(result.missing).toEqual([RULE]);
  });
});

describe('artifacts', () => {
  const seen: unknown[] = [];
  const { evaluate: _, requires: _requires, ...texts } = control([], 'T-9');
  const reader = defineControl({
    ...texts,
    requires: ['namespaces'],
    optional: ['pods'],
    evaluate: (artifacts) => {
      seen.push(artifacts);
      return artifacts.namespaces.map((namespace) => pass(subjectOf(namespace), 'SEEN', 'Seen.'));
    },
  });

  it('hands in what is declared and nothing else', () => {
    seen.length = 0;
    evaluate(
      [reader],
      profileOf([reader]),
      snapshotOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}', { unavailable: { pods: 'forbidden' } }),
    );
    expect(seen).toEqual([
      { namespaces: [expect.anything()], pods: expect.objectContaining({ state: 'unavailable' }) },
    ]);
  });

  const REASONS: readonly UnavailableReason[] = [
    'forbidden',
    'unauthenticated',
    'unreachable',
    'timeout',
    'transient',
    'incompleteList',
    'budgetExceeded',
    'malformed',
    'identityMismatch',
    'notCollected',
  ];
  it.each(REASONS)('answers notEvaluated where a required one is missing: %s', (reason) => {
    seen.length = 0;
    const assessment = evaluate([reader], profileOf([reader]), snapshotOf([], { unavailable: { namespaces: reason } }));
    expect(seen).toEqual([]);
    expect(assessment.results[0]).toMatchObject({
      outcome: 'notEvaluated',
      cause: causeOfUnavailable(reason),
      reason: codeOfUnavailable(reason),
      missing: reason === 'forbidden' ? [{ resource: 'namespaces' }] : [],
      message: expect.stringMatching(
        /^This control was not evaluated because the namespaces could not be read\. .+\.$/,
      ),
    });
    expect(assessment.coverage).toEqual({ evaluated: 0, applicable: 1, ratio: 0 });
  });

  it('keeps earlier sightings of a control that could not look', () => {
    const history = { 'T-9/failing/a': '2026-10-01T00:00:00Z', 'T-90/failing/a': '2026-10-01T00:00:00Z' };
    const blind = snapshotOf([], { unavailable: { namespaces: 'timeout' }, sightings: history });
    expect(evaluate([reader], profileOf([reader]), blind).results[0]?.sightings).toEqual(['T-9/failing/a']);
    const seeing = snapshotOf([], { sightings: history });
    expect(evaluate([reader], profileOf([reader]), seeing).results[0]?.sightings).toEqual([]);
  });
});

describe('a control that throws', () => {
  const broken = control(() => {
    throw new TypeError('value s3cret-in-an-object is odd');
  }, 'T-2');

  it('is an error for that control alone, without the text of the exception', () => {
    const good = control([PASS]);
    const { results, coverage } = evaluate([broken, good], profileOf([broken, good]), snapshotOf());
    expect(results.map(({ outcome }) => outcome)).toEqual(['error', 'pass']);
    expect(results[0]?.message).toMatch(/TypeError at evaluate\.spec\.ts:\d+/);
    expect(JSON.stringify(results)).not.toContain('s3cret');
    expect(coverage).toEqual({ evaluated: 1, applicable: 2, ratio: 0.5 });
  });

  it('is an error also where it throws something else', () => {
    const odd = control(() => {
      // oxlint-disable-next-line no-throw-literal
      throw 'text';
    });
    expect(evaluate([odd], profileOf([odd]), snapshotOf()).results[0]).toMatchObject({
      outcome: 'error',
      reason: 'CONTROL_ERROR',
    });
  });
});

describe('a profile', () => {
  it('chooses and orders the controls', () => {
    const [one, two, three] = [control([PASS], 'T-1'), control([FAIL], 'T-2'), control([WARN], 'T-3')];
    const assessment = evaluate([one, two, three], profileOf([three, one]), snapshotOf());
    expect(assessment.results.map(({ controlId }) => controlId)).toEqual(['T-3', 'T-1']);
    expect(assessment).toMatchObject({ profile: 'test@1', ruleSetVersion: '7', cluster: { name: 'test' } });
  });

  it('may not name a control that does not exist', () => {
    expect(() => evaluate([], profileOf([control([], 'T-404')]), snapshotOf())).toThrow(/T-404/);
  });
});

it('judges nothing where the cluster could not be read', () => {
  const controls = [control([PASS], 'T-1'), control([ABSENT], 'T-2')];
  const assessment = notEvaluatedAssessment(
    controls,
    profileOf(controls),
    { name: 'a', uid: '', serverVersion: '' },
    '2026-11-01T00:00:00Z',
    {
      state: 'unavailable',
      reason: 'unreachable',
      message: 'No answer from the API server',
      missing: [],
    },
  );
  expect(assessment.results).toHaveLength(2);
  for (const result of assessment.results) {
    expect(result).toMatchObject({ outcome: 'notEvaluated', cause: 'unreachable', reason: 'UNREACHABLE' });
    expect(result.message).toContain('No answer from the API server. ');
  }
  expect(assessment.coverage.ratio).toBe(0);
});
