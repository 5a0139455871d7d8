import { Injectable } from '@nestjs/common';
import { ClusterClient, ClusterError, placeOf, readCandidateAccess, readIdentity } from '#libs/kubernetes';
import {
  candidateRegistration,
  CandidateRepository,
  ClusterRepository,
  TenantRepository,
  type CandidateConflict,
  type CandidateRecord,
  type SourceRecord,
} from '#libs/persistence';
import { EgressPolicy } from '#libs/platform';
import { ClusterRegistry } from '../clusters/cluster-registry.js';
import { StoredAccess } from '../clusters/stored-access.js';
import { notFound, Problem, problemDocument } from '../http/problem.js';
import { toProblem } from '../http/problem.filter.js';
import { ApiSettings } from '../settings.js';
import type { AcceptanceResult, CandidateAcceptance as Request } from './candidates.dto.js';

type Item = AcceptanceResult['items'][number];

/** Reading a Secret for each of up to a hundred candidates, while somebody waits. */
const BUDGET = { wallMs: 60_000, requests: 500, bytes: 256 * 1024 ** 2, qps: 50, burst: 50 };

/** Registers candidates: reads the credential of each from the management cluster, meets the cluster, seals, forgets. */
@Injectable()
export class CandidateAcceptance {
  constructor(
    private readonly candidates: CandidateRepository,
    private readonly clusters: ClusterRepository,
    private readonly tenants: TenantRepository,
    private readonly registry: ClusterRegistry,
    private readonly access: StoredAccess,
    private readonly egress: EgressPolicy,
    private readonly settings: ApiSettings,
  ) {}

  /**
   * Each candidate is registered, or refused, on its own.
   * @throws {Problem} for what concerns all: an unknown tenant, a management cluster that cannot be asked
   */
  async accept(source: SourceRecord, request: Request, dryRun: boolean): Promise<AcceptanceResult> {
    if (request.tenants) await this.registry.tenantsOf(request.tenants);
    const found = await this.candidates.ofSource(source.id, request.candidates);
    const hub = await this.#open(source);
    try {
      const items: Item[] = [];
      // One after another: two of them may be one cluster, or want one name.
      for (const reference of request.candidates) {
        items.push(await this.#item(source, { reference, found, request, hub, dryRun }));
      }
      const accepted = items.filter(({ problem }) => problem === undefined).length;
      return { accepted, failed: items.length - accepted, items };
    } finally {
      await hub.close();
    }
  }

  async #item(source: SourceRecord, { reference, found, request, hub, dryRun }: Acceptance): Promise<Item> {
    const candidate = candidateOf(found, reference);
    try {
      if (!candidate) throw notFound('candidate', reference);
      const name = request.names?.[reference];
      const { id, name: given } = await this.#register(source, candidate, {
        hub,
        name,
        tenants: request.tenants,
        dryRun,
      });
      if (!dryRun) await this.candidates.link(candidate.id, id);
      return { candidate: reference, status: dryRun ? 200 : 201, name: given, ...(!dryRun && { clusterId: id }) };
    } catch (error) {
      const { problem, unexpected } = toProblem(error);
      if (unexpected) throw error;
      const conflict = conflictOf(problem);
      if (conflict && candidate && candidate.state !== 'registered' && !dryRun)
        await this.candidates.refuse(candidate.id, conflict);
      const document = problemDocument(problem, this.settings.publicUrl);
      return { candidate: reference, status: problem.status, problem: document };
    }
  }

  async #register(
    source: SourceRecord,
    candidate: CandidateRecord,
    { hub, name, tenants, dryRun }: Registering,
  ): Promise<{ readonly id: string; readonly name: string }> {
    const { cluster, credential, connection, reasons, orphanedAt } = candidate;
    if (cluster)
      throw new Problem('cluster-duplicate', 'The candidate is registered already.', { existingId: cluster.id });
    if (orphanedAt !== null) throw changed('The source does not tell of the cluster any more.');
    if (reasons.length > 0 || !credential) throw notAcceptable(reasons);
    const read = await readCandidateAccess(hub, credential, connection ?? undefined);
    if (!('access' in read)) throw notAcceptable(read.reasons);
    const place = placeOf(read.access).connection;
    const isSame =
      place.server === connection?.server &&
      place.caData === connection.caData &&
      place.tlsServerName === connection.tlsServerName;
    // Nobody has seen where it leads now.
    if (!isSame) throw changed('The credential leads to another address, or trusts another CA, than what was found.');
    const registration = candidateRegistration(source, candidate);
    const settings = { ...registration, name: name ?? registration.name, platform: {} };
    const given = tenants ?? (await this.#tenantOf(source, candidate));
    const options = { verify: true, requireVerified: false, dryRun };
    return this.registry.registerAccess({ ...settings, tenants: [...given] }, read.access, '/candidates', options);
  }

  async #tenantOf({ mapping }: SourceRecord, { tenantNamespace }: CandidateRecord): Promise<readonly string[]> {
    if (!mapping.tenantFromNamespace || tenantNamespace === null) return [];
    return (await this.tenants.get(tenantNamespace)) ? [tenantNamespace] : [];
  }

  /** @throws {Problem} `verify-failed` or `identity-mismatch` */
  async #open({ hubCluster }: SourceRecord): Promise<ClusterClient> {
    const cluster = await this.clusters.get(hubCluster.id);
    if (!cluster) {
      const fix = 'Register the management cluster and make a source for it.';
      throw new Problem('verify-failed', 'The management cluster is not registered any more.', { reason: 'gone', fix });
    }
    const access = await this.access.open(cluster);
    let client: ClusterClient | undefined;
    try {
      const userAgent = `plimsoll-api/${this.settings.version}`;
      client = await ClusterClient.open(access, { egress: this.egress, budget: BUDGET, userAgent });
      await readIdentity(client, cluster.clusterUid ?? undefined);
      return client;
    } catch (error) {
      await client?.close();
      if (!(error instanceof ClusterError)) throw error;
      const { code, message, hint } = error;
      const detail = `The management cluster "${cluster.name}" cannot be asked. ${message}`;
      throw new Problem(code === 'identityMismatch' ? 'identity-mismatch' : 'verify-failed', detail, {
        reason: code,
        fix: hint,
      });
    }
  }
}

interface Acceptance {
  readonly reference: string;
  readonly found: readonly CandidateRecord[];
  readonly request: Request;
  readonly hub: ClusterClient;
  readonly dryRun: boolean;
}

interface Registering {
  readonly hub: ClusterClient;
  readonly name: string | undefined;
  readonly tenants: readonly string[] | undefined;
  readonly dryRun: boolean;
}

/** By id; else by the name that only one has that is still there. */
function candidateOf(found: readonly CandidateRecord[], reference: string): CandidateRecord | undefined {
  const byId = found.find(({ id }) => id === reference);
  if (byId) return byId;
  const named = found.filter(({ name }) => name === reference);
  const present = named.filter(({ orphanedAt }) => orphanedAt === null);
  const [only, ...others] = present.length > 0 ? present : named;
  return others.length === 0 ? only : undefined;
}

function changed(detail: string): Problem {
  return new Problem('candidate-changed', detail);
}

function notAcceptable(reasons: CandidateRecord['reasons']): Problem {
  const [first] = reasons;
  const errors = reasons.map(({ code, message, fix }) => ({
    pointer: '/candidates',
    code,
    detail: `${message} ${fix}`,
  }));
  return new Problem('candidate-not-acceptable', first?.message ?? 'The candidate has no credential.', {
    errors,
    ...(first && { fix: first.fix }),
  });
}

function conflictOf({ code, extensions }: Problem): CandidateConflict | undefined {
  const clusterId = extensions.existingId;
  if (clusterId === undefined) return undefined;
  if (code === 'cluster-duplicate') return { code: 'clusterDuplicate', clusterId };
  return code === 'name-taken' ? { code: 'nameTaken', clusterId } : undefined;
}
