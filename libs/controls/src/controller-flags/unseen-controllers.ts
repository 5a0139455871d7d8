import {
  CLUSTER_SUBJECT,
  type Collected,
  type Evidence,
  type HelmRelease,
  type Kustomization,
  type Observation,
  type Subject,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
} from '#libs/core';
import { type Component, type UnrecognisedController, unrecognisedControllers } from '#libs/flux';
import { type Inspection, instancesOf } from './inspect-controllers.js';

const REASON = 'CONTROLLER_UNRECOGNISED';

/**
 * Components that no instance was recognised of, though something says that they run, or what would say so could not be
 * read: one answer for each. Images can be renamed and labels changed, so not to recognise a controller proves nothing.
 */
export function unseenControllers(components: readonly Component[], inspection: Inspection): readonly Observation[] {
  const { artifacts, instances } = inspection;
  const unseen = components.filter((component) => instancesOf(inspection, [component]).length === 0);
  if (unseen.length === 0) return [];
  const lookalikes = unrecognisedControllers(artifacts, instances);
  const told = new Set<UnrecognisedController>();
  return unseen.flatMap((component) => {
    const lookalike =
      lookalikes.find((each) => each.component === component) ??
      lookalikes.find((each) => each.component === undefined && !told.has(each));
    if (lookalike) {
      told.add(lookalike);
      return [lookalikeAnswer(lookalike, component)];
    }
    const objects = objectsOf(component, inspection);
    if (!objects) return [];
    const subject = { ...CLUSTER_SUBJECT, field: component };
    if (objects.state !== 'collected') return [notEvaluatedBecause(subject, objects)];
    const reconciled = objects.value.find(isReconciled);
    return reconciled ? [reconciledAnswer(reconciled, component, subject)] : [];
  });
}

/** What only this controller reconciles. */
function objectsOf(
  component: Component,
  { artifacts }: Inspection,
): Collected<readonly (Kustomization | HelmRelease)[]> | undefined {
  if (component === 'kustomize-controller') return artifacts.kustomizations;
  return component === 'helm-controller' ? artifacts.helmReleases : undefined;
}

/** Only its controller writes the status of an object. */
function isReconciled({ status }: Kustomization | HelmRelease): boolean {
  return (status?.observedGeneration ?? 0) >= 1 || (status?.conditions ?? []).length > 0;
}

function lookalikeAnswer(found: UnrecognisedController, component: Component): Observation {
  const { object, pointer, image, flags } = found;
  const { namespace = 'default', name } = object.metadata;
  const given = flags.length > 0 ? `flags of Flux (${flags.join(', ')})` : undefined;
  const signs = [found.component && `the name of ${component}`, given].filter(Boolean).join(' and ');
  const guess = found.component ? '' : ` It may be ${component}.`;
  const what = `${object.kind} ${namespace}/${name} has ${signs}, but neither its image nor its labels say which Flux controller it runs.${guess}`;
  return answer(component, subjectOf(object), what, {
    object: objectReference(object),
    pointer,
    observed: image,
    expected: `an image named ${component}, or the labels of Flux`,
  });
}

function reconciledAnswer(object: Kustomization | HelmRelease, component: Component, subject: Subject): Observation {
  const { kind, status } = object;
  const { namespace = 'default', name } = object.metadata;
  const generation = status?.observedGeneration;
  const counted = generation !== undefined && generation >= 1;
  const what = `${kind} ${namespace}/${name} has the status of an object that is reconciled, but no ${component} was recognised in this cluster.`;
  return answer(component, subject, what, {
    object: objectReference(object),
    pointer: counted ? '/status/observedGeneration' : '/status/conditions',
    observed: counted ? generation : (status?.conditions ?? []).map(({ type, status: value }) => `${type}=${value}`),
    expected: `a ${component} that is recognised, since it alone writes this`,
  });
}

function answer(component: Component, subject: Subject, what: string, evidence: Evidence): Observation {
  const message =
    `${what} What is not recognised is not judged, so nothing is known of the flags of ${component}. ` +
    `Give its Deployment the labels app.kubernetes.io/part-of=flux and app.kubernetes.io/component=${component}, or use the upstream image name.`;
  return notEvaluated(subject, 'undecidable', REASON, message, { evidence: [evidence] });
}
