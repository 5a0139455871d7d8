import type {
  AccessRule,
  Confidence,
  Evidence,
  FindingOutcome,
  FindingState,
  Fix,
  NotEvaluatedCause,
  Outcome,
  OutcomeCounts,
  Severity,
  Subject,
  Waiver,
} from '#libs/core';
import { Entity, PrimaryColumn } from 'typeorm';
import type { StoredObservation } from '../values.js';
import { Flag, Hidden, Integer, Json, OptionalText, OptionalTime, Text, Time } from './columns.js';

/** A control's answer on a cluster, for as long as it stayed the same. */
@Entity('control_state')
export class ControlStateEntity {
  @PrimaryColumn('bigint') id: string;
  @Text() clusterId: string;
  @Text() controlId: string;
  @Text() outcome: Outcome;
  @Text() reason: string;
  @OptionalText() cause: NotEvaluatedCause | null;
  @Text() message: string;
  @Text() severity: Severity;
  @Json() counts: OutcomeCounts;
  @Flag() partial: boolean;
  @Json() missing: readonly AccessRule[];
  /** Those that did not pass, the first few hundred. */
  @Json() observations: readonly StoredObservation[];
  @Time() fromAt: string;
  @Text() fromRunId: string;
  /** Null = it is so now. */
  @OptionalTime() toAt: string | null;
  @OptionalText() toRunId: string | null;
  @Time() lastSeenAt: string;
  @Text() lastRunId: string;
}

@Entity('waiver')
export class WaiverEntity {
  @PrimaryColumn('text') id: string;
  @Text() controlId: string;
  @Json() scope: Waiver['scope'];
  @Text() reason: string;
  @OptionalText() ticketUrl: string | null;
  @Text() requestedBy: string;
  @OptionalText() approver: string | null;
  @Time() expiresAt: string;
  @Text() state: 'requested' | 'approved' | 'revoked';
  @Time() createdAt: string;
}

@Entity('finding')
export class FindingEntity {
  @PrimaryColumn('text') id: string;
  @Text() fingerprint: string;
  @Text() clusterId: string;
  @OptionalText() tenantId: string | null;
  @Text() controlId: string;
  @Text() state: FindingState;
  @Text() outcome: FindingOutcome;
  @Text() severity: Severity;
  @Text() confidence: Confidence;
  @Text() reason: string;
  @Text() message: string;
  @Json() subject: Subject;
  @Json() fixes: readonly Fix[];
  /** Of all that a run may change but evidence: equal = only seen again. */
  @Text(Hidden) contentSha256: string;
  @OptionalText() evidenceId: string | null;
  @OptionalText() waiverId: string | null;
  /** The last run could not look at it. */
  @Flag() stale: boolean;
  /** Complete reads without it since it was resolved. */
  @Integer() cleanRuns: number;
  /** Runs that saw it. */
  @Integer() occurrences: number;
  @Flag() baseline: boolean;
  @Time() firstSeenAt: string;
  @Time() lastSeenAt: string;
  @OptionalTime() resolvedAt: string | null;
  @OptionalText() resolvedReason: string | null;
  @Text() openedRunId: string;
  @Text() lastRunId: string;
  @OptionalText() resolvedRunId: string | null;
  @Integer() version: number;
}

@Entity('finding_change')
export class FindingChangeEntity {
  @PrimaryColumn('text') id: string;
  @Text() findingId: string;
  @Text() clusterId: string;
  @Text() runId: string;
  @Text() targetId: string;
  @Text() change: 'opened' | 'reopened' | 'resolved' | 'escalated';
  @Text() severity: Severity;
  /** Whether it is news; see `plan-findings.ts`. */
  @Flag() announced: boolean;
  /** The run whose digest tells it. */
  @OptionalText() announcedRunId: string | null;
  @Time() at: string;
}

@Entity('evidence')
export class EvidenceEntity {
  @PrimaryColumn('text') id: string;
  @Text() findingId: string;
  @Text() runId: string;
  /** Of `body` as canonical JSON (RFC 8785), in hex. */
  @Text() sha256: string;
  /** The same without what changes at every write of an object; equal = the same evidence. */
  @Text() contentSha256: string;
  @Json() body: readonly Evidence[];
  @Time() collectedAt: string;
}

@Entity('sighting')
export class SightingEntity {
  @PrimaryColumn('text') clusterId: string;
  @Text() controlId: string;
  @PrimaryColumn('text') key: string;
  @Time() firstSeenAt: string;
  @Time() lastSeenAt: string;
}
