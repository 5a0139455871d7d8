import type { DrillFailed, DrillStep } from '#libs/core';
import type { EntityManager } from 'typeorm';
import { endEvent, raiseEvent } from '../events/raise-event.js';
import { toJsonb } from '../sql/jsonb.js';
import { changed, row, rows } from '../sql/rows.js';
import type { DrillRecord, DrillResults } from './drill.js';

type Finished = Pick<DrillRecord, 'id' | 'clusterId' | 'entry' | 'mode'> & { readonly finishedAt: string };

/**
 * Completes a drill that is in one of the states, with its steps and the event that it is, in the caller's transaction.
 * @returns false where it is in another state, or there is none: nothing was written then
 */
export async function saveResults(
  manager: EntityManager,
  id: string,
  states: readonly DrillRecord['state'][],
  results: DrillResults,
): Promise<boolean> {
  const { outcome, writes, startedAt, operators, alertId, steps } = results;
  const drill = await row<Finished>(
    manager,
    `UPDATE drill SET state = 'completed', outcome = $3, writes = $4, started_at = least($5::timestamptz, now()),
       finished_at = now(), operators = $6, alert_id = $7, version = version + 1
     WHERE id = $1 AND state = ANY($2::text[])
     RETURNING id, cluster_id AS "clusterId", entry, mode, finished_at AS "finishedAt"`,
    [id, states, outcome, writes, startedAt, operators ?? null, alertId ?? null],
  );
  if (!drill) return false;
  await changed(manager, 'DELETE FROM drill_step WHERE drill_id = $1', [id]);
  await rows(
    manager,
    `INSERT INTO drill_step (drill_id, position, name, state, cause, message, duration_ms, requests)
     SELECT $1, s.position, s.name, s.state, s.cause, s.message, s."durationMs", s.requests
     FROM jsonb_to_recordset($2::jsonb) AS s(position smallint, name text, state text, cause text, message text,
       "durationMs" integer, requests jsonb)`,
    [id, toJsonb(steps.map((step, position) => ({ ...step, position })))],
  );
  await tell(manager, drill, results);
  return true;
}

const namesOf = (steps: readonly Pick<DrillStep, 'name' | 'state'>[], state: DrillStep['state']) =>
  steps.filter((step) => step.state === state).map(({ name }) => name);

/**
 * A failure is news once, until another step fails. It is over when a drill passes what had failed: one that left that
 * step out says nothing about it.
 */
async function tell(manager: EntityManager, drill: Finished, results: DrillResults): Promise<void> {
  const { id, clusterId, entry: subject, mode, finishedAt } = drill;
  const { outcome, steps, writes } = results;
  if (outcome === 'unknown') return;
  const open = await row<{ facts: DrillFailed }>(
    manager,
    `SELECT facts FROM event WHERE cluster_id = $1 AND type = 'drill.failed' AND subject = $2 AND state = 'open'`,
    [clusterId, subject],
  );
  const before = namesOf(open?.facts.steps ?? [], 'failed');
  if (outcome === 'passed') {
    const passed = namesOf(steps, 'passed');
    if (!open || !before.every((name) => passed.includes(name))) return;
    await endEvent(manager, { type: 'drill.failed', clusterId, subject }, { how: 'passed', drillId: id }, finishedAt);
    return;
  }
  if (open && before.join() === namesOf(steps, 'failed').join()) return;
  const known = await row<{ lastPassedAt: string | null; runbook: string | null }>(
    manager,
    `SELECT (SELECT max(d.finished_at) FROM drill d WHERE d.cluster_id = $1 AND d.entry = $2 AND d.outcome = 'passed'
         AND d.runner = 'cli' AND d.mode <> 'verify') AS "lastPassedAt",
       (SELECT e->>'runbookUrl' FROM jsonb_array_elements(coalesce(c.platform->'breakGlass', '[]')) AS e
        WHERE e->>'name' = $2 LIMIT 1) AS runbook
     FROM cluster c WHERE c.id = $1`,
    [clusterId, subject],
  );
  const facts: DrillFailed = {
    drillId: id,
    entry: subject,
    mode,
    steps: steps.map(({ name, state, message }) => ({ name, state, message })),
    writes,
    ...(known?.lastPassedAt != null && { lastPassedAt: known.lastPassedAt }),
    ...(known?.runbook != null && { runbook: known.runbook }),
  };
  await raiseEvent(manager, { type: 'drill.failed', clusterId, subject, dedupeKey: id, facts, since: finishedAt });
}
