import type { AccessRule } from './access.js';
import type { Observation } from './control.js';
import type { NotEvaluatedCause, Outcome, Severity } from './outcome.js';
import type { ClusterIdentity } from './snapshot.js';

export interface OutcomeCounts {
  readonly pass: number;
  readonly warn: number;
  readonly fail: number;
  readonly notApplicable: number;
  readonly notEvaluated: number;
  readonly manual: number;
}
export const NO_COUNTS: OutcomeCounts = {
  pass: 0,
  warn: 0,
  fail: 0,
  notApplicable: 0,
  notEvaluated: 0,
  manual: 0,
};

/** One control on one snapshot. */
export interface ControlResult {
  readonly controlId: string;
  readonly outcome: Outcome;
  /** Code of the observation that decided the outcome. */
  readonly reason: string;
  readonly message: string;
  readonly severity: Severity;
  /** Set exactly where the outcome is `notEvaluated`. */
  readonly cause?: NotEvaluatedCause;
  readonly counts: OutcomeCounts;
  /** A subject could not be judged although the outcome is worse than `notEvaluated`. */
  readonly partial: boolean;
  /** In memory all of them; only those other than `pass` and `notApplicable` are stored. */
  readonly observations: readonly Observation[];
  readonly missing: readonly AccessRule[];
  /**
   * Keys of the lasting conditions that hold now; they replace the stored ones of this control. For a control that could
   * not run the engine repeats the earlier ones. Where the whole cluster could not be read, the stored ones stay.
   */
  readonly sightings: readonly string[];
}

/** Shown beside every score: what share of the applicable controls was judged. */
export interface Coverage {
  readonly evaluated: number;
  readonly applicable: number;
  /** `evaluated / applicable`, 1 where nothing applies. */
  readonly ratio: number;
}

/** All results of one snapshot under one profile. */
export interface Assessment {
  readonly cluster: ClusterIdentity;
  readonly collectedAt: string;
  readonly profile: string;
  /** Version of the rule set, so that a changed rule does not look like drift. */
  readonly ruleSetVersion: string;
  readonly results: readonly ControlResult[];
  readonly coverage: Coverage;
}
