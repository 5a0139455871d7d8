import type { Subject } from './control.js';

/** An accepted exception. A waived failure stays a failure and is shown as waived. */
export interface Waiver {
  readonly id: string;
  readonly controlId: string;
  /** Every stated part must match; an empty scope matches the whole fleet. */
  readonly scope: {
    readonly fingerprint?: string;
    readonly cluster?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly subject?: Partial<Pick<Subject, 'kind' | 'namespace' | 'name'>>;
  };
  readonly reason: string;
  readonly approver: string;
  /** RFC 3339. From then on it has no effect. */
  readonly expiresAt: string;
}

export interface WaiverTarget {
  readonly controlId: string;
  readonly fingerprint: string;
  readonly cluster: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly subject: Subject;
}

export function isExpired(waiver: Waiver, now: number): boolean {
  return Date.parse(waiver.expiresAt) <= now;
}

/** Whether a waiver that has not expired covers the finding. */
export function matchesWaiver(waiver: Waiver, target: WaiverTarget, now: number): boolean {
  if (isExpired(waiver, now) || waiver.controlId !== target.controlId) return false;
  const { scope } = waiver;
  if (scope.fingerprint !== undefined && scope.fingerprint !== target.fingerprint) return false;
  if (scope.cluster !== undefined && scope.cluster !== target.cluster) return false;
  const { kind, namespace, name } = scope.subject ?? {};
  if (kind !== undefined && kind !== target.subject.kind) return false;
  if (namespace !== undefined && namespace !== target.subject.namespace) return false;
  if (name !== undefined && name !== target.subject.name) return false;
  return Object.entries(scope.labels ?? {}).every(([key, value]) => target.labels[key] === value);
}
