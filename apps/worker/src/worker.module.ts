import { catalog, planAccessReviews, planProbes, profiles } from '#libs/controls';
import { JobQueues } from '#libs/jobs';
import {
  AssessmentRepository,
  CandidateRepository,
  ClusterRepository,
  createDataSource,
  CredentialRepository,
  DeliveryRepository,
  DrillRepository,
  EventRepository,
  OutboxRepository,
  RunRepository,
  ScheduleRepository,
  SourceRepository,
  TenantRepository,
} from '#libs/persistence';
import { EgressPolicy, Keyring, loadKeyring, type Logger } from '#libs/platform';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditProcessor } from './audit/audit-processor.js';
import { ClusterAuditor } from './audit/cluster-auditor.js';
import { knownFleet } from './audit/known-fleet.js';
import { DeliveryProcessor } from './delivery/delivery-processor.js';
import { CandidateRegistrar } from './discovery/register-candidate.js';
import { SyncProcessor } from './discovery/sync-processor.js';
import { SyncScheduler } from './discovery/sync-scheduler.js';
import { DrillProcessor } from './drill/drill-processor.js';
import { WorkerMetrics } from './metrics/worker-metrics.js';
import { OutboxRelay } from './relay/outbox-relay.js';
import { WorkerRuntime } from './runtime/worker-runtime.js';
import { Scheduler } from './schedule/scheduler.js';
import { Sweeper } from './sweep/sweeper.js';
import { lanesOf, type WorkerSettings } from './worker-settings.js';

const USER_AGENT = 'plimsoll';
/** Workers of `libs/jobs`: two lanes of audits, deliveries, drills, and discovery. */
const QUEUE_WORKERS = 5;
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
    CandidateRepository,
    ClusterRepository,
    CredentialRepository,
    DeliveryRepository,
    DrillRepository,
    EventRepository,
    OutboxRepository,
    RunRepository,
    ScheduleRepository,
    SourceRepository,
    TenantRepository,
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
        events: EventRepository,
        deliveries: DeliveryRepository,
        queues: JobQueues,
        keyring: Keyring,
        egress: EgressPolicy,
        metrics: WorkerMetrics,
      ) => {
        const notifier = { egress, slackApiUrl, slackWebhookHosts };
        const stores = { runs, events, deliveries };
        return new DeliveryProcessor(stores, queues, keyring, { notifier, publicUrl }, metrics, log);
      },
      inject: [RunRepository, EventRepository, DeliveryRepository, JobQueues, Keyring, EgressPolicy, WorkerMetrics],
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
        sources: SourceRepository,
        queues: JobQueues,
        metrics: WorkerMetrics,
      ) => new OutboxRelay({ outbox, runs, deliveries, sources }, queues, metrics, log),
      inject: [OutboxRepository, RunRepository, DeliveryRepository, SourceRepository, JobQueues, WorkerMetrics],
    },
    ...discoveryParts(log),
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
        discovery: SyncProcessor,
        relay: OutboxRelay,
        scheduler: Scheduler,
        syncScheduler: SyncScheduler,
        sweeper: Sweeper,
        queues: JobQueues,
        dataSource: DataSource,
        metrics: WorkerMetrics,
      ) =>
        new WorkerRuntime(
          { audits, deliveries, drills, discovery, relay, scheduler, syncScheduler, sweeper },
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
        SyncProcessor,
        OutboxRelay,
        Scheduler,
        SyncScheduler,
        Sweeper,
        JobQueues,
        DataSource,
        WorkerMetrics,
      ],
    },
  ];
}

function discoveryParts(log: Logger): Provider[] {
  const optionsOf = (egress: EgressPolicy) => ({ egress, userAgent: USER_AGENT });
  return [
    {
      provide: CandidateRegistrar,
      useFactory: (
        candidates: CandidateRepository,
        clusters: ClusterRepository,
        tenants: TenantRepository,
        keyring: Keyring,
        egress: EgressPolicy,
      ) => new CandidateRegistrar({ candidates, clusters, tenants }, keyring, optionsOf(egress)),
      inject: [CandidateRepository, ClusterRepository, TenantRepository, Keyring, EgressPolicy],
    },
    {
      provide: SyncProcessor,
      useFactory: (
        sources: SourceRepository,
        candidates: CandidateRepository,
        clusters: ClusterRepository,
        credentials: CredentialRepository,
        registrar: CandidateRegistrar,
        keyring: Keyring,
        egress: EgressPolicy,
      ) => {
        const stores = { sources, candidates, clusters, credentials };
        return new SyncProcessor(stores, registrar, keyring, optionsOf(egress), log);
      },
      inject: [
        SourceRepository,
        CandidateRepository,
        ClusterRepository,
        CredentialRepository,
        CandidateRegistrar,
        Keyring,
        EgressPolicy,
      ],
    },
    {
      provide: SyncScheduler,
      useFactory: (sources: SourceRepository, queues: JobQueues) => new SyncScheduler(sources, queues, log),
      inject: [SourceRepository, JobQueues],
    },
  ];
}
