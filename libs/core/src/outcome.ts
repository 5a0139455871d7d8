import type { UnavailableReason } from './snapshot.js';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export type Confidence = 'proven' | 'derived' | 'heuristic';
/** Surest first. */
const CONFIDENCES: readonly Confidence[] = ['proven', 'derived', 'heuristic'];

/** A verdict is no surer than what it was made from; `proven` for nothing. */
export function leastSure(...confidences: readonly Confidence[]): Confidence {
  const least = Math.max(0, ...confidences.map((confidence) => CONFIDENCES.indexOf(confidence)));
  return CONFIDENCES[least] as Confidence;
}

/** `error` is a bug of ours; a control never returns it, the engine does. */
export type Outcome = 'pass' | 'warn' | 'fail' | 'notApplicable' | 'notEvaluated' | 'manual' | 'error';
export type ObservationOutcome = Exclude<Outcome, 'error'>;

/**
 * Roll-up order, worst first: what could not be judged is worse than a warning, so that it
 * cannot hide behind one.
 */
export const OUTCOME_ORDER: readonly Outcome[] = [
  'fail',
  'error',
  'notEvaluated',
  'warn',
  'manual',
  'pass',
  'notApplicable',
];

/** The worst of several outcomes; `notApplicable` for none. */
export function worstOutcome(outcomes: Iterable<Outcome>): Outcome {
  let worst = OUTCOME_ORDER.length - 1;
  for (const outcome of outcomes) worst = Math.min(worst, OUTCOME_ORDER.indexOf(outcome));
  return OUTCOME_ORDER[worst] as Outcome;
}

/** The class that the REST API, exports and messages show for a `notEvaluated` result. */
export type NotEvaluatedCause =
  | 'forbidden'
  | 'unauthenticated'
  | 'unreachable'
  | 'timeout'
  | 'transient'
  | 'incompleteList'
  | 'budgetExceeded'
  | 'parseError'
  | 'identityMismatch'
  | 'notCollected'
  | 'undecidable'
  | 'tenantsUndefined'
  | 'tenantsAmbiguous';

const CAUSE_OF: Record<UnavailableReason, NotEvaluatedCause> = {
  forbidden: 'forbidden',
  unauthenticated: 'unauthenticated',
  unreachable: 'unreachable',
  timeout: 'timeout',
  transient: 'transient',
  incompleteList: 'incompleteList',
  budgetExceeded: 'budgetExceeded',
  malformed: 'parseError',
  identityMismatch: 'identityMismatch',
  notCollected: 'notCollected',
};
export function causeOfUnavailable(reason: UnavailableReason): NotEvaluatedCause {
  return CAUSE_OF[reason];
}

const CODE_OF: Record<UnavailableReason, string> = {
  forbidden: 'RBAC_DENIED_READ',
  unauthenticated: 'UNAUTHENTICATED',
  unreachable: 'UNREACHABLE',
  timeout: 'TIMEOUT',
  transient: 'TRANSIENT',
  incompleteList: 'INCOMPLETE_LIST',
  budgetExceeded: 'BUDGET_EXCEEDED',
  malformed: 'PARSE_ERROR',
  identityMismatch: 'IDENTITY_MISMATCH',
  notCollected: 'NOT_COLLECTED',
};
/** The stable machine code of an unreadable artifact, as used in findings and exports. */
export function codeOfUnavailable(reason: UnavailableReason): string {
  return CODE_OF[reason];
}
