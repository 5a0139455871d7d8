import {
  SEVERITIES,
  type Assessment,
  type ControlResult,
  type Evidence,
  type Fix,
  type NotEvaluatedCause,
  type Observation,
  type Outcome,
  type RemoteApplyReading,
  type AccessRule,
  type Severity,
  type Subject,
  CLUSTER_SUBJECT,
  OUTCOME_ORDER,
} from '#libs/core';

/** `plimsoll scan -o json`: stable within a `schemaVersion`; fields are only ever added. */
export interface ScanDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'plimsoll'; readonly version: string; readonly ruleSetVersion: string };
  readonly profile: string;
  readonly collectedAt: string;
  readonly cluster: { readonly name: string; readonly uid: string; readonly serverVersion: string };
  readonly coverage: { readonly evaluated: number; readonly applicable: number; readonly ratio: number };
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly results: readonly ScanResult[];
  /** What the cluster applies to others; absent where the controls of the scan did not read it. Holds no credential. */
  readonly remoteApplies?: RemoteApplyReading;
  /** Both are told, whichever decided the exit code. */
  readonly exit: { readonly code: number; readonly findings: boolean; readonly incomplete: boolean };
}

export interface ScanObservation {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly subject: Subject;
  readonly severity: Severity;
  readonly confidence: string;
  readonly message: string;
  readonly cause?: NotEvaluatedCause;
  readonly evidence: readonly Evidence[];
  readonly missing?: readonly AccessRule[];
  readonly fixes?: readonly Fix[];
}

export interface ScanResult {
  readonly controlId: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly severity: Severity;
  /** Of the observation that decided the outcome. */
  readonly subject: Subject;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly cause?: NotEvaluatedCause;
  readonly missing: readonly AccessRule[];
  readonly partial: boolean;
  readonly observations: readonly ScanObservation[];
}

function observationOf(found: Observation, severity: Severity): ScanObservation {
  return {
    outcome: found.outcome,
    reason: found.reason,
    subject: found.subject,
    severity: found.severity ?? severity,
    confidence: found.confidence,
    message: found.message,
    ...(found.cause && { cause: found.cause }),
    evidence: found.evidence,
    ...(found.missing && { missing: found.missing }),
    ...(found.fixes && { fixes: found.fixes }),
  };
}

/** The observation that decided the result: same outcome, worst severity, first in order. */
export function decidingObservation(result: ControlResult): Observation | undefined {
  const candidates = result.observations.filter((found) => found.outcome === result.outcome);
  const rank = (found: Observation) => SEVERITIES.indexOf(found.severity ?? result.severity);
  return candidates.reduce<Observation | undefined>(
    (best, found) => (best === undefined || rank(found) < rank(best) ? found : best),
    undefined,
  );
}

function resultOf(result: ControlResult): ScanResult {
  const deciding = decidingObservation(result);
  return {
    controlId: result.controlId,
    outcome: result.outcome,
    reason: result.reason,
    severity: result.severity,
    subject: deciding?.subject ?? CLUSTER_SUBJECT,
    message: result.message,
    evidence: deciding?.evidence ?? [],
    ...(result.cause && { cause: result.cause }),
    missing: result.missing,
    partial: result.partial,
    observations: result.observations.map((found) => observationOf(found, result.severity)),
  };
}

export function countOutcomes(results: readonly ControlResult[]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOME_ORDER.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const result of results) counts[result.outcome] += 1;
  return counts;
}

export function scanDocument(
  assessment: Assessment,
  version: string,
  exit: ScanDocument['exit'],
  remoteApplies?: RemoteApplyReading,
): ScanDocument {
  const { cluster, coverage } = assessment;
  return {
    schemaVersion: 1,
    tool: { name: 'plimsoll', version, ruleSetVersion: assessment.ruleSetVersion },
    profile: assessment.profile,
    collectedAt: assessment.collectedAt,
    cluster: { name: cluster.name, uid: cluster.uid, serverVersion: cluster.serverVersion },
    coverage: { evaluated: coverage.evaluated, applicable: coverage.applicable, ratio: coverage.ratio },
    counts: countOutcomes(assessment.results),
    results: assessment.results.map(resultOf),
    ...(remoteApplies && { remoteApplies }),
    exit,
  };
}
