import type { BreakGlassEntry } from '#libs/core';
import { rows, type Executor } from '../sql/rows.js';
import type { BreakGlassStanding, LatestStep } from './drill.js';
import { countedDrills, withDrills } from './last-drills.js';

interface ClusterRow extends Pick<BreakGlassStanding, 'clusterId' | 'clusterName' | 'labels' | 'tenants'> {
  readonly entries: readonly BreakGlassEntry[];
}

/**
 * Clusters that have a break-glass entry, that are declared to need one, or of which the last audit said so; by name.
 */
export async function standings(executor: Executor): Promise<readonly BreakGlassStanding[]> {
  const clusters = await rows<ClusterRow>(
    executor,
    `SELECT c.id AS "clusterId", c.name AS "clusterName", c.labels, coalesce(c.platform->'breakGlass', '[]') AS entries,
       (SELECT coalesce(array_agg(t.name ORDER BY t.name), '{}')
        FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id WHERE ct.cluster_id = c.id) AS tenants
     FROM cluster c
     WHERE c.deleted_at IS NULL AND (
       jsonb_array_length(coalesce(c.platform->'breakGlass', '[]')) > 0
       OR c.role = 'management' OR (c.role = 'tenant' AND c.tenancy = 'dedicated')
       OR EXISTS (SELECT 1 FROM control_state s WHERE s.cluster_id = c.id AND s.control_id = 'FLUX-BG-01'
                  AND s.to_at IS NULL AND s.outcome = 'fail'))
     ORDER BY c.name, c.id`,
  );
  const ids = clusters.map(({ clusterId }) => clusterId);
  const [drills, steps, open] = [
    await countedDrills(executor, ids),
    await latestSteps(executor, ids),
    await openDrills(executor, ids),
  ];
  return clusters.map(({ entries, ...cluster }) => ({
    ...cluster,
    entries: withDrills(entries, drills.get(cluster.clusterId) ?? []),
    steps: Object.fromEntries(grouped(steps.get(cluster.clusterId) ?? [], ({ entry }) => entry)),
    open: Object.fromEntries((open.get(cluster.clusterId) ?? []).map(({ entry, id }) => [entry, id])),
  }));
}

interface OfEntry {
  readonly clusterId: string;
  readonly entry: string;
}

function grouped<T>(found: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of found) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Of each step the newest drill that did not leave it out. */
async function latestSteps(executor: Executor, ids: readonly string[]) {
  const found = await rows<LatestStep & OfEntry & { cause: string | null }>(
    executor,
    `SELECT DISTINCT ON (d.cluster_id, d.entry, s.name) d.cluster_id AS "clusterId", d.entry, d.id AS "drillId",
       d.runner, d.finished_at AS at, s.name, s.state, s.cause, s.message, s.duration_ms AS "durationMs"
     FROM drill d JOIN drill_step s ON s.drill_id = d.id
     WHERE d.cluster_id = ANY($1::text[]) AND d.state = 'completed' AND s.state <> 'skipped'
     ORDER BY d.cluster_id, d.entry, s.name, d.finished_at DESC, d.id DESC`,
    [ids],
  );
  const steps = found.map(({ cause, ...step }) => ({ ...step, ...(cause !== null && { cause }) }));
  return grouped(steps, ({ clusterId }) => clusterId);
}

async function openDrills(executor: Executor, ids: readonly string[]) {
  const found = await rows<OfEntry & { id: string }>(
    executor,
    `SELECT cluster_id AS "clusterId", entry, id FROM drill WHERE cluster_id = ANY($1::text[]) AND deadline_at > now()
       AND state IN ('awaitingApproval', 'awaitingResults', 'queued', 'running')`,
    [ids],
  );
  return grouped(found, ({ clusterId }) => clusterId);
}
