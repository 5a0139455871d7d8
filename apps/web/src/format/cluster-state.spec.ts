import { NO_COUNTS, type OutcomeCounts } from '#libs/core';
import { describe, expect, it } from 'vitest';
import { clusterState } from './cluster-state.js';

const summary = (outcomes: Partial<OutcomeCounts>) => ({
  outcomes: { ...NO_COUNTS, ...outcomes },
  coverage: 1,
  compliant: false,
  staleFindings: 0,
  openFindings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
});
const AT = '2026-11-24T02:00:00Z';
const AUDITED = { stale: false, lastAttemptAt: AT, lastAuditedAt: AT };

describe('clusterState', () => {
  it.each([
    [{ stale: false, summary: null, lastAttemptAt: null, lastAuditedAt: null }, 'notApplicable', 'never audited'],
    [{ stale: true, summary: null, lastAttemptAt: AT, lastAuditedAt: null }, 'notEvaluated', 'never judged'],
    [
      { ...AUDITED, stale: true, summary: summary({ notEvaluated: 9 }), lastAuditedAt: null },
      'notEvaluated',
      'never judged',
    ],
    [{ ...AUDITED, stale: true, summary: summary({ pass: 16 }) }, 'stale', 'stale'],
    [{ ...AUDITED, summary: summary({ pass: 16 }) }, 'pass', 'passing'],
    [{ ...AUDITED, summary: summary({ pass: 15, warn: 1 }) }, 'warn', '1 warning'],
    [{ ...AUDITED, summary: summary({ pass: 9, notEvaluated: 6, warn: 1 }) }, 'notEvaluated', '6 not evaluated'],
    [{ ...AUDITED, summary: summary({ pass: 9, notEvaluated: 6, fail: 2 }) }, 'fail', '2 failing'],
  ] as const)('%j → %s', (cluster, mark, words) => {
    expect(clusterState(cluster)).toEqual({ mark, words });
  });
});
