import { type Evidence, type Observation, type Subject, objectReference, subjectOf } from '#libs/core';
import { conditionText } from './condition-text.js';
import type { ObjectSightings } from './object-sightings.js';
import {
  type FoundCondition,
  type ReconcileSchedule,
  type RemoteApplyObject,
  conditionOf,
  labelOf,
  scheduleOf,
} from './remote-apply-object.js';
import type { SourceIndex } from './source-index.js';

/** What is the same for all objects of a snapshot. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly suspendGrace: number;
  readonly sources: SourceIndex;
  /** Whether a service account is impersonated on the target cluster; undefined where the flags do not tell. */
  readonly isImpersonated: (object: RemoteApplyObject) => boolean | undefined;
}

/** One object with all that is needed to judge it. */
export interface ObjectFacts extends Surroundings {
  readonly object: RemoteApplyObject;
  readonly subject: Subject;
  /** `Kustomization spoke-a/apps` */
  readonly label: string;
  readonly schedule: ReconcileSchedule | undefined;
  readonly ready: FoundCondition | undefined;
  readonly sightings: ObjectSightings;
}

export function factsOf(
  object: RemoteApplyObject,
  sightings: ObjectSightings,
  surroundings: Surroundings,
): ObjectFacts {
  return {
    ...surroundings,
    object,
    subject: subjectOf(object),
    label: labelOf(object),
    schedule: scheduleOf(object),
    ready: conditionOf(object, 'Ready'),
    sightings,
  };
}

/** Evidence about the judged object itself. */
export function evidenceAt(
  { object }: Pick<ObjectFacts, 'object'>,
  pointer: string,
  observed: Evidence['observed'],
  expected: string,
): Evidence {
  return { object: objectReference(object), pointer, observed, expected };
}

/** The parts of a condition that matter, without what looks like a credential. */
export function conditionEvidence(
  owner: Parameters<typeof objectReference>[0],
  { condition, pointer }: FoundCondition,
  expected: string,
): Evidence {
  const { type, status, reason = null, message, lastTransitionTime = null } = condition;
  return {
    object: objectReference(owner),
    pointer,
    observed: { type, status, reason, message: conditionText(message), lastTransitionTime },
    expected,
  };
}

/** A finding that is not certain yet, because the condition is too young to count. */
export const YOUNG: Pick<Observation, 'severity'> = { severity: 'low' };

/** The object works, by something that is out of date. */
export const BEHIND: Pick<Observation, 'severity'> = { severity: 'medium' };
