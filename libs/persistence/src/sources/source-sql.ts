import { SourceCandidateEntity, SourceEntity } from '../entities/sources.js';
import { columns, type Executor } from '../sql/rows.js';

/** The source `s` with the registered management cluster `h`. */
export const SOURCES = 'source s JOIN cluster h ON h.id = s.hub_cluster_id';

/** The select list of a `SourceRecord`. */
export function sourceColumns(executor: Executor): string {
  const own = columns(executor, SourceEntity, 's').replace(/s\.hub_cluster_id AS "hubClusterId", /, '');
  return `${own}, jsonb_build_object('id', h.id, 'name', h.name) AS "hubCluster"`;
}

/** The candidate `sc` with the registered cluster `c`, where there is one. */
export const CANDIDATES = 'source_candidate sc LEFT JOIN cluster c ON c.id = sc.cluster_id AND c.deleted_at IS NULL';

/** A refusal stands as long as the cluster in the way. */
const CONFLICT = `(sc.conflict IS NOT NULL AND EXISTS (
  SELECT 1 FROM cluster o WHERE o.id = sc.conflict ->> 'clusterId' AND o.deleted_at IS NULL))`;

export const CANDIDATE_STATE = `CASE
  WHEN sc.orphaned_at IS NOT NULL THEN 'orphaned'
  WHEN c.id IS NOT NULL THEN 'registered'
  WHEN sc.reasons <> '[]' THEN 'blocked'
  WHEN ${CONFLICT} THEN 'conflict'
  ELSE 'proposed' END`;

/** The select list of a `CandidateRecord`. */
export function candidateColumns(executor: Executor): string {
  const own = columns(executor, SourceCandidateEntity, 'sc').replace(
    'sc.conflict AS "conflict"',
    `CASE WHEN ${CONFLICT} THEN sc.conflict END AS "conflict"`,
  );
  const cluster = `CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('id', c.id, 'name', c.name) END AS "cluster"`;
  return `${own}, ${CANDIDATE_STATE} AS "state", ${cluster}`;
}
