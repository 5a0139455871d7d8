import { QUEUE_NAMES, type JobQueues } from '#libs/jobs';
import type { Logger } from '#libs/platform';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AuditProcessor } from '../audit/audit-processor.js';
import type { DeliveryProcessor } from '../delivery/delivery-processor.js';
import type { SyncProcessor } from '../discovery/sync-processor.js';
import type { SyncScheduler } from '../discovery/sync-scheduler.js';
import type { DrillProcessor } from '../drill/drill-processor.js';
import { MetricsServer } from '../metrics/metrics-server.js';
import type { WorkerMetrics } from '../metrics/worker-metrics.js';
import type { OutboxRelay } from '../relay/outbox-relay.js';
import type { Scheduler } from '../schedule/scheduler.js';
import type { Sweeper } from '../sweep/sweeper.js';
import { lanesOf, type WorkerSettings } from '../worker-settings.js';
import { Loop } from './loop.js';
import { Slots } from './slots.js';

export interface WorkerParts {
  readonly audits: AuditProcessor;
  readonly deliveries: DeliveryProcessor;
  readonly drills: DrillProcessor;
  readonly discovery: SyncProcessor;
  readonly relay: OutboxRelay;
  readonly scheduler: Scheduler;
  readonly syncScheduler: SyncScheduler;
  readonly sweeper: Sweeper;
}

/** Deliveries sent at once; they wait for the network nearly all of the time. */
const DELIVERY_CONCURRENCY = 8;
/** Each asks one cluster a few questions. */
const DRILL_CONCURRENCY = 4;
/** Current clusters get this long to finish at a shutdown; the rest goes back to the queue. */
const GRACE_MS = 25_000;
const RELAY_MS = 250;
const SCHEDULE_MS = 1_000;
const SYNC_MS = 5_000;
/** Sources synchronised at once; each waits for one management cluster. */
const DISCOVERY_CONCURRENCY = 4;
const SWEEP_MS = 15_000;
const DEPTH_MS = 15_000;

/** Starts everything a worker does, and ends it in order. */
export class WorkerRuntime implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loops: readonly Loop[];
  private server: MetricsServer | undefined;

  constructor(
    private readonly parts: WorkerParts,
    private readonly queues: JobQueues,
    private readonly dataSource: DataSource,
    private readonly metrics: WorkerMetrics,
    private readonly settings: WorkerSettings,
    private readonly log: Logger,
  ) {
    const { relay, scheduler, syncScheduler, sweeper } = parts;
    const loop = (name: string, everyMs: number, turn: () => Promise<boolean>) =>
      new Loop({ name, everyMs, turn, log });
    this.loops = [
      loop('relay', RELAY_MS, () => relay.turn()),
      loop('scheduler', SCHEDULE_MS, () => scheduler.turn()),
      loop('discovery', SYNC_MS, () => syncScheduler.turn()),
      loop('sweeper', SWEEP_MS, () => sweeper.turn()),
      ...(settings.metricsListen === undefined ? [] : [loop('metrics', DEPTH_MS, () => this.measureDepth())]),
    ];
  }

  /** Where metrics and health are served; undefined where they are not. */
  get metricsPort(): number | undefined {
    return this.server?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { audits, deliveries, drills, discovery } = this.parts;
    const { total, slow } = lanesOf(this.settings);
    const slots = new Slots(total);
    const audit: AuditProcessor['process'] = (payload, context) =>
      slots.run(async () => {
        context.stop.throwIfAborted();
        await audits.process(payload, context);
      });
    await this.queues.process('audit', total, audit);
    await this.queues.process('audit-slow', slow, audit);
    await this.queues.process('delivery', DELIVERY_CONCURRENCY, (payload, context) =>
      deliveries.process(payload, context),
    );
    await this.queues.process('drill', DRILL_CONCURRENCY, (payload, context) => drills.process(payload, context));
    await this.queues.process('discovery', DISCOVERY_CONCURRENCY, (payload, context) =>
      discovery.process(payload, context),
    );
    for (const loop of this.loops) loop.start();
    if (this.settings.metricsListen !== undefined) await this.serveMetrics(this.settings.metricsListen);
    this.log.info({ queues: this.queues.kind, clustersAtOnce: total, slowAtOnce: slow }, 'the worker is ready');
  }

  async onApplicationShutdown(signal?: string): Promise<void> {
    this.log.info({ signal }, 'the worker stops; current clusters are finished first');
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.queues.close(GRACE_MS);
    await this.server?.stop();
    await this.dataSource.destroy();
    this.log.info('the worker has stopped');
  }

  private async serveMetrics(listen: NonNullable<WorkerSettings['metricsListen']>): Promise<void> {
    const { registry } = this.metrics;
    this.server = await MetricsServer.start(listen, {
      contentType: registry.contentType,
      metrics: () => registry.metrics(),
      ready: async () => {
        await Promise.all([this.dataSource.query('SELECT 1'), this.queues.ping()]);
      },
    });
  }

  private async measureDepth(): Promise<boolean> {
    for (const name of QUEUE_NAMES) this.metrics.recordDepth(name, await this.queues.depth(name));
    return false;
  }
}
