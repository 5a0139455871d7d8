import type { JobsOptions } from 'bullmq';
import { z } from 'zod';

/** Ids as `libs/platform` makes them: a short prefix and a ULID. They hold no `:`, which Redis keys reserve. */
const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-Z]{26}$`), `not an id with prefix ${prefix}_`);

const auditPayload = z.strictObject({ targetId: id('tgt') });
const deliveryPayload = z.strictObject({ deliveryId: id('dlv') });
const discoveryPayload = z.strictObject({ sourceId: id('src') });
const drillPayload = z.strictObject({ drillId: id('drl') });

/** Payloads carry ids only: what a job needs is read when it runs, so a queue never holds a secret or an old state. */
export const JOB_PAYLOADS = {
  /** One cluster of one run. */
  audit: auditPayload,
  /** The same for clusters that could not be reached last time, so that their timeouts never delay the others. */
  'audit-slow': auditPayload,
  /** One attempt to deliver one message. */
  delivery: deliveryPayload,
  /** The service's own check of a way in for emergencies. */
  drill: drillPayload,
  /** One synchronisation of a source of clusters. */
  discovery: discoveryPayload,
} as const;

export type QueueName = keyof typeof JOB_PAYLOADS;
export type JobPayload<Q extends QueueName> = z.infer<(typeof JOB_PAYLOADS)[Q]>;
export const QUEUE_NAMES = Object.keys(JOB_PAYLOADS) as readonly QueueName[];

/** A job to add. Two jobs with the same id in the same queue are one job. */
export interface NewJob<Q extends QueueName> {
  readonly id: string;
  readonly payload: JobPayload<Q>;
  /** Milliseconds to wait before it may run; absent = none. */
  readonly delayMs?: number;
}

/** The job that audits a target. A target has one job at a time; it stays the same job while workers come and go. */
export function auditJob(targetId: string): NewJob<'audit' | 'audit-slow'> {
  return { id: targetId, payload: { targetId } };
}

/** The job that does a drill. A drill has one job at a time; it stays the same job while workers come and go. */
export function drillJob(drillId: string): NewJob<'drill'> {
  return { id: drillId, payload: { drillId } };
}

/** The job that synchronises a source. Its id names when that was asked for: each time is a job of its own. */
export function discoveryJob(sourceId: string, requestedAt: Date): NewJob<'discovery'> {
  return { id: `${sourceId}-${requestedAt.getTime()}`, payload: { sourceId } };
}

/** The job that sends a delivery. Its id names the due time, because a delivery is queued once for every due time. */
export function deliveryJob(deliveryId: string, dueAt: Date, now: Date): NewJob<'delivery'> {
  const delayMs = Math.max(0, dueAt.getTime() - now.getTime());
  return { id: `${deliveryId}-${dueAt.getTime()}`, payload: { deliveryId }, ...(delayMs > 0 && { delayMs }) };
}

/**
 * Only failures of our own infrastructure are retried here (a database that restarts). What a cluster or a channel
 * answers is a result and is stored; when to try a channel again is decided by the delivery's row.
 *
 * Completed jobs stay for an hour: while they do, adding the same id again does nothing. Failed ones go at once, so
 * that the sweeper can add them again.
 */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 6,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { age: 3_600, count: 10_000 },
  removeOnFail: true,
  stackTraceLimit: 5,
};

/**
 * How a dead worker is noticed. The lock of a job lasts 10 s and is renewed by a live worker; every 5 s the workers
 * look for lost locks, so that a job of a killed worker runs again within 15 s.
 *
 * All workers need the same values: on Redis the first one to check sets the interval for all.
 */
export const STALL_OPTIONS = { lockDuration: 10_000, stalledInterval: 5_000 } as const;
