import type { DrillRunner, DrillStepState } from '#libs/core';
import { ClusterError, type ClusterErrorCode } from '../cluster-error.js';

/** What one step of a drill came to. */
export interface DrillFinding {
  readonly state: Exclude<DrillStepState, 'skipped'>;
  /** Absent where the step passed. */
  readonly cause?: string;
  /** For people; our own words. */
  readonly message: string;
  /** The steps after it make no sense, although it did not fail. */
  readonly ends?: true;
}

/** These say something about the moment, or about this program, and nothing about the way in. */
const UNKNOWN: ReadonlySet<ClusterErrorCode> = new Set([
  'timeout',
  'transient',
  'connectionLost',
  'budgetExceeded',
  'incompleteList',
  'malformed',
  'notFound',
  'rejected',
  'egressDenied',
  'proxyUnsupported',
]);

export function passed(message: string): DrillFinding {
  return { state: 'passed', message };
}

export function failed(cause: string, message: string): DrillFinding {
  return { state: 'failed', cause, message };
}

export function unknown(cause: string, message: string): DrillFinding {
  return { state: 'unknown', cause, message };
}

/**
 * What a failed conversation means for a step. Rethrows what is no answer of the cluster: our own mistakes, and the wish
 * to stop.
 */
export function findingOf(error: unknown, runner: DrillRunner): DrillFinding {
  if (!(error instanceof ClusterError) || error.code === 'cancelled') throw error;
  const message = `${error.message} ${error.hint}`;
  // What the service meets with its own credential, on its own way, says nothing about the break-glass credential.
  return runner === 'service' || UNKNOWN.has(error.code)
    ? { ...unknown(error.code, message), ends: true }
    : failed(error.code, message);
}
