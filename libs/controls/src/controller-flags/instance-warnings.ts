import { type Evidence, type Observation, objectReference, warn } from '#libs/core';
import { type ControllerInstance, type ControllerRun, excerpt, ignoredArguments, isCrashLooping } from '#libs/flux';
import { imageEvidence } from './flag-evidence.js';
import { subjectOfInstance } from './instance-subject.js';

/** What is doubtful about an instance whatever flag is judged. */
export function instanceWarnings(instance: ControllerInstance): readonly Observation[] {
  return [...versionUnknown(instance), ...notRunning(instance)];
}

function placeOf({ component, namespace, owner }: ControllerInstance): string {
  return `${component} ${namespace}/${owner.name}`;
}

function runsOf({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  return [...pods, ...(template ? [template] : [])];
}

function versionUnknown(instance: ControllerInstance): readonly Observation[] {
  const run = runsOf(instance).find(({ version }) => version.version === undefined);
  if (!run) return [];
  const message =
    `The version of ${placeOf(instance)} cannot be told from its image or labels, so it is judged like the newest known one. ` +
    'Older builds behave differently. Use an image with a version in its tag, or one that Flux published.';
  return [
    warn(subjectOfInstance(instance), 'VERSION_UNKNOWN', message, {
      severity: 'low',
      confidence: 'derived',
      evidence: [imageEvidence(run, 'a tag such as v1.9.4, or a published digest')],
    }),
  ];
}

/** Scaled to zero, or not able to run for reasons that its arguments do not explain. */
function notRunning(instance: ControllerInstance): readonly Observation[] {
  const { pods, template } = instance;
  const live = pods.filter(({ terminating }) => !terminating);
  const stopped = live.length > 0 && live.every((pod) => isCrashLooping(pod));
  if (live.length > 0 && !stopped) return [];
  const explained = runsOf(instance).some((run) => run.arguments.state === 'crash');
  if (stopped && explained) return [];
  const object = stopped ? live[0]?.object : (instance.deployment ?? template?.object ?? pods[0]?.object);
  const pointer = stopped ? '/status/containerStatuses' : '/spec/replicas';
  const observed = stopped ? 'CrashLoopBackOff' : (instance.deployment?.spec.replicas ?? null);
  const evidence: readonly Evidence[] = object
    ? [{ object: objectReference(object), pointer, observed, expected: 'a pod that is ready', note: 'No pod runs.' }]
    : [];
  const message =
    `${placeOf(instance)} is not running${stopped ? ': its container ends again and again' : ': it has no pod'}. ` +
    'What follows is judged by what it is told to run, and the objects that it serves are not reconciled meanwhile. ' +
    'Start it, or remove its Deployment.';
  return [warn(subjectOfInstance(instance), 'CONTROLLER_NOT_RUNNING', message, { severity: 'medium', evidence })];
}

/** Somebody meant to set the flag and left its dashes out. */
export function ignoredArgument(instance: ControllerInstance, flag: string): readonly Observation[] {
  const found = runsOf(instance)
    .map((run) => ({ run, item: ignoredArguments(run.arguments, flag)[0] }))
    .find(({ item }) => item !== undefined);
  if (!found?.item) return [];
  const { run, item } = found;
  const shown = excerpt(item.text);
  const message =
    `${placeOf(instance)} has the argument "${shown}", which has no effect. ` +
    `The controllers take only what starts with two dashes for a flag. Write --${shown}, or remove it.`;
  return [
    warn(subjectOfInstance(instance, flag), 'IGNORED_ARGUMENT', message, {
      severity: 'medium',
      evidence: [
        {
          object: objectReference(run.object),
          pointer: `${run.pointer}${item.pointer}`,
          observed: shown,
          expected: `--${shown}`,
        },
      ],
    }),
  ];
}
