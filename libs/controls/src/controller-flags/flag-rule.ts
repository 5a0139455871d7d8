import type { AccessRule, Fix, NotEvaluatedCause, Severity } from '#libs/core';
import { type Component, type ControllerInstance, type FixTarget, type FlagValue, firstFluxOf } from '#libs/flux';

/** What is wrong with a value. */
export interface Violation {
  /** Absent = `fail`. `notEvaluated`: how bad it is depends on what could not be read. */
  readonly outcome?: 'fail' | 'warn' | 'notEvaluated';
  /** Stable code, such as `FLAG_TRUE`. */
  readonly reason: string;
  /** Continues "helm-controller flux-system/helm-controller …", without a full stop. */
  readonly what: string;
  /** Absent = the severity of the rule. */
  readonly severity?: Severity;
  /** Replaces the advice of the rule. */
  readonly advice?: string;
  /** Another argument would not help. */
  readonly notByArgument?: true;
  /** With `notEvaluated`. */
  readonly cause?: NotEvaluatedCause;
  readonly missing?: readonly AccessRule[];
}

/** What one flag must be on every instance of a controller. */
export interface FlagRule {
  readonly flag: string;
  /** For evidence: `absent or false`. */
  readonly expected: string;
  /** Code and words of a value that is as it should be. */
  readonly pass: { readonly reason: string; readonly what: string };
  /** Undefined where the value is as it should be. `given` = an argument sets it. */
  judge(value: FlagValue, given: boolean): Violation | undefined;
  /** For a build that is older than the flag; undefined = nothing to say about it. */
  tooOld(component: Component, first: string): Violation | undefined;
  /** Replaces the first version of the flag itself. */
  readonly firstVersion?: (component: Component) => string | undefined;
  /** Two sentences: why it matters, and what to do. */
  readonly advice: string;
  /** Absent = the severity of the control. */
  severity?(instance: ControllerInstance): Severity | undefined;
  fixes(target: FixTarget): readonly Fix[];
}

/** A build that has no such flag: it must be upgraded before the flag can be set. */
export function unsupported(flag: string): FlagRule['tooOld'] {
  return (component, first) => {
    const flux = firstFluxOf(flag, component);
    return {
      reason: 'FLAG_UNSUPPORTED_UPGRADE',
      what: `is older than v${first}${flux === undefined ? '' : ` (Flux ${flux})`}, the first version with --${flag}`,
      advice: 'What the flag does cannot be had in this build. Upgrade Flux, then set the flag.',
      notByArgument: true,
    };
  };
}
