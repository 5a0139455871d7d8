import {
  type Assessment,
  type ControlResult,
  type Finding,
  type FindingChange,
  type KnownFinding,
  type Outcome,
  subjectKey,
} from '#libs/core';
import { toFindings } from './findings.js';
import { compareSeverity } from './roll-up.js';

/** Why a finding is resolved. */
type ResolvedReason =
  /** The subject was judged and is fine now. */
  | 'PASSES'
  /** The control does not apply to the subject, or to the cluster, any more. */
  | 'NOT_APPLICABLE'
  /** The subject still fails, for another reason: that is a finding of its own. */
  | 'REASON_CHANGED'
  /** A complete look at the cluster does not show the subject any more. */
  | 'SUBJECT_GONE';

/** What one result says about its subjects, indexed once. */
interface View {
  /** Everything was judged, so what is not there is gone. */
  readonly complete: boolean;
  readonly outcome: Outcome;
  readonly outcomes: ReadonlyMap<string, ReadonlySet<Outcome>>;
}

function viewOf(result: ControlResult): View {
  const outcomes = new Map<string, Set<Outcome>>();
  for (const { subject, outcome } of result.observations) {
    const key = subjectKey(subject);
    const seen = outcomes.get(key);
    if (seen) seen.add(outcome);
    else outcomes.set(key, new Set([outcome]));
  }
  const complete = result.outcome !== 'error' && result.counts.notEvaluated === 0;
  return { complete, outcome: result.outcome, outcomes };
}

/**
 * Why a known finding that was not seen again is resolved; null where it may still be true. In a complete result
 * everything was looked at. In an incomplete one only a subject that was itself judged, and wholly, counts.
 */
function resolution(view: View, known: KnownFinding): ResolvedReason | null {
  const seen = view.outcomes.get(subjectKey(known.subject));
  if (seen?.has('notEvaluated') || seen?.has('manual')) return null;
  if (seen?.has('fail') || seen?.has('warn')) return 'REASON_CHANGED';
  if (seen?.has('pass')) return 'PASSES';
  if (seen?.has('notApplicable')) return 'NOT_APPLICABLE';
  if (!view.complete) return null;
  return view.outcome === 'notApplicable' ? 'NOT_APPLICABLE' : 'SUBJECT_GONE';
}

function changeOf(finding: Finding, known: KnownFinding | undefined): FindingChange {
  if (!known) return { change: 'opened', finding };
  if (known.state === 'resolved') return { change: 'reopened', finding };
  const worse =
    compareSeverity(finding.severity, known.severity) < 0 || (finding.outcome === 'fail' && known.outcome === 'warn');
  return { change: worse ? 'escalated' : 'unchanged', finding };
}

/**
 * Compares the findings that are known of a cluster with a new assessment of it. Answers one change for each finding
 * that is open now, and `resolved` or `stale` for each known one that was not seen again:
 *
 * - what could not be read never resolves anything: the finding stays as it is and is marked `stale`;
 * - a result that could not judge some subjects resolves only findings about subjects that it did judge;
 * - another reason on the same subject resolves the old finding and opens a new one;
 * - a control that was not run says nothing about its findings: no change.
 *
 * Applying the changes and reconciling the same assessment again gives only `unchanged` and `stale`.
 */
export function reconcile(known: readonly KnownFinding[], assessment: Assessment): readonly FindingChange[] {
  const knownByFingerprint = new Map(known.map((finding) => [finding.fingerprint, finding]));
  const current = toFindings(assessment);
  const currentFingerprints = new Set(current.map((finding) => finding.fingerprint));
  const views = new Map(assessment.results.map((result) => [result.controlId, viewOf(result)]));
  const changes: FindingChange[] = current.map((finding) =>
    changeOf(finding, knownByFingerprint.get(finding.fingerprint)),
  );
  for (const finding of known) {
    if (finding.state === 'resolved' || currentFingerprints.has(finding.fingerprint)) continue;
    const view = views.get(finding.controlId);
    if (!view) continue;
    const reason = resolution(view, finding);
    changes.push(
      reason === null
        ? { change: 'stale', fingerprint: finding.fingerprint }
        : { change: 'resolved', fingerprint: finding.fingerprint, reason },
    );
  }
  return changes;
}
