import { type Observation, fail, pass, warn } from '#libs/core';
import { judgeGeneration, judgeRequest } from './judge-attention.js';
import { judgeFreshness } from './judge-freshness.js';
import { judgeReadiness } from './judge-readiness.js';
import { judgeSource } from './judge-source.js';
import { lastRun } from './last-run.js';
import { type ObjectFacts, YOUNG, evidenceAt } from './object-facts.js';
import { HOUR, durationText, earliest, timeOf } from './remote-apply-object.js';

const DELETION_GRACE = HOUR;

function judgeDeletion(facts: ObjectFacts, deletionTimestamp: string): Observation {
  const age = facts.now - (timeOf(deletionTimestamp) ?? facts.now);
  const evidence = [
    evidenceAt(facts, '/metadata/deletionTimestamp', deletionTimestamp, 'gone within an hour of its deletion'),
  ] as const;
  if (age > DELETION_GRACE) {
    return fail(
      facts.subject,
      'STUCK_DELETION',
      `${facts.label} was deleted ${durationText(age)} ago and is still there. ` +
        'Its controller cannot remove what it applied, most often because the target cluster or its credential is gone, and its conditions do not show that. ' +
        'Restore the credential until the deletion is done, or remove the finalizer and clean up the target cluster yourself.',
      { evidence },
    );
  }
  return warn(
    facts.subject,
    'DELETING',
    `${facts.label} is being deleted for ${durationText(age)}. What it applied is removed from the target cluster first. ` +
      'There is nothing to do unless it takes more than an hour.',
    { evidence, ...YOUNG, severity: 'info' },
  );
}

/** A healthy object leaves a trace at each interval: from the first one that is missing on it was not reconciled. */
function firstMissedRun(facts: ObjectFacts): number | undefined {
  const run = facts.ready?.condition.status === 'True' ? lastRun(facts) : undefined;
  return run && facts.schedule && run.at + facts.schedule.interval + facts.schedule.timeout;
}

/** No field tells since when: our own first sight does, or the runs that are missing since. */
function judgeSuspension(facts: ObjectFacts): Observation {
  const sighted = facts.sightings.sight('suspended');
  const age = facts.now - earliest(sighted, firstMissedRun(facts));
  const confidence = facts.now - sighted > facts.suspendGrace ? 'proven' : 'derived';
  const evidence = [evidenceAt(facts, '/spec/suspend', true, 'false or absent')] as const;
  const message =
    `${facts.label} is suspended, for at least ${durationText(age)}. ` +
    'Nothing is applied to the target cluster meanwhile: no changes, no corrections of drift, no security fixes. ' +
    `Resume it with \`flux resume\`; a pause of up to ${durationText(facts.suspendGrace)} is tolerated.`;
  if (age > facts.suspendGrace) return fail(facts.subject, 'SUSPENDED', message, { evidence, confidence });
  return warn(facts.subject, 'SUSPENDED', message, { evidence, ...YOUNG });
}

function judgeActive(facts: ObjectFacts): readonly Observation[] {
  const source = judgeSource(facts);
  const sourceFails = source.some(({ outcome }) => outcome === 'fail' || outcome === 'warn');
  const generation = judgeGeneration(facts);
  const frozen = generation.some(({ reason }) => reason === 'FROZEN');
  const sourceIsMissing = source.some(({ reason }) => reason === 'SOURCE_MISSING');
  return [
    ...source,
    ...judgeReadiness(facts, sourceFails),
    ...generation,
    ...judgeFreshness(facts, sourceIsMissing || frozen),
  ];
}

function judge(facts: ObjectFacts): readonly Observation[] {
  const { deletionTimestamp } = facts.object.metadata;
  // First, because a Kustomization keeps Ready=True and sends success events while its deletion fails.
  if (deletionTimestamp !== undefined) return [judgeDeletion(facts, deletionTimestamp)];
  const request = judgeRequest(facts);
  const rest = facts.object.spec.suspend === true ? [judgeSuspension(facts)] : judgeActive(facts);
  return [...request, ...rest];
}

/** All that is to be said about one object, with what was sighted on the first observation; a pass where nothing is wrong. */
export function judgeObject(facts: ObjectFacts): readonly Observation[] {
  const found = judge(facts);
  const [first, ...others] =
    found.length > 0
      ? found
      : [
          pass(
            facts.subject,
            'HEALTHY',
            `${facts.label} is ready and fresh. Its changes reach the target cluster. There is nothing to do.`,
          ),
        ];
  if (!first) return [];
  return [{ ...first, sightings: facts.sightings.keys }, ...others];
}
