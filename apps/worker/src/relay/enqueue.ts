import { auditJob, deliveryJob, discoveryJob, drillJob, type JobQueues } from '#libs/jobs';
import type { DeliveryRepository, QueuedTarget, SourceRepository } from '#libs/persistence';

/** Puts each target into the queue of its lane. */
export async function queueAudits(queues: JobQueues, targets: readonly QueuedTarget[]): Promise<void> {
  const jobsOf = (lane: QueuedTarget['lane']) =>
    targets.filter((target) => target.lane === lane).map(({ id }) => auditJob(id));
  await queues.addAll('audit', jobsOf('fast'));
  await queues.addAll('audit-slow', jobsOf('slow'));
}

/** Puts drills into their queue. */
export async function queueDrills(queues: JobQueues, drillIds: readonly string[]): Promise<void> {
  await queues.addAll('drill', drillIds.map(drillJob));
}

/** Puts a delivery into the queue for the time at which it is due; nothing where it has ended. */
export async function queueDelivery(
  deliveries: DeliveryRepository,
  queues: JobQueues,
  deliveryId: string,
): Promise<void> {
  const delivery = await deliveries.get(deliveryId);
  if (delivery?.nextAttemptAt == null) return;
  await queues.addAll('delivery', [deliveryJob(deliveryId, new Date(delivery.nextAttemptAt), new Date())]);
}

/** Puts the synchronisation of a source that is pending into the queue; nothing where none is. */
export async function queueSync(sources: SourceRepository, queues: JobQueues, sourceId: string): Promise<void> {
  const requestedAt = await sources.pendingSync(sourceId);
  if (requestedAt !== null) await queues.addAll('discovery', [discoveryJob(sourceId, new Date(requestedAt))]);
}
