import type { ControlResult, Outcome } from '#libs/core';
import type { EntityManager } from 'typeorm';
import { toJsonb } from '../sql/jsonb.js';
import { changed, rows } from '../sql/rows.js';
import type { StoredObservation } from '../values.js';
import type { FindingScope } from './save-findings.js';

/** What a control answered until now. */
export interface CurrentState {
  readonly controlId: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly cause: string | null;
  readonly severity: string;
}

/** Beyond this many observations of one control, `counts` must do. */
const MOST_OBSERVATIONS = 200;

export function currentStates(manager: EntityManager, clusterId: string): Promise<readonly CurrentState[]> {
  return rows(
    manager,
    `SELECT control_id AS "controlId", outcome, reason, cause, severity FROM control_state
     WHERE cluster_id = $1 AND to_at IS NULL`,
    [clusterId],
  );
}

/** What did not pass, worst first as the engine orders them; without what findings hold. */
function storedObservations(result: ControlResult): readonly StoredObservation[] {
  return result.observations
    .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable')
    .slice(0, MOST_OBSERVATIONS)
    .map(({ outcome, subject, reason, message, severity, cause }) => ({
      outcome,
      subject,
      reason,
      message,
      ...(severity && { severity }),
      ...(cause && { cause }),
    }));
}

function toRow(result: ControlResult) {
  return {
    control_id: result.controlId,
    outcome: result.outcome,
    reason: result.reason,
    cause: result.cause ?? null,
    message: result.message,
    severity: result.severity,
    counts: result.counts,
    partial: result.partial,
    missing: result.missing,
    observations: storedObservations(result),
  };
}

const COLUMNS = `control_id text, outcome text, reason text, cause text, message text, severity text, counts jsonb,
  partial boolean, missing jsonb, observations jsonb`;

function isSame(result: ControlResult, state: CurrentState | undefined): boolean {
  return (
    state?.outcome === result.outcome &&
    state.reason === result.reason &&
    state.cause === (result.cause ?? null) &&
    state.severity === result.severity
  );
}

/** Writes results as history: an answer that changed ends the row before it, one that did not lengthens it. */
export async function saveResults(
  manager: EntityManager,
  scope: FindingScope,
  results: readonly ControlResult[],
  current: readonly CurrentState[],
): Promise<void> {
  const byControl = new Map(current.map((state) => [state.controlId, state]));
  const same = results.filter((result) => isSame(result, byControl.get(result.controlId)));
  const different = results.filter((result) => !isSame(result, byControl.get(result.controlId)));
  await changed(
    manager,
    `UPDATE control_state AS s SET message = n.message, counts = n.counts, partial = n.partial, missing = n.missing,
       observations = n.observations, last_seen_at = $3, last_run_id = $4
     FROM jsonb_to_recordset($1::jsonb) AS n(${COLUMNS})
     WHERE s.cluster_id = $2 AND s.control_id = n.control_id AND s.to_at IS NULL`,
    [toJsonb(same.map(toRow)), scope.clusterId, scope.at, scope.runId],
  );
  await changed(
    manager,
    `UPDATE control_state SET to_at = $3, to_run_id = $4
     WHERE cluster_id = $1 AND control_id = ANY($2::text[]) AND to_at IS NULL`,
    [scope.clusterId, different.map(({ controlId }) => controlId), scope.at, scope.runId],
  );
  await rows(
    manager,
    `INSERT INTO control_state (cluster_id, control_id, outcome, reason, cause, message, severity, counts, partial,
       missing, observations, from_at, from_run_id, last_seen_at, last_run_id)
     SELECT $2, n.control_id, n.outcome, n.reason, n.cause, n.message, n.severity, n.counts, n.partial, n.missing,
       n.observations, $3, $4, $3, $4
     FROM jsonb_to_recordset($1::jsonb) AS n(${COLUMNS})`,
    [toJsonb(different.map(toRow)), scope.clusterId, scope.at, scope.runId],
  );
}
