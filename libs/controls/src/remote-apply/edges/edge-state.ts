import type { Observation, RemoteApplyEdge } from '#libs/core';
import { FAILURE_TEXTS } from '../failure-texts.js';
import { judgeObject } from '../judge-object.js';
import { failureBefore, failureNow } from '../judge-readiness.js';
import type { ObjectFacts } from '../object-facts.js';
import { timeOf } from '../remote-apply-object.js';

/** How an object stands. */
export type EdgeState = Pick<RemoteApplyEdge, 'ready' | 'suspended' | 'overdue' | 'failingSince' | 'cause'>;

/** Failures that the Ready condition does not show, by their codes in FLUX-RA-03. */
const HIDDEN_FAILURES: ReadonlyMap<string, string> = new Map([
  ['STUCK', 'it is reconciling for longer than its timeout and interval together'],
  ['STUCK_DELETION', 'it was deleted more than an hour ago and is still there'],
  ['NOT_RECONCILED', 'no controller has reconciled it'],
  ['FROZEN', 'it was changed, and no controller has looked at the change'],
  ['SOURCE_MISSING', 'its source does not exist'],
]);

interface Failure {
  readonly code: string;
  /** Milliseconds since the epoch; undefined where no field tells. */
  readonly since: number | undefined;
}

function hiddenFailure(facts: ObjectFacts, judged: readonly Observation[]): Failure | undefined {
  const found = judged.find(({ outcome, reason }) => outcome === 'fail' && HIDDEN_FAILURES.has(reason));
  if (!found) return undefined;
  const { deletionTimestamp, creationTimestamp } = facts.object.metadata;
  const times: Readonly<Record<string, string | undefined>> = {
    STUCK: facts.ready?.condition.lastTransitionTime,
    STUCK_DELETION: deletionTimestamp,
    NOT_RECONCILED: creationTimestamp,
  };
  return { code: found.reason, since: timeOf(times[found.reason]) };
}

function failureOf(facts: ObjectFacts, judged: readonly Observation[]): Failure | undefined {
  const { ready, object } = facts;
  if (object.spec.suspend === true && object.metadata.deletionTimestamp === undefined) return undefined;
  const hidden = hiddenFailure(facts, judged);
  if (object.metadata.deletionTimestamp !== undefined) return hidden;
  if (ready?.condition.status === 'False') return failureNow(facts, ready);
  // A Kustomization that fails goes through Unknown at each try.
  const before = ready?.condition.status === 'Unknown' ? failureBefore(facts) : undefined;
  return before ?? hidden;
}

function meaningOf(code: string): string {
  const texts: Readonly<Record<string, { readonly what: string }>> = FAILURE_TEXTS;
  return HIDDEN_FAILURES.get(code) ?? texts[code]?.what ?? 'the object is not ready';
}

/** What the object says of itself, read as FLUX-RA-03 reads it. `facts.sightings` are used up. */
export function edgeState(facts: ObjectFacts): EdgeState {
  const judged = judgeObject(facts);
  const failure = failureOf(facts, judged);
  const overdue = judged.some(({ outcome, reason }) => outcome === 'fail' && reason === 'STALE');
  return {
    ready: facts.ready?.condition.status ?? 'Unknown',
    suspended: facts.object.spec.suspend === true,
    overdue,
    ...(failure && {
      ...(failure.since !== undefined && { failingSince: new Date(failure.since).toISOString() }),
      cause: { code: failure.code, message: meaningOf(failure.code) },
    }),
  };
}
