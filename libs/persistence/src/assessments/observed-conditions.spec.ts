import { describe, expect, it } from 'vitest';
import { NO_COUNTS, type Assessment, type ControlResult, type NotEvaluatedCause } from '#libs/core';
import { observedConditions } from './observed-conditions.js';
import { verdictOf } from './verdicts.js';

const RESULT: ControlResult = {
  controlId: 'T-1',
  outcome: 'pass',
  reason: 'FINE',
  message: 'Fine.',
  severity: 'medium',
  counts: NO_COUNTS,
  partial: false,
  observations: [],
  missing: [],
  sightings: [],
};

function assessmentOf(...results: readonly Partial<ControlResult>[]): Assessment {
  return {
    cluster: { name: 'a', uid: 'u', serverVersion: 'v1.36.0' },
    collectedAt: '2026-11-01T00:00:00Z',
    profile: 'test@1',
    ruleSetVersion: '1',
    results: results.map((result) => ({ ...RESULT, ...result })),
    coverage: { evaluated: 0, applicable: 0, ratio: 1 },
  };
}

function observe(assessment: Assessment, ...rest: [facts?: object, pin?: 'same' | 'duplicate']) {
  return observedConditions(assessment, verdictOf(assessment), rest[0] ?? {}, rest[1] ?? 'same');
}
const statuses = (assessment: Assessment, ...rest: [facts?: object, pin?: 'same' | 'duplicate']) =>
  observe(assessment, ...rest).map(({ type, status }) => `${type}:${status}`);

describe('an audit that judged nothing', () => {
  it.each<[NotEvaluatedCause, readonly string[]]>([
    ['unreachable', ['Reachable:False', 'Authenticated:Unknown', 'IdentityVerified:Unknown']],
    ['timeout', ['Reachable:False', 'Authenticated:Unknown', 'IdentityVerified:Unknown']],
    ['transient', ['Reachable:Unknown', 'Authenticated:Unknown', 'IdentityVerified:Unknown']],
    ['notCollected', ['Reachable:Unknown', 'Authenticated:Unknown', 'IdentityVerified:Unknown']],
    ['unauthenticated', ['Reachable:True', 'Authenticated:False', 'IdentityVerified:Unknown']],
    ['identityMismatch', ['Reachable:True', 'Authenticated:True', 'IdentityVerified:False']],
    ['forbidden', ['Reachable:True', 'Authenticated:True', 'IdentityVerified:Unknown']],
  ])('because of %s', (cause, expected) => {
    const assessment = assessmentOf({ outcome: 'notEvaluated', cause, message: 'Words for people.' });
    expect(statuses(assessment)).toEqual([...expected, 'AuditFresh:False']);
    const failed = observe(assessment).filter(({ status }) => status !== 'True');
    expect(new Set(failed.map(({ message }) => message))).toEqual(new Set(['Words for people.']));
    expect(failed[0]?.reason).toBe(cause.charAt(0).toUpperCase() + cause.slice(1));
  });
});

describe('an audit that judged something', () => {
  const ACCESS = ['Reachable:True', 'Authenticated:True', 'IdentityVerified:True', 'PermissionsSufficient:True'];

  it('shows that the cluster can be read', () => {
    expect(statuses(assessmentOf({}))).toEqual([...ACCESS, 'AuditFresh:True']);
  });

  it.each<[object, readonly string[]]>([
    [{ fluxVersion: 'v2.9.2' }, ['FluxDetected:True']],
    [{ fluxVersion: null }, ['FluxDetected:False']],
    [{ fluxVersion: null, fluxDetected: true }, ['FluxDetected:True']],
    [{ fluxDetected: false }, ['FluxDetected:False']],
    [{}, []],
  ])('tells of Flux what is known: %j', (facts, flux) => {
    expect(statuses(assessmentOf({}), facts)).toEqual([...ACCESS, ...flux, 'AuditFresh:True']);
  });

  it('does not verify an identity that two registrations claim', () => {
    expect(statuses(assessmentOf({}), {}, 'duplicate')).toContain('IdentityVerified:False');
  });

  it('lists each missing permission once, and says how many more there are', () => {
    const rules = Array.from({ length: 12 }, (_, index) => ({ verb: 'list', group: 'g', resource: `r${index + 10}` }));
    const condition = observe(assessmentOf({ missing: rules }, { missing: rules.slice(3) })).find(
      ({ type }) => type === 'PermissionsSufficient',
    );
    expect(condition).toMatchObject({ status: 'False', reason: 'RulesMissing', missing: rules });
    expect(condition?.message).toContain('list r19.g in all namespaces; and 2 more.');
    expect(condition?.message).not.toContain('r20');
  });
});
