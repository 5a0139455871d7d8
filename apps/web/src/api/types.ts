import type {
  AccessRule,
  Condition as CoreCondition,
  FindingOutcome,
  FindingState,
  Fix,
  JsonValue,
  NotEvaluatedCause,
  Outcome,
  Severity,
  SeverityCounts,
  Subject,
} from '#libs/core';

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly page: {
    readonly next: string | null;
    readonly limit: number;
    readonly total: { readonly count: number; readonly type: 'exact' | 'atLeast' };
  };
}

export interface Link {
  readonly id: string;
  readonly name: string;
}

export type OutcomeCounts = Readonly<Record<Exclude<Outcome, 'error'>, number>> & { readonly error?: number };
export type Condition = CoreCondition;

export interface Credential {
  readonly id: string;
  readonly kind: 'token' | 'clientCertificate';
  readonly fingerprint: string;
  readonly subject: string | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
}

export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly role: 'management' | 'tenant' | 'standalone';
  readonly tenancy: 'dedicated' | 'shared' | null;
  readonly delivery: 'remoteApply' | 'inCluster' | 'other' | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly tenants: readonly Link[];
  readonly connection: { readonly server: string; readonly tlsServerName?: string };
  readonly credential: Credential | null;
  readonly identity: { readonly uid: string } | null;
  readonly kubernetesVersion: string | null;
  readonly fluxVersion: string | null;
  readonly conditions: readonly Condition[];
  readonly stale: boolean;
  readonly lastAuditedAt: string | null;
  readonly lastAttemptAt: string | null;
  readonly unreachableSince: string | null;
  readonly lastRunId: string | null;
  readonly summary: {
    readonly outcomes: OutcomeCounts;
    readonly coverage: number;
    readonly openFindings: SeverityCounts;
  } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface FindingSummary {
  readonly id: string;
  readonly fingerprint: string;
  readonly controlId: string;
  readonly controlTitle: string;
  readonly state: FindingState;
  readonly outcome: FindingOutcome;
  readonly severity: Severity;
  readonly confidence: 'proven' | 'derived' | 'heuristic';
  readonly reason: string;
  readonly message: string;
  readonly cluster: Link;
  readonly tenant: Link | null;
  readonly subject: Subject;
  readonly waiver: { readonly id: string; readonly expiresAt: string } | null;
  readonly stale: boolean;
  readonly baseline: boolean;
  readonly occurrences: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly resolvedAt: string | null;
}

export interface EvidenceItem {
  readonly object?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly generation?: number;
  };
  readonly pointer: string;
  readonly observed: JsonValue;
  readonly expected: string;
  readonly note?: string;
}

export interface Evidence {
  readonly id: string;
  readonly runId: string;
  readonly sha256: string;
  readonly collectedAt: string;
  readonly items: readonly EvidenceItem[];
}

export interface FindingChange {
  readonly change: 'opened' | 'reopened' | 'resolved' | 'escalated';
  readonly severity: Severity;
  readonly runId: string;
  readonly at: string;
}

export interface Finding extends FindingSummary {
  readonly fixes: readonly Fix[];
  readonly evidence: Evidence | null;
  readonly openedRunId: string;
  readonly lastRunId: string;
  readonly resolvedRunId: string | null;
  readonly changes: readonly FindingChange[];
}

export interface Result {
  readonly id: string;
  readonly cluster: Link;
  readonly controlId: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly cause: NotEvaluatedCause | null;
  readonly message: string;
  readonly severity: Severity;
  readonly counts: OutcomeCounts;
  readonly partial: boolean;
  readonly missing: readonly AccessRule[];
  readonly from: string;
  readonly to: string | null;
  readonly lastSeenAt: string;
  readonly lastRunId: string;
}

export interface Run {
  readonly id: string;
  readonly trigger: 'api' | 'schedule' | 'start';
  readonly scheduleId: string | null;
  readonly requestedBy: string | null;
  readonly reason: string | null;
  readonly profile: string;
  readonly controls: readonly string[] | null;
  readonly target: {
    readonly clusters?: readonly string[];
    readonly labelSelector?: string;
    readonly tenant?: string;
  };
  readonly state: 'queued' | 'running' | 'completed' | 'cancelled';
  readonly targets: {
    readonly total: number;
    readonly done: number;
    readonly evaluated: number;
    readonly notEvaluated: number;
  };
  readonly outcomes: OutcomeCounts;
  readonly causes: Readonly<Partial<Record<NotEvaluatedCause, number>>>;
  readonly coverage: number | null;
  readonly baseline: boolean;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly deadlineAt: string;
}

export interface Target {
  readonly id: string;
  readonly runId: string;
  readonly cluster: Link;
  readonly state: 'queued' | 'running' | 'done' | 'cancelled';
  readonly outcome: 'evaluated' | 'notEvaluated' | null;
  readonly cause: NotEvaluatedCause | null;
  readonly message: string | null;
  readonly attempt: number;
  readonly counts: OutcomeCounts;
  readonly coverage: number | null;
  readonly opened: number;
  readonly resolved: number;
  readonly reopened: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface ControlSummary {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly severity: Severity;
  readonly scope: readonly string[];
  readonly mode: 'read' | 'active';
  readonly since: string;
}

export interface Control extends ControlSummary {
  readonly rationale: string;
  readonly audit: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly requires: readonly string[];
  readonly optional: readonly string[];
  readonly reads: readonly AccessRule[];
  readonly examples: {
    readonly passing: readonly { readonly title: string; readonly yaml: string }[];
    readonly failing: readonly { readonly title: string; readonly yaml: string }[];
  };
  readonly benchmarks: readonly {
    readonly benchmarkId: string;
    readonly requirementId: string;
    readonly title: string;
  }[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'slackWebhook' | 'slackBot' | 'webhook';
  readonly settings: { readonly host?: string; readonly channelId?: string };
  readonly events: readonly string[];
  readonly minSeverity: Severity;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly createdAt: string;
}

export interface ChannelTestResult {
  readonly delivered: boolean;
  readonly code: string;
  readonly hint: string;
  readonly httpStatus: number | null;
  readonly durationMs: number;
}

export interface Delivery {
  readonly id: string;
  readonly channel: Link;
  readonly event: string;
  readonly runId: string | null;
  readonly state: 'pending' | 'sending' | 'sent' | 'retrying' | 'dead' | 'skipped';
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastCode: string | null;
  readonly lastHint: string | null;
  readonly createdAt: string;
  readonly sentAt: string | null;
}

export interface Me {
  readonly tokenId: string;
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly permissions: readonly string[];
  readonly via: 'token' | 'session';
  readonly expiresAt: string;
}

export interface Fleet {
  readonly clusters: {
    readonly total: number;
    readonly evaluated: number;
    readonly compliant: number;
    readonly stale: number;
    readonly neverAudited: number;
  };
  readonly coverage: number | null;
  readonly outcomes: OutcomeCounts;
  readonly openFindings: SeverityCounts;
  readonly lastRun: Run | null;
}
