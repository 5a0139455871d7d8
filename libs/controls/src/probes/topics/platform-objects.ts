import type { ArtifactName, Artifacts, Collected } from '#libs/core';
import { ANALYSIS_ARTIFACTS } from '../../dedicated-clusters/access-analysis.js';
import { unlessDedicated } from '../../dedicated-clusters/dedicated-scope.js';
import type { TargetArtifacts } from '../../dedicated-clusters/known-objects.js';
import { proofPlan } from '../../dedicated-clusters/proof-plan.js';
import { tenantModel } from '../../tenants/tenant-model.js';
import type { ProbePlanner, ProbedFrom } from '../plan-probes.js';

/** Whether admission refuses what rights of tenants of a dedicated cluster leave open (FLUX-DED-02). */
export const platformObjectProbes: ProbePlanner = (artifacts) => {
  const sources = targetArtifacts(artifacts);
  if (sources === undefined || unlessDedicated(tenantModel(sources))) return [];
  return proofPlan(sources).tried.flatMap(({ attempts }) => attempts.map(({ probe }) => probe));
};

/** The artifacts with the values of those that the analysis needs, or undefined where one of these was not read. */
function targetArtifacts(artifacts: ProbedFrom): TargetArtifacts | undefined {
  const values: Partial<Record<ArtifactName, Artifacts[ArtifactName]>> = {};
  for (const name of ANALYSIS_ARTIFACTS) {
    const artifact: Collected<Artifacts[ArtifactName]> = artifacts[name];
    if (artifact.state === 'unavailable') return undefined;
    values[name] = artifact.value;
  }
  return { ...artifacts, ...values } as unknown as TargetArtifacts;
}
