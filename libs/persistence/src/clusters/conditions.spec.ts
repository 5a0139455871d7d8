import { expect, it } from 'vitest';
import { mergeConditions } from './conditions.js';

const reachable = { type: 'Reachable', status: 'True', reason: 'Answered', message: 'ok' } as const;
const before = '2026-11-01T00:00:00.000Z';
const now = '2026-11-02T00:00:00.000Z';

it('keeps the time of the last transition while the status stays', () => {
  const current = [{ ...reachable, lastTransitionTime: before }];
  expect(mergeConditions(current, [{ ...reachable, message: 'still ok' }], now)).toEqual([
    { ...reachable, message: 'still ok', lastTransitionTime: before },
  ]);
});

it('moves it where the status changes', () => {
  const current = [{ ...reachable, lastTransitionTime: before }];
  expect(mergeConditions(current, [{ ...reachable, status: 'False' }], now)[0]?.lastTransitionTime).toBe(now);
});

it('keeps what was not observed, in a fixed order, and drops what a condition does not carry any more', () => {
  const current = [
    { type: 'AuditFresh', status: 'True', reason: 'Audited', message: '', lastTransitionTime: before },
    {
      type: 'PermissionsSufficient',
      status: 'False',
      reason: 'RulesMissing',
      message: '',
      lastTransitionTime: before,
      missing: [{ verb: 'list', group: '', resource: 'pods' }],
    },
  ] as const;
  const merged = mergeConditions(
    current,
    [reachable, { type: 'PermissionsSufficient', status: 'True', reason: 'AllRulesGranted', message: '' }],
    now,
  );
  expect(merged.map(({ type, lastTransitionTime }) => [type, lastTransitionTime])).toEqual([
    ['Reachable', now],
    ['PermissionsSufficient', now],
    ['AuditFresh', before],
  ]);
  expect(merged[1]).not.toHaveProperty('missing');
});
