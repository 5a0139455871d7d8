import { applyWaivers, reconcile, toFindings } from '#libs/engine';
import type { JobContext, JobPayload } from '#libs/jobs';
import type { ClusterAccess } from '#libs/kubernetes';
import {
  IdentityConflict,
  type AssessmentRepository,
  type CredentialRepository,
  type RunRepository,
  type TargetWork,
} from '#libs/persistence';
import { credentialAad, type Keyring, type Logger } from '#libs/platform';
import type { WorkerMetrics } from '../metrics/worker-metrics.js';
import type { AuditResult, ClusterAuditor } from './cluster-auditor.js';
import { clusterCredential } from './cluster-credential.js';
import { tenantsOf } from './tenant-of.js';
import { NO_CREDENTIAL, unavailableOf, WORKERS_LOST } from './unavailable-of.js';

/** So many workers may die of one target. */
const MAX_CLAIMS = 5;
/** Reading a cluster for less than this tells nothing. */
const MIN_BUDGET_MS = 1_000;

export interface AuditStores {
  readonly runs: RunRepository;
  readonly credentials: CredentialRepository;
  readonly assessments: AssessmentRepository;
}

export interface AuditSettings {
  /** Time for one cluster where its run states none. */
  readonly budgetSeconds: number;
}

/** Does one audit job: takes the target, audits its cluster, saves what came of it. */
export class AuditProcessor {
  constructor(
    private readonly stores: AuditStores,
    private readonly keyring: Keyring,
    private readonly auditor: ClusterAuditor,
    private readonly settings: AuditSettings,
    private readonly metrics: WorkerMetrics,
    private readonly log: Logger,
  ) {}

  async process({ targetId }: JobPayload<'audit'>, { stop }: JobContext): Promise<void> {
    const work = await this.stores.runs.claimTarget(targetId);
    if (work === null) return;
    const startedAt = performance.now();
    const result = await this.audit(work, stop);
    await this.save(work, result).catch(async (error: unknown) => {
      // The identity was pinned by another audit while this one went on.
      if (!(error instanceof IdentityConflict)) throw error;
      await this.save(work, this.auditor.notEvaluated(work, unavailableOf(error)));
    });
    this.record(result, (performance.now() - startedAt) / 1_000);
  }

  private async audit(work: TargetWork, stop: AbortSignal): Promise<AuditResult> {
    const { target, run, connection } = work;
    if (target.attempt > MAX_CLAIMS) return this.auditor.notEvaluated(work, WORKERS_LOST);
    const sealed = await this.stores.credentials.sealedFor(target.clusterId);
    if (sealed === null) return this.auditor.notEvaluated(work, NO_CREDENTIAL);
    const open = (): ClusterAccess => {
      const secret = this.keyring.open(sealed.sealed, credentialAad(sealed.id, sealed.clusterId));
      return { ...connection, credential: clusterCredential(secret) };
    };
    const budgetMs = (run.budgetSeconds ?? this.settings.budgetSeconds) * 1_000;
    const untilDeadlineMs = Date.parse(run.deadlineAt) - Date.now();
    const limits = { stop, budgetMs: Math.max(MIN_BUDGET_MS, Math.min(budgetMs, untilDeadlineMs)) };
    const result = await this.auditor.audit(work, open, limits);
    await this.stores.credentials.touch(sealed.id);
    return result;
  }

  private async save({ target, labels }: TargetWork, { assessment, facts, snapshot }: AuditResult): Promise<void> {
    const cluster = { name: target.clusterName, labels };
    const saved = await this.stores.assessments.save(
      target.id,
      assessment,
      (known, waivers) => ({
        changes: reconcile(known, assessment),
        waivedBy: applyWaivers(toFindings(assessment), waivers, cluster, Date.now()).waivedBy,
        ...(snapshot && { tenantOf: tenantsOf(snapshot) }),
      }),
      facts,
    );
    if (saved === 'alreadyDone') this.log.info({ targetId: target.id }, 'a target was finished already; nothing saved');
  }

  private record({ assessment, snapshot, failedWith }: AuditResult, seconds: number): void {
    const applicable = assessment.results.filter((result) => result.outcome !== 'notApplicable');
    const judged =
      applicable.length === 0 || applicable.some(({ outcome }) => outcome !== 'notEvaluated' && outcome !== 'error');
    const outcome = judged ? 'evaluated' : 'notEvaluated';
    const cause = applicable.find((result) => result.cause !== undefined)?.cause ?? '';
    this.metrics.targets.inc({ outcome, cause: judged ? '' : cause });
    this.metrics.targetDuration.observe({ outcome }, seconds);
    if (snapshot !== undefined) this.metrics.recordRequests(snapshot);
    if (failedWith !== undefined) this.metrics.kubeRequests.inc({ code: String(failedWith) });
  }
}
