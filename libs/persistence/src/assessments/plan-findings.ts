import type { Finding, FindingChange, KnownFinding, Severity } from '#libs/core';
import { newId } from '#libs/platform';
import type { FindingChangeEntity } from '../entities/results.js';
import { canonicalSha256 } from '../sql/canonical-json.js';
import type { Reconciliation } from './audit-input.js';

/** A finding as it is stored, with what deciding about it needs. */
export interface StoredFinding extends KnownFinding {
  readonly id: string;
  readonly cleanRuns: number;
  readonly waiverId: string | null;
  readonly resolvedReason: string | null;
  readonly contentSha256: string;
  readonly evidenceId: string | null;
  readonly evidenceContentSha256: string | null;
}

export interface PlanContext {
  readonly runId: string;
  /** The cluster's first evaluated run, also under a new version of its profile: nothing in it is news. */
  readonly baseline: boolean;
  /** Controls that were asked on this cluster before; what a new one finds is not news either. */
  readonly controlsBefore: ReadonlySet<string>;
  /** Controls whose subjects were all looked at. */
  readonly completeControls: ReadonlySet<string>;
  readonly resolveAfterRuns: number;
  readonly tenantIdOf: (finding: Finding) => string | null;
}

/** A present finding with new content or new evidence; `known` absent = a new row. */
export interface WrittenFinding {
  readonly id: string;
  readonly finding: Finding;
  readonly known: StoredFinding | undefined;
  readonly baseline: boolean;
  readonly waiverId: string | null;
  readonly tenantId: string | null;
  readonly contentSha256: string;
  /** Its current evidence; null where it has none. */
  readonly evidenceId: string | null;
}

export interface NewEvidence {
  readonly id: string;
  readonly findingId: string;
  readonly sha256: string;
  readonly contentSha256: string;
  readonly body: Finding['evidence'];
}

export type NewChange = Pick<FindingChangeEntity, 'id' | 'findingId' | 'change' | 'severity' | 'announced'>;

/** All that is to be written about findings. */
export interface FindingPlan {
  readonly written: readonly WrittenFinding[];
  /** Ids of findings that were seen again and are as they were. */
  readonly seenAgain: readonly string[];
  readonly resolved: readonly { readonly id: string; readonly reason: string }[];
  readonly stale: readonly string[];
  /** Ids of resolved findings that one more complete look did not show. */
  readonly cleanAgain: readonly string[];
  /** Of those, the ones whose resolution is told now. */
  readonly announceResolved: readonly string[];
  readonly evidence: readonly NewEvidence[];
  readonly changes: readonly NewChange[];
}

/** The parts of an evidence object that change with every write and say nothing about the finding. */
function stableEvidence(evidence: Finding['evidence']): unknown {
  return evidence.map(({ object, ...fact }) => {
    if (!object) return fact;
    const { resourceVersion: _, generation: __, ...stable } = object;
    return { ...fact, object: stable };
  });
}

function contentOf(finding: Finding, waiverId: string | null, tenantId: string | null): string {
  const { evidence: _, fingerprint: __, ...content } = finding;
  return canonicalSha256([content, waiverId, tenantId]);
}

type Present = Extract<FindingChange, { finding: Finding }>;

/**
 * Whether a change is news. Not so where somebody accepted it (waiver), where it was only there before anybody looked
 * (baseline), and where a finding is back whose disappearance was never told (flapping).
 */
function isNews(change: Present['change'], written: WrittenFinding, context: PlanContext): boolean {
  if (written.waiverId !== null || written.baseline || context.baseline) return false;
  return change !== 'reopened' || (written.known?.cleanRuns ?? 0) >= context.resolveAfterRuns;
}

/** A subject that still fails for another reason is told by the finding of that reason. */
function isToldAsResolved(finding: { readonly waiverId: string | null; readonly reason: string | null }): boolean {
  return finding.waiverId === null && finding.reason !== 'REASON_CHANGED';
}

function planPresent(
  change: Present,
  known: StoredFinding | undefined,
  reconciled: Reconciliation,
  context: PlanContext,
) {
  const { finding } = change;
  const waiverId = reconciled.waivedBy?.get(finding.fingerprint) ?? null;
  const tenantId = context.tenantIdOf(finding);
  const id = known?.id ?? newId('fnd');
  const evidence = planEvidence(id, finding, known);
  const written: WrittenFinding = {
    id,
    finding,
    known,
    baseline: !known && (context.baseline || !context.controlsBefore.has(finding.controlId)),
    waiverId,
    tenantId,
    contentSha256: contentOf(finding, waiverId, tenantId),
    evidenceId: evidence?.id ?? known?.evidenceId ?? null,
  };
  const isSame = !evidence && known?.contentSha256 === written.contentSha256 && known.state !== 'resolved';
  return { written, evidence, isSame };
}

/** New evidence, where the current one says something else. */
function planEvidence(findingId: string, finding: Finding, known: StoredFinding | undefined): NewEvidence | null {
  if (finding.evidence.length === 0) return null;
  const contentSha256 = canonicalSha256(stableEvidence(finding.evidence));
  if (known?.evidenceContentSha256 === contentSha256) return null;
  const sha256 = canonicalSha256(finding.evidence);
  return { id: newId('evd'), findingId, sha256, contentSha256, body: finding.evidence };
}

/** A state that does not fit the caller's word for it decides: what is resolved and seen is reopened, what is unknown opens. */
function changeOf(change: Present['change'], known: StoredFinding | undefined): Present['change'] {
  if (!known) return 'opened';
  if (known.state === 'resolved') return 'reopened';
  return change === 'escalated' ? 'escalated' : 'unchanged';
}

/** Decides what to write. Pure but for the new ids. */
export function planFindings(
  stored: readonly StoredFinding[],
  reconciled: Reconciliation,
  context: PlanContext,
): FindingPlan {
  const byFingerprint = new Map(stored.map((finding) => [finding.fingerprint, finding]));
  const written: WrittenFinding[] = [];
  const seenAgain: string[] = [];
  const resolved: { id: string; reason: string }[] = [];
  const stale: string[] = [];
  const evidence: NewEvidence[] = [];
  const changes: NewChange[] = [];
  const named = new Set<string>();
  const tell = (findingId: string, change: NewChange['change'], severity: Severity, announced: boolean) =>
    changes.push({ id: newId('fch'), findingId, change, severity, announced });

  for (const change of reconciled.changes) {
    const fingerprint = 'finding' in change ? change.finding.fingerprint : change.fingerprint;
    const known = byFingerprint.get(fingerprint);
    if (named.has(fingerprint)) continue;
    named.add(fingerprint);
    if ('finding' in change) {
      const present = planPresent(change, known, reconciled, context);
      if (present.isSame) seenAgain.push(present.written.id);
      else written.push(present.written);
      if (present.evidence) evidence.push(present.evidence);
      const kind = changeOf(change.change, known);
      if (kind !== 'unchanged') {
        tell(present.written.id, kind, change.finding.severity, isNews(kind, present.written, context));
      }
    } else if (known && known.state !== 'resolved' && change.change === 'resolved') {
      resolved.push({ id: known.id, reason: change.reason });
      const told = isToldAsResolved({ waiverId: known.waiverId, reason: change.reason });
      tell(known.id, 'resolved', known.severity, told && context.resolveAfterRuns <= 1);
    } else if (known && known.state !== 'resolved') {
      stale.push(known.id);
    }
  }

  const cleanAgain = stored.filter(
    (finding) =>
      finding.state === 'resolved' &&
      !named.has(finding.fingerprint) &&
      finding.cleanRuns < context.resolveAfterRuns &&
      context.completeControls.has(finding.controlId),
  );
  const announceResolved = cleanAgain.filter(
    (finding) =>
      finding.cleanRuns + 1 === context.resolveAfterRuns &&
      isToldAsResolved({ waiverId: finding.waiverId, reason: finding.resolvedReason }),
  );
  return {
    written,
    seenAgain,
    resolved,
    stale,
    cleanAgain: cleanAgain.map(({ id }) => id),
    announceResolved: announceResolved.map(({ id }) => id),
    evidence,
    changes,
  };
}
