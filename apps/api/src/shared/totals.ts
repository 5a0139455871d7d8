import type { OutcomeCounts } from '#libs/core';
import type { ControlTally } from '#libs/persistence';

/** Outcomes over some clusters and controls, with the share of what applies that was judged; null where nothing ran. */
export function total(tallies: readonly ControlTally[]): {
  readonly outcomes: OutcomeCounts & { readonly error: number };
  readonly coverage: number | null;
} {
  const sum = (outcome: keyof ControlTally['outcomes']) =>
    tallies.reduce((all, { outcomes }) => all + (outcomes[outcome] ?? 0), 0);
  const outcomes = {
    pass: sum('pass'),
    warn: sum('warn'),
    fail: sum('fail'),
    notApplicable: sum('notApplicable'),
    notEvaluated: sum('notEvaluated'),
    manual: sum('manual'),
    error: sum('error'),
  };
  const evaluated = outcomes.pass + outcomes.warn + outcomes.fail;
  const applicable = evaluated + outcomes.notEvaluated + outcomes.error;
  if (tallies.length === 0) return { outcomes, coverage: null };
  return { outcomes, coverage: applicable === 0 ? 1 : evaluated / applicable };
}
