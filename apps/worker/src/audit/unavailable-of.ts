import type { Collected, UnavailableReason } from '#libs/core';
import { ClusterError } from '#libs/kubernetes';
import { IdentityConflict } from '#libs/persistence';
import { KeyringError } from '#libs/platform';

export type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

const because = (reason: UnavailableReason, message: string): Unavailable => ({
  state: 'unavailable',
  reason,
  message,
  missing: [],
});

export const NO_CREDENTIAL = because('unauthenticated', 'No credential is stored for this cluster. Register one.');

export const unknownProfile = (id: string): Unavailable =>
  because('notCollected', `This version of Plimsoll has no profile ${id}. Start a run with one that it has.`);

/** A target that ended several workers is not given to another one. */
export const WORKERS_LOST = because(
  'budgetExceeded',
  'Auditing this cluster ended its worker process several times, probably for lack of memory. Give the workers more memory, or fewer clusters at once (PLIMSOLL_WORKER_CONCURRENCY).',
);

/**
 * Why a cluster could not be judged, for an error that was thrown while it was read. A defect of ours counts too: it
 * must not keep the other clusters of the run waiting.
 */
export function unavailableOf(error: unknown): Unavailable {
  if (error instanceof ClusterError) {
    return { ...because(error.reason, `${error.message} ${error.hint}`), missing: error.missing };
  }
  if (error instanceof KeyringError) return because('unauthenticated', error.message);
  if (error instanceof IdentityConflict) return because('identityMismatch', error.message);
  return because(
    'malformed',
    'Reading this cluster stopped with an internal error. Please report it, with the lines of the worker log about this target.',
  );
}
