import {
  CLUSTER_SUBJECT,
  type Confidence,
  type Observation,
  type Severity,
  fail,
  leastSure,
  notApplicable,
  notEvaluated,
  pass,
  warn,
} from '#libs/core';
import { type Component, type ControllerInstance, describeInstall, describeVersion } from '#libs/flux';
import type { FlagRule } from './flag-rule.js';
import { type Inspection, fixTarget, instancesOf } from './inspect-controllers.js';
import { ignoredArgument, instanceWarnings } from './instance-warnings.js';
import { subjectOfInstance } from './instance-subject.js';
import { unseenControllers } from './unseen-controllers.js';
import { type InstanceVerdict, instanceVerdict } from './instance-verdict.js';

export interface FlagQuestion {
  readonly components: readonly Component[];
  /** Several rules may hold for one controller. */
  readonly rules: (instance: ControllerInstance) => readonly FlagRule[];
  /** Says which of several flags an observation is about. */
  readonly namesField?: boolean;
  readonly severity: Severity;
  /** A sentence about the cluster that helps to weigh the finding. */
  readonly context?: string;
  /** Weighs the verdict on a flag against what else the cluster has. */
  readonly weigh?: (observation: Observation, instance: ControllerInstance) => Observation;
  /** The verdict cannot be surer than what it was asked for. */
  readonly confidence?: Confidence;
}

/**
 * Judges start-up flags on every instance of some controllers: default lanes and shards, in every namespace. Pods are
 * the truth and the template is the intention, so both must be as the rule says. Only what is proven to be absent does
 * not apply (`unseenControllers`).
 */
export function judgeFlags(question: FlagQuestion, inspection: Inspection): readonly Observation[] {
  const instances = instancesOf(inspection, question.components);
  const unseen = unseenControllers(question.components, inspection);
  if (instances.length === 0 && unseen.length === 0) {
    const names = question.components.join(', ');
    return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', `No ${names} of Flux runs in this cluster.`)];
  }
  const judged = instances.flatMap((instance) => {
    const rules = question.rules(instance);
    const verdicts = rules.flatMap((rule) => {
      const verdict = instanceVerdict(rule, instance, inspection.now);
      return verdict ? [{ rule, verdict }] : [];
    });
    return [
      ...onePerCommandLine(verdicts).map((each) => {
        const said = observation(each, instance, question, inspection);
        return question.weigh?.(said, instance) ?? said;
      }),
      ...rules.flatMap(({ flag }) => ignoredArgument(instance, flag)),
      ...instanceWarnings(instance),
    ];
  });
  return [...unseen, ...judged];
}

interface Ruled {
  readonly rule: FlagRule;
  readonly verdict: InstanceVerdict;
}

/** A command line that cannot be read, or stops the controller, is one fact for all flags in it. */
function onePerCommandLine(verdicts: readonly Ruled[]): readonly Ruled[] {
  return verdicts.filter(
    ({ verdict }, index) =>
      !verdict.wholeLine || verdicts.findIndex((other) => other.verdict.reason === verdict.reason) === index,
  );
}

function observation(
  { rule, verdict }: Ruled,
  instance: ControllerInstance,
  question: FlagQuestion,
  inspection: Inspection,
): Observation {
  const { outcome, reason, what, evidence } = verdict;
  const field = question.namesField === true && !verdict.wholeLine ? rule.flag : undefined;
  const subject = subjectOfInstance(instance, field);
  const target = fixTarget(instance, inspection);
  const { namespace, owner, component } = instance;
  const version = verdict.runs[0]?.run.version;
  const installed = target.install.method === 'unknown' ? '' : `, installed by ${describeInstall(target.install)}`;
  const title = `${component} ${namespace}/${owner.name} (${version ? describeVersion(version) : ''}${installed})`;
  const said = `${title} ${what}.`;
  const confidence = leastSure(verdict.confidence, question.confidence ?? 'proven');
  if (outcome === 'pass') return pass(subject, reason, said, { confidence, evidence });
  if (outcome === 'notEvaluated') {
    const { cause = 'undecidable', missing = [] } = verdict;
    return notEvaluated(subject, cause, reason, `${said} ${verdict.advice ?? ASK[reason] ?? ASK_FOR_PLAIN_VALUE}`, {
      evidence,
      missing,
    });
  }
  const context = verdict.notByArgument ? undefined : question.context;
  const message = [said, context, verdict.advice ?? rule.advice].filter(Boolean).join(' ');
  const severity = verdict.severity ?? rule.severity?.(instance) ?? question.severity;
  const fixes = verdict.notByArgument ? [] : rule.fixes(target);
  const details = { confidence, severity, fixes, evidence };
  return outcome === 'fail' ? fail(subject, reason, message, details) : warn(subject, reason, message, details);
}

const ASK_FOR_PLAIN_VALUE = 'Write the value into the arguments, or let it come from a ConfigMap that may be read.';
const ASK: Readonly<Record<string, string>> = {
  SHELL_WRAPPER: 'Start the controller without a shell.',
  UNKNOWN_COMMAND: 'Start the controller by its own name.',
  PARSE_MISMATCH: 'Please report the image and its arguments.',
  AMBIGUOUS_UNKNOWN_FLAG: 'Write the flag before it with "=", or update Plimsoll.',
};
