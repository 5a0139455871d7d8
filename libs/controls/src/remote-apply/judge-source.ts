import {
  type Evidence,
  type Observation,
  type Source,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  warn,
} from '#libs/core';
import { conditionText } from './condition-text.js';
import { type ObjectFacts, YOUNG, conditionEvidence, evidenceAt } from './object-facts.js';
import { MINUTE, conditionOf, durationText, earliest, timeOf } from './remote-apply-object.js';
import { type SourceReference, referencedSources } from './source-index.js';

const GRACE = 15 * MINUTE;
const WHY = 'New revisions do not reach the target cluster, and Flux sends no event about that for the object itself.';

function nameOf({ kind, namespace, name }: SourceReference): string {
  return `${kind} ${namespace}/${name}`;
}

function missing(facts: ObjectFacts, reference: SourceReference): Observation {
  const name = nameOf(reference);
  return fail(
    facts.subject,
    'SOURCE_MISSING',
    `${facts.label} takes its manifests from ${name}, which does not exist. ${WHY} ` +
      `Create the source, or correct ${reference.pointer.slice(1).replaceAll('/', '.')}.`,
    { evidence: [evidenceAt(facts, reference.pointer, name, 'a source that exists')] },
  );
}

function suspended(facts: ObjectFacts, source: Source, reference: SourceReference): Observation {
  const evidence: Evidence = {
    object: objectReference(source),
    pointer: '/spec/suspend',
    observed: true,
    expected: 'false or absent',
  };
  return fail(
    facts.subject,
    'SOURCE_SUSPENDED',
    `${facts.label} takes its manifests from ${nameOf(reference)}, which is suspended. ${WHY} ` +
      'Resume the source, or suspend the object instead for as long as changes must wait.',
    { evidence: [evidence, evidenceAt(facts, reference.pointer, nameOf(reference), 'a source that is not suspended')] },
  );
}

/** An OCI HelmRepository is never reconciled, so it has neither conditions nor an artifact. */
function hasNoStatus(source: Source): boolean {
  return source.kind === 'HelmRepository' && source.spec.type === 'oci';
}

function notReady(facts: ObjectFacts, source: Source, reference: SourceReference): Observation | undefined {
  if (hasNoStatus(source)) return undefined;
  const ready = conditionOf(source, 'Ready');
  const neverReconciled = ready === undefined && source.status?.artifact === undefined;
  if (ready?.condition.status !== 'False' && !neverReconciled) return undefined;
  const began = ready ? ready.condition.lastTransitionTime : source.metadata.creationTimestamp;
  const since = earliest(facts.sightings.sight('source-failing', nameOf(reference)), timeOf(began));
  const age = facts.now - since;
  const what = ready
    ? `is not ready (${ready.condition.reason ?? 'no reason given'}: ${conditionText(ready.condition.message)})`
    : 'was never reconciled';
  const message =
    `${facts.label} takes its manifests from ${nameOf(reference)}, which ${what}, for at least ${durationText(age)}. ` +
    `${WHY} Repair the source: its conditions say what it needs.`;
  const evidence: readonly [Evidence, Evidence] = [
    ready
      ? conditionEvidence(source, ready, 'status "True"')
      : {
          object: objectReference(source),
          pointer: '/metadata/name',
          observed: source.metadata.name,
          expected: 'a Ready condition',
        },
    evidenceAt(facts, reference.pointer, nameOf(reference), 'a source that is ready'),
  ];
  if (age > GRACE) return fail(facts.subject, 'SOURCE_NOT_READY', message, { evidence });
  return warn(facts.subject, 'SOURCE_NOT_READY', message, { evidence, ...YOUNG });
}

function judgeReference(facts: ObjectFacts, reference: SourceReference): Observation | undefined {
  const lookup = facts.sources.find(reference);
  if (lookup.state === 'missing') return missing(facts, reference);
  if (lookup.state === 'unreadable') {
    facts.sightings.keep('source-failing');
    facts.sightings.keep('revision-lag');
    return notEvaluatedBecause(facts.subject, lookup.artifact);
  }
  if (lookup.state === 'unknownKind') {
    return notEvaluated(
      facts.subject,
      'undecidable',
      'UNKNOWN_SOURCE_KIND',
      `${facts.label} takes its manifests from ${nameOf(reference)}, a kind that this version of Plimsoll does not read. ` +
        'So it is not known whether its source works. Upgrade Plimsoll, or look at that object yourself.',
    );
  }
  const { source } = lookup;
  return source.spec.suspend === true ? suspended(facts, source, reference) : notReady(facts, source, reference);
}

/**
 * Whether the sources behind an object exist, are not suspended, and are ready. Of a chart and its repository only
 * the repository is named where it fails, because the chart then fails for that reason.
 */
export function judgeSource(facts: ObjectFacts): readonly Observation[] {
  const { direct, upstream } = referencedSources(facts.object, facts.sources);
  if (!direct && !upstream) {
    return [
      notEvaluated(
        facts.subject,
        'undecidable',
        'NO_SOURCE',
        `${facts.label} names no source that can be read. So it is not known whether its source works. ` +
          'Check the object: Flux requires a source in it.',
      ),
    ];
  }
  const behind = upstream && judgeReference(facts, upstream);
  if (behind && behind.outcome !== 'notEvaluated') return [behind];
  const own = direct && judgeReference(facts, direct);
  return [behind, own].filter((observation) => observation !== undefined);
}
