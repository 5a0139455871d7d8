import type { BreakGlassEntry } from '#libs/core';
import { rows, type Executor } from '../sql/rows.js';

/** What drills say about an entry, newest first wherever there are several. */
export interface EntryDrills {
  readonly entry: string;
  readonly lastDrill: NonNullable<BreakGlassEntry['lastDrill']> | null;
  /** When a drill last set off an alert. */
  readonly alertedAt: string | null;
}

/**
 * The drills of clusters that count for their entries: those in which a person used the credential. The service's own
 * check does not, for it proves nothing about the credential. Neither does a drill that passed without trying the
 * restore, nor one whose outcome is unknown.
 * @returns by id of the cluster
 */
export async function countedDrills(
  executor: Executor,
  clusterIds: readonly string[],
): Promise<ReadonlyMap<string, readonly EntryDrills[]>> {
  const found = await rows<EntryDrills & { clusterId: string }>(
    executor,
    `SELECT entries.cluster_id AS "clusterId", entries.entry,
       (SELECT jsonb_strip_nulls(jsonb_build_object(
          'at', to_char(d.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'by', coalesce(d.operators, t.name, d.requested_by), 'result', d.outcome, 'evidence', d.id,
          'failedStep', (SELECT s.name FROM drill_step s WHERE s.drill_id = d.id AND s.state = 'failed'
                         ORDER BY s.position LIMIT 1)))
        FROM drill d LEFT JOIN api_token t ON t.id = d.requested_by
        WHERE d.cluster_id = entries.cluster_id AND d.entry = entries.entry AND d.runner = 'cli'
          AND (d.outcome = 'failed' OR (d.outcome = 'passed' AND d.mode <> 'verify'))
        ORDER BY d.finished_at DESC, d.id DESC LIMIT 1) AS "lastDrill",
       (SELECT max(d.finished_at) FROM drill d
        WHERE d.cluster_id = entries.cluster_id AND d.entry = entries.entry AND d.runner = 'cli'
          AND d.state = 'completed' AND d.alert_id IS NOT NULL) AS "alertedAt"
     FROM (SELECT DISTINCT cluster_id, entry FROM drill WHERE cluster_id = ANY($1::text[])) AS entries`,
    [clusterIds],
  );
  const byCluster = new Map<string, EntryDrills[]>();
  for (const { clusterId, ...drills } of found) {
    byCluster.set(clusterId, [...(byCluster.get(clusterId) ?? []), drills]);
  }
  return byCluster;
}

/** Entries with what drills say about them, where that is newer than what was written into the registry by hand. */
export function withDrills(
  entries: readonly BreakGlassEntry[],
  drills: readonly EntryDrills[],
): readonly BreakGlassEntry[] {
  return entries.map((entry) => {
    const known = drills.find((each) => each.entry === entry.name);
    if (!known) return entry;
    const { lastDrill, alertedAt } = known;
    const { alertOnUse } = entry;
    return {
      ...entry,
      ...(lastDrill && isNewer(lastDrill.at, entry.lastDrill?.at) && { lastDrill }),
      ...(alertOnUse &&
        alertedAt !== null &&
        isNewer(alertedAt, alertOnUse.testedAt) && { alertOnUse: { ...alertOnUse, testedAt: alertedAt } }),
    };
  });
}

/** A time that cannot be read is older than any. */
function isNewer(time: string, than: string | undefined): boolean {
  const other = Date.parse(than ?? '');
  return Number.isNaN(other) || Date.parse(time) > other;
}
