import {
  ClusterClient,
  ClusterError,
  credentialDetails,
  placeOf,
  preflight,
  readCandidateAccess,
  type ClusterAccess,
} from '#libs/kubernetes';
import {
  candidateRegistration,
  type CandidateRecord,
  type CandidateRepository,
  type ClusterRepository,
  type SourceRecord,
  type TenantRepository,
} from '#libs/persistence';
import { credentialAad, newId, type EgressPolicy, type Keyring } from '#libs/platform';

export interface RegistrarStores {
  readonly candidates: CandidateRepository;
  readonly clusters: ClusterRepository;
  readonly tenants: TenantRepository;
}

/** `unusable`: its credential or address is not what was found a moment ago. `unreachable`: it did not prove who it is. */
export type RegisterResult = 'registered' | 'conflict' | 'unusable' | 'unreachable';

/** Meeting a cluster is a handful of small requests. */
const BUDGET = { wallMs: 15_000, requests: 50, bytes: 8 * 1024 ** 2, qps: 50, burst: 50 };

/**
 * Registers candidates of sources whose policy says so. The credential is read from the management cluster, used once to
 * learn who the cluster is, sealed, and forgotten. A cluster that is registered under another name is a conflict, and one
 * that cannot be reached is left for the next synchronisation.
 */
export class CandidateRegistrar {
  constructor(
    private readonly stores: RegistrarStores,
    private readonly keyring: Keyring,
    private readonly options: { readonly egress: EgressPolicy; readonly userAgent: string },
  ) {}

  /** @param hub a client of the management cluster whose identity was checked */
  async register(
    source: SourceRecord,
    candidate: CandidateRecord,
    hub: ClusterClient,
    stop: AbortSignal,
  ): Promise<RegisterResult> {
    const { credential, connection } = candidate;
    if (!credential) return 'unusable';
    const read = await readCandidateAccess(hub, credential, connection ?? undefined);
    if (!('access' in read) || !samePlace(read.access, candidate)) return 'unusable';
    const met = await this.meet(read.access, stop);
    if (!met) return 'unreachable';
    const id = newId('cls');
    const credentialId = newId('crd');
    const written = await this.stores.clusters.create({
      id,
      ...candidateRegistration(source, candidate),
      connection: placeOf(read.access).connection,
      clusterUid: met.uid,
      tenantIds: await this.tenantsOf(source, candidate),
      credential: {
        id: credentialId,
        ...credentialDetails(read.access),
        sealed: this.keyring.seal(JSON.stringify(read.access.credential), credentialAad(credentialId, id)),
      },
    });
    if (!('conflict' in written)) {
      await this.stores.candidates.link(candidate.id, id);
      return 'registered';
    }
    // A tenant that was deleted meanwhile; the next synchronisation does without.
    if (written.conflict === 'unknownTenant') return 'unusable';
    await this.stores.candidates.refuse(candidate.id, { code: written.conflict, clusterId: written.id });
    return 'conflict';
  }

  private async meet(access: ClusterAccess, signal: AbortSignal): Promise<{ readonly uid: string } | undefined> {
    let client: ClusterClient | undefined;
    try {
      client = await ClusterClient.open(access, { ...this.options, budget: BUDGET, signal });
      return await preflight(client, { controls: [] });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ClusterError) return undefined;
      throw error;
    } finally {
      void client?.close();
    }
  }

  private async tenantsOf({ mapping }: SourceRecord, { tenantNamespace }: CandidateRecord): Promise<readonly string[]> {
    if (!mapping.tenantFromNamespace || tenantNamespace === null) return [];
    const tenant = await this.stores.tenants.get(tenantNamespace);
    return tenant ? [tenant.id] : [];
  }
}

/** Whether an access leads where the candidate was seen to lead. */
function samePlace(access: ClusterAccess, { connection }: CandidateRecord): boolean {
  const { server, caData, tlsServerName } = placeOf(access).connection;
  return server === connection?.server && caData === connection.caData && tlsServerName === connection.tlsServerName;
}
