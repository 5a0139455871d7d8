import type { JobQueues } from '#libs/jobs';
import type { DeliveryRepository, DrillRepository, OutboxRepository, RunRepository } from '#libs/persistence';
import type { Logger } from '#libs/platform';
import { queueAudits, queueDelivery, queueDrills } from '../relay/enqueue.js';

/** Looked at in one turn; what is left follows in the next one. */
const BATCH = 1_000;
/** A target waits this long before it is looked for: the relay needs a moment. */
const QUEUED_MS = 15_000;
/** A target may take this much longer than its budget (saving, waiting for a connection) before it is looked for. */
const LEASE_EXTRA_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Dispatched messages stay this long, for people who look into what happened. */
const OUTBOX_KEEP_MS = 7 * 24 * HOUR_MS;

export interface SweepStores {
  readonly runs: RunRepository;
  readonly deliveries: DeliveryRepository;
  readonly drills: DrillRepository;
  readonly outbox: OutboxRepository;
}

export interface SweepSettings {
  readonly budgetSeconds: number;
}

/**
 * Makes good what got lost between the database and the queues: a queue server that was emptied, a worker that died at
 * the wrong moment. Adding a job that is still there changes nothing, so it need not know which ones are.
 */
export class Sweeper {
  private prunedAt = 0;

  constructor(
    private readonly stores: SweepStores,
    private readonly queues: JobQueues,
    private readonly settings: SweepSettings,
    private readonly log: Logger,
  ) {}

  async turn(now = new Date()): Promise<boolean> {
    await this.finishOverdueRuns(now);
    await this.queueOverdueTargets(now);
    await this.queueDueDeliveries(now);
    await this.queueOverdueDrills(now);
    if (now.getTime() - this.prunedAt >= HOUR_MS) {
      this.prunedAt = now.getTime();
      await this.stores.outbox.prune(new Date(now.getTime() - OUTBOX_KEEP_MS));
    }
    return false;
  }

  private async finishOverdueRuns(now: Date): Promise<void> {
    const finished = await this.stores.runs.finishOverdueRuns(now);
    for (const runId of finished)
      this.log.warn({ runId }, 'a run reached its deadline; the rest counts as not evaluated');
  }

  private async queueOverdueTargets(now: Date): Promise<void> {
    const leaseMs = this.settings.budgetSeconds * 1_000 + LEASE_EXTRA_MS;
    const targets = await this.stores.runs.overdueTargets({
      queuedBefore: new Date(now.getTime() - QUEUED_MS),
      claimedBefore: new Date(now.getTime() - leaseMs),
      limit: BATCH,
    });
    if (targets.length > 0) await queueAudits(this.queues, targets);
  }

  private async queueOverdueDrills(now: Date): Promise<void> {
    const expired = await this.stores.drills.expireOverdue();
    if (expired > 0) this.log.warn({ drills: expired }, 'drills reached their deadline; nobody ended them');
    const leaseMs = this.settings.budgetSeconds * 1_000 + LEASE_EXTRA_MS;
    const drills = await this.stores.drills.overdue({
      queuedBefore: new Date(now.getTime() - QUEUED_MS),
      claimedBefore: new Date(now.getTime() - leaseMs),
      limit: BATCH,
    });
    if (drills.length > 0) await queueDrills(this.queues, drills);
  }

  private async queueDueDeliveries(now: Date): Promise<void> {
    for (const id of await this.stores.deliveries.due(now, BATCH))
      await queueDelivery(this.stores.deliveries, this.queues, id);
  }
}
