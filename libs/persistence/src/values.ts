import type {
  AccessRule,
  NotEvaluatedCause,
  Observation,
  OutcomeCounts,
  Registration,
  SeverityCounts,
} from '#libs/core';

// What the jsonb columns hold.

/** Where a cluster's API server is. Holds no credential. */
export interface ClusterConnection {
  readonly server: string;
  /** PEM. */
  readonly caData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
}

/** What the operator declared about the platform's part of a cluster (see `Registration`). */
export type ClusterPlatform = Pick<
  Registration,
  | 'fluxNamespaces'
  | 'platformNamespaces'
  | 'tenantLabels'
  | 'platformPrincipals'
  | 'breakGlass'
  | 'suspendGraceHours'
  | 'sandboxHandlers'
  | 'trustedRegistries'
  | 'recoveryRecipients'
  | 'rotationDays'
  | 'watcher'
  | 'activeVerification'
>;

export const CONDITION_TYPES = [
  'Reachable',
  'Authenticated',
  'IdentityVerified',
  'PermissionsSufficient',
  'FluxDetected',
  'AuditFresh',
] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** One fact about a cluster's state, in the form of a Kubernetes condition. */
export interface ClusterCondition {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  /** When `status` last changed. */
  readonly lastTransitionTime: string;
  /** `PermissionsSufficient` only: the rules to add to the auditor's ClusterRole. */
  readonly missing?: readonly AccessRule[];
}

/** A cluster's standing after its last audit. */
export interface ClusterSummary {
  /** Controls by outcome; `error` counts as not evaluated. */
  readonly counts: OutcomeCounts;
  readonly coverage: { readonly evaluated: number; readonly applicable: number; readonly ratio: number };
  /** Nothing failed and everything that applies was judged. */
  readonly compliant: boolean;
  /** Findings that are open now. */
  readonly open: SeverityCounts;
  /** Of those, the ones that could not be looked at in the last run. */
  readonly stale: number;
}

/** How many controls could not be evaluated, by cause. */
export type CauseCounts = Readonly<Partial<Record<NotEvaluatedCause, number>>>;

/** What a completed run counted. */
export interface RunCounts {
  readonly outcomes: OutcomeCounts;
  readonly causes: CauseCounts;
  readonly targets: {
    readonly evaluated: number;
    readonly notEvaluated: number;
    readonly cancelled: number;
    readonly compliant: number;
  };
  readonly opened: number;
  readonly reopened: number;
  readonly escalated: number;
  readonly resolved: number;
}

/** Which clusters a run is for. All absent = the whole fleet; several = those that match all. */
export interface RunTargetSelection {
  /** Ids or names. */
  readonly clusters?: readonly string[];
  /** As `kubectl -l` takes it. */
  readonly labelSelector?: string;
  /** Id or name. */
  readonly tenant?: string;
}

/** An observation as it is kept beside a result: what a finding holds (evidence, fixes) is not repeated. */
export type StoredObservation = Pick<Observation, 'outcome' | 'subject' | 'reason' | 'message' | 'severity' | 'cause'>;

export interface TenantNamespaces {
  readonly names?: readonly string[];
  readonly matchLabels?: Readonly<Record<string, string>>;
}

export interface TenantOwner {
  readonly name: string;
  readonly email?: string;
  readonly slack?: string;
}

/** What clusters of a source are registered as. */
export interface SourceMapping {
  /** Before the name of each. */
  readonly namePrefix?: string;
  /** Default `tenant`. */
  readonly role?: 'management' | 'tenant' | 'standalone';
  readonly tenancy?: 'dedicated' | 'shared';
  /** Default: `remoteApply` where Flux applies to it, else not stated. */
  readonly delivery?: 'remoteApply' | 'inCluster' | 'other';
  /** Beside those of the source, which stand under `source/`. */
  readonly labels?: Labels;
  /** A tenant with the name of the namespace, where there is one, gets the cluster. */
  readonly tenantFromNamespace?: boolean;
}

export const CANDIDATE_STATES = ['proposed', 'blocked', 'registered', 'conflict', 'orphaned'] as const;
export type CandidateState = (typeof CANDIDATE_STATES)[number];
export type CandidateCounts = Readonly<Record<CandidateState, number>>;

/** Why registering a candidate was refused: what it is, or would be called, is there already. */
export interface CandidateConflict {
  readonly code: 'clusterDuplicate' | 'nameTaken';
  /** The cluster in the way. */
  readonly clusterId: string;
}

export type Labels = Readonly<Record<string, string>>;
export type JsonObject = Readonly<Record<string, unknown>>;
