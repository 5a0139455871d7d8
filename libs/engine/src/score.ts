import type { ControlResult, Coverage, Outcome } from '#libs/core';
import { coverageOf } from './coverage.js';

type OutcomeTally = Readonly<Record<Outcome, number>>;

interface ClusterTally {
  readonly total: number;
  /** Something is known about it: at least one control was judged, or shown not to apply. */
  readonly evaluated: number;
  readonly notEvaluated: number;
  /** Evaluated, and every control that applies passed, warns, or waits for a person to attest it. */
  readonly compliant: number;
}

/** Counts and coverage, never one composite number. */
export interface Score {
  /** Version of the formula, stored with what it gave. */
  readonly formula: 1;
  readonly clusters: ClusterTally;
  /** Results of all clusters by outcome. */
  readonly outcomes: OutcomeTally;
  readonly coverage: Coverage;
}

const NONE: OutcomeTally = { pass: 0, warn: 0, fail: 0, notApplicable: 0, notEvaluated: 0, manual: 0, error: 0 };

type Judged = Pick<ControlResult, 'outcome'>;

function tally(results: readonly Judged[]): OutcomeTally {
  const counts: Record<Outcome, number> = { ...NONE };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

function isEvaluated(results: readonly Judged[]): boolean {
  return results.some(({ outcome }) => outcome !== 'notEvaluated' && outcome !== 'error');
}

function isCompliant(results: readonly Judged[]): boolean {
  const { pass, warn, fail, error, notEvaluated } = tally(results);
  return pass + warn > 0 && fail + error + notEvaluated === 0;
}

/** The score of one or more clusters. A cluster that could not be read lowers the coverage, not the counts of the others. */
export function score(assessments: readonly { readonly results: readonly Judged[] }[]): Score {
  const all = assessments.flatMap(({ results }) => results);
  const evaluated = assessments.filter(({ results }) => isEvaluated(results)).length;
  return {
    formula: 1,
    clusters: {
      total: assessments.length,
      evaluated,
      notEvaluated: assessments.length - evaluated,
      compliant: assessments.filter(({ results }) => isCompliant(results)).length,
    },
    outcomes: tally(all),
    coverage: coverageOf(all),
  };
}
