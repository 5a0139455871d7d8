import { type Evidence, type Observation, leastSure, pass } from '#libs/core';
import type { Demand } from '#libs/admission';
import { type Component, type ControllerInstance, excerpt } from '#libs/flux';
import {
  type AdmissionArtifacts,
  type AdmissionView,
  type Coverage,
  admissionView,
  coverageOf,
  describeRules,
  describeShortcoming,
  placesOf,
  ruleEvidence,
} from '../admission/admission-view.js';
import type { FluxTrial } from '../probes/flux-trials.js';
import { describeProbe, describeWho } from '../probes/probe-answers.js';
import { type PolicyProof, type ProofArtifacts, policyProof } from '../probes/policy-proof.js';
import type { TenantModel } from '../tenants/tenant-model.js';

/** Reasons that say that a flag does not do its work; a command line that cannot be read is another matter. */
const FLAG_IS_OFF = new Set(['FLAG_ABSENT', 'FLAG_EMPTY', 'FLAG_FALSE', 'FLAG_UNSUPPORTED_UPGRADE', 'PENDING_UNSAFE']);

/** What policies must refuse to stand in for a flag on a controller. */
export type DemandsOf = (component: Component) => readonly Demand[];

/** What of it is tried in the name of tenants; nothing where a kind is not. */
export type TrialsOf = (component: Component) => readonly FluxTrial[];

/**
 * Weighs a missing flag against admission: a policy that refuses the same in every namespace of a tenant, also while its
 * engine is away, makes it a warning. One that only reports changes nothing. It is never as good as the flag: objects
 * that exist already, people whom the policy exempts and other kinds stay as they were. Only where dry-runs in the name of
 * tenants were refused by the policy it passes; where one was let in the policy stands in for nothing.
 */
export function compensatedBy(
  demandsOf: DemandsOf,
  model: TenantModel,
  artifacts: AdmissionArtifacts & ProofArtifacts,
  trialsOf: TrialsOf,
): (observation: Observation, instance: ControllerInstance) => Observation {
  const view = admissionView(artifacts);
  // Where not all namespaces of tenants are known, nothing is proven of all of them.
  const places = model.unknownNamespaces ? [] : placesOf(model.tenants);
  const known = new Map<Component, Coverage>();
  return (observation, { component }) => {
    if (observation.outcome !== 'fail' || !FLAG_IS_OFF.has(observation.reason)) return observation;
    const demands = demandsOf(component);
    const coverage = known.get(component) ?? coverageOf(view, demands, places);
    known.set(component, coverage);
    if (coverage.state === 'enforced') {
      const proof = policyProof(trialsOf(component), coverage.by, model, artifacts);
      return proof?.state === 'letIn' ? letIn(observation, proof) : compensated(observation, coverage, demands, proof);
    }
    return { ...observation, message: [observation.message, ...whyNot(view, coverage)].join(' ') };
  };
}

function compensated(
  observation: Observation,
  { by }: Extract<Coverage, { state: 'enforced' }>,
  demands: readonly Demand[],
  proof: PolicyProof | undefined,
): Observation {
  const titles = demands.map(({ title }) => title).join(' and ');
  const evidence: readonly Evidence[] = ruleEvidence(by, 'refuses what the flag would refuse');
  if (proof) {
    const note = describeProbe(proof.result);
    return pass(
      observation.subject,
      'COMPENSATED',
      `${observation.message} Meanwhile admission stands in for it: ${describeRules(by)} refuses ${titles} in every namespace of a tenant, and refused them in dry-runs in the name of tenants, such as ${describeWho(proof.result)}. ` +
        'It does not cover objects that exist already, users whom the policy or its engine exempts, other namespaces and other kinds.',
      { confidence: observation.confidence, evidence: evidence.map((each) => ({ ...each, note })) },
    );
  }
  return {
    ...observation,
    outcome: 'warn',
    reason: 'COMPENSATED',
    severity: 'medium',
    confidence: leastSure(observation.confidence, 'derived'),
    message:
      `${observation.message} Meanwhile admission stands in for it: ${describeRules(by)} refuses ${titles} in every namespace of a tenant. ` +
      'It does not cover objects that exist already, users whom the policy or its engine exempts, other namespaces and other kinds. ' +
      'That it refuses was read from the policy and not tried.',
    evidence: [...observation.evidence, ...evidence],
  };
}

/** What was read of the policies is not what the API server does. */
function letIn(observation: Observation, { result }: PolicyProof): Observation {
  return {
    ...observation,
    message: `${observation.message} A policy seems to stand in for it and does not: a dry-run in the name of ${describeWho(result)} that ${excerpt(result.probe.what, 160)} was not refused.`,
  };
}

function whyNot({ unread }: AdmissionView, coverage: Extract<Coverage, { state: 'open' }>): readonly string[] {
  const near = describeShortcoming(coverage.nearest, coverage.where);
  return [
    ...(near === undefined ? [] : [`No admission policy makes up for it: ${near}`]),
    ...(unread.length === 0
      ? []
      : [
          `Whether an admission policy makes up for it is not known, for these could not be read: ${unread.join(', ')}.`,
        ]),
  ];
}
