import { type Observation, type Source, fail, notEvaluated, objectReference, warn } from '#libs/core';
import { sameRevision } from '#libs/flux';
import { lastRun } from './last-run.js';
import { BEHIND, type ObjectFacts, evidenceAt } from './object-facts.js';
import {
  type ReconcileSchedule,
  type RemoteApplyObject,
  durationText,
  earliest,
  timeOf,
} from './remote-apply-object.js';
import { referencedSources } from './source-index.js';

/** Ready, but nothing has run for more than two intervals: the condition is a thing of the past. */
function judgeStale(facts: ObjectFacts, schedule: ReconcileSchedule): Observation | undefined {
  const run = lastRun(facts);
  if (!run) {
    return notEvaluated(
      facts.subject,
      'undecidable',
      'LAST_RUN_UNKNOWN',
      `${facts.label} is ready, but nothing tells when it was last reconciled. So the condition may be old. ` +
        'Upgrade Flux: since 2.7 a Kustomization keeps a history of its runs.',
    );
  }
  const age = facts.now - run.at;
  // Twice the interval, and a fifth more for --interval-jitter-percentage and load.
  if (age <= 2 * schedule.interval * 1.2 + schedule.timeout) return undefined;
  return fail(
    facts.subject,
    'STALE',
    `${facts.label} says it is ready, but it was last reconciled ${durationText(age)} ago, at an interval of ${durationText(schedule.interval)}. ` +
      'Drift and new revisions on the target cluster go unnoticed, and no event tells. ' +
      'Check that its controller runs, watches its namespace and selects its labels.',
    {
      confidence: run.recorded ? 'proven' : 'derived',
      evidence: [
        run.evidence,
        evidenceAt(facts, '/spec/interval', facts.object.spec.interval ?? null, 'a run at each interval'),
      ],
    },
  );
}

/** `sha256:…`, or undefined. */
function digestOf(text: string | undefined): string | undefined {
  return /sha256:[0-9a-f]{64}/.exec(text ?? '')?.[0];
}

/** Whether the object works by the revision of its source; undefined where the two cannot be compared. */
function isCurrent(object: RemoteApplyObject, source: Source, revision: string): boolean | undefined {
  if (object.kind === 'Kustomization') {
    const applied = object.status?.lastAppliedRevision;
    return applied === undefined ? undefined : sameRevision(applied, revision);
  }
  const { lastAttemptedRevision: attempted, lastAttemptedRevisionDigest: attemptedDigest } = object.status ?? {};
  if (attempted === undefined) return undefined;
  if (source.kind === 'HelmChart') return attempted === revision;
  const [used, offered] = [digestOf(attemptedDigest), digestOf(revision)];
  if (used !== undefined && offered !== undefined) return used === offered;
  // A chart from an OCIRepository has the version `1.2.3+<first 12 characters of the digest>`.
  return offered !== undefined && /\+[0-9a-f]{12}$/.test(attempted) ? sameRevision(attempted, revision) : undefined;
}

function judgeLag(facts: ObjectFacts, schedule: ReconcileSchedule): Observation | undefined {
  const { object, now } = facts;
  const { direct } = referencedSources(object, facts.sources);
  const lookup = direct && facts.sources.find(direct);
  if (lookup?.state !== 'found') return undefined;
  const { source } = lookup;
  const { revision, lastUpdateTime } = source.status?.artifact ?? {};
  if (revision === undefined || isCurrent(object, source, revision) !== false) return undefined;
  const age = now - earliest(facts.sightings.sight('revision-lag', revision), timeOf(lastUpdateTime));
  if (age <= schedule.interval + schedule.timeout) return undefined;
  const field = object.kind === 'Kustomization' ? 'lastAppliedRevision' : 'lastAttemptedRevision';
  const used =
    object.kind === 'Kustomization' ? object.status?.lastAppliedRevision : object.status?.lastAttemptedRevision;
  return warn(
    facts.subject,
    'REVISION_LAG',
    `${facts.label} is ready at ${used}, while its source has offered ${revision} for at least ${durationText(age)}. ` +
      'The target cluster runs an older revision than the source holds. Look at the logs and the load of its controller.',
    {
      ...BEHIND,
      evidence: [
        evidenceAt(facts, `/status/${field}`, used ?? null, revision),
        {
          object: objectReference(source),
          pointer: '/status/artifact/revision',
          observed: revision,
          expected: 'the revision that the object works by',
        },
      ],
    },
  );
}

/**
 * Whether an object that is ready runs at its interval, by the revision of its source. `explained`: another finding
 * says already why it does not run.
 */
export function judgeFreshness(facts: ObjectFacts, explained: boolean): readonly Observation[] {
  const { schedule, ready } = facts;
  if (ready?.condition.status !== 'True') return [];
  if (!schedule) {
    return [
      notEvaluated(
        facts.subject,
        'undecidable',
        'INTERVAL_UNKNOWN',
        `${facts.label} has no interval that can be read, so it cannot be said when it should have run. ` +
          'Write spec.interval as a duration such as 10m.',
      ),
    ];
  }
  const stale = explained ? undefined : judgeStale(facts, schedule);
  if (stale?.outcome === 'fail') return [stale];
  return [stale, judgeLag(facts, schedule)].filter((observation) => observation !== undefined);
}
