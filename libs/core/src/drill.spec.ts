import { describe, expect, it } from 'vitest';
import { type DrillMode, type DrillRequest, type DrillStep, drillOutcome, drillWrites, stepsOfDrill } from './drill.js';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const call = (method: DrillRequest['method'], path: string, dryRun = false): DrillRequest => ({
  method,
  path,
  dryRun,
  status: 200,
});
const steps = (text: string, requests: readonly DrillRequest[] = []): readonly DrillStep[] =>
  text.split(' ').map((part) => {
    const [name, state] = part.split(':') as [DrillStep['name'], DrillStep['state']];
    return { name, state, message: '', durationMs: 1, requests };
  });

describe('the outcome of a drill', () => {
  const VERIFIED = 'reach:passed identity:passed rights:passed';
  it.each<[string, DrillMode, string, string]>([
    ['every step passed', 'verify', VERIFIED, 'passed'],
    ['the restore is not part of it', 'verify', `${VERIFIED} restoreCreate:skipped restoreDelete:skipped`, 'passed'],
    ['the restore is part of it, and was left out', 'dryRun', VERIFIED, 'unknown'],
    ['the restore was skipped', 'dryRun', `${VERIFIED} restoreCreate:skipped restoreDelete:skipped`, 'unknown'],
    ['all of the restore', 'dryRun', `${VERIFIED} restoreCreate:passed restoreDelete:passed`, 'passed'],
    ['one step failed', 'verify', 'reach:passed identity:failed rights:skipped', 'failed'],
    ['a failure beside something unknown', 'dryRun', 'reach:unknown identity:failed', 'failed'],
    ['one step unknown', 'verify', 'reach:passed identity:unknown rights:passed', 'unknown'],
    ['no step at all', 'verify', 'reach:skipped', 'unknown'],
  ])('%s', (_what, mode, text, outcome) => {
    expect(drillOutcome({ mode, runner: 'cli' }, steps(text))).toBe(outcome);
  });

  it('is a failure where something was written that was not to be', () => {
    const written = steps(`${VERIFIED} restoreCreate:passed restoreDelete:passed`, [call('POST', BINDINGS)]);
    expect([
      drillOutcome({ mode: 'dryRun', runner: 'cli' }, written),
      drillOutcome({ mode: 'live', runner: 'cli' }, written),
    ]).toEqual(['failed', 'passed']);
  });
});

describe('writes', () => {
  it.each<[string, DrillRequest, number]>([
    ['a read', call('GET', BINDINGS), 0],
    ['a review', call('POST', REVIEWS), 0],
    ['a self review', call('POST', '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews'), 0],
    ['a dry-run', call('POST', `${BINDINGS}?dryRun=All`, true), 0],
    ['a create', call('POST', BINDINGS), 1],
    ['a deletion', call('DELETE', `${BINDINGS}/a`), 1],
    ['something that is called like a review', call('POST', `${REVIEWS}/a`), 1],
  ])('%s', (_what, request, count) => {
    expect(drillWrites([{ requests: [request] }])).toHaveLength(count);
  });
});

it('knows the steps of each mode', () => {
  expect(stepsOfDrill('verify', 'cli')).toEqual(['reach', 'identity', 'rights']);
  expect([stepsOfDrill('dryRun', 'cli').length, stepsOfDrill('live', 'cli').length]).toEqual([5, 5]);
  expect(stepsOfDrill('verify', 'service')).toEqual(['reach', 'rights']);
});

it('asks nothing of the service that it cannot do', () => {
  const checked = steps('reach:passed identity:skipped rights:passed');
  expect(drillOutcome({ mode: 'verify', runner: 'service' }, checked)).toBe('passed');
  expect(drillOutcome({ mode: 'verify', runner: 'cli' }, checked)).toBe('unknown');
});
