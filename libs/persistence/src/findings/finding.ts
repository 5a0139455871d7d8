import type { LabelSelector } from '#libs/core';
import type { EvidenceEntity, FindingChangeEntity, FindingEntity } from '../entities/results.js';
import type { Related } from './related.js';
import type { ListRequest } from '../sql/list.js';

export type EvidenceRecord = Readonly<EvidenceEntity>;
export type FindingChangeRecord = Readonly<FindingChangeEntity>;

export type FindingRecord = Readonly<Omit<FindingEntity, 'waiverId' | 'contentSha256'>> & {
  readonly clusterName: string;
  readonly tenantName: string | null;
  /** The waiver that covers it now; null where there is none, or it is revoked or expired. */
  readonly waiver: { readonly id: string; readonly expiresAt: string; readonly approver: string | null } | null;
};

export interface FindingDetail extends FindingRecord {
  /** The current evidence. */
  readonly evidence: EvidenceRecord | null;
  /** Oldest first. */
  readonly changes: readonly FindingChangeRecord[];
  readonly related: Related;
}

export type FindingSortField = 'severity' | 'firstSeenAt' | 'lastSeenAt' | 'control' | 'cluster' | 'occurrences';

export interface FindingFilter {
  readonly id?: readonly string[];
  readonly fingerprint?: readonly string[];
  readonly state?: readonly string[];
  readonly severity?: readonly string[];
  readonly outcome?: readonly string[];
  readonly confidence?: readonly string[];
  readonly controlId?: readonly string[];
  readonly reason?: readonly string[];
  /** Ids or names. */
  readonly cluster?: readonly string[];
  /** Ids or names. */
  readonly tenant?: readonly string[];
  readonly stale?: boolean;
  readonly waived?: boolean;
  readonly baseline?: boolean;
  /** Opened, reopened, escalated or resolved in this run. */
  readonly changedInRun?: string;
  /** Inclusive. */
  readonly firstSeenFrom?: string;
  readonly lastSeenFrom?: string;
  readonly lastSeenBefore?: string;
  /** Of the cluster. */
  readonly labelSelector?: LabelSelector;
  /** Part of the message or of the subject's namespace or name. */
  readonly q?: string;
}

export type FindingListRequest = ListRequest<FindingSortField, FindingFilter>;
