import { ACCESS_CAUSES, CREDENTIAL_CAUSES } from '#libs/core';
import { toJsonb } from '../sql/jsonb.js';
import { rows, type Executor } from '../sql/rows.js';
import type { FindingRecord } from './finding.js';
import type { Related, RelatedFinding, RelatedRemoteApply } from './related.js';

/** Remote applies that are looked at for one finding. */
const MOST_REMOTE_APPLIES = 200;
const MOST_FINDINGS = 20;

type About = Pick<FindingRecord, 'id' | 'clusterId' | 'controlId' | 'reason' | 'subject'>;

interface AffectedRow extends RelatedRemoteApply {
  readonly tenant: string | null;
  readonly targetClusterId: string | null;
  readonly targetClusterName: string | null;
  readonly targetTenants: readonly { readonly id: string; readonly name: string }[];
  readonly credentialKind: string | null;
  readonly credentialName: string | null;
}

/** How a remote apply on the cluster of the finding is touched by its subject; null: not at all. */
const RELATION = `CASE
  WHEN r.cluster_id <> $1 THEN 'appliesToCluster'
  WHEN r.kind = $2 AND r.namespace = $3 AND r.name = $4 THEN 'isSubject'
  WHEN r.credential_kind = $2 AND r.namespace = $3 AND r.credential_name = $4 THEN 'usesSubject'
  WHEN $2 = 'Namespace' AND r.namespace = $4 THEN 'usesSubject'
  WHEN $2 = 'Tenant' AND r.tenant = $4 THEN 'usesSubject'
  WHEN $2 = 'Alert' AND r.edge -> 'alerts' @> jsonb_build_array(jsonb_build_object('namespace', $3::text, 'name', $4::text))
    THEN 'usesSubject'
  WHEN $2 = 'Provider' AND r.edge -> 'alerts' @> jsonb_build_array(jsonb_build_object('provider',
    jsonb_build_object('namespace', $3::text, 'name', $4::text))) THEN 'usesSubject'
  WHEN $2 IN ('Deployment', 'Pod') AND ($4 LIKE 'kustomize-controller%' AND r.kind = 'Kustomization'
    OR $4 LIKE 'helm-controller%' AND r.kind = 'HelmRelease' OR $4 LIKE 'source-controller%'
    OR $4 LIKE 'notification-controller%') THEN 'servedBySubject'
  WHEN $2 = 'Cluster' THEN 'onCluster' END`;

function affectedBy(executor: Executor, { clusterId, subject }: About): Promise<readonly AffectedRow[]> {
  return rows(
    executor,
    `SELECT * FROM (
       SELECT r.id, ${RELATION} AS relation, jsonb_build_object('id', c.id, 'name', c.name) AS cluster, r.kind,
         r.namespace, r.name, r.cause, r.silent, r.suspended, r.tenant, t.id AS "targetClusterId",
         t.name AS "targetClusterName", r.credential_kind AS "credentialKind", r.credential_name AS "credentialName",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'name', n.name) ORDER BY n.name), '[]')
          FROM cluster_tenant ct JOIN tenant n ON n.id = ct.tenant_id WHERE ct.cluster_id = t.id) AS "targetTenants"
       FROM remote_apply r JOIN cluster c ON c.id = r.cluster_id AND c.deleted_at IS NULL
       LEFT JOIN cluster t ON t.id = r.target_cluster_id AND t.deleted_at IS NULL
       WHERE r.cluster_id = $1 OR r.target_cluster_id = $1) AS related
     WHERE relation IS NOT NULL
     ORDER BY silent DESC NULLS LAST, cause IS NULL, cluster ->> 'name', namespace, kind, name LIMIT $5`,
    [clusterId, subject.kind, subject.namespace ?? '', subject.name, MOST_REMOTE_APPLIES + 1],
  );
}

const SAME_OBJECT = `f.cluster_id = $2 AND f.subject ->> 'kind' = $3 AND coalesce(f.subject ->> 'namespace', '') = $4
  AND f.subject ->> 'name' = $5`;
const IS_AFFECTED = `EXISTS (SELECT 1 FROM affected a WHERE a.cluster_id = f.cluster_id AND a.kind = f.subject ->> 'kind'
  AND a.namespace = f.subject ->> 'namespace' AND a.name = f.subject ->> 'name')`;
const IS_CREDENTIAL = `EXISTS (SELECT 1 FROM affected a WHERE a.cluster_id = f.cluster_id
  AND a.credential_kind = f.subject ->> 'kind' AND a.namespace = f.subject ->> 'namespace'
  AND a.credential_name = f.subject ->> 'name')`;
const IS_TARGET = 'EXISTS (SELECT 1 FROM affected a WHERE a.target = f.cluster_id)';
const IS_SIBLING = `EXISTS (SELECT 1 FROM remote_apply s WHERE s.cluster_id = f.cluster_id
  AND s.kind = f.subject ->> 'kind' AND s.namespace = f.subject ->> 'namespace' AND s.name = f.subject ->> 'name'
  AND s.target_cluster_id IN (SELECT a.target FROM affected a))`;

/** Why a finding belongs to the one that is asked about; null: it does not. */
const BECAUSE = `CASE
  WHEN $3 <> 'Cluster' AND $6 LIKE 'FLUX-RA-%' AND f.control_id LIKE 'FLUX-RA-%' AND ${SAME_OBJECT} THEN 'sameObject'
  WHEN $6 LIKE 'FLUX-DED-%' AND f.control_id = 'FLUX-RA-03' AND f.reason = ANY($8::text[]) AND ${IS_AFFECTED}
    THEN 'accessOfTarget'
  WHEN $6 = 'FLUX-RA-03' AND $7 = ANY($8::text[]) AND f.control_id LIKE 'FLUX-DED-%' AND ${IS_TARGET}
    THEN 'accessOfTarget'
  WHEN $3 IN ('Secret', 'ConfigMap') AND (f.control_id = 'FLUX-RA-01'
    OR f.control_id = 'FLUX-RA-03' AND f.reason = ANY($9::text[])) AND ${IS_AFFECTED} THEN 'sameCredential'
  WHEN ($6 = 'FLUX-RA-01' OR $6 = 'FLUX-RA-03' AND $7 = ANY($9::text[])) AND f.control_id LIKE 'FLUX-RA-%'
    AND ${IS_CREDENTIAL} THEN 'sameCredential'
  WHEN $6 = 'FLUX-RA-03' AND f.control_id = $6 AND f.reason = $7 AND ${IS_SIBLING} THEN 'sameTarget' END`;

function sameMatter(
  executor: Executor,
  { id, clusterId, controlId, reason, subject }: About,
  affected: readonly AffectedRow[],
): Promise<readonly RelatedFinding[]> {
  const clusters = new Set([clusterId]);
  for (const { cluster, targetClusterId } of affected) {
    clusters.add(cluster.id);
    if (targetClusterId !== null) clusters.add(targetClusterId);
  }
  const known = affected
    .filter(({ relation }) => relation !== 'onCluster' && relation !== 'servedBySubject')
    .map((each) => ({
      cluster_id: each.cluster.id,
      kind: each.kind,
      namespace: each.namespace,
      name: each.name,
      target: each.targetClusterId,
      credential_kind: each.credentialKind,
      credential_name: each.credentialName,
    }));
  return rows(
    executor,
    `WITH affected AS (SELECT * FROM jsonb_to_recordset($10::jsonb) AS a(cluster_id text, kind text, namespace text,
       name text, target text, credential_kind text, credential_name text))
     SELECT id, because, control_id AS "controlId", severity, reason, cluster, subject FROM (
       SELECT f.id, ${BECAUSE} AS because, f.control_id, f.severity, f.reason,
         jsonb_build_object('id', c.id, 'name', c.name) AS cluster, f.subject
       FROM finding f JOIN cluster c ON c.id = f.cluster_id AND c.deleted_at IS NULL
       WHERE f.cluster_id = ANY($11::text[]) AND f.state <> 'resolved' AND f.id <> $1) AS other
     WHERE because IS NOT NULL ORDER BY severity_rank(severity) DESC, control_id, id LIMIT $12`,
    [
      id,
      clusterId,
      subject.kind,
      subject.namespace ?? '',
      subject.name,
      controlId,
      reason,
      ACCESS_CAUSES,
      CREDENTIAL_CAUSES,
      toJsonb(known),
      [...clusters],
      MOST_FINDINGS,
    ],
  );
}

/** What hangs on a finding: one query for the remote applies, one for the other findings. */
export async function relatedTo(executor: Executor, finding: About): Promise<Related> {
  const found = await affectedBy(executor, finding);
  const affected = found.slice(0, MOST_REMOTE_APPLIES);
  const reached = affected.filter(({ relation }) => relation !== 'appliesToCluster');
  const targets = new Map<string, string>();
  const tenants = new Map<string, string | null>();
  for (const { targetClusterId, targetClusterName, targetTenants, tenant } of reached) {
    if (targetClusterId !== null && targetClusterId !== finding.clusterId) {
      targets.set(targetClusterId, targetClusterName ?? '');
    }
    if (tenant !== null && !tenants.has(tenant)) tenants.set(tenant, null);
    for (const { id, name } of targetTenants) tenants.set(name, id);
  }
  return {
    remoteApplies: affected.map(({ id, relation, cluster, kind, namespace, name, cause, silent, suspended }) => ({
      id,
      relation,
      cluster,
      kind,
      namespace,
      name,
      cause,
      silent,
      suspended,
    })),
    targetClusters: [...targets].map(([id, name]) => ({ id, name })).toSorted(byName),
    tenants: [...tenants].map(([name, id]) => ({ id, name })).toSorted(byName),
    findings: await sameMatter(executor, finding, affected),
    truncated: found.length > MOST_REMOTE_APPLIES,
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
