import type { Evidence } from '#libs/core';
import type { ControllerInstance } from '#libs/flux';
import type { FlagRule } from './flag-rule.js';
import { type RunVerdict, isSameCommand, judgeRun } from './judge-run.js';

const WORST_FIRST: readonly RunVerdict['outcome'][] = ['fail', 'notEvaluated', 'warn', 'pass'];
const MAX_PODS_IN_EVIDENCE = 5;

/** A rule's verdict on all pods of one controller and on the template that they come from. */
export type InstanceVerdict = Omit<RunVerdict, 'run'> & {
  /** What it was made from, the deciding one among them. */
  readonly runs: readonly RunVerdict[];
};

function worst(verdicts: readonly RunVerdict[]): RunVerdict | undefined {
  return WORST_FIRST.map((outcome) => verdicts.find((verdict) => verdict.outcome === outcome)).find(Boolean);
}

/** The worst pod decides; then what the template would bring; then pods that are on their way out. */
export function instanceVerdict(
  rule: FlagRule,
  instance: ControllerInstance,
  now: number,
): InstanceVerdict | undefined {
  const judge = (runs: ControllerInstance['pods']): RunVerdict[] =>
    runs.flatMap((run) => judgeRun(run, instance, rule, now) ?? []);
  const live = judge(instance.pods.filter(({ terminating }) => !terminating));
  const ending = judge(instance.pods.filter(({ terminating }) => terminating));
  const template = instance.template && judgeRun(instance.template, instance, rule, now);
  const decisive = worst(live) ?? template ?? worst(ending);
  if (!decisive) return undefined;
  if (decisive.outcome !== 'fail') {
    const pending = template && template !== decisive ? pendingVerdict(template, decisive) : undefined;
    if (pending) return pending;
    const old = ending.find(({ outcome }) => outcome === 'fail');
    if (old && decisive.outcome === 'pass' && decisive !== old) return terminatingVerdict(old, ending);
  }
  const runs = [
    ...live,
    ...(live.length === 0 && template ? [template] : []),
    ...(decisive.run.terminating ? ending : []),
  ];
  return { ...decisive, evidence: evidenceOf(decisive, runs, template, instance), runs };
}

/** What the pods would become: the template is worse than they are. */
function pendingVerdict(template: RunVerdict, decisive: RunVerdict): InstanceVerdict | undefined {
  if (template.outcome === 'fail') {
    return {
      ...template,
      reason: template.wholeLine ? template.reason : 'PENDING_UNSAFE',
      what: `is as it should be in its running pods, but by the template of its Deployment, which they will follow, it ${template.what}`,
      runs: [template],
    };
  }
  const unclear = template.outcome === 'notEvaluated' && !isSameCommand(template.run, decisive.run);
  const doubtful = template.outcome === 'warn' && decisive.outcome === 'pass';
  return unclear || doubtful ? { ...template, runs: [template] } : undefined;
}

function terminatingVerdict(old: RunVerdict, runs: readonly RunVerdict[]): InstanceVerdict {
  return {
    ...old,
    outcome: 'warn',
    reason: 'TERMINATING_POD',
    what: `is as it should be, but a pod that is being deleted still ${old.what}`,
    runs,
  };
}

function evidenceOf(
  decisive: RunVerdict,
  runs: readonly RunVerdict[],
  template: RunVerdict | undefined,
  instance: ControllerInstance,
): readonly [Evidence, ...Evidence[]] {
  const alike = runs.filter((run) => run !== decisive && run.reason === decisive.reason);
  const [first, ...others] = decisive.evidence;
  const differs = template && template.run !== decisive.run && template.reason !== decisive.reason;
  const why = instance.rollingOut ? 'a rollout is not finished' : 'the pod was changed on its way, or by hand';
  const note = `ROLLOUT_OR_MUTATION: the template of the Deployment differs; ${why}.`;
  return [
    differs ? { ...first, note } : first,
    ...others,
    ...alike.slice(0, MAX_PODS_IN_EVIDENCE - 1).flatMap(({ evidence }) => evidence[0]),
    ...(differs ? [template.evidence[0]] : []),
  ];
}
