import { catalog, planAccessReviews, planProbes, profiles } from '#libs/controls';
import { JobQueues } from '#libs/jobs';
import {
  AssessmentRepository,
  ClusterRepository,
  createDataSource,
  CredentialRepository,
  DeliveryRepository,
  DrillRepository,
  OutboxRepository,
  RunRepository,
  ScheduleRepository,
} from '#libs/persistence';
import { EgressPolicy, Keyring, loadKeyring, type Logger } from '#libs/platform';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditProcessor } from './audit/audit-processor.js';
import { ClusterAuditor } from './audit/cluster-auditor.js';
import { knownFleet } from './audit/known-fleet.js';
import { DeliveryProcessor } from './delivery/delivery-processor.js';
import { DrillProcessor } from './drill/drill-processor.js';
import { WorkerMetrics } from './metrics/worker-metrics.js';
import { OutboxRelay } from './relay/outbox-relay.js';
import { WorkerRuntime } from './runtime/worker-runtime.js';
import { Scheduler } from './schedule/scheduler.js';
import { Sweeper } from './sweep/sweeper.js';
import { lanesOf, type WorkerSettings } from './worker-settings.js';

const USER_AGENT = 'plimsoll';
/** Workers of `libs/jobs`: two lanes of audits, deliveries, and drills. */
const QUEUE_WORKERS = 4;
/** Connections at most: audits need one only for a moment, at their start and end; the rest is for loops and deliveries. */
const AUDIT_CONNECTIONS = 10;
const OTHER_CONNECTIONS = 6;

/** The composition root: the only place where a worker's parts meet. */
@Module({})
export class WorkerModule {
  static of(settings: WorkerSettings, log: Logger): DynamicModule {
    return {
      module: WorkerModule,
      providers: [...resources(settings, log), ...repositories(settings), ...parts(settings, log)],
    };
  }
}

function resources(settings: WorkerSettings, log: Logger): Provider[] {
  const { databaseUrl, redisUrl, egressAllowCidrs, egressAllowPorts } = settings;
  const max = Math.min(lanesOf(settings).total, AUDIT_CONNECTIONS) + OTHER_CONNECTIONS;
  return [
    {
      provide: DataSource,
      useFactory: () => createDataSource(databaseUrl, { max, applicationName: 'plimsoll-worker' }).initialize(),
    },
    { provide: JobQueues, useFactory: () => JobQueues.open({ databaseUrl, redisUrl, workers: QUEUE_WORKERS, log }) },
    { provide: Keyring, useFactory: () => loadKeyring(settings) },
    {
      provide: EgressPolicy,
      useFactory: () => new EgressPolicy({ allowCidrs: egressAllowCidrs, allowPorts: egressAllowPorts }),
    },
    { provide: WorkerMetrics, useFactory: () => new WorkerMetrics() },
  ];
}

function repositories({ resolveAfterRuns }: WorkerSettings): Provider[] {
  const classes = [
    ClusterRepository,
    CredentialRepository,
    DeliveryRepository,
    DrillRepository,
    OutboxRepository,
    RunRepository,
    ScheduleRepository,
  ];
  return [
    ...classes.map((Repository) => ({
      provide: Repository,
      useFactory: (dataSource: DataSource) => new Repository(dataSource),
      inject: [DataSource],
    })),
    {
      provide: AssessmentRepository,
      useFactory: (dataSource: DataSource) => new AssessmentRepository(dataSource, { resolveAfterRuns }),
      inject: [DataSource],
    },
  ];
}

function parts(settings: WorkerSettings, log: Logger): Provider[] {
  const { publicUrl, slackApiUrl, slackWebhookHosts, runDeadlineSeconds } = settings;
  const budgetSeconds = settings.targetBudgetSeconds;
  return [
    {
      provide: ClusterAuditor,
      useFactory: (egress: EgressPolicy, metrics: WorkerMetrics, clusters: ClusterRepository) =>
        new ClusterAuditor({
          catalog: metrics.timed(catalog),
          profiles,
          egress,
          userAgent: USER_AGENT,
          log,
          planReviews: planAccessReviews,
          planProbes,
          fleet: async (auditedId) => knownFleet(await clusters.known(), auditedId),
        }),
      inject: [EgressPolicy, WorkerMetrics, ClusterRepository],
    },
    {
      provide: AuditProcessor,
      useFactory: (
        runs: RunRepository,
        credentials: CredentialRepository,
        assessments: AssessmentRepository,
        keyring: Keyring,
        auditor: ClusterAuditor,
        metrics: WorkerMetrics,
      ) => new AuditProcessor({ runs, credentials, assessments }, keyring, auditor, { budgetSeconds }, metrics, log),
      inject: [RunRepository, CredentialRepository, AssessmentRepository, Keyring, ClusterAuditor, WorkerMetrics],
    },
    {
      provide: DeliveryProcessor,
      useFactory: (
        runs: RunRepository,
        deliveries: DeliveryRepository,
        queues: JobQueues,
        keyring: Keyring,
        egress: EgressPolicy,
        metrics: WorkerMetrics,
      ) => {
        const notifier = { egress, slackApiUrl, slackWebhookHosts };
        return new DeliveryProcessor({ runs, deliveries }, queues, keyring, { notifier, publicUrl }, metrics, log);
      },
      inject: [RunRepository, DeliveryRepository, JobQueues, Keyring, EgressPolicy, WorkerMetrics],
    },
    {
      provide: DrillProcessor,
      useFactory: (
        drills: DrillRepository,
        credentials: CredentialRepository,
        keyring: Keyring,
        egress: EgressPolicy,
      ) => new DrillProcessor({ drills, credentials }, keyring, { egress, userAgent: USER_AGENT, budgetSeconds }, log),
      inject: [DrillRepository, CredentialRepository, Keyring, EgressPolicy],
    },
    {
      provide: OutboxRelay,
      useFactory: (
        outbox: OutboxRepository,
        runs: RunRepository,
        deliveries: DeliveryRepository,
        queues: JobQueues,
        metrics: WorkerMetrics,
      ) => new OutboxRelay({ outbox, runs, deliveries }, queues, metrics, log),
      inject: [OutboxRepository, RunRepository, DeliveryRepository, JobQueues, WorkerMetrics],
    },
    {
      provide: Scheduler,
      useFactory: (schedules: ScheduleRepository) => new Scheduler(schedules, { runDeadlineSeconds }, log),
      inject: [ScheduleRepository],
    },
    {
      provide: Sweeper,
      useFactory: (
        runs: RunRepository,
        deliveries: DeliveryRepository,
        drills: DrillRepository,
        outbox: OutboxRepository,
        queues: JobQueues,
      ) => new Sweeper({ runs, deliveries, drills, outbox }, queues, { budgetSeconds }, log),
      inject: [RunRepository, DeliveryRepository, DrillRepository, OutboxRepository, JobQueues],
    },
    {
      provide: WorkerRuntime,
      useFactory: (
        audits: AuditProcessor,
        deliveries: DeliveryProcessor,
        drills: DrillProcessor,
        relay: OutboxRelay,
        scheduler: Scheduler,
        sweeper: Sweeper,
        queues: JobQueues,
        dataSource: DataSource,
        metrics: WorkerMetrics,
      ) =>
        new WorkerRuntime(
          { audits, deliveries, drills, relay, scheduler, sweeper },
          queues,
          dataSource,
          metrics,
          settings,
          log,
        ),
      inject: [
        AuditProcessor,
        DeliveryProcessor,
        DrillProcessor,
        OutboxRelay,
        Scheduler,
        Sweeper,
        JobQueues,
        DataSource,
        WorkerMetrics,
      ],
    },
  ];
}
