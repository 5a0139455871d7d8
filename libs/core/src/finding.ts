import { createHash } from 'node:crypto';
import type { Evidence, Fix, Subject } from './control.js';
import type { Confidence, Severity } from './outcome.js';

export type FindingState = 'open' | 'resolved' | 'reopened';
export type FindingOutcome = 'fail' | 'warn';

/** A failing observation with a life. */
export interface Finding {
  readonly fingerprint: string;
  readonly controlId: string;
  readonly subject: Subject;
  readonly outcome: FindingOutcome;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly reason: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly Fix[];
}

/** A finding as the store knows it from earlier runs. */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly controlId: string;
  readonly subject: Subject;
  readonly state: FindingState;
  readonly severity: Severity;
  readonly outcome: FindingOutcome;
}

export type FindingChange =
  | { readonly change: 'opened' | 'reopened' | 'escalated' | 'unchanged'; readonly finding: Finding }
  /** A complete read shows that it is gone. */
  | { readonly change: 'resolved'; readonly fingerprint: string; readonly reason: string }
  /** It could not be looked at: it stays as it is and is marked stale. */
  | { readonly change: 'stale'; readonly fingerprint: string };

/** Identity of a subject across runs: no uid, no API version, no text. */
export function subjectKey(subject: Subject): string {
  const group = subject.apiVersion?.includes('/') ? subject.apiVersion.slice(0, subject.apiVersion.indexOf('/')) : '';
  return [
    group,
    subject.kind,
    subject.namespace ?? '',
    subject.name,
    subject.container ?? '',
    subject.field ?? '',
  ].join('/');
}

/** sha256 over control, cluster, subject and reason code; message texts never count. */
export function fingerprint(controlId: string, clusterUid: string, subject: Subject, reason: string): string {
  return createHash('sha256')
    .update([controlId, clusterUid, subjectKey(subject), reason].join('\n'))
    .digest('hex');
}
