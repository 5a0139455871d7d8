import type { CandidateReason, CredentialReference, DiscoveredCluster, SourceType } from '#libs/core';
import { Entity, PrimaryColumn } from 'typeorm';
import type { CandidateConflict, CandidateCounts, ClusterConnection, Labels, SourceMapping } from '../values.js';
import { Flag, Integer, Json, OptionalJson, OptionalText, OptionalTime, Text, TextArray, Time } from './columns.js';

export type SourcePolicy = 'propose' | 'autoRegister';
export type SyncState = 'idle' | 'queued' | 'running';
/** `partial`: something could not be read, so that nothing that is missing counts as gone. */
export type SyncResult = 'ok' | 'partial' | 'failed';

@Entity('source')
export class SourceEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  @Text() type: SourceType;
  /** The management cluster. Never changes: candidates are references into it. */
  @Text() hubClusterId: string;
  /** Empty: all. */
  @TextArray() namespaces: readonly string[];
  @Text() labelSelector: string;
  @Json() mapping: SourceMapping;
  @Text() policy: SourcePolicy;
  /** Days after which an orphaned candidate is forgotten. */
  @Integer() pruneAfter: number;
  @Integer() intervalSeconds: number;
  @Flag() enabled: boolean;
  /** Null: not by the clock. */
  @OptionalTime() nextSyncAt: string | null;
  @Text() syncState: SyncState;
  @OptionalTime() syncRequestedAt: string | null;
  /** When a worker last took it. */
  @OptionalTime() syncClaimedAt: string | null;
  @Integer() syncAttempt: number;
  @OptionalTime() lastSyncAt: string | null;
  @OptionalText() lastResult: SyncResult | null;
  /** Our own words. */
  @OptionalText() lastMessage: string | null;
  @OptionalJson() lastCounts: CandidateCounts | null;
  /** Counts changes of the settings; synchronisations do not count. */
  @Integer() version: number;
  @Time() createdAt: string;
  @Time() updatedAt: string;
}

/** A cluster that a source told of. Holds no credential: only where one is kept. */
@Entity('source_candidate')
export class SourceCandidateEntity {
  @PrimaryColumn('text') id: string;
  @Text() sourceId: string;
  /** What it is recognised by. */
  @Text() key: string;
  @Text() name: string;
  @Json() object: DiscoveredCluster['object'];
  /** As on the management cluster. */
  @Json() labels: Labels;
  @OptionalJson() credential: CredentialReference | null;
  @OptionalJson() connection: ClusterConnection | null;
  @OptionalText() caSpkiSha256: string | null;
  @OptionalText() tenantNamespace: string | null;
  /** Empty: it can be registered. */
  @Json() reasons: readonly CandidateReason[];
  /** The registered cluster that it is. */
  @OptionalText() clusterId: string | null;
  /** Why registering it was refused. */
  @OptionalJson() conflict: CandidateConflict | null;
  @Time() firstSeenAt: string;
  @Time() lastSeenAt: string;
  /** Since when the source does not tell of it any more. */
  @OptionalTime() orphanedAt: string | null;
}
