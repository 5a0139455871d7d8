import { describe, expect, it } from 'vitest';
import type { BreakGlassEntry } from '#libs/core';
import { type EntryDrills, withDrills } from './last-drills.js';

const PASSED = { at: '2026-10-01T00:00:00.000Z', result: 'passed', evidence: 'drl_1' } as const;
const ENTRY: BreakGlassEntry = { name: 'edge', alertOnUse: { rule: 'r' } };
const drills = (more: Partial<EntryDrills> = {}): EntryDrills[] => [
  { entry: 'edge', lastDrill: PASSED, alertedAt: null, ...more },
];
const one = (entry: Partial<BreakGlassEntry>, known: readonly EntryDrills[]) =>
  withDrills([{ ...ENTRY, ...entry }], known)[0];

describe('the last drill of an entry', () => {
  const written = (at: string): Partial<BreakGlassEntry> => ({ lastDrill: { at, result: 'failed' } });
  it.each<[string, Partial<BreakGlassEntry>, readonly EntryDrills[], unknown]>([
    ['none at all', {}, [], undefined],
    ['of another entry', {}, drills({ entry: 'other' }), undefined],
    ['the only one', {}, drills(), PASSED],
    ['newer than what was written by hand', written('2026-09-30T00:00:00Z'), drills(), PASSED],
    [
      'older than what was written by hand',
      written('2026-10-02T00:00:00Z'),
      drills(),
      { at: '2026-10-02T00:00:00Z', result: 'failed' },
    ],
    ['beside a time that is none', written('soon'), drills(), PASSED],
    [
      'none that counts',
      written('2026-09-30T00:00:00Z'),
      drills({ lastDrill: null }),
      { at: '2026-09-30T00:00:00Z', result: 'failed' },
    ],
  ])('%s', (_what, entry, known, lastDrill) => {
    expect(one(entry, known)?.lastDrill).toEqual(lastDrill);
  });
});

describe('the alert on use', () => {
  const alertedAt = '2026-10-01T00:00:00.000Z';
  it.each<[string, BreakGlassEntry['alertOnUse'], string | null, unknown]>([
    ['never tested', { rule: 'r' }, alertedAt, { rule: 'r', testedAt: alertedAt }],
    [
      'tested longer ago',
      { rule: 'r', testedAt: '2026-01-01T00:00:00Z' },
      alertedAt,
      { rule: 'r', testedAt: alertedAt },
    ],
    [
      'tested since',
      { rule: 'r', testedAt: '2026-11-01T00:00:00Z' },
      alertedAt,
      { rule: 'r', testedAt: '2026-11-01T00:00:00Z' },
    ],
    ['not set off', { rule: 'r' }, null, { rule: 'r' }],
    ['no rule', undefined, alertedAt, undefined],
  ])('%s', (_what, alertOnUse, at, expected) => {
    expect(one({ alertOnUse }, drills({ alertedAt: at }))?.alertOnUse).toEqual(expected);
  });
});
