import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Assessment } from '#libs/core';
import { applyWaivers, reconcile, toFindings } from '#libs/engine';
import {
  type AuditFacts,
  AssessmentRepository,
  CandidateRepository,
  ChannelRepository,
  ClusterRepository,
  CredentialRepository,
  DeliveryRepository,
  DrillRepository,
  EventRepository,
  FindingRepository,
  IdempotencyRepository,
  type NewCluster,
  OutboxRepository,
  ProfileRepository,
  RemoteApplyRepository,
  ResultRepository,
  type RunRecord,
  RunRepository,
  ScheduleRepository,
  SourceRepository,
  type StartRun,
  TenantRepository,
  TokenRepository,
  WaiverRepository,
  createDataSource,
} from '#libs/persistence';
import { Keyring, credentialAad, newId } from '#libs/platform';
import { createDatabase } from './database.js';

/** Every repository over a database of its own. */
export class Store {
  readonly keyring = new Keyring(new Map([['k1', randomBytes(32)]]), 'k1');
  readonly tenants: TenantRepository;
  readonly clusters: ClusterRepository;
  readonly credentials: CredentialRepository;
  readonly schedules: ScheduleRepository;
  readonly runs: RunRepository;
  readonly assessments: AssessmentRepository;
  readonly findings: FindingRepository;
  readonly results: ResultRepository;
  readonly remoteApplies: RemoteApplyRepository;
  readonly channels: ChannelRepository;
  readonly deliveries: DeliveryRepository;
  readonly drills: DrillRepository;
  readonly events: EventRepository;
  readonly outbox: OutboxRepository;
  readonly profiles: ProfileRepository;
  readonly tokens: TokenRepository;
  readonly idempotency: IdempotencyRepository;
  readonly waivers: WaiverRepository;
  readonly sources: SourceRepository;
  readonly candidates: CandidateRepository;

  constructor(
    readonly url: string,
    readonly dataSource: DataSource,
    readonly close: () => Promise<void>,
  ) {
    this.tenants = new TenantRepository(dataSource);
    this.clusters = new ClusterRepository(dataSource);
    this.credentials = new CredentialRepository(dataSource);
    this.schedules = new ScheduleRepository(dataSource);
    this.runs = new RunRepository(dataSource);
    this.assessments = new AssessmentRepository(dataSource, { resolveAfterRuns: 2 });
    this.findings = new FindingRepository(dataSource);
    this.profiles = new ProfileRepository(dataSource);
    this.results = new ResultRepository(dataSource);
    this.remoteApplies = new RemoteApplyRepository(dataSource);
    this.channels = new ChannelRepository(dataSource);
    this.deliveries = new DeliveryRepository(dataSource);
    this.drills = new DrillRepository(dataSource);
    this.events = new EventRepository(dataSource);
    this.outbox = new OutboxRepository(dataSource);
    this.tokens = new TokenRepository(dataSource);
    this.idempotency = new IdempotencyRepository(dataSource);
    this.waivers = new WaiverRepository(dataSource);
    this.sources = new SourceRepository(dataSource);
    this.candidates = new CandidateRepository(dataSource);
  }

  /** Registers a cluster with a sealed token, and answers its id. */
  async register(name: string, details: Partial<NewCluster> & { readonly token?: string } = {}): Promise<string> {
    const { token, ...given } = details;
    const id = newId('cls');
    const credentialId = newId('crd');
    const created = await this.clusters.create({
      id,
      name,
      connection: { server: `https://${name}.example.com:6443` },
      credential: {
        id: credentialId,
        kind: 'token',
        fingerprint: 'sha256:0',
        sealed: this.keyring.seal(token ?? 'token', credentialAad(credentialId, id)),
      },
      ...given,
    });
    if ('conflict' in created) throw new Error(`Cluster ${name} was not registered: ${created.conflict}.`);
    return id;
  }

  /** Starts a run, of all clusters unless something else is said. */
  async start(input: Partial<StartRun> = {}): Promise<RunRecord> {
    const started = await this.runs.start({
      trigger: 'api',
      requestedBy: 'test',
      profile: 'test@1',
      target: {},
      deadlineSeconds: 3600,
      ...input,
    });
    if (started === 'emptyTarget' || !('run' in started)) {
      throw new Error(`The run did not start: ${JSON.stringify(started)}`);
    }
    return started.run;
  }

  /** Saves an assessment as a worker does: known findings and waivers through the real engine. */
  async saveAs(targetId: string, assessment: Assessment, facts?: AuditFacts): Promise<'saved' | 'alreadyDone'> {
    const work = await this.runs.claimTarget(targetId);
    return this.assessments.save(
      targetId,
      assessment,
      (known, waivers) => ({
        changes: reconcile(known, assessment),
        waivedBy: applyWaivers(
          toFindings(assessment),
          waivers,
          { name: work?.target.clusterName ?? '', labels: work?.labels ?? {} },
          Date.parse(assessment.collectedAt),
        ).waivedBy,
      }),
      facts,
    );
  }

  /** The target of a cluster in a run. */
  async targetOf(runId: string, clusterId: string): Promise<string> {
    const page = await this.runs.targets(runId, { limit: 1, filter: { clusterId: [clusterId] } });
    const [target] = page.items;
    if (!target) throw new Error(`Run ${runId} has no target for cluster ${clusterId}.`);
    return target.id;
  }

  /** A whole run of one cluster that finds this. Answers the run's id. */
  async audit(clusterId: string, assessment: Assessment, facts?: AuditFacts): Promise<string> {
    const run = await this.start({ target: { clusters: [clusterId] }, profile: assessment.profile });
    const saved = await this.saveAs(await this.targetOf(run.id, clusterId), assessment, facts);
    if (saved !== 'saved') throw new Error(`The assessment was not saved: ${saved}.`);
    return run.id;
  }
}

/** Opens all repositories over a new migrated database; `close()` drops it. */
export async function openStore(): Promise<Store> {
  const database = await createDatabase();
  const dataSource = await createDataSource(database.url, { max: 8 }).initialize();
  return new Store(database.url, dataSource, async () => {
    await dataSource.destroy();
    await database.drop();
  });
}
