import type { ControlResult, Coverage, Outcome } from '#libs/core';

const APPLICABLE: ReadonlySet<Outcome> = new Set<Outcome>(['pass', 'warn', 'fail', 'notEvaluated', 'error']);
const EVALUATED: ReadonlySet<Outcome> = new Set<Outcome>(['pass', 'warn', 'fail']);

/**
 * Evaluated ÷ applicable controls. What does not apply is left out of both, and so is what only a person can attest
 * (`manual`); what could not be judged counts as applicable and lowers the ratio.
 */
export function coverageOf(results: readonly Pick<ControlResult, 'outcome'>[]): Coverage {
  const applicable = results.filter(({ outcome }) => APPLICABLE.has(outcome)).length;
  const evaluated = results.filter(({ outcome }) => EVALUATED.has(outcome)).length;
  return { evaluated, applicable, ratio: applicable === 0 ? 1 : evaluated / applicable };
}
