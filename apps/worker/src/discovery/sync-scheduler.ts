import type { JobQueues } from '#libs/jobs';
import type { SourceRecord, SourceRepository } from '#libs/persistence';
import type { Logger } from '#libs/platform';
import { discoveryJob } from '#libs/jobs';
import { SYNC_LEASE_MS } from './sync-processor.js';

/** Sources looked at in one turn. */
const BATCH = 50;
/** A synchronisation waits this long before it is looked for: the relay needs a moment. */
const QUEUED_MS = 15_000;
/** Each is moved by up to this share of its interval, so that sources that were made together part. */
const JITTER = 0.1;

/**
 * Asks for the synchronisations that are due, and makes good what got lost between database and queue. The database holds
 * all there is to know, so that every worker may look at once.
 */
export class SyncScheduler {
  constructor(
    private readonly sources: SourceRepository,
    private readonly queues: JobQueues,
    private readonly log: Logger,
    private readonly random: () => number = Math.random,
  ) {}

  /** @returns whether there may be more */
  async turn(now = new Date()): Promise<boolean> {
    const fired = await this.sources.fireDue(now, BATCH, (source) => this.nextOf(source, now));
    for (const { id: sourceId, name } of fired) this.log.info({ sourceId, name }, 'a source is due');
    const lost = await this.sources.overdue({
      queuedBefore: new Date(now.getTime() - QUEUED_MS),
      claimedBefore: new Date(now.getTime() - SYNC_LEASE_MS),
      limit: BATCH,
    });
    await this.queues.addAll(
      'discovery',
      lost.map(({ id, requestedAt }) => discoveryJob(id, new Date(requestedAt))),
    );
    return fired.length === BATCH;
  }

  private nextOf({ intervalSeconds }: SourceRecord, now: Date): Date {
    return new Date(now.getTime() + intervalSeconds * 1_000 * (1 + this.random() * JITTER));
  }
}
