import type { EntityManager } from 'typeorm';
import { toJsonb } from '../sql/jsonb.js';
import { changed, rows } from '../sql/rows.js';
import type { FindingPlan, NewChange, NewEvidence, StoredFinding, WrittenFinding } from './plan-findings.js';

export interface FindingScope {
  readonly clusterId: string;
  readonly runId: string;
  readonly targetId: string;
  /** Collection time of the snapshot. */
  readonly at: string;
}

/** Rows in one statement: enough to be fast, few enough to keep the text of a statement below some megabytes. */
const CHUNK = 1_000;

async function inChunks<T>(items: readonly T[], work: (chunk: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += CHUNK) await work(items.slice(start, start + CHUNK));
}

/** Every finding of a cluster, resolved ones too: they may come back. */
export function storedFindings(manager: EntityManager, clusterId: string): Promise<readonly StoredFinding[]> {
  return rows(
    manager,
    `SELECT f.id, f.fingerprint, f.control_id AS "controlId", f.subject, f.state, f.severity, f.outcome,
       f.clean_runs AS "cleanRuns", f.waiver_id AS "waiverId", f.resolved_reason AS "resolvedReason",
       f.content_sha256 AS "contentSha256", f.evidence_id AS "evidenceId", e.content_sha256 AS "evidenceContentSha256"
     FROM finding f LEFT JOIN evidence e ON e.id = f.evidence_id WHERE f.cluster_id = $1`,
    [clusterId],
  );
}

function contentRow(written: WrittenFinding) {
  const { id, finding, waiverId, tenantId, contentSha256, evidenceId, baseline } = written;
  return {
    id,
    fingerprint: finding.fingerprint,
    control_id: finding.controlId,
    outcome: finding.outcome,
    severity: finding.severity,
    confidence: finding.confidence,
    reason: finding.reason,
    message: finding.message,
    subject: finding.subject,
    fixes: finding.fixes,
    waiver_id: waiverId,
    tenant_id: tenantId,
    content_sha256: contentSha256,
    evidence_id: evidenceId,
    baseline,
  };
}

const CONTENT_COLUMNS = `id text, fingerprint text, control_id text, outcome text, severity text, confidence text,
  reason text, message text, subject jsonb, fixes jsonb, waiver_id text, tenant_id text, content_sha256 text,
  evidence_id text, baseline boolean`;

async function insertNew(manager: EntityManager, scope: FindingScope, written: readonly WrittenFinding[]) {
  await inChunks(written, (chunk) =>
    rows(
      manager,
      `INSERT INTO finding (id, fingerprint, cluster_id, tenant_id, control_id, state, outcome, severity, confidence,
         reason, message, subject, fixes, waiver_id, content_sha256, evidence_id, baseline, first_seen_at, last_seen_at,
         opened_run_id, last_run_id)
       SELECT n.id, n.fingerprint, $2, n.tenant_id, n.control_id, 'open', n.outcome, n.severity, n.confidence,
         n.reason, n.message, n.subject, n.fixes, n.waiver_id, n.content_sha256, n.evidence_id,
         n.baseline, $3, $3, $4, $4
       FROM jsonb_to_recordset($1::jsonb) AS n(${CONTENT_COLUMNS})`,
      [toJsonb(chunk.map(contentRow)), scope.clusterId, scope.at, scope.runId],
    ),
  );
}

async function updateChanged(manager: EntityManager, scope: FindingScope, written: readonly WrittenFinding[]) {
  await inChunks(written, (chunk) =>
    changed(
      manager,
      `UPDATE finding AS f SET
         state = CASE WHEN f.state = 'resolved' THEN 'reopened' ELSE f.state END,
         outcome = n.outcome, severity = n.severity, confidence = n.confidence, message = n.message,
         subject = n.subject, fixes = n.fixes, waiver_id = n.waiver_id, tenant_id = n.tenant_id,
         content_sha256 = n.content_sha256, evidence_id = n.evidence_id, stale = false, clean_runs = 0, occurrences = f.occurrences + 1,
         last_seen_at = $2, last_run_id = $3, resolved_at = NULL, resolved_reason = NULL, resolved_run_id = NULL,
         version = f.version + 1
       FROM jsonb_to_recordset($1::jsonb) AS n(${CONTENT_COLUMNS}) WHERE f.id = n.id`,
      [toJsonb(chunk.map(contentRow)), scope.at, scope.runId],
    ),
  );
}

async function insertEvidence(manager: EntityManager, scope: FindingScope, evidence: readonly NewEvidence[]) {
  await inChunks(evidence, (chunk) =>
    rows(
      manager,
      `INSERT INTO evidence (id, finding_id, run_id, sha256, content_sha256, body, collected_at)
       SELECT n.id, n."findingId", $2, n.sha256, n."contentSha256", n.body, $3
       FROM jsonb_to_recordset($1::jsonb)
         AS n(id text, "findingId" text, sha256 text, "contentSha256" text, body jsonb)`,
      [toJsonb(chunk), scope.runId, scope.at],
    ),
  );
}

async function insertChanges(manager: EntityManager, scope: FindingScope, changes: readonly NewChange[]) {
  await inChunks(changes, (chunk) =>
    rows(
      manager,
      `INSERT INTO finding_change (id, finding_id, cluster_id, run_id, target_id, change, severity, announced,
         announced_run_id, at)
       SELECT n.id, n."findingId", $2, $3, $4, n.change, n.severity, n.announced,
         CASE WHEN n.announced THEN $3 END, $5
       FROM jsonb_to_recordset($1::jsonb)
         AS n(id text, "findingId" text, change text, severity text, announced boolean)`,
      [toJsonb(chunk), scope.clusterId, scope.runId, scope.targetId, scope.at],
    ),
  );
}

/** The resolutions that enough clean runs have confirmed become news of this run. */
async function announceResolved(manager: EntityManager, scope: FindingScope, findingIds: readonly string[]) {
  await changed(
    manager,
    `UPDATE finding_change SET announced = true, announced_run_id = $2 WHERE id IN (
       SELECT DISTINCT ON (finding_id) id FROM finding_change
       WHERE finding_id = ANY($1::text[]) AND change = 'resolved' ORDER BY finding_id, at DESC, id DESC)`,
    [findingIds, scope.runId],
  );
}

/** Carries out a plan, in a handful of statements however many findings there are. */
export async function saveFindings(manager: EntityManager, scope: FindingScope, plan: FindingPlan): Promise<void> {
  await insertNew(
    manager,
    scope,
    plan.written.filter(({ known }) => !known),
  );
  await updateChanged(
    manager,
    scope,
    plan.written.filter(({ known }) => known),
  );
  await changed(
    manager,
    `UPDATE finding SET last_seen_at = $2, last_run_id = $3, occurrences = occurrences + 1, stale = false
     WHERE id = ANY($1::text[])`,
    [plan.seenAgain, scope.at, scope.runId],
  );
  await changed(
    manager,
    `UPDATE finding AS f SET state = 'resolved', resolved_at = $2, resolved_run_id = $3, resolved_reason = n.reason,
       clean_runs = 1, stale = false, version = f.version + 1
     FROM jsonb_to_recordset($1::jsonb) AS n(id text, reason text) WHERE f.id = n.id`,
    [toJsonb(plan.resolved), scope.at, scope.runId],
  );
  await changed(manager, 'UPDATE finding SET stale = true WHERE id = ANY($1::text[]) AND NOT stale', [plan.stale]);
  await changed(manager, 'UPDATE finding SET clean_runs = clean_runs + 1 WHERE id = ANY($1::text[])', [
    plan.cleanAgain,
  ]);
  await insertEvidence(manager, scope, plan.evidence);
  await insertChanges(manager, scope, plan.changes);
  if (plan.announceResolved.length > 0) await announceResolved(manager, scope, plan.announceResolved);
}
