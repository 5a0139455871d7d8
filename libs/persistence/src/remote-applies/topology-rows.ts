import type { RemoteApplyAuth, RemoteApplyIdentity, RemoteApplyKind, RemoteTargetState } from '#libs/core';
import { rows, type Executor } from '../sql/rows.js';
import type { Labels } from '../values.js';

/** A remote apply, as far as a graph shows it. */
export interface TopologyRow {
  readonly id: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly kind: RemoteApplyKind;
  readonly namespace: string;
  readonly name: string;
  readonly targetState: RemoteTargetState;
  readonly targetClusterId: string | null;
  readonly targetClusterName: string | null;
  readonly targetAddress: string | null;
  /** Of the target cluster; empty where it is not registered. */
  readonly targetLabels: Labels;
  readonly auth: RemoteApplyAuth;
  readonly identity: RemoteApplyIdentity;
  readonly suspended: boolean;
  readonly cause: string | null;
  readonly alertCovered: boolean | null;
  readonly silent: boolean | null;
  readonly stale: boolean;
}

/** An object on a cluster that open findings about the platform's access name as their evidence. */
export interface AccessObjectRow {
  readonly clusterId: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** One of the findings. */
  readonly findingId: string;
}

/** What these clusters apply to others; at most `limit` rows, worst first. */
export function topologyRows(
  executor: Executor,
  clusterIds: readonly string[],
  limit: number,
): Promise<readonly TopologyRow[]> {
  return rows(
    executor,
    `SELECT r.id, r.cluster_id AS "clusterId", c.name AS "clusterName", r.kind, r.namespace, r.name,
       r.target_state AS "targetState", t.id AS "targetClusterId", t.name AS "targetClusterName",
       r.target_address AS "targetAddress", coalesce(t.labels, '{}') AS "targetLabels", r.edge -> 'auth' AS auth,
       r.edge -> 'identity' AS identity, r.suspended, r.cause, r.alert_covered AS "alertCovered", r.silent, r.stale
     FROM remote_apply r JOIN cluster c ON c.id = r.cluster_id AND c.deleted_at IS NULL
     LEFT JOIN cluster t ON t.id = r.target_cluster_id AND t.deleted_at IS NULL
     WHERE r.cluster_id = ANY($1::text[])
     ORDER BY r.cluster_id, r.namespace, r.kind, r.name LIMIT $2`,
    [clusterIds, limit],
  );
}

/** Objects that the platform's access to these clusters rests on, where open findings name them. */
export function accessObjectRows(
  executor: Executor,
  clusterIds: readonly string[],
  limit: number,
): Promise<readonly AccessObjectRow[]> {
  return rows(
    executor,
    `SELECT f.cluster_id AS "clusterId", o.object ->> 'kind' AS kind, o.object ->> 'namespace' AS namespace,
       o.object ->> 'name' AS name, min(f.id) AS "findingId"
     FROM finding f JOIN evidence e ON e.id = f.evidence_id
     CROSS JOIN LATERAL (SELECT item -> 'object' AS object FROM jsonb_array_elements(e.body) AS item) AS o
     WHERE f.cluster_id = ANY($1::text[]) AND f.state <> 'resolved' AND f.control_id LIKE 'FLUX-DED-%'
       AND o.object ->> 'name' IS NOT NULL
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $2`,
    [clusterIds, limit],
  );
}
