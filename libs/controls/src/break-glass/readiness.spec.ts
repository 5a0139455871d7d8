import { describe, expect, it } from 'vitest';
import type { BreakGlassEntry, DrillStep } from '#libs/core';
import { bestWayIn, type ReadinessPart, readinessOf, type StepWord } from './readiness.js';

const NOW = Date.parse('2026-11-01T12:00:00Z');
const ago = (days: number) => new Date(NOW - days * 86_400_000).toISOString();
const NAMES = ['reach', 'identity', 'rights', 'restoreCreate', 'restoreDelete'] as const;
const ENTRY: BreakGlassEntry = {
  name: 'edge',
  drillDays: 90,
  expiresAt: '2027-09-01T00:00:00Z',
  credentialStores: ['vault', 'offline'],
  lastDrill: { at: ago(3), result: 'passed' },
};
const word = (name: DrillStep['name'], more: Partial<StepWord> = {}): StepWord => ({
  name,
  state: 'passed',
  message: `${name}.`,
  durationMs: 212,
  at: ago(3),
  ...more,
});
const words = (...changed: readonly StepWord[]) =>
  NAMES.map((name) => changed.find((each) => each.name === name) ?? word(name));
const readiness = (entry: Partial<BreakGlassEntry> = {}, steps: readonly StepWord[] = words()) =>
  readinessOf({ ...ENTRY, ...entry }, steps, NOW);

it('is ready where everything works', () => {
  expect(readiness()).toMatchObject({
    credential: { state: 'ok', text: 'until 2027-09-01' },
    path: { state: 'ok', text: 'worked, 212 ms' },
    lastDrill: { state: 'ok', text: 'passed 3 days ago' },
    escrow: { state: 'ok', text: '2/2' },
    verdict: 'ready',
  });
});

describe('each part', () => {
  type Row = readonly [string, Partial<BreakGlassEntry>, readonly StepWord[], ReadinessPart, string, string];
  it.each<Row>([
    ['expired', { expiresAt: ago(1) }, words(), 'credential', 'failed', 'notReady'],
    ['expires this second', { expiresAt: ago(0) }, words(), 'credential', 'failed', 'notReady'],
    ['expires at no time', { expiresAt: 'never' }, words(), 'credential', 'failed', 'notReady'],
    ['expires in 10 days', { expiresAt: ago(-10) }, words(), 'credential', 'attention', 'ready'],
    ['expires in 31 days', { expiresAt: ago(-31) }, words(), 'credential', 'ok', 'ready'],
    ['expires nobody knows when', { expiresAt: undefined }, words(), 'credential', 'ok', 'ready'],
    ['never signed in', {}, words().filter(({ name }) => name !== 'identity'), 'credential', 'unknown', 'unknown'],
    ['refused', {}, words(word('identity', { state: 'failed' })), 'credential', 'failed', 'notReady'],
    ['no answer', {}, words(word('reach', { state: 'unknown', cause: 'timeout' })), 'path', 'unknown', 'unknown'],
    ['not reached', {}, words(word('reach', { state: 'failed' })), 'path', 'failed', 'notReady'],
    ['reached 91 days ago', {}, words(word('reach', { at: ago(91) })), 'path', 'attention', 'ready'],
    ['reached 181 days ago', {}, words(word('reach', { at: ago(181) })), 'path', 'unknown', 'unknown'],
    ['reached in a year to come', {}, words(word('reach', { at: ago(-400) })), 'path', 'unknown', 'unknown'],
    ['failed long ago', {}, words(word('rights', { state: 'failed', at: ago(900) })), 'rights', 'failed', 'notReady'],
    ['deletion refused', {}, words(word('restoreDelete', { state: 'failed' })), 'recoveryPlan', 'failed', 'notReady'],
    ['creation unknown', {}, words(word('restoreCreate', { state: 'unknown' })), 'recoveryPlan', 'unknown', 'unknown'],
    ['no drill', { lastDrill: undefined }, words(), 'lastDrill', 'unknown', 'unknown'],
    ['a failed drill', { lastDrill: { at: ago(1), result: 'failed' } }, words(), 'lastDrill', 'failed', 'notReady'],
    ['drilled 90 days ago', { lastDrill: { at: ago(90), result: 'passed' } }, words(), 'lastDrill', 'ok', 'ready'],
    [
      'drilled 91 days ago',
      { lastDrill: { at: ago(91), result: 'passed' } },
      words(),
      'lastDrill',
      'attention',
      'ready',
    ],
    [
      'drilled 200 days ago',
      { lastDrill: { at: ago(200), result: 'passed' } },
      words(),
      'lastDrill',
      'failed',
      'notReady',
    ],
    ['drilled at no time', { lastDrill: { at: 'x', result: 'passed' } }, words(), 'lastDrill', 'unknown', 'unknown'],
    ['one copy', { credentialStores: ['vault', 'vault'] }, words(), 'escrow', 'attention', 'ready'],
    [
      'copies that break together',
      { credentialStores: ['git', 'managementCluster'] },
      words(),
      'escrow',
      'failed',
      'notReady',
    ],
    ['no copies declared', { credentialStores: undefined }, words(), 'escrow', 'unknown', 'unknown'],
  ])('%s', (_what, entry, steps, part, state, verdict) => {
    const found = readiness(entry, steps);
    expect([found[part].state, found.verdict]).toEqual([state, verdict]);
  });

  it('fails louder than it is unknown', () => {
    expect(
      readiness({ lastDrill: undefined }, words(word('rights', { state: 'failed', cause: 'RIGHT_MISSING' }))),
    ).toMatchObject({
      rights: { state: 'failed', cause: 'RIGHT_MISSING' },
      verdict: 'notReady',
    });
  });
});

it('takes the best of several ways in', () => {
  const way = (verdict: string) => ({
    readiness: { ...readiness(), verdict } as ReturnType<typeof readiness>,
    verdict,
  });
  expect(bestWayIn([way('notReady'), way('ready'), way('unknown')])?.verdict).toBe('ready');
  expect(bestWayIn([way('notReady'), way('unknown')])?.verdict).toBe('unknown');
  expect(bestWayIn([])).toBeUndefined();
});
