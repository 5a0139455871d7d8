import { REMOTE_APPLY_KINDS, type RemoteApplyEdge, type RemoteApplyReading } from '#libs/core';
import { newId } from '#libs/platform';
import type { EntityManager } from 'typeorm';
import { toJsonb } from '../sql/jsonb.js';
import { changed, rows } from '../sql/rows.js';
import type { FindingScope } from './save-findings.js';

const COLUMNS = `id text, kind text, namespace text, name text, tenant text, target_state text, target_cluster text,
  target_address text, auth_method text, credential_kind text, credential_name text, ready text, suspended boolean,
  overdue boolean, cause text, failing_since timestamptz, alert_covered boolean, silent boolean, edge jsonb`;

/** Rows in one statement. */
const CHUNK = 500;

function toRow(edge: RemoteApplyEdge) {
  const { object, target, auth } = edge;
  return {
    id: newId('rap'),
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    tenant: edge.tenant ?? null,
    target_state: target.state,
    target_cluster: target.cluster ?? null,
    target_address: target.address ?? null,
    auth_method: auth.method,
    credential_kind: auth.source?.kind ?? null,
    credential_name: auth.source?.name ?? null,
    ready: edge.ready,
    suspended: edge.suspended,
    overdue: edge.overdue,
    cause: edge.cause?.code ?? null,
    failing_since: edge.failingSince ?? null,
    alert_covered: edge.alertCovered,
    silent: edge.silent,
    edge,
  };
}

/**
 * Writes the remote applies of a management cluster: those that were read replace the rows of their kind, and rows of a
 * kind that could not be read stay and are marked stale. A kind that nobody asked for stays as it is.
 * @param reading undefined where the cluster as a whole could not be read
 */
export async function saveRemoteApplies(
  manager: EntityManager,
  scope: FindingScope,
  reading: RemoteApplyReading | undefined,
): Promise<void> {
  const unread = reading?.unread ?? [];
  const isUnread = (kind: string) => unread.some((each) => each.kind === kind);
  const stale = reading
    ? unread.filter(({ reason }) => reason !== 'notCollected').map(({ kind }) => kind)
    : REMOTE_APPLY_KINDS;
  if (stale.length > 0) {
    await changed(
      manager,
      'UPDATE remote_apply SET stale = true WHERE cluster_id = $1 AND kind = ANY($2::text[]) AND NOT stale',
      [scope.clusterId, stale],
    );
  }
  if (!reading) return;
  const edges = reading.edges.filter(({ object }) => !isUnread(object.kind));
  for (let start = 0; start < edges.length; start += CHUNK) {
    await upsert(manager, scope, edges.slice(start, start + CHUNK));
  }
  await changed(
    manager,
    'DELETE FROM remote_apply WHERE cluster_id = $1 AND kind = ANY($2::text[]) AND last_run_id <> $3',
    [scope.clusterId, REMOTE_APPLY_KINDS.filter((kind) => !isUnread(kind)), scope.runId],
  );
}

/**
 * Since when something fails is what the object tells, else when it was first seen failing. An edge that is the same as
 * before stays as it is stored: most are, and each is some kilobytes.
 */
async function upsert(manager: EntityManager, scope: FindingScope, edges: readonly RemoteApplyEdge[]): Promise<void> {
  await rows(
    manager,
    `INSERT INTO remote_apply AS r (id, cluster_id, kind, namespace, name, tenant, target_state, target_cluster_id,
       target_address, auth_method, credential_kind, credential_name, ready, suspended, overdue, cause, failing_since,
       alert_covered, silent, edge, first_seen_at, last_seen_at, last_run_id)
     SELECT n.id, $2, n.kind, n.namespace, n.name, n.tenant, n.target_state, c.id, n.target_address, n.auth_method,
       n.credential_kind, n.credential_name, n.ready, n.suspended, n.overdue, n.cause,
       CASE WHEN n.cause IS NOT NULL THEN coalesce(n.failing_since, $3::timestamptz) END,
       n.alert_covered, n.silent, n.edge, $3, $3, $4
     FROM jsonb_to_recordset($1::jsonb) AS n(${COLUMNS})
     LEFT JOIN cluster c ON c.name = n.target_cluster AND c.deleted_at IS NULL
     ON CONFLICT (cluster_id, kind, namespace, name) DO UPDATE SET tenant = excluded.tenant,
       target_state = excluded.target_state, target_cluster_id = excluded.target_cluster_id,
       target_address = excluded.target_address, auth_method = excluded.auth_method,
       credential_kind = excluded.credential_kind, credential_name = excluded.credential_name, ready = excluded.ready,
       suspended = excluded.suspended, overdue = excluded.overdue, cause = excluded.cause,
       failing_since = CASE WHEN excluded.edge ? 'failingSince' THEN excluded.failing_since
         WHEN excluded.cause IS NOT NULL THEN coalesce(r.failing_since, excluded.failing_since) END,
       alert_covered = excluded.alert_covered, silent = excluded.silent, stale = false,
       edge = CASE WHEN r.edge = excluded.edge THEN r.edge ELSE excluded.edge END,
       last_seen_at = excluded.last_seen_at, last_run_id = excluded.last_run_id`,
    [toJsonb(edges.map(toRow)), scope.clusterId, scope.at, scope.runId],
  );
}
