import type { ControlResult, SightingHistory } from '#libs/core';
import type { EntityManager } from 'typeorm';
import { toJsonb } from '../sql/jsonb.js';
import { changed, rows, type Executor } from '../sql/rows.js';
import { isComplete } from './verdicts.js';

/** When each lasting condition of a cluster was first seen. */
export async function sightingsOf(executor: Executor, clusterId: string): Promise<SightingHistory> {
  const found = await rows<{ key: string; at: string }>(
    executor,
    'SELECT key, first_seen_at AS at FROM sighting WHERE cluster_id = $1',
    [clusterId],
  );
  return { firstSeen: Object.fromEntries(found.map(({ key, at }) => [key, at])) };
}

/** It judged something, so it reports what it still sees, and repeats what it could not look at. */
function hasLooked(result: ControlResult): boolean {
  return isComplete(result) || result.observations.some(({ outcome }) => outcome !== 'notEvaluated');
}

/**
 * Remembers what was sighted, and forgets what was not. A control that could look at nothing cannot say that something
 * is over: its sightings stay.
 */
export async function saveSightings(
  manager: EntityManager,
  clusterId: string,
  results: readonly ControlResult[],
  at: string,
): Promise<void> {
  const sighted = new Map<string, string>();
  for (const { controlId, sightings } of results) for (const key of sightings) sighted.set(key, controlId);
  await changed(
    manager,
    'DELETE FROM sighting WHERE cluster_id = $1 AND control_id = ANY($2::text[]) AND NOT key = ANY($3::text[])',
    [clusterId, results.filter(hasLooked).map(({ controlId }) => controlId), [...sighted.keys()]],
  );
  await rows(
    manager,
    `INSERT INTO sighting (cluster_id, control_id, key, first_seen_at, last_seen_at)
     SELECT $2, n.control_id, n.key, $3, $3
     FROM jsonb_to_recordset($1::jsonb) AS n(control_id text, key text)
     ON CONFLICT (cluster_id, key) DO UPDATE SET last_seen_at = excluded.last_seen_at, control_id = excluded.control_id`,
    [toJsonb([...sighted].map(([key, controlId]) => ({ key, control_id: controlId }))), clusterId, at],
  );
}
