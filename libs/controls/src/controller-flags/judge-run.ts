import type { AccessRule, Confidence, Evidence, NotEvaluatedCause, Severity } from '#libs/core';
import {
  type ControllerInstance,
  type ControllerRun,
  type FlagReading,
  firstVersionOf,
  hasRunFor,
  isCrashLooping,
  isOlder,
  readFlag,
} from '#libs/flux';
import { flagEvidence, imageEvidence } from './flag-evidence.js';
import type { FlagRule } from './flag-rule.js';

/** A rule's verdict on one pod, or on the template of a Deployment. */
export interface RunVerdict {
  readonly outcome: 'pass' | 'warn' | 'fail' | 'notEvaluated';
  readonly reason: string;
  readonly what: string;
  readonly run: ControllerRun;
  readonly confidence: Confidence;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** The command line as a whole is the matter, not the flag. */
  readonly wholeLine: boolean;
  readonly severity?: Severity;
  /** Replaces the advice of the rule. */
  readonly advice?: string;
  readonly notByArgument?: true;
  readonly cause?: NotEvaluatedCause;
  readonly missing?: readonly AccessRule[];
}

/** A controller that exits over its arguments does so at once; one that is ready for longer has accepted them. */
const ACCEPTED_AFTER_MINUTES = 2;

/** Undefined where the rule has nothing to say about a build of this age. */
export function judgeRun(
  run: ControllerRun,
  instance: ControllerInstance,
  rule: FlagRule,
  now: number,
): RunVerdict | undefined {
  const first = rule.firstVersion
    ? rule.firstVersion(instance.component)
    : firstVersionOf(rule.flag, instance.component);
  const image = imageEvidence(run, first === undefined ? 'any version' : `v${first} or later`);
  const shared = { run, confidence: run.version.confidence, wholeLine: false };
  const { version } = run.version;
  if (version !== undefined && first !== undefined && isOlder(version, first)) {
    const violation = rule.tooOld(instance.component, first);
    return violation && { ...shared, outcome: 'fail', ...violation, evidence: [image] };
  }
  const reading = readFlag(run.arguments, rule.flag, run.env);
  const evidence = [flagEvidence(run, reading, rule.expected), image] as const;
  if (reading.state === 'value') {
    const violation = rule.judge(reading.value, reading.item !== undefined);
    return violation
      ? { ...shared, outcome: 'fail', ...violation, evidence }
      : { ...shared, outcome: 'pass', ...rule.pass, evidence };
  }
  return { ...shared, ...unreadable(reading, run, instance, now), evidence };
}

type Unreadable = Omit<RunVerdict, 'run' | 'evidence' | 'confidence'> & Partial<Pick<RunVerdict, 'confidence'>>;

function unreadable(
  reading: Exclude<FlagReading, { state: 'value' }>,
  run: ControllerRun,
  instance: ControllerInstance,
  now: number,
): Unreadable {
  if (reading.state === 'undecidable') {
    const { code, message, missing } = reading;
    return {
      outcome: 'notEvaluated',
      reason: code,
      what: `cannot be judged: ${message.replace(/\.$/, '')}`,
      wholeLine: code === 'SHELL_WRAPPER' || code === 'UNKNOWN_COMMAND',
      cause: missing.length > 0 ? 'forbidden' : 'undecidable',
      missing,
    };
  }
  const problem = reading.message.replace(/\.$/, '');
  if (hasAccepted(run, instance, now)) {
    return {
      outcome: 'notEvaluated',
      reason: 'PARSE_MISMATCH',
      what: `is ready although its arguments should stop it, so this build differs from what Plimsoll knows of it (${problem})`,
      wholeLine: true,
      cause: 'undecidable',
    };
  }
  return {
    outcome: 'fail',
    reason: 'ARGUMENT_CRASH',
    what: `does not start: ${problem}`,
    advice: 'A controller that does not start enforces nothing. Correct the argument.',
    notByArgument: true,
    wholeLine: true,
    confidence: isCrashLooping(run) ? 'proven' : 'derived',
  };
}

/** The controller runs with exactly these arguments, here or in another pod. */
function hasAccepted(run: ControllerRun, instance: ControllerInstance, now: number): boolean {
  return [run, ...instance.pods].some((pod) => hasRunFor(pod, ACCEPTED_AFTER_MINUTES, now) && isSameCommand(pod, run));
}

/** The same image and arguments; what surrounds the container does not count. */
export function isSameCommand(a: ControllerRun, b: ControllerRun): boolean {
  const command = ({ container: { image, command, args, env, envFrom } }: ControllerRun): string =>
    JSON.stringify([image, command ?? [], args ?? [], env ?? [], envFrom ?? []]);
  return a === b || command(a) === command(b);
}
