import type { DiscoveredCluster, LabelSelector } from '#libs/core';
import type { SourceCandidateEntity, SourceEntity, SourcePolicy, SyncResult } from '../entities/sources.js';
import type { CandidateState, ClusterConnection } from '../values.js';

/** Where clusters are found. */
export type SourceRecord = Readonly<Omit<SourceEntity, 'hubClusterId'>> & {
  readonly hubCluster: { readonly id: string; readonly name: string };
};

type Settable = Pick<
  SourceEntity,
  'namespaces' | 'labelSelector' | 'mapping' | 'policy' | 'pruneAfter' | 'intervalSeconds' | 'enabled' | 'nextSyncAt'
>;
export type NewSource = Readonly<Settable & Pick<SourceEntity, 'id' | 'name' | 'type' | 'hubClusterId'>>;
/** The type and the management cluster stay: candidates refer to Secrets there. */
export type SourceChanges = Readonly<Partial<Settable>>;

export type SourceSortField = 'name' | 'createdAt' | 'lastSyncAt';
export interface SourceFilter {
  readonly type?: readonly string[];
  readonly policy?: readonly SourcePolicy[];
  /** Id or name. */
  readonly hubCluster?: readonly string[];
  readonly result?: readonly SyncResult[];
  readonly q?: string;
}

export type CandidateRecord = Readonly<SourceCandidateEntity> & {
  readonly state: CandidateState;
  /** The registered cluster that it is; null where that was deleted. */
  readonly cluster: { readonly id: string; readonly name: string } | null;
};

export type CandidateSortField = 'name' | 'lastSeenAt' | 'firstSeenAt';
export interface CandidateFilter {
  readonly state?: readonly CandidateState[];
  /** Codes; a candidate has one of them. */
  readonly reason?: readonly string[];
  readonly tenantNamespace?: readonly string[];
  readonly labelSelector?: LabelSelector;
  /** Part of the name or of the address. */
  readonly q?: string;
}

/** A synchronisation that a worker has taken. Later ones have another `attempt` or time. */
export interface SyncClaim {
  readonly sourceId: string;
  readonly requestedAt: string;
  readonly attempt: number;
}

export interface SyncWork {
  readonly claim: SyncClaim;
  readonly source: SourceRecord;
  /** Null: it was deleted. */
  readonly hub: {
    readonly id: string;
    readonly connection: ClusterConnection;
    readonly expectedUid: string | null;
  } | null;
}

/** A found cluster, with the registered one that it is known to be. */
export type FoundCandidate = DiscoveredCluster & { readonly clusterId?: string };

export interface SyncOutcome {
  readonly result: SyncResult;
  /** For people; our own words. */
  readonly message: string;
}
