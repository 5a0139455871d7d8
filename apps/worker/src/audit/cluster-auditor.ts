import type { Assessment, ClusterIdentity, Control, FleetCluster, Profile, Snapshot } from '#libs/core';
import { evaluate, notEvaluatedAssessment } from '#libs/engine';
import { untilAborted } from '#libs/jobs';
import {
  ClusterClient,
  ClusterError,
  collectSnapshot,
  type ClusterAccess,
  type CollectOptions,
  type ProbePlan,
} from '#libs/kubernetes';
import type { AuditFacts, TargetWork } from '#libs/persistence';
import { KeyringError, type EgressPolicy, type Logger } from '#libs/platform';
import { fluxFacts } from './flux-facts.js';
import { remoteAppliesOf } from './remote-applies.js';
import { artifactsFor, profileOfRun } from './run-profile.js';
import { unavailableOf, type Unavailable } from './unavailable-of.js';

export interface AuditorTools {
  readonly catalog: readonly Control[];
  readonly profiles: readonly Profile[];
  readonly egress: EgressPolicy;
  readonly userAgent: string;
  readonly log: Logger;
  /** What to ask an API server about rights; `planAccessReviews` of libs/controls. */
  readonly planReviews?: CollectOptions['planReviews'];
  /** What to try where active verification is switched on; `planProbes` of libs/controls. */
  readonly planProbes?: ProbePlan['plan'];
  /** The registered clusters, seen from the audited one. */
  readonly fleet?: (auditedId: string) => Promise<readonly FleetCluster[]>;
}

export interface AuditLimits {
  /** Milliseconds that reading the cluster may take. */
  readonly budgetMs: number;
  /** Aborted where this process has to stop; the audit is then left without a result. */
  readonly stop: AbortSignal;
}

export interface AuditResult {
  readonly assessment: Assessment;
  readonly facts: AuditFacts;
  /** Absent where the cluster could not be read. */
  readonly snapshot?: Snapshot;
  /** HTTP status of the answer that ended the reading, where one did. */
  readonly failedWith?: number;
}

/** How much longer than its budget a client may take before it is left alone. It ends itself; this is for when it does not. */
const OVERTIME_MS = 2_000;

/** Audits one cluster: reads it within a budget and judges what it read. */
export class ClusterAuditor {
  constructor(private readonly tools: AuditorTools) {}

  /**
   * Always answers with an assessment: what the cluster does, or does not do, is a result. Rejects only with the
   * reason of `limits.stop`.
   *
   * @param open gives the access to the cluster; what it throws counts as a failure of the cluster
   */
  async audit(work: TargetWork, open: () => ClusterAccess, limits: AuditLimits): Promise<AuditResult> {
    const { catalog, profiles, log } = this.tools;
    const { profile, problem } = profileOfRun(work.run, profiles);
    if (problem !== undefined) return this.notEvaluated(work, problem);
    try {
      const snapshot = await this.read(work, profile, open(), limits);
      const assessment = evaluate(catalog, profile, snapshot);
      return {
        assessment,
        snapshot,
        facts: {
          ...fluxFacts(snapshot),
          ...remoteAppliesOf(work.run, snapshot),
          ...(snapshot.stats && { stats: snapshot.stats }),
        },
      };
    } catch (error) {
      limits.stop.throwIfAborted();
      const { id, clusterId } = work.target;
      const cause = unavailableOf(error);
      const level = isExpected(error) ? 'info' : 'error';
      log[level]({ err: error, targetId: id, clusterId, reason: cause.reason }, 'a cluster could not be audited');
      const status = error instanceof ClusterError ? error.status : undefined;
      return { ...this.notEvaluated(work, cause), ...(status !== undefined && { failedWith: status }) };
    }
  }

  /** Every control of the run, not evaluated, for the one reason. */
  notEvaluated(work: TargetWork, cause: Unavailable): AuditResult {
    const { profile } = profileOfRun(work.run, this.tools.profiles);
    const cluster: ClusterIdentity = { name: work.target.clusterName, uid: work.expectedUid ?? '', serverVersion: '' };
    const at = new Date().toISOString();
    return {
      assessment: notEvaluatedAssessment(this.tools.catalog, profile, cluster, at, cause),
      facts: { message: cause.message },
    };
  }

  private async read(
    work: TargetWork,
    profile: Profile,
    access: ClusterAccess,
    { budgetMs, stop }: AuditLimits,
  ): Promise<Snapshot> {
    const ending = new AbortController();
    const onStop = () => ending.abort(stop.reason);
    stop.throwIfAborted();
    stop.addEventListener('abort', onStop, { once: true });
    const overtime = setTimeout(
      () => ending.abort(new ClusterError('budgetExceeded', { detail: 'time' })),
      budgetMs + OVERTIME_MS,
    );
    const { signal } = ending;
    let client: ClusterClient | undefined;
    const collect = async (): Promise<Snapshot> => {
      const { egress, userAgent } = this.tools;
      client = await ClusterClient.open(access, { egress, userAgent, signal, budget: { wallMs: budgetMs } });
      return collectSnapshot(client, this.collectOptions(work, profile));
    };
    try {
      return await untilAborted(collect(), signal);
    } catch (error) {
      // A cluster that said nothing at all within its time is slow to answer, not too large.
      const outOfTime = error instanceof ClusterError && error.code === 'budgetExceeded' && error.detail === 'time';
      throw outOfTime && (client?.stats().bytes ?? 0) === 0 ? new ClusterError('timeout') : error;
    } finally {
      clearTimeout(overtime);
      stop.removeEventListener('abort', onStop);
      // Ends what was left behind. Not awaited: closing connections may take as long as the other side likes.
      ending.abort(new ClusterError('cancelled'));
      void client?.close();
    }
  }

  private collectOptions(
    { run, target, expectedUid, registration, sightings }: TargetWork,
    profile: Profile,
  ): CollectOptions {
    const { catalog, planReviews, planProbes, fleet } = this.tools;
    return {
      name: target.clusterName,
      registration,
      sightings,
      needs: artifactsFor(profile, catalog),
      ...(expectedUid !== null && { expectedUid }),
      ...(planReviews && { planReviews }),
      ...(planProbes && { probes: { plan: planProbes, marker: run.id } }),
      ...(fleet && { fleet: () => this.known(fleet, target.clusterId) }),
    };
  }

  /** What the registry cannot tell is missing in the snapshot; why stands in the log. */
  private async known(fleet: NonNullable<AuditorTools['fleet']>, clusterId: string): Promise<readonly FleetCluster[]> {
    try {
      return await fleet(clusterId);
    } catch (error) {
      this.tools.log.error({ err: error, clusterId }, 'the registered clusters could not be read');
      throw error;
    }
  }
}

/** What clusters do; but one that changed under a dry-run is somebody's to look into at once. */
function isExpected(error: unknown): boolean {
  if (error instanceof ClusterError) return error.code !== 'probeChangedObject';
  return error instanceof KeyringError;
}
