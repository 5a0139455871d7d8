import { planDrill } from '#libs/controls';
import { DRILL_STEPS, type DrillPlan, type DrillReport } from '#libs/core';
import { untilAborted, type JobContext, type JobPayload } from '#libs/jobs';
import { checkReadiness, ClusterClient, ClusterError, type OpenForDrill } from '#libs/kubernetes';
import type { CredentialRepository, DrillRepository, DrillWork } from '#libs/persistence';
import { credentialAad, KeyringError, type EgressPolicy, type Keyring, type Logger } from '#libs/platform';
import { clusterCredential } from '../audit/cluster-credential.js';
import { NO_CREDENTIAL, WORKERS_LOST } from '../audit/unavailable-of.js';

/** So many workers may die of one drill. */
const MAX_CLAIMS = 5;

export interface DrillStores {
  readonly drills: DrillRepository;
  readonly credentials: CredentialRepository;
}

export interface DrillSettings {
  readonly egress: EgressPolicy;
  readonly userAgent: string;
  /** Time for one cluster. */
  readonly budgetSeconds: number;
}

/**
 * Does one job of the service's own check of a way in: asks the API server, with the auditor's credential, whether the
 * break-glass principals hold every right. Anything else takes the break-glass credential, which never comes here.
 */
export class DrillProcessor {
  constructor(
    private readonly stores: DrillStores,
    private readonly keyring: Keyring,
    private readonly settings: DrillSettings,
    private readonly log: Logger,
  ) {}

  async process({ drillId }: JobPayload<'drill'>, { stop }: JobContext): Promise<void> {
    const work = await this.stores.drills.claim(drillId);
    if (work === null) return;
    const report = await this.check(work, stop);
    stop.throwIfAborted();
    const saved = await this.stores.drills.finish(drillId, report);
    const { outcome } = report;
    if (saved === 'saved') this.log.info({ drillId, clusterId: work.drill.clusterId, outcome }, 'a drill is over');
    else this.log.info({ drillId }, 'a drill was over already; nothing saved');
  }

  private async check({ drill, connection, expectedUid, registration }: DrillWork, stop: AbortSignal) {
    const entry = registration.breakGlass?.find(({ name }) => name === drill.entry);
    // It was there when the drill was claimed, a moment ago, in the same answer.
    if (!entry) throw new Error(`Drill ${drill.id} is about an entry that is not there.`);
    const { clusterId, attempt } = drill;
    const plan = planDrill(entry, registration, {
      mode: 'verify',
      apiServer: connection.server,
      ...(expectedUid !== null && { clusterUid: expectedUid }),
      suffix: 'none',
    });
    if (attempt > MAX_CLAIMS) return notDone(plan, 'WORKERS_LOST', WORKERS_LOST.message);
    const sealed = await this.stores.credentials.sealedFor(clusterId);
    if (sealed === null) return notDone(plan, 'NO_CREDENTIAL', NO_CREDENTIAL.message);
    const { egress, userAgent, budgetSeconds } = this.settings;
    const ending = new AbortController();
    const onStop = () => ending.abort(stop.reason);
    stop.throwIfAborted();
    stop.addEventListener('abort', onStop, { once: true });
    const open: OpenForDrill = (onRequest) => {
      const secret = this.opened(sealed.id, () =>
        this.keyring.open(sealed.sealed, credentialAad(sealed.id, clusterId)),
      );
      const access = { ...connection, credential: clusterCredential(secret) };
      const budget = { wallMs: budgetSeconds * 1_000 };
      return ClusterClient.open(access, { egress, userAgent, budget, signal: ending.signal, onRequest });
    };
    try {
      const report = await untilAborted(checkReadiness(plan, { open }), stop);
      await this.stores.credentials.touch(sealed.id);
      return report;
    } finally {
      stop.removeEventListener('abort', onStop);
      ending.abort(new ClusterError('cancelled'));
    }
  }

  /** A credential that cannot be opened is an answer about the registration, not a failure of this process. */
  private opened(credentialId: string, open: () => Buffer): Buffer {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
      this.log.error({ err: error, credentialId }, 'a credential could not be opened');
      throw new ClusterError('invalidAccess');
    }
  }
}

/** The report of a check that never began. */
function notDone({ mode }: DrillPlan, cause: string, message: string): DrillReport {
  const at = new Date().toISOString();
  return {
    mode,
    outcome: 'unknown',
    startedAt: at,
    finishedAt: at,
    writes: 0,
    steps: DRILL_STEPS.map((name) => ({
      name,
      state: name === 'reach' ? 'unknown' : 'skipped',
      cause: name === 'reach' ? cause : 'NOT_REACHED',
      message: name === 'reach' ? message : 'Not tried.',
      durationMs: 0,
      requests: [],
    })),
  };
}
