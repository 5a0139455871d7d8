import type { Artifacts, Collected, ProbeDenier, ProbeResult } from '#libs/core';
import { FLUX_TARGETS, type PolicyRule } from '#libs/admission';
import { accessOf } from '../access/access.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { tenantRights } from '../access/tenant-rights.js';
import { placesOf } from '../admission/admission-view.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { FLUX_CONTROLS, type FluxTrial, fluxProbeKey } from './flux-trials.js';
import { type ProbeAnswers, probeAnswers, refusal, wentThrough } from './probe-answers.js';

/** What a proof takes, beside the policies: a control declares them as optional. */
export const PROOF_ARTIFACTS = ['rbac', 'accessReviews', 'probes'] as const;

export type ProofArtifacts = { readonly [N in (typeof PROOF_ARTIFACTS)[number]]: Collected<Artifacts[N]> };

/** `refused`: in every namespace where somebody of a tenant may create such objects. `letIn`: somewhere, all the same. */
export interface PolicyProof {
  readonly state: 'refused' | 'letIn';
  /** One of the answers. */
  readonly result: ProbeResult;
}

/**
 * Whether dry-runs in the name of tenants bear out what was read from policies; undefined where they settle nothing. A
 * refusal counts if it came from one of the rules that were read; where only the engine is known by its webhook, the
 * harmless object must have been let in.
 */
export function policyProof(
  trials: readonly FluxTrial[],
  rules: readonly PolicyRule[],
  model: TenantModel,
  artifacts: ProofArtifacts,
): PolicyProof | undefined {
  const answers = probeAnswers(artifacts.probes);
  if (answers.size === 0 || trials.length === 0) return undefined;
  const asked = placesOf(model.tenants).flatMap(({ tenant, namespace }) =>
    trials.map((trial) => ({ trial, tenant, namespace, result: answers.get(fluxProbeKey(trial, namespace)) })),
  );
  const through = asked.find(({ result }) => wentThrough(result))?.result;
  if (through) return { state: 'letIn', result: through };
  const [first] = asked.flatMap(({ result }) => result ?? []);
  const settled = asked.every(({ trial, tenant, namespace, result }) =>
    result ? isBy(refusal(result), rules, answers, trial, namespace) : nobodyMay(tenant, trial, namespace, artifacts),
  );
  return first && settled ? { state: 'refused', result: first } : undefined;
}

const ENGINES = { Kyverno: /kyverno/i, Gatekeeper: /gatekeeper/i } as const;

function isBy(
  by: ProbeDenier | undefined,
  rules: readonly PolicyRule[],
  answers: ProbeAnswers,
  { kind }: FluxTrial,
  namespace: string,
): boolean {
  if (by?.mechanism === 'validatingAdmissionPolicy') {
    return rules.some(({ object }) => namesOf(object.metadata.name).includes(by.name));
  }
  if (by?.mechanism !== 'webhook') return false;
  const control = kind === 'Kustomization' || kind === 'HelmRelease' ? FLUX_CONTROLS[kind] : undefined;
  // Sources have no harmless one: which hosts are allowed is the platform's to know.
  const letIn = control === undefined || answers.get(fluxProbeKey(control, namespace))?.verdict.kind === 'accepted';
  return letIn && rules.some(({ engine }) => engine !== 'ValidatingAdmissionPolicy' && ENGINES[engine].test(by.name));
}

/** Kyverno can have the API server enforce its policies, under names of its own. */
function namesOf(name: string): readonly string[] {
  return [name, `cpol-${name}`, `vpol-${name}`];
}

/** RBAC lets nobody of a tenant create it, as far as the tenant's people are known. */
function nobodyMay(tenant: Tenant, { kind }: FluxTrial, namespace: string, artifacts: ProofArtifacts): boolean {
  const { rbac, accessReviews } = artifacts;
  if (rbac.state === 'unavailable' || !tenant.principalsDeclared) return false;
  const access = accessOf(rbac.value, accessReviews);
  const { group, resource } = FLUX_TARGETS[kind];
  const request = { verb: 'create', group, resource, namespace };
  return tenantRights(tenantIdentities(tenant, access.index), access, [request]).length === 0;
}
