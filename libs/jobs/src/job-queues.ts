import { setMaxListeners } from 'node:events';
import { UnrecoverableError, WaitingError, type Job } from 'bullmq';
import type { JobLog } from './job-log.js';
import { JOB_OPTIONS, JOB_PAYLOADS, STALL_OPTIONS, type JobPayload, type NewJob, type QueueName } from './jobs.js';
import { migratePostgresQueues, postgresBackend } from './postgres-backend.js';
import type { BackendKind, BackendQueue, BackendWorker, QueueBackend } from './queue-backend.js';
import { redisBackend } from './redis-backend.js';
import { settledWithin } from './settled-within.js';
import { untilAborted } from './until-aborted.js';

export interface JobQueuesOptions {
  /** PostgreSQL, used where `redisUrl` is absent. */
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** How many times `process` will be called in this process. */
  readonly workers: number;
  readonly log: JobLog;
}

export interface JobContext {
  readonly jobId: string;
  /** Aborted when this process has to stop now. The job is then given back and runs elsewhere. */
  readonly stop: AbortSignal;
}

/** Does one job. A thrown error is a failure of our own infrastructure: the job is tried again. */
export type JobHandler<Q extends QueueName> = (payload: JobPayload<Q>, context: JobContext) => Promise<void>;

/** Jobs not yet done, by state. */
export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

/** So many jobs go to the server in one request. */
const PAGE = 1_000;
/** How long a queue waits for its server before adding a job fails. */
const OPEN_MS = 5_000;
/** How long each step of closing waits for a server that may be away. */
const CLOSE_MS = 2_000;
/** A job may lose its worker this often; a target that kills workers is ended by its own attempt limit first. */
const MAX_STALLED = 20;

/** The queues of this process: one backend, closed in order. */
export class JobQueues {
  private readonly queues = new Map<QueueName, Promise<BackendQueue>>();
  private readonly workers: BackendWorker[] = [];
  private readonly stop = new AbortController();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly backend: QueueBackend,
    private readonly log: JobLog,
  ) {
    // Every running job listens; Node would warn of a leak at the eleventh.
    setMaxListeners(0, this.stop.signal);
  }

  /** Redis where a URL is given, else PostgreSQL. Waits until the server answers; creates what it needs there. */
  static async open(options: JobQueuesOptions): Promise<JobQueues> {
    const { databaseUrl, redisUrl, workers, log } = options;
    if (redisUrl === undefined) await migratePostgresQueues(databaseUrl);
    const backend = redisUrl === undefined ? postgresBackend(databaseUrl, workers, log) : redisBackend(redisUrl, log);
    const queues = new JobQueues(backend, log);
    try {
      await backend.ping();
    } catch (error) {
      await queues.close();
      throw new Error(`The ${backend.kind} server of the job queues does not answer. Check that it runs.`, {
        cause: error,
      });
    }
    return queues;
  }

  get kind(): BackendKind {
    return this.backend.kind;
  }

  /** Resolves when the queue server answers. */
  ping(): Promise<void> {
    return this.backend.ping();
  }

  /**
   * Adds jobs; those whose id exists already are left as they are. All or nothing only within a page of 1,000, so a
   * caller repeats the whole call after an error.
   */
  async addAll<Q extends QueueName>(name: Q, jobs: readonly NewJob<Q>[]): Promise<void> {
    const schema = JOB_PAYLOADS[name];
    // In one order everywhere: two processes that add the same jobs would otherwise lock each other out.
    const sorted = [...jobs].sort((a, b) => (a.id < b.id ? -1 : 1));
    const queue = await this.queue(name);
    for (let start = 0; start < sorted.length; start += PAGE) {
      const page = sorted.slice(start, start + PAGE);
      await queue.addBulk(
        page.map(({ id, payload, delayMs }) => ({
          name,
          data: schema.parse(payload),
          opts: { ...JOB_OPTIONS, jobId: id, ...(delayMs !== undefined && { delay: delayMs }) },
        })),
      );
    }
  }

  async depth(name: QueueName): Promise<QueueDepth> {
    const queue = await this.queue(name);
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
    return { waiting: counts.waiting ?? 0, active: counts.active ?? 0, delayed: counts.delayed ?? 0 };
  }

  /** Starts to take jobs, at most `concurrency` at a time. Resolves when the first one can be taken. */
  async process<Q extends QueueName>(name: Q, concurrency: number, handler: JobHandler<Q>): Promise<void> {
    const worker = this.backend.worker(name, (job, token) => this.run(name, job, token, handler), {
      ...STALL_OPTIONS,
      concurrency,
      maxStalledCount: MAX_STALLED,
    });
    this.workers.push(worker);
    worker.on('error', (error) => this.log.error({ err: error, queue: name }, 'the queue reported an error'));
    worker.on('stalled', (jobId) => this.log.warn({ queue: name, jobId }, 'a job lost its worker and runs again'));
    worker.on('failed', (job, error) =>
      this.log.error({ err: error, queue: name, jobId: job?.id, attempt: job?.attemptsMade }, 'a job failed'),
    );
    await worker.waitUntilReady();
  }

  /**
   * Stops taking jobs, gives the current ones `graceMs` to finish, gives the rest back to the queue, then closes
   * workers, queues and connections, in this order.
   */
  close(graceMs = 0): Promise<void> {
    this.closing ??= this.closeInOrder(graceMs);
    return this.closing;
  }

  private async closeInOrder(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.stop.abort(new Error('this process stops')), graceMs);
    const workers = Promise.all(this.workers.map((worker) => worker.close()));
    await settledWithin(graceMs + CLOSE_MS, workers);
    clearTimeout(timer);
    this.stop.abort(new Error('this process stops'));
    const queues = await settledWithin(CLOSE_MS, Promise.allSettled(this.queues.values()));
    const open = (queues ?? []).flatMap((queue) => (queue.status === 'fulfilled' ? [queue.value.close()] : []));
    await settledWithin(CLOSE_MS, Promise.all(open));
    // Where the server is away, this ends what still waits for it.
    await settledWithin(CLOSE_MS, this.backend.close());
  }

  private queue(name: QueueName): Promise<BackendQueue> {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const opening = this.openQueue(name);
    this.queues.set(name, opening);
    // A queue whose first contact fails stays broken, so the next caller makes a new one.
    opening.catch(() => this.queues.delete(name));
    return opening;
  }

  private async openQueue(name: QueueName): Promise<BackendQueue> {
    const queue = this.backend.queue(name);
    queue.on('error', (error) => this.log.error({ err: error, queue: name }, 'the queue reported an error'));
    const ready = queue.waitUntilReady().then(
      () => true,
      (error: unknown) => error,
    );
    // Without a limit a queue waits for a server that is away, and with it a transaction of whoever adds jobs.
    const answer = await settledWithin(OPEN_MS, ready);
    if (answer === true) return queue;
    void queue.close().catch(() => undefined);
    throw answer ?? new Error(`The ${this.backend.kind} server of the job queues does not answer.`);
  }

  private async run<Q extends QueueName>(
    name: Q,
    job: Job,
    token: string | undefined,
    handler: JobHandler<Q>,
  ): Promise<void> {
    const payload = JOB_PAYLOADS[name].safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`job ${job.id} does not have the payload of queue ${name}`);
    const { signal } = this.stop;
    try {
      signal.throwIfAborted();
      const context: JobContext = { jobId: job.id ?? '', stop: signal };
      await untilAborted(handler(payload.data as JobPayload<Q>, context), signal);
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      await job.moveToWait(token);
      throw new WaitingError();
    }
  }
}
