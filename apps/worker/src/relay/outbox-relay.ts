import type { JobQueues } from '#libs/jobs';
import type {
  DeliveryRepository,
  OutboxMessage,
  OutboxRepository,
  QueuedTarget,
  RunRepository,
  SourceRepository,
} from '#libs/persistence';
import type { Logger } from '#libs/platform';
import type { WorkerMetrics } from '../metrics/worker-metrics.js';
import { queueAudits, queueDelivery, queueDrills, queueSync } from './enqueue.js';

/** Messages handed over in one transaction. */
const MESSAGES = 50;
/** Targets put into the queues at a time. */
const TARGETS = 1_000;

export interface RelayStores {
  readonly outbox: OutboxRepository;
  readonly runs: RunRepository;
  readonly deliveries: DeliveryRepository;
  readonly sources: SourceRepository;
}

/**
 * Carries out what committed changes asked for: jobs for a run that was planned, deliveries for one that is complete
 * and for events, a job for a delivery that is due for a drill of the service, and for a source to synchronise. Everything it does can be done twice.
 */
export class OutboxRelay {
  constructor(
    private readonly stores: RelayStores,
    private readonly queues: JobQueues,
    private readonly metrics: WorkerMetrics,
    private readonly log: Logger,
  ) {}

  /** Handles one batch. @returns whether there was something to do */
  async turn(): Promise<boolean> {
    const dispatched = await this.stores.outbox.dispatch(MESSAGES, async (messages) => {
      for (const message of messages) await this.handle(message);
    });
    return dispatched > 0;
  }

  private async handle({ id, kind, payload }: OutboxMessage): Promise<void> {
    const { runId, eventId, deliveryId, drillId, sourceId } = payload;
    if (kind === 'run.planned' && runId !== undefined) await this.queueTargets(runId);
    else if (kind === 'run.completed' && runId !== undefined) await this.completeRun(runId);
    else if (kind === 'event.raised' && eventId !== undefined) await this.stores.deliveries.planForEvent(eventId);
    else if (kind === 'event.ended' && eventId !== undefined) await this.stores.deliveries.planForEventEnd(eventId);
    else if (kind === 'drill.planned' && drillId !== undefined) await queueDrills(this.queues, [drillId]);
    else if (kind === 'source.syncRequested' && sourceId !== undefined)
      await queueSync(this.stores.sources, this.queues, sourceId);
    else if (kind === 'delivery.due' && deliveryId !== undefined)
      await queueDelivery(this.stores.deliveries, this.queues, deliveryId);
    else this.log.error({ messageId: id, kind }, 'an outbox message names nothing; it is dropped');
  }

  private async queueTargets(runId: string): Promise<void> {
    let afterId: string | null = null;
    for (;;) {
      const targets: readonly QueuedTarget[] = await this.stores.runs.queuedTargets(runId, afterId, TARGETS);
      await queueAudits(this.queues, targets);
      const last = targets.at(-1);
      if (last === undefined || targets.length < TARGETS) return;
      afterId = last.id;
    }
  }

  private async completeRun(runId: string): Promise<void> {
    const run = await this.stores.runs.get(runId);
    if (run === null) return;
    const deliveries = await this.stores.deliveries.planForRun(runId);
    this.log.info({ runId, deliveries: deliveries.length }, 'a run is complete');
    if (run.finishedAt === null) return;
    const started = Date.parse(run.startedAt ?? run.createdAt);
    this.metrics.runDuration.observe((Date.parse(run.finishedAt) - started) / 1_000);
  }
}
