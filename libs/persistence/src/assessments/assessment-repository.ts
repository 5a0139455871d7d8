import type { Assessment } from '#libs/core';
import type { DataSource, EntityManager } from 'typeorm';
import { pinIdentity } from '../clusters/cluster-repository.js';
import type { PinResult } from '../clusters/cluster.js';
import type { TargetEntity } from '../entities/runs.js';
import { saveEvents } from '../events/save-events.js';
import { completeIfDone } from '../runs/complete-run.js';
import { changed, row, transaction } from '../sql/rows.js';
import { waiversInForce } from '../waivers/waiver-repository.js';
import type { AuditFacts, Reconcile } from './audit-input.js';
import { planFindings, type FindingPlan } from './plan-findings.js';
import { saveClusterStanding, type ClusterBefore } from './save-cluster-standing.js';
import { saveRemoteApplies } from './save-remote-applies.js';
import { saveFindings, storedFindings, type FindingScope } from './save-findings.js';
import { currentStates, saveResults } from './save-results.js';
import { finishTarget } from './save-target.js';
import { saveSightings } from './sightings.js';
import { tenantFinder } from './tenant-of-finding.js';
import { isComplete, verdictOf, type Verdict } from './verdicts.js';

/** The assessment is of another cluster than the one that is registered. Nothing was saved. */
export class IdentityConflict extends Error {
  override readonly name = 'IdentityConflict';
  constructor(clusterName: string) {
    super(
      `${clusterName}: the snapshot is of another cluster than the one that is registered under this name. ` +
        'Check its server address and credential, or delete it and register it anew.',
    );
  }
}

type TargetRow = Pick<TargetEntity, 'id' | 'runId' | 'clusterId' | 'state'>;

export class AssessmentRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly options: { readonly resolveAfterRuns: number },
  ) {}

  /**
   * Saves what an audit found, in one transaction: findings and their changes, results, evidence, sightings, the
   * cluster's standing, events, the target and the run's counters. With the last target of a run, the run is completed and
   * `run.completed` is queued, once. An assessment that is older than what is known of the cluster only finishes its
   * target.
   *
   * Rows are locked in the order target, cluster, run, everywhere.
   * @param reconcile compares with what is known (`reconcile` and `applyWaivers` of libs/engine); pure
   * @returns `alreadyDone` where the target is finished or cancelled: nothing is changed
   * @throws {IdentityConflict}
   */
  save(
    targetId: string,
    assessment: Assessment,
    reconcile: Reconcile,
    facts: AuditFacts = {},
  ): Promise<'saved' | 'alreadyDone'> {
    return transaction(this.dataSource, async (manager) => {
      const target = await lockTarget(manager, targetId);
      if (!target || target.state === 'done' || target.state === 'cancelled') return 'alreadyDone';
      const cluster = await lockCluster(manager, target.clusterId);
      if (!cluster) {
        await changed(manager, `UPDATE target SET state = 'cancelled', finished_at = now() WHERE id = $1`, [targetId]);
        await completeIfDone(manager, target.runId, 1);
        return 'alreadyDone';
      }
      const scope: FindingScope = {
        clusterId: target.clusterId,
        runId: target.runId,
        targetId,
        at: assessment.collectedAt,
      };
      const found = verdictOf(assessment);
      const verdict = found.evaluated || facts.message === undefined ? found : { ...found, message: facts.message };
      const isOlder =
        cluster.lastAttemptAt !== null && Date.parse(assessment.collectedAt) < Date.parse(cluster.lastAttemptAt);
      const outcome = isOlder
        ? { plan: null, compliant: null, baseline: false }
        : await this.#apply(manager, scope, cluster, assessment, verdict, reconcile, facts);
      await finishTarget(manager, { scope, assessment, verdict, facts, cluster, ...outcome });
      await completeIfDone(manager, target.runId, 1);
      return 'saved';
    });
  }

  async #apply(
    manager: EntityManager,
    scope: FindingScope,
    cluster: ClusterBefore,
    assessment: Assessment,
    verdict: Verdict,
    reconcile: Reconcile,
    facts: AuditFacts,
  ): Promise<{ plan: FindingPlan; compliant: boolean | null; baseline: boolean }> {
    const pin = await pinned(manager, cluster, assessment, verdict);
    const current = await currentStates(manager, scope.clusterId);
    const stored = await storedFindings(manager, scope.clusterId);
    const controlIds = assessment.results.map(({ controlId }) => controlId);
    const reconciled = reconcile(stored, await waiversInForce(manager, controlIds));
    const baseline = verdict.evaluated && isFirstLook(cluster, assessment.profile);
    const plan = planFindings(stored, reconciled, {
      runId: scope.runId,
      baseline,
      controlsBefore: new Set(current.map(({ controlId }) => controlId)),
      completeControls: new Set(assessment.results.filter(isComplete).map(({ controlId }) => controlId)),
      resolveAfterRuns: this.options.resolveAfterRuns,
      tenantIdOf: await tenantFinder(manager, scope.clusterId, reconciled.tenantOf),
    });
    await saveFindings(manager, scope, plan);
    await saveResults(manager, scope, assessment.results, current);
    await saveSightings(manager, scope.clusterId, assessment.results, scope.at);
    if (facts.remoteApplies || !verdict.evaluated) await saveRemoteApplies(manager, scope, facts.remoteApplies);
    await saveEvents(manager, scope, {
      plan,
      reconciled,
      quiet: baseline || cluster.lastAttemptAt === null,
      edges: facts.remoteApplies?.edges,
      resolveAfterRuns: this.options.resolveAfterRuns,
    });
    const compliant = await saveClusterStanding(manager, { scope, cluster, assessment, verdict, facts, pin, current });
    return { plan, compliant, baseline };
  }
}

function lockTarget(manager: EntityManager, id: string): Promise<TargetRow | null> {
  return row(
    manager,
    `SELECT id, run_id AS "runId", cluster_id AS "clusterId", state FROM target WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
}

function lockCluster(manager: EntityManager, id: string): Promise<ClusterBefore | null> {
  return row(
    manager,
    `SELECT id, name, cluster_uid AS "clusterUid", conditions, summary, last_profile AS "lastProfile",
       last_audited_at AS "lastAuditedAt", last_attempt_at AS "lastAttemptAt"
     FROM cluster WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE`,
    [id],
  );
}

/** The first audit that judged something, also after the profile got a new version: all that it finds was there before. */
function isFirstLook(cluster: ClusterBefore, profile: string): boolean {
  if (cluster.lastAuditedAt === null || cluster.lastProfile === null) return true;
  const nameOf = (id: string) => id.split('@')[0];
  return cluster.lastProfile !== profile && nameOf(cluster.lastProfile) === nameOf(profile);
}

async function pinned(
  manager: EntityManager,
  cluster: ClusterBefore,
  assessment: Assessment,
  verdict: Verdict,
): Promise<PinResult['result']> {
  const { uid } = assessment.cluster;
  if (!verdict.evaluated || uid === '') return 'same';
  if (cluster.clusterUid !== null && cluster.clusterUid !== uid) throw new IdentityConflict(cluster.name);
  return (await pinIdentity(manager, cluster.id, uid)).result;
}
