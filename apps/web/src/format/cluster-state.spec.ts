import { NO_COUNTS, type OutcomeCounts } from '#libs/core';
import { describe, expect, it } from 'vitest';
import { clusterState } from './cluster-state.js';

const summary = (outcomes: Partial<OutcomeCounts>) => ({
  outcomes: { ...NO_COUNTS, ...outcomes },
  coverage: 1,
  openFindings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
});
const AT = '2026-11-24T02:00:00Z';

describe('clusterState', () => {
  it.each([
    [{ stale: false, summary: null, lastAttemptAt: null }, 'notApplicable', 'never audited'],
    [{ stale: true, summary: null, lastAttemptAt: AT }, 'notEvaluated', 'never reached'],
    [{ stale: true, summary: summary({ pass: 16 }), lastAttemptAt: AT }, 'stale', 'stale'],
    [{ stale: false, summary: summary({ pass: 16 }), lastAttemptAt: AT }, 'pass', 'passing'],
    [{ stale: false, summary: summary({ pass: 15, warn: 1 }), lastAttemptAt: AT }, 'warn', '1 warning'],
    [
      { stale: false, summary: summary({ pass: 9, notEvaluated: 6, warn: 1 }), lastAttemptAt: AT },
      'notEvaluated',
      '6 not evaluated',
    ],
    [{ stale: false, summary: summary({ pass: 9, notEvaluated: 6, fail: 2 }), lastAttemptAt: AT }, 'fail', '2 failing'],
  ] as const)('%j → %s', (cluster, mark, words) => {
    expect(clusterState(cluster)).toEqual({ mark, words });
  });
});
