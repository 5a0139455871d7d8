import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from '../cluster-error.js';

/** What one reading of one cluster may cost. */
export interface BudgetLimits {
  /** Milliseconds from opening the client to its last answer. */
  readonly wallMs: number;
  /** Bytes of answers after decompression (and, separately, on the wire). */
  readonly bytes: number;
  readonly requests: number;
  /** Requests per second in the long run, and how many may go out at once before that. */
  readonly qps: number;
  readonly burst: number;
}

/** Gentle to an API server (client-go's own default rate), and enough for about 100,000 pods. */
export const DEFAULT_BUDGET: BudgetLimits = {
  wallMs: 60_000,
  bytes: 1024 ** 3,
  requests: 2_000,
  qps: 5,
  burst: 10,
};

/** JSON of everything kept from one cluster; far above any real fleet, low enough that a few targets fit in memory. */
const MAX_KEPT = 192 * 1024 ** 2;

/** Counts what a reading costs and ends it with `budgetExceeded` where it costs more. */
export class Budget {
  private requests = 0;
  private decoded = 0;
  private wire = 0;
  private kept = 0;
  /** Theoretical arrival time of the next request (GCRA), milliseconds. */
  private next = 0;
  readonly startedAt = performance.now();

  constructor(readonly limits: BudgetLimits) {}

  /** Waits for a free slot and takes it. Who gives up waiting gives it back, so that others need not wait for nobody. */
  async takeRequest(signal: AbortSignal): Promise<void> {
    this.requests += 1;
    if (this.requests > this.limits.requests) throw new ClusterError('budgetExceeded', { detail: 'requests' });
    const interval = 1000 / this.limits.qps;
    const now = performance.now();
    const due = Math.max(this.next, now);
    this.next = due + interval;
    try {
      await pause(due - now - interval * (this.limits.burst - 1), signal);
    } catch (error) {
      this.next -= interval;
      throw error;
    }
  }

  spendWire(bytes: number): void {
    this.wire += bytes;
    if (this.wire > this.limits.bytes) throw new ClusterError('budgetExceeded', { detail: 'bytes' });
  }

  spendDecoded(bytes: number): void {
    this.decoded += bytes;
    if (this.decoded > this.limits.bytes) throw new ClusterError('budgetExceeded', { detail: 'bytes' });
  }

  /** Bytes of memory that what is kept takes, roughly. */
  keep(bytes: number): void {
    this.kept += bytes;
    if (this.kept > MAX_KEPT) throw new ClusterError('budgetExceeded', { detail: 'memory' });
  }

  release(bytes: number): void {
    this.kept -= bytes;
  }

  /** Milliseconds left, less what is set aside. */
  remainingMs(reserveMs = 0): number {
    return this.limits.wallMs - reserveMs - (performance.now() - this.startedAt);
  }

  stats(): { requests: number; bytes: number; durationMs: number } {
    return {
      requests: this.requests,
      bytes: this.decoded,
      durationMs: Math.round(performance.now() - this.startedAt),
    };
  }
}

/** Waits unless there is nothing to wait for; rejects with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms <= 0) return;
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}
