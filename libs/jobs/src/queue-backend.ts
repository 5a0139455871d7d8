import type { Job, JobsOptions, WorkerOptions } from 'bullmq';

export type BackendKind = 'redis' | 'postgres';

/** The part of a BullMQ queue that is used here; the same for every backend. */
export interface BackendQueue {
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  getJobCounts(...states: ('waiting' | 'active' | 'delayed')[]): Promise<Record<string, number>>;
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** The part of a BullMQ worker that is used here. */
export interface BackendWorker {
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  on(event: 'stalled', listener: (jobId: string) => void): unknown;
  close(force?: boolean): Promise<void>;
}

export type BackendProcessor = (job: Job, token?: string) => Promise<void>;

/** Where the queues live. Both implementations behave alike; `job-queues.db.spec.ts` runs on each. */
export interface QueueBackend {
  readonly kind: BackendKind;
  queue(name: string): BackendQueue;
  worker(name: string, processor: BackendProcessor, options: Omit<WorkerOptions, 'connection'>): BackendWorker;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
