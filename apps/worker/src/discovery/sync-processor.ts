import { parseLabelSelector } from '#libs/core';
import type { JobContext, JobPayload } from '#libs/jobs';
import { ClusterClient, ClusterError, discoverClusters, type SourceFindings } from '#libs/kubernetes';
import type {
  CandidateRepository,
  ClusterRepository,
  CredentialRepository,
  SourceRepository,
  SyncOutcome,
  SyncWork,
} from '#libs/persistence';
import { credentialAad, KeyringError, type EgressPolicy, type Keyring, type Logger } from '#libs/platform';
import { clusterCredential } from '../audit/cluster-credential.js';
import { NO_CREDENTIAL, WORKERS_LOST } from '../audit/unavailable-of.js';
import { knownClusterOf } from './known-clusters.js';
import type { CandidateRegistrar, RegisterResult } from './register-candidate.js';

/** So many workers may die of one synchronisation. */
const MAX_CLAIMS = 5;
/** Registered by one synchronisation; the next one goes on. */
const MAX_REGISTERED = 200;
const SHOWN_GAPS = 3;
/** A Secret for each cluster is read, at a rate that an API server does not feel. */
const BUDGET = { wallMs: 180_000, requests: 12_000, bytes: 512 * 1024 ** 2, qps: 20, burst: 40 };
/** After so long a synchronisation counts as lost, in milliseconds. */
export const SYNC_LEASE_MS = BUDGET.wallMs + MAX_REGISTERED * 2_000;

export interface SyncStores {
  readonly sources: SourceRepository;
  readonly candidates: CandidateRepository;
  readonly clusters: ClusterRepository;
  readonly credentials: CredentialRepository;
}

/**
 * Does one job of a source: asks the management cluster which clusters it knows, and keeps what it says. Whatever happens
 * to the process, the job may run again: what is kept is kept by key, and only by the worker that took it last.
 */
export class SyncProcessor {
  constructor(
    private readonly stores: SyncStores,
    private readonly registrar: CandidateRegistrar,
    private readonly keyring: Keyring,
    private readonly options: { readonly egress: EgressPolicy; readonly userAgent: string },
    private readonly log: Logger,
  ) {}

  async process({ sourceId }: JobPayload<'discovery'>, { stop }: JobContext): Promise<void> {
    const work = await this.stores.sources.claimSync(sourceId);
    if (work === null) return;
    const outcome = await this.synchronise(work, stop);
    stop.throwIfAborted();
    const isSaved = outcome !== 'superseded' && (await this.stores.sources.finishSync(work.claim, outcome));
    if (isSaved) this.log.info({ sourceId, result: outcome.result }, 'a source was synchronised');
    else this.log.info({ sourceId }, 'another worker synchronised the source; nothing saved');
  }

  private async synchronise(work: SyncWork, stop: AbortSignal): Promise<SyncOutcome | 'superseded'> {
    const { hub, claim } = work;
    if (claim.attempt > MAX_CLAIMS) return failed(WORKERS_LOST.message);
    if (!hub) return failed('The management cluster is not registered any more. Delete the source.');
    const sealed = await this.stores.credentials.sealedFor(hub.id);
    if (!sealed) return failed(NO_CREDENTIAL.message);
    let client: ClusterClient | undefined;
    try {
      const secret = this.keyring.open(sealed.sealed, credentialAad(sealed.id, sealed.clusterId));
      const access = { ...hub.connection, credential: clusterCredential(secret) };
      client = await ClusterClient.open(access, { ...this.options, budget: BUDGET, signal: stop });
      const outcome = await this.read(work, hub, client, stop);
      await this.stores.credentials.touch(sealed.id);
      return outcome;
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof ClusterError) return failed(`${error.message} ${error.hint}`);
      if (!(error instanceof KeyringError)) throw error;
      this.log.error({ err: error, sourceId: claim.sourceId }, 'a credential could not be opened');
      return failed('The stored credential of the management cluster cannot be opened. Store it again.');
    } finally {
      void client?.close();
    }
  }

  private async read(
    { claim, source }: SyncWork,
    { expectedUid }: NonNullable<SyncWork['hub']>,
    client: ClusterClient,
    stop: AbortSignal,
  ): Promise<SyncOutcome | 'superseded'> {
    const findings = await discoverClusters(client, source.type, {
      namespaces: source.namespaces,
      labelSelector: parseLabelSelector(source.labelSelector),
      ...(expectedUid !== null && { expectedUid }),
    });
    const known = knownClusterOf(await this.stores.clusters.known());
    const candidates = findings.clusters.map((cluster) => {
      const clusterId = known(cluster);
      return clusterId === undefined ? cluster : { ...cluster, clusterId };
    });
    const isSaved = await this.stores.candidates.save(claim, candidates, { complete: findings.gaps.length === 0 });
    if (!isSaved) return 'superseded';
    const registered = source.policy === 'autoRegister' ? await this.register(source, client, stop) : [];
    return outcomeOf(findings, registered);
  }

  private async register(
    source: SyncWork['source'],
    hub: ClusterClient,
    stop: AbortSignal,
  ): Promise<readonly RegisterResult[]> {
    const results: RegisterResult[] = [];
    for (const candidate of await this.stores.candidates.proposed(source.id, MAX_REGISTERED)) {
      stop.throwIfAborted();
      const result = await this.registrar.register(source, candidate, hub, stop);
      this.log.info({ sourceId: source.id, candidateId: candidate.id, result }, 'a candidate was to be registered');
      results.push(result);
    }
    return results;
  }
}

function failed(message: string): SyncOutcome {
  return { result: 'failed', message };
}

function outcomeOf({ clusters, gaps }: SourceFindings, registered: readonly RegisterResult[]): SyncOutcome {
  const count = (result: RegisterResult) => registered.filter((one) => one === result).length;
  const sentences = [
    `${clusters.length} ${clusters.length === 1 ? 'cluster was' : 'clusters were'} found.`,
    ...(count('registered') > 0 ? [`Registered now: ${count('registered')}.`] : []),
    ...(count('conflict') > 0 ? [`In conflict with registered ones: ${count('conflict')}.`] : []),
    ...(count('unreachable') > 0 ? [`Not reached, and tried again next time: ${count('unreachable')}.`] : []),
    ...(count('unusable') > 0 ? [`Changed while they were registered: ${count('unusable')}.`] : []),
    ...gaps.slice(0, SHOWN_GAPS).map(({ message }) => message),
    ...(gaps.length > 0 ? ['What was not read is not taken for gone.'] : []),
  ];
  return { result: gaps.length === 0 ? 'ok' : 'partial', message: sentences.join(' ') };
}
