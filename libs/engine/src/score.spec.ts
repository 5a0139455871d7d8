import { describe, expect, it } from 'vitest';
import type { Outcome } from '#libs/core';
import { score } from './score.js';

const cluster = (...outcomes: readonly Outcome[]) => ({
  results: outcomes.map((outcome) => ({ outcome })),
});

describe('one cluster', () => {
  it.each<[readonly Outcome[], { evaluated: number; compliant: number; coverage: [number, number] }]>([
    [[], { evaluated: 0, compliant: 0, coverage: [0, 0] }],
    [['pass', 'pass'], { evaluated: 1, compliant: 1, coverage: [2, 2] }],
    [['pass', 'warn', 'manual', 'notApplicable'], { evaluated: 1, compliant: 1, coverage: [2, 2] }],
    [['pass', 'fail'], { evaluated: 1, compliant: 0, coverage: [2, 2] }],
    [['pass', 'notEvaluated'], { evaluated: 1, compliant: 0, coverage: [1, 2] }],
    [['pass', 'error'], { evaluated: 1, compliant: 0, coverage: [1, 2] }],
    [['notEvaluated', 'error'], { evaluated: 0, compliant: 0, coverage: [0, 2] }],
    [['notApplicable'], { evaluated: 1, compliant: 0, coverage: [0, 0] }],
  ])('%j', (outcomes, { evaluated, compliant, coverage }) => {
    const result = score([cluster(...outcomes)]);
    expect(result.clusters).toEqual({ total: 1, evaluated, notEvaluated: 1 - evaluated, compliant });
    expect([result.coverage.evaluated, result.coverage.applicable]).toEqual(coverage);
  });
});

it('adds up a fleet: an unreachable cluster lowers the coverage, not the counts of the others', () => {
  const good = cluster('pass', 'pass');
  const lost = cluster('notEvaluated', 'notEvaluated');
  expect(score([good, lost, cluster('pass', 'fail')])).toEqual({
    formula: 1,
    clusters: { total: 3, evaluated: 2, notEvaluated: 1, compliant: 1 },
    outcomes: { pass: 3, warn: 0, fail: 1, notApplicable: 0, notEvaluated: 2, manual: 0, error: 0 },
    coverage: { evaluated: 4, applicable: 6, ratio: 4 / 6 },
  });
});

it('does not call an empty fleet compliant', () => {
  expect(score([])).toMatchObject({ clusters: { total: 0, compliant: 0 }, coverage: { ratio: 1 } });
});
