import {
  type EventEnd,
  type Finding,
  type RemoteApplyEdge,
  type SilentAlert,
  type SilentField,
  type SilentObject,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import {
  type EventInput,
  type EventPlan,
  groupBy,
  isFailing,
  isStanding,
  openOf,
  type WatchedFinding,
  subjectText,
} from './event-input.js';
import { labelOfObject, observedText } from './evidence-lines.js';

const FAILURE = 'FLUX-RA-03';
const ALERTING = 'FLUX-RA-04';
export const SILENCE_CONTROLS: readonly string[] = [FAILURE, ALERTING];

const TYPE = 'remoteApply.silent';
const MOST_OBJECTS = 10;
const MOST_REASONS = 3;
/** What tells people, as opposed to what fails. */
const TELLERS: ReadonlySet<string> = new Set(['Alert', 'Provider', 'Secret', 'PrometheusRule', 'VMRule', 'Deployment']);

/** An object that fails without anybody hearing of it. */
interface Silent {
  readonly key: string;
  readonly failure: WatchedFinding;
  readonly alerting: WatchedFinding;
  readonly edge: RemoteApplyEdge | undefined;
}

const keyOf = ({ kind, namespace = '', name }: { kind: string; namespace?: string; name: string }) =>
  `${kind}/${namespace}/${name}`;
const targetOf = (edge: RemoteApplyEdge | undefined) => edge?.target.cluster ?? edge?.target.address;

/** One event for one cause: the target that cannot be reached, else the namespace of the objects. */
function subjectOf({ edge, failure }: Silent): string {
  return subjectText(targetOf(edge) ?? `namespace ${failure.subject.namespace ?? ''}`);
}

/** What FLUX-RA-04 says of the object as a whole counts where nothing tells about the very failure that it is in. */
function isSilent(alerting: WatchedFinding, edge: RemoteApplyEdge | undefined): boolean {
  return edge?.silent ?? alerting.outcome === 'fail';
}

function silentObjects(input: EventInput, edges: ReadonlyMap<string, RemoteApplyEdge>): readonly Silent[] {
  const alerting = new Map(
    input.findings
      .filter(({ controlId, state, waived }) => controlId === ALERTING && state !== 'resolved' && !waived)
      .map((finding) => [keyOf(finding.subject), finding]),
  );
  const failures = groupBy(
    input.findings.filter((finding) => finding.controlId === FAILURE && isFailing(finding)),
    ({ subject }) => keyOf(subject),
  );
  return [...failures].flatMap(([key, found]) => {
    // News first, so that what is told is what just happened.
    const failure = found.find(({ id }) => input.news.has(id)) ?? found[0];
    const unheard = alerting.get(key);
    const edge = edges.get(key);
    return failure && unheard && isSilent(unheard, edge) ? [{ key, failure, alerting: unheard, edge }] : [];
  });
}

function whyOf({ edge, alerting }: Silent): readonly string[] {
  const uncovered = (edge?.uncovered ?? []).filter(({ state }) => state === 'uncovered');
  const sorted = uncovered.toSorted((a, b) => Number(b.essential) - Number(a.essential));
  const reasons = [...new Set(sorted.map(({ why }) => excerpt(why, 300)))];
  if (reasons.length > 0) return reasons.slice(0, MOST_REASONS);
  return [excerpt(alerting.message.replace(/\.$/, ''), 600)];
}

function fieldsOf(finding: Finding | undefined): readonly SilentField[] {
  return (finding?.evidence ?? [])
    .flatMap(({ object, pointer, observed, expected }) =>
      object && TELLERS.has(object.kind)
        ? [
            {
              object: labelOfObject(object),
              pointer: excerpt(pointer, 120),
              observed: observedText(observed, 120),
              expected: excerpt(expected, 120),
            },
          ]
        : [],
    )
    .slice(0, MOST_REASONS);
}

function alertsOf(edge: RemoteApplyEdge | undefined): readonly SilentAlert[] {
  return (edge?.alerts ?? []).slice(0, MOST_REASONS).map(({ namespace, name, provider, health, why }) => ({
    namespace,
    name,
    health,
    ...(provider && { provider }),
    ...(why !== undefined && { why: excerpt(why, 300) }),
  }));
}

function described(silent: Silent, seen: EventInput['seen']): SilentObject {
  const { failure, alerting, edge } = silent;
  const { kind, namespace = '', name } = failure.subject;
  return {
    kind,
    namespace: excerpt(namespace, 120),
    name: excerpt(name, 253),
    ...(edge?.failingSince !== undefined && { failingSince: edge.failingSince }),
    cause: edge?.cause ?? { code: failure.reason, message: excerpt(failure.message, 400) },
    why: whyOf(silent),
    alerts: alertsOf(edge),
    fields: fieldsOf(seen.get(alerting.id)),
    failureFindingId: failure.id,
    alertFindingId: alerting.id,
  };
}

/** How it ended for an object; null where it did not. */
function endingOf(
  key: string,
  standing: Readonly<Record<'failure' | 'alerting', ReadonlySet<string>>>,
  edge: RemoteApplyEdge | undefined,
): EventEnd['how'] | null {
  if (!standing.failure.has(key)) return 'resolved';
  if (!standing.alerting.has(key)) return 'heard';
  return edge?.cause !== undefined && edge.silent === false ? 'heard' : null;
}

/**
 * Objects that fail to apply to another cluster while nobody is told: one event for each target. It is over when none of
 * its objects fails any more, or people hear of those that do.
 */
export function planSilentEvents(input: EventInput): EventPlan {
  const { clusterId, runId, at, quiet, news, seen } = input;
  const edges = new Map((input.edges ?? []).map((edge) => [keyOf(edge.object), edge]));
  const known = openOf(input.open, TYPE);
  const named = new Set(known.flatMap(({ facts }) => facts.objects.map(keyOf)));
  const bySubject = groupBy(silentObjects(input, edges), subjectOf);
  const raised = [...bySubject].flatMap(([subject, objects]) => {
    const fresh = objects.filter(
      ({ key, failure, alerting }) => !named.has(key) && (news.has(failure.id) || news.has(alerting.id)),
    );
    const [first] = fresh;
    if (quiet || !first || known.some((event) => event.subject === subject)) return [];
    const target = targetOf(first.edge);
    const told = [...new Set([...fresh, ...objects])].slice(0, MOST_OBJECTS);
    const facts = {
      ...(target !== undefined && { target: excerpt(target, 200) }),
      registered: first.edge?.target.cluster !== undefined,
      objects: told.map((each) => described(each, seen)),
      objectCount: objects.length,
    };
    const since = facts.objects.flatMap(({ failingSince }) => failingSince ?? []).toSorted()[0] ?? at;
    return [{ type: TYPE, clusterId, subject, dedupeKey: `${subject}:${runId}`, since, facts } as const];
  });

  const standingOf = (control: string, isHeld: (finding: WatchedFinding) => boolean) =>
    new Set(
      input.findings
        .filter((each) => each.controlId === control && isHeld(each) && isStanding(each, input.resolveAfterRuns))
        .map(({ subject }) => keyOf(subject)),
    );
  const standing = {
    failure: standingOf(FAILURE, ({ outcome }) => outcome === 'fail'),
    alerting: standingOf(ALERTING, () => true),
  };
  const ended = known.flatMap(({ subject, facts }) => {
    const keys = [...facts.objects.map(keyOf), ...(bySubject.get(subject) ?? []).map(({ key }) => key)];
    const ends = keys.map((key) => endingOf(key, standing, edges.get(key)));
    if (ends.includes(null)) return [];
    const how = ends.includes('heard') ? 'heard' : 'resolved';
    return [{ subject: { type: TYPE, clusterId, subject }, ending: { how } } as const];
  });
  return { raised, ended };
}
