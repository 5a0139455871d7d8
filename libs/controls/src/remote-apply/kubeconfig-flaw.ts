import type { AccessRule, Evidence, NotEvaluatedCause, Severity } from '#libs/core';

/** One thing that a kubeconfig should be otherwise. */
export interface KubeConfigFlaw {
  readonly outcome: 'fail' | 'warn' | 'notEvaluated';
  readonly severity: Severity;
  /** Stable code; one for each rule. */
  readonly reason: string;
  /** Continues "The kubeconfig in Secret a/b ", without a full stop. */
  readonly what: string;
  /** Two sentences: why it matters, and what to do. */
  readonly advice: string;
  /** Into the facts of the Secret or ConfigMap. */
  readonly pointer: string;
  readonly observed: Evidence['observed'];
  readonly expected: string;
  /** With `notEvaluated`. */
  readonly cause?: NotEvaluatedCause;
  readonly missing?: readonly AccessRule[];
}
