import type { Assessment, SeverityCounts } from '#libs/core';
import type { EntityManager } from 'typeorm';
import type { PinResult } from '../clusters/cluster.js';
import { mergeConditions } from '../clusters/conditions.js';
import type { ClusterEntity } from '../entities/registry.js';
import { NO_SEVERITIES } from '../findings/finding-sql.js';
import { toJsonb } from '../sql/jsonb.js';
import { changed, rows } from '../sql/rows.js';
import type { ClusterSummary } from '../values.js';
import type { AuditFacts } from './audit-input.js';
import { observedConditions } from './observed-conditions.js';
import type { FindingScope } from './save-findings.js';
import type { CurrentState } from './save-results.js';
import { countOutcomes, coverageOf, isCompliant, type Verdict } from './verdicts.js';

/** A cluster as it was before the audit. */
export type ClusterBefore = Pick<
  ClusterEntity,
  'id' | 'name' | 'clusterUid' | 'conditions' | 'summary' | 'lastProfile' | 'lastAuditedAt' | 'lastAttemptAt'
>;

async function openFindings(
  manager: EntityManager,
  clusterId: string,
): Promise<{ readonly open: SeverityCounts; readonly stale: number }> {
  const found = await rows<{ severity: keyof SeverityCounts; count: number; stale: number }>(
    manager,
    `SELECT severity, count(*)::int AS count, count(*) FILTER (WHERE stale)::int AS stale FROM finding
     WHERE cluster_id = $1 AND state <> 'resolved' GROUP BY severity`,
    [clusterId],
  );
  return {
    open: { ...NO_SEVERITIES, ...Object.fromEntries(found.map(({ severity, count }) => [severity, count])) },
    stale: found.reduce((sum, { stale }) => sum + stale, 0),
  };
}

/** All that is known of the cluster's controls: what this run answered, and what earlier runs answered of others. */
async function summaryOf(
  manager: EntityManager,
  clusterId: string,
  assessment: Assessment,
  current: readonly CurrentState[],
): Promise<ClusterSummary> {
  const outcomes = new Map(current.map(({ controlId, outcome }) => [controlId, outcome]));
  for (const { controlId, outcome } of assessment.results) outcomes.set(controlId, outcome);
  const counts = countOutcomes([...outcomes.values()].map((outcome) => ({ outcome })));
  const findings = await openFindings(manager, clusterId);
  return { counts, coverage: coverageOf(counts), compliant: isCompliant(counts), ...findings };
}

/** `clear`: it answered. `start`: it did not, from now on or from before. `keep`: that is not known. */
function unreachability(verdict: Verdict): 'clear' | 'start' | 'keep' {
  if (verdict.cause === 'unreachable' || verdict.cause === 'timeout') return 'start';
  return verdict.cause === 'transient' || verdict.cause === 'notCollected' ? 'keep' : 'clear';
}

/**
 * Writes how the cluster stands after the audit.
 * @returns whether it is compliant
 */
export async function saveClusterStanding(
  manager: EntityManager,
  audit: {
    readonly scope: FindingScope;
    readonly cluster: ClusterBefore;
    readonly assessment: Assessment;
    readonly verdict: Verdict;
    readonly facts: AuditFacts;
    readonly pin: PinResult['result'];
    readonly current: readonly CurrentState[];
  },
): Promise<boolean> {
  const { scope, cluster, assessment, verdict, facts, pin, current } = audit;
  const summary = await summaryOf(manager, scope.clusterId, assessment, current);
  const observed = observedConditions(assessment, verdict, facts, pin);
  await changed(
    manager,
    `UPDATE cluster SET summary = $2, conditions = $3, last_run_id = $4, last_target_id = $5, last_attempt_at = $6,
       last_audited_at = CASE WHEN $7 THEN $6 ELSE last_audited_at END,
       last_profile = CASE WHEN $7 THEN $8 ELSE last_profile END,
       kubernetes_version = coalesce($9, kubernetes_version),
       flux_version = CASE WHEN $10 THEN $11 ELSE flux_version END,
       unreachable_since = CASE $12 WHEN 'clear' THEN NULL WHEN 'start' THEN coalesce(unreachable_since, $6)
         ELSE unreachable_since END
     WHERE id = $1`,
    [
      scope.clusterId,
      toJsonb(summary),
      toJsonb(mergeConditions(cluster.conditions, observed, scope.at)),
      scope.runId,
      scope.targetId,
      scope.at,
      verdict.evaluated,
      assessment.profile,
      assessment.cluster.serverVersion || null,
      facts.fluxVersion !== undefined,
      facts.fluxVersion ?? null,
      unreachability(verdict),
    ],
  );
  return summary.compliant;
}
