import { NO_COUNTS, type Assessment, type ControlResult, type NotEvaluatedCause, type OutcomeCounts } from '#libs/core';
import type { CauseCounts } from '../values.js';

/** What an assessment says about its cluster as a whole. */
export interface Verdict {
  /** At least one control that applies was judged, or all were shown not to apply. */
  readonly evaluated: boolean;
  /** Why nothing was judged; null where something was. */
  readonly cause: NotEvaluatedCause | null;
  readonly message: string | null;
  readonly counts: OutcomeCounts;
  readonly causes: CauseCounts;
}

type Judged = Pick<ControlResult, 'outcome'>;

/** Whether the control gave an answer, good or bad. */
function isJudged({ outcome }: Judged): boolean {
  return outcome !== 'notEvaluated' && outcome !== 'error';
}

/** Everything that the control is about was looked at: what it does not name is not there. */
export function isComplete(result: Pick<ControlResult, 'outcome' | 'counts' | 'partial'>): boolean {
  return isJudged(result) && !result.partial && result.counts.notEvaluated === 0;
}

/** Controls by outcome. An `error` of ours is one more control that was not evaluated. */
export function countOutcomes(results: readonly Judged[]): OutcomeCounts {
  const counts = { ...NO_COUNTS };
  for (const { outcome } of results) counts[outcome === 'error' ? 'notEvaluated' : outcome] += 1;
  return counts;
}

export function coverageOf(counts: OutcomeCounts): { evaluated: number; applicable: number; ratio: number } {
  const evaluated = counts.pass + counts.warn + counts.fail;
  const applicable = evaluated + counts.notEvaluated;
  return { evaluated, applicable, ratio: applicable === 0 ? 1 : evaluated / applicable };
}

/** Something applies, all of it was judged, and nothing failed. What only a person can attest does not stand against it. */
export function isCompliant(counts: OutcomeCounts): boolean {
  return counts.fail === 0 && counts.notEvaluated === 0 && counts.pass + counts.warn > 0;
}

function countCauses(results: readonly ControlResult[]): CauseCounts {
  const causes: Partial<Record<NotEvaluatedCause, number>> = {};
  for (const { cause } of results) if (cause) causes[cause] = (causes[cause] ?? 0) + 1;
  return causes;
}

/** The most frequent cause; of equals the first one in the order of the results. */
function mainCause(causes: CauseCounts): NotEvaluatedCause | null {
  const [first] = Object.entries(causes).sort(([, a], [, b]) => b - a);
  return first ? (first[0] as NotEvaluatedCause) : null;
}

export function verdictOf(assessment: Assessment): Verdict {
  const { results } = assessment;
  const applicable = results.filter(({ outcome }) => outcome !== 'notApplicable');
  const evaluated = results.length > 0 && (applicable.length === 0 || applicable.some(isJudged));
  const causes = countCauses(results);
  const cause = evaluated ? null : mainCause(causes);
  const message = evaluated ? null : (results.find((result) => result.cause === cause)?.message ?? null);
  return { evaluated, cause, message, counts: countOutcomes(results), causes };
}
