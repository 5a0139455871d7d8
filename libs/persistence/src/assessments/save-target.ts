import type { Assessment } from '#libs/core';
import type { EntityManager } from 'typeorm';
import { toJsonb } from '../sql/jsonb.js';
import { changed } from '../sql/rows.js';
import type { AuditFacts } from './audit-input.js';
import type { FindingPlan } from './plan-findings.js';
import type { ClusterBefore } from './save-cluster-standing.js';
import type { FindingScope } from './save-findings.js';
import type { Verdict } from './verdicts.js';

/** Writes what became of one target. `plan` is null where its snapshot was too old to change anything. */
export async function finishTarget(
  manager: EntityManager,
  audit: {
    readonly scope: FindingScope;
    readonly assessment: Assessment;
    readonly verdict: Verdict;
    readonly facts: AuditFacts;
    readonly cluster: ClusterBefore;
    readonly plan: FindingPlan | null;
    readonly compliant: boolean | null;
    readonly baseline: boolean;
  },
): Promise<void> {
  const { scope, assessment, verdict, facts, cluster, plan, compliant, baseline } = audit;
  const count = (kind: string) => plan?.changes.filter(({ change }) => change === kind).length ?? 0;
  await changed(
    manager,
    `UPDATE target SET state = 'done', outcome = $2, cause = $3, message = $4, counts = $5, causes = $6,
       coverage = $7, compliant = $8, compliant_before = $9, baseline = $10, opened = $11, reopened = $12,
       escalated = $13, resolved = $14, collected_at = $15, cluster_uid = $16, rule_set_version = $17, stats = $18,
       finished_at = now() WHERE id = $1`,
    [
      scope.targetId,
      verdict.evaluated ? 'evaluated' : 'notEvaluated',
      verdict.cause,
      verdict.message,
      toJsonb(verdict.counts),
      toJsonb(verdict.causes),
      assessment.coverage.ratio,
      compliant,
      cluster.summary?.compliant ?? null,
      baseline,
      count('opened'),
      count('reopened'),
      count('escalated'),
      count('resolved'),
      scope.at,
      assessment.cluster.uid || null,
      assessment.ruleSetVersion,
      facts.stats ? toJsonb(facts.stats) : null,
    ],
  );
}
