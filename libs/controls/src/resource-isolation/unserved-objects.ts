import {
  type Evidence,
  type Fix,
  type Observation,
  type Subject,
  count,
  fail,
  nameList,
  notEvaluated,
  objectReference,
  subjectOf,
} from '#libs/core';
import {
  type Component,
  type Lane,
  type UnrecognisedController,
  describeLane,
  excerpt,
  labelsMatching,
} from '#libs/flux';
import { yamlScalar } from '../fix-text/yaml-scalar.js';
import { describeSelector } from './lane-inspection.js';
import { type ServedObject, nameOf } from './served-objects.js';

const MAX_EVIDENCE = 10;

/** That its controller never looked at it, or when it last did, in the object's own words. */
export function statusEvidence(object: ServedObject): Evidence {
  const observed = object.status?.observedGeneration;
  const never = observed === undefined || observed < 0;
  return {
    object: objectReference(object),
    pointer: object.status === undefined ? '/status' : '/status/observedGeneration',
    observed: observed ?? null,
    expected: `the generation of the object, written by its controller`,
    ...(never && { note: 'No controller has reconciled it so far.' }),
  };
}

/** An object that no selector matches. */
export function orphan(object: ServedObject, lanes: readonly Lane[]): Observation {
  const [first] = lanes;
  const watched = nameList(
    lanes.map((lane) => `${describeLane(lane)} watches ${describeSelector(lane)}`),
    5,
  );
  const labels = object.metadata.labels ?? {};
  const keys = new Set(lanes.flatMap(({ selector }) => selector.requirements.map(({ key }) => key)));
  const own = Object.entries(labels).filter(([key]) => keys.has(key));
  const said =
    own.length > 0
      ? `its labels ${excerpt(own.map(([key, value]) => `${key}=${value}`).join(', '))}`
      : 'its labels and namespace';
  return fail(
    subjectOf(object),
    'ORPHAN',
    `${nameOf(object)} is in no lane: no instance matches ${said} (${watched}). ` +
      'What nobody reconciles stays as it is, without any error or alert. ' +
      'Give it the label of an instance that runs, or start an instance for it.',
    {
      evidence: [
        {
          object: objectReference(object),
          pointer: '/metadata/labels',
          observed: object.metadata.labels === undefined ? null : Object.fromEntries(own),
          expected: 'labels that one instance selects',
        },
        statusEvidence(object),
      ],
      ...(first && { fixes: [labelFix(object, lanes)] }),
    },
  );
}

function labelFix(object: ServedObject, lanes: readonly Lane[]): Fix {
  const choices = lanes.flatMap((lane) => {
    const labels = labelsMatching(lane.selector.requirements);
    return labels === undefined ? [] : [{ lane, labels }];
  });
  const labelled = choices.find(({ labels }) => Object.keys(labels).length > 0) ?? choices[0];
  const bare = choices.find(({ labels }) => Object.keys(labels).length === 0);
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const comments = [
    labelled ? `# Served by ${describeLane(labelled.lane)}.` : '# Use the labels of an instance.',
    ...(bare && bare !== labelled ? [`# Without these labels: served by ${describeLane(bare.lane)}.`] : []),
  ];
  const own = Object.entries(labelled?.labels ?? {});
  const content = [
    `apiVersion: ${yamlScalar(apiVersion)}`,
    `kind: ${yamlScalar(kind)}`,
    'metadata:',
    `  name: ${yamlScalar(name)}`,
    `  namespace: ${yamlScalar(namespace ?? 'default')}`,
    `  labels:${own.length === 0 ? ' {}' : ''}`,
    ...own.map(([key, value]) => `    ${yamlScalar(key)}: ${yamlScalar(value)}`),
    '',
  ].join('\n');
  return {
    form: 'manifest',
    title: 'Label the object where its manifest is kept',
    content: `${comments.join('\n')}\n${content}`,
  };
}

/** Objects whose only instances are not ready, or do not start. */
export function notReady(
  subject: Subject,
  reason: string,
  who: string,
  objects: readonly ServedObject[],
  evidence: readonly Evidence[],
): Observation {
  const [first = statusEvidence(objects[0] as ServedObject), ...more] = evidence;
  return fail(
    subject,
    reason,
    `${who}, and ${count(objects.length, 'object')} have no other instance: ${nameList(objects.map(nameOf))}. ` +
      'What nobody reconciles stays as it is, without any error or alert. Bring the instance up, or give the objects the label of one that runs.',
    { evidence: [first, ...more] },
  );
}

/** A kind of object whose controller is not installed at all. */
export function noController(component: Component, subject: Subject, objects: readonly ServedObject[]): Observation {
  const reconciled = objects.some(({ status }) => (status?.observedGeneration ?? -1) > 0);
  const [first, ...more] = objects.slice(0, MAX_EVIDENCE).map(statusEvidence);
  return fail(
    subject,
    'NO_CONTROLLER',
    `No ${component} runs in this cluster, but ${count(objects.length, 'object')} that only it reconciles are not suspended: ${nameList(objects.map(nameOf))}. ` +
      'They stay as they are, without any error or alert. ' +
      `Install ${component}, or delete the objects${reconciled ? '; if it runs under another name, label its Deployment app.kubernetes.io/component=' + component : ''}.`,
    {
      evidence: [first ?? statusEvidence(objects[0] as ServedObject), ...more],
      confidence: reconciled ? 'heuristic' : 'proven',
    },
  );
}

export function unrecognised(component: Component, subject: Subject, found: UnrecognisedController): Observation {
  const { object, pointer, image } = found;
  const { namespace = 'default', name } = object.metadata;
  return notEvaluated(
    subject,
    'undecidable',
    'CONTROLLER_UNRECOGNISED',
    `${object.kind} ${namespace}/${name} may run ${component}, but neither its image nor its labels say so. ` +
      'So it cannot be told whether the objects of this controller are reconciled. ' +
      `Give it the labels app.kubernetes.io/part-of=flux and app.kubernetes.io/component=${component}.`,
    {
      evidence: [
        { object: objectReference(object), pointer, observed: image, expected: `an image named ${component}` },
      ],
    },
  );
}
