import {
  type Assessment,
  type ControlResult,
  type Evidence,
  type Finding,
  type FindingOutcome,
  type Observation,
  fingerprint,
} from '#libs/core';
import { compareSeverity } from './roll-up.js';

function isFailing(observation: Observation): observation is Observation & { readonly outcome: FindingOutcome } {
  return observation.outcome === 'fail' || observation.outcome === 'warn';
}

/** Each different fact once. */
function joinEvidence(a: readonly Evidence[], b: readonly Evidence[]): readonly Evidence[] {
  return [...new Map([...a, ...b].map((evidence) => [JSON.stringify(evidence), evidence])).values()];
}

/** Two observations of one control about one subject with one reason are one finding: the worse one, with all evidence. */
function join(a: Finding, b: Finding): Finding {
  const worse = a.outcome === b.outcome ? compareSeverity(a.severity, b.severity) <= 0 : a.outcome === 'fail';
  return { ...(worse ? a : b), evidence: joinEvidence(a.evidence, b.evidence) };
}

function findingsOf(result: ControlResult, clusterUid: string): readonly Finding[] {
  return result.observations.filter(isFailing).map((observation) => ({
    fingerprint: fingerprint(result.controlId, clusterUid, observation.subject, observation.reason),
    controlId: result.controlId,
    subject: observation.subject,
    outcome: observation.outcome,
    severity: observation.severity ?? result.severity,
    confidence: observation.confidence,
    reason: observation.reason,
    message: observation.message,
    evidence: observation.evidence,
    fixes: observation.fixes ?? [],
  }));
}

/** Every `fail` and `warn` observation as a finding, one for each fingerprint. */
export function toFindings(assessment: Assessment): readonly Finding[] {
  const byFingerprint = new Map<string, Finding>();
  for (const result of assessment.results) {
    for (const finding of findingsOf(result, assessment.cluster.uid)) {
      const known = byFingerprint.get(finding.fingerprint);
      byFingerprint.set(finding.fingerprint, known ? join(known, finding) : finding);
    }
  }
  return [...byFingerprint.values()];
}
