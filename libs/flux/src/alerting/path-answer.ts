import {
  type AccessRule,
  type Evidence,
  type KubernetesObject,
  type NotEvaluatedCause,
  type UnavailableReason,
  causeOfUnavailable,
  codeOfUnavailable,
  objectReference,
} from '#libs/core';

/** Whether one way of telling people works for one failure, and if not, which field of which object is to blame. */
export interface PathAnswer {
  /** `unknown`: it depends on what could not be read. `partial`: it works for some, or it cannot be told from the objects. */
  readonly state: 'covered' | 'unknown' | 'partial' | 'uncovered';
  /** `ALERT_NAMESPACE_WILDCARD`, `DEAD_METRIC`; of `covered`: which way. */
  readonly code: string;
  /** A clause without a full stop, such as "Alert a/b is suspended". */
  readonly why: string;
  readonly evidence?: Evidence;
  /** Of several ways that do not work, the one that comes nearest is told. */
  readonly nearness: number;
  /** With `unknown`. */
  readonly cause?: NotEvaluatedCause;
  readonly missing?: readonly AccessRule[];
}

const RANK: Record<PathAnswer['state'], number> = { covered: 3, unknown: 2, partial: 1, uncovered: 0 };

/** The answer that helps most; the first of equals. */
export function bestAnswer(answers: readonly [PathAnswer, ...PathAnswer[]]): PathAnswer {
  return answers.reduce((best, next) => {
    const difference = RANK[next.state] - RANK[best.state];
    return difference > 0 || (difference === 0 && next.nearness > best.nearness) ? next : best;
  });
}

/** The answer where all of several things must work. */
export function worstAnswer(answers: readonly [PathAnswer, ...PathAnswer[]]): PathAnswer {
  // What surely fails settles it; what cannot be told comes before what works in part.
  const order: Record<PathAnswer['state'], number> = { uncovered: 0, unknown: 1, partial: 2, covered: 3 };
  return answers.reduce((worst, next) => (order[next.state] < order[worst.state] ? next : worst));
}

export function covered(code: string, why: string): PathAnswer {
  return { state: 'covered', code, why, nearness: 100 };
}

/** Where an answer rests: the object, a JSON pointer into it, what stands there and what should. */
export interface Place {
  readonly object: KubernetesObject;
  readonly pointer: string;
  readonly observed: Evidence['observed'];
  readonly expected: string;
}

function evidenceOf({ object, pointer, observed, expected }: Place): Evidence {
  return { object: objectReference(object), pointer, observed, expected };
}

export function uncovered(code: string, why: string, nearness: number, place?: Place): PathAnswer {
  return { state: 'uncovered', code, why, nearness, ...(place && { evidence: evidenceOf(place) }) };
}

export function partial(code: string, why: string, nearness: number, place?: Place): PathAnswer {
  return { state: 'partial', code, why, nearness, ...(place && { evidence: evidenceOf(place) }) };
}

/** For an artifact, or an entry of one, that could not be read. */
export function unread(artifact: {
  readonly reason: UnavailableReason;
  readonly message: string;
  readonly missing: readonly AccessRule[];
}): PathAnswer {
  return {
    state: 'unknown',
    code: codeOfUnavailable(artifact.reason),
    why: artifact.message.replace(/\.$/, ''),
    nearness: 50,
    cause: causeOfUnavailable(artifact.reason),
    missing: artifact.missing,
  };
}

export function undecidable(code: string, why: string, missing: readonly AccessRule[] = []): PathAnswer {
  const cause = missing.length > 0 ? 'forbidden' : 'undecidable';
  return { state: 'unknown', code, why, nearness: 50, cause, missing };
}

/** The same answer, which rests on this place. */
export function withPlace(answer: PathAnswer, place: Place): PathAnswer {
  return { ...answer, evidence: evidenceOf(place) };
}
