import { type Observation, fail, warn } from '#libs/core';
import { failureCode } from './failure-code.js';
import { FAILURE_TEXTS, type FailureCode } from './failure-texts.js';
import { type ObjectFacts, YOUNG, conditionEvidence, evidenceAt } from './object-facts.js';
import {
  type FoundCondition,
  MINUTE,
  conditionOf,
  durationText,
  earliest,
  latest,
  timeOf,
} from './remote-apply-object.js';

const NEVER_GRACE = 15 * MINUTE;
const WHY = 'Changes for the target cluster, security fixes included, are not applied.';

/** The last time that the object is known to have been applied with success. */
function lastSuccess({ object }: ObjectFacts): number | undefined {
  if (object.kind !== 'Kustomization') return undefined;
  const successes = object.status?.history?.filter((entry) => entry.lastReconciledStatus === 'ReconciliationSucceeded');
  return latest((successes ?? []).map((entry) => timeOf(entry.lastReconciled)));
}

/** A Kustomization that never applied anything was never ready. */
function neverReadySince({ object }: ObjectFacts): number | undefined {
  const never = object.kind === 'Kustomization' && object.status?.lastAppliedRevision === undefined;
  return never ? timeOf(object.metadata.creationTimestamp) : undefined;
}

function reportFailure(facts: ObjectFacts, ready: FoundCondition, code: FailureCode, since: number): Observation {
  const age = facts.now - since;
  const { what, todo } = FAILURE_TEXTS[code];
  const message =
    `${facts.label} is not ready for at least ${durationText(age)} ` +
    `(${ready.condition.reason ?? 'no reason given'}): ${what}. ${WHY} ${todo}.`;
  const evidence = [conditionEvidence(facts.object, ready, 'status "True"')] as const;
  const grace = facts.schedule?.failingGrace ?? NEVER_GRACE;
  if (age > grace) return fail(facts.subject, code, message, { evidence });
  return warn(facts.subject, code, message, { evidence, ...YOUNG });
}

/** What an object fails of, and since when, in milliseconds since the epoch. */
export interface Failure {
  readonly code: FailureCode;
  readonly since: number;
}

/**
 * Status False. Since when: the earliest of our own first sight and of what the object tells, because a Kustomization
 * goes through Unknown at each try, so that lastTransitionTime is its last try.
 */
export function failureNow(facts: ObjectFacts, ready: FoundCondition): Failure {
  const code = failureCode(ready.condition, facts.isImpersonated(facts.object));
  facts.sightings.sight('cause', code);
  const since = earliest(
    facts.sightings.sight('failing'),
    timeOf(ready.condition.lastTransitionTime),
    neverReadySince(facts),
  );
  return { code, since: latest([since, lastSuccess(facts)]) ?? since };
}

function judgeFailing(facts: ObjectFacts, ready: FoundCondition): Observation {
  const { code, since } = failureNow(facts, ready);
  return reportFailure(facts, ready, code, since);
}

function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURE_TEXTS, text);
}

/** The failure that the object is trying to get out of, where it was seen failing and not ready since. */
export function failureBefore(facts: ObjectFacts): Failure | undefined {
  const [failing] = facts.sightings.earlierOf('failing');
  if (!failing || (lastSuccess(facts) ?? 0) > failing.since) return undefined;
  const codes = facts.sightings.earlierOf('cause').map(({ detail }) => detail);
  return { code: codes.find(isFailureCode) ?? 'NOT_READY', since: failing.since };
}

/** Status Unknown: a try is running. */
function judgeRunning(facts: ObjectFacts, ready: FoundCondition): Observation {
  const { schedule, now } = facts;
  const since = timeOf(ready.condition.lastTransitionTime) ?? facts.sightings.sight('stuck');
  const evidence = [conditionEvidence(facts.object, ready, 'status "True"')] as const;
  if (schedule && now - since > schedule.timeout + schedule.interval) {
    facts.sightings.sight('failing');
    facts.sightings.keep('cause');
    return fail(
      facts.subject,
      'STUCK',
      `${facts.label} has been reconciling for ${durationText(now - since)}, longer than its timeout and interval together. ` +
        `${WHY} Look at the logs and the load of its controller, and restart it where it hangs.`,
      { evidence },
    );
  }
  const before = failureBefore(facts);
  if (before) {
    facts.sightings.sight('failing');
    facts.sightings.keep('cause');
    return reportFailure(facts, ready, before.code, before.since);
  }
  return warn(
    facts.subject,
    'RECONCILING',
    `${facts.label} is being reconciled right now, for ${durationText(now - since)}. ` +
      'Whether this try succeeds is not known yet. The next run tells; there is nothing to do.',
    { evidence, severity: 'info' },
  );
}

/** No Ready condition: no controller has looked at it yet. */
function judgeUntouched(facts: ObjectFacts): Observation {
  const { creationTimestamp } = facts.object.metadata;
  const age = facts.now - earliest(facts.sightings.sight('unreconciled'), timeOf(creationTimestamp));
  const message =
    `${facts.label} has no Ready condition, ${durationText(age)} after it was created or first seen. ` +
    'So no controller has reconciled it, and nothing is applied to the target cluster. ' +
    'Check that its controller runs, watches its namespace and selects its labels' +
    `${facts.object.kind === 'HelmRelease' ? ', and that spec.chart does not refer to another namespace that --no-cross-namespace-refs blocks' : ''}.`;
  const evidence = [
    evidenceAt(facts, '/metadata/creationTimestamp', creationTimestamp ?? null, 'a Ready condition within 15 minutes'),
  ] as const;
  if (age > NEVER_GRACE) return fail(facts.subject, 'NOT_RECONCILED', message, { evidence });
  return warn(facts.subject, 'NOT_RECONCILED', message, { evidence, ...YOUNG });
}

function judgeStalled(facts: ObjectFacts, stalled: FoundCondition): Observation {
  facts.sightings.sight('failing');
  const { reason = 'no reason given' } = stalled.condition;
  const evidence = [conditionEvidence(facts.object, stalled, 'absent, or status "False"')] as const;
  const { ready } = facts;
  const failing = ready?.condition.status === 'False' ? [conditionEvidence(facts.object, ready, 'status "True"')] : [];
  return fail(
    facts.subject,
    'STALLED',
    `${facts.label} is stalled (${reason}): its controller does not try again until the object changes. ${WHY} ` +
      'Correct what the condition names, then change or reconcile the object.',
    { evidence: [...evidence, ...failing] as [(typeof evidence)[0]] },
  );
}

/** Ready reasons that say no more than that the source is in the way. */
const SOURCE_REASONS: ReadonlySet<string | undefined> = new Set(['ArtifactFailed', 'SourceNotReady']);

/**
 * Whether the object is reconciled with success. Nothing where Ready is True. `sourceFails`: a finding about its
 * source exists, so a condition that only says that is not reported a second time.
 */
export function judgeReadiness(facts: ObjectFacts, sourceFails: boolean): readonly Observation[] {
  const stalled = conditionOf(facts.object, 'Stalled');
  if (stalled?.condition.status === 'True') return [judgeStalled(facts, stalled)];
  const { ready } = facts;
  if (!ready) return [judgeUntouched(facts)];
  const { status, reason } = ready.condition;
  if (status === 'True') return [];
  if (status !== 'False') return [judgeRunning(facts, ready)];
  const failing = judgeFailing(facts, ready);
  return sourceFails && SOURCE_REASONS.has(reason) ? [] : [failing];
}
