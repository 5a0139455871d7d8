import { type Observation, fail, warn } from '#libs/core';
import { BEHIND, type ObjectFacts, evidenceAt } from './object-facts.js';
import { MINUTE, type RemoteApplyObject, durationText, earliest, latest, timeOf } from './remote-apply-object.js';

const HANDLED_GRACE = 5 * MINUTE;
const GENERATION_GRACE = 10 * MINUTE;
const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';
/** Of a request's value, which is free text, so much is kept. */
const VALUE_LIMIT = 64;

/** When a request was made, where its value is a time: RFC 3339 as `flux reconcile` writes, or `date +%s`. */
function requestTime(value: string): number | undefined {
  if (/^\d{10}(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (/^\d{13}$/.test(value)) return Number(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? timeOf(value) : undefined;
}

/** A request to reconcile now that the controller did not answer: a live one marks even failing and suspended objects. */
export function judgeRequest(facts: ObjectFacts): readonly Observation[] {
  const { object, now } = facts;
  const requested = object.metadata.annotations?.[REQUESTED_AT];
  const handled = object.status?.lastHandledReconcileAt;
  if (requested === undefined || requested === '' || requested === handled) return [];
  const value = requested.slice(0, VALUE_LIMIT);
  const age = now - earliest(facts.sightings.sight('requested', value), requestTime(requested));
  if (age <= HANDLED_GRACE) return [];
  return [
    fail(
      facts.subject,
      'NOT_HANDLED',
      `${facts.label} was asked to reconcile ${durationText(age)} ago, and its controller has not answered. ` +
        'A controller that runs answers within seconds, so changes probably do not reach the target cluster. ' +
        'Check that the controller runs, watches the namespace and selects the labels of the object.',
      {
        evidence: [
          evidenceAt(
            facts,
            '/metadata/annotations/reconcile.fluxcd.io~1requestedAt',
            value,
            'the value of status.lastHandledReconcileAt',
          ),
          evidenceAt(
            facts,
            '/status/lastHandledReconcileAt',
            handled?.slice(0, VALUE_LIMIT) ?? null,
            'the value of the annotation',
          ),
        ],
      },
    ),
  ];
}

/** The latest change that a client, not a controller's status update, made to the object. */
function lastChange({ metadata }: RemoteApplyObject): number | undefined {
  const changes = (metadata.managedFields ?? []).filter(
    ({ subresource }) => subresource === undefined || subresource === '',
  );
  return latest(changes.map(({ time }) => timeOf(time)));
}

/** The controller has not taken up the present spec. */
export function judgeGeneration(facts: ObjectFacts): readonly Observation[] {
  const { object, now, ready, schedule } = facts;
  const { generation, creationTimestamp } = object.metadata;
  const observed = object.status?.observedGeneration ?? 0;
  const status = ready?.condition.status;
  // A failing object keeps the old generation until it succeeds; a HelmRelease also while it runs.
  if (generation === undefined || observed >= generation || status === undefined || status === 'False') return [];
  if (object.kind === 'HelmRelease' && status !== 'True') return [];
  const since = earliest(
    facts.sightings.sight('generation-lag', String(generation)),
    lastChange(object),
    generation === 1 ? timeOf(creationTimestamp) : undefined,
  );
  const age = now - since;
  if (age <= (status === 'True' ? GENERATION_GRACE : Math.max(GENERATION_GRACE, schedule?.timeout ?? 0))) return [];
  const what = `${facts.label} was changed at least ${durationText(age)} ago (generation ${generation}), and its controller still works by generation ${observed}.`;
  const evidence = [
    evidenceAt(facts, '/status/observedGeneration', object.status?.observedGeneration ?? null, `${generation}`),
    evidenceAt(facts, '/metadata/generation', generation, 'the observed generation'),
  ] as const;
  if (object.kind === 'Kustomization') {
    return [
      warn(
        facts.subject,
        'GENERATION_NOT_OBSERVED',
        `${what} The change is not in effect on the target cluster. Look at the logs and the load of its controller.`,
        { evidence, ...BEHIND },
      ),
    ];
  }
  return [
    fail(
      facts.subject,
      'FROZEN',
      `${what} The release stays as it is although the object says it is ready. ` +
        'Check that spec.chart does not refer to another namespace that --no-cross-namespace-refs blocks, and that the controller runs.',
      { evidence },
    ),
  ];
}
