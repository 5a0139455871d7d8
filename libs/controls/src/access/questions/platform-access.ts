import { type AccessQuestion, type Artifacts, type ArtifactName, type Collected, RBAC_GROUP } from '#libs/core';
import type { Identity, ResourceRequest } from '#libs/rbac';
import { ANALYSIS_ARTIFACTS, type AnalysisArtifacts, analyseAccess } from '../../dedicated-clusters/access-analysis.js';
import { unlessDedicated } from '../../dedicated-clusters/dedicated-scope.js';
import { tenantModel } from '../../tenants/tenant-model.js';
import { questionOf } from '../access.js';
import type { PlannedFrom, QuestionPlanner } from '../plan-access-reviews.js';

/** People of tenants whom the API server is asked about whatever RBAC says: another authorizer may know them. */
const MAX_PEOPLE = 6;
/** Rights found by RBAC that the API server is asked to confirm. */
const MAX_CANDIDATES = 40;

const NOT_ASKED: Collected<never> = {
  state: 'unavailable',
  reason: 'notCollected',
  message: 'It was not asked.',
  missing: [],
};

/**
 * Whether tenants of a dedicated cluster can take the platform's access away (FLUX-DED-01): the rights that RBAC gives
 * them, to be confirmed, and a few that no RBAC object may give, where the cloud's own authorizer answers too.
 */
export const platformAccessQuestions: QuestionPlanner = (artifacts) => {
  const sources = analysisArtifacts(artifacts);
  if (sources === undefined || unlessDedicated(tenantModel(sources))) return [];
  const { model, reach, platformBindings } = analyseAccess(sources);
  const people = model.tenants.flatMap(({ principals }) => principals).slice(0, MAX_PEOPLE);
  const binding = platformBindings.find(({ kind }) => kind === 'ClusterRoleBinding');
  const probes: readonly ResourceRequest[] = [
    { verb: '*', group: '*', resource: '*' },
    {
      verb: 'delete',
      group: RBAC_GROUP,
      resource: 'clusterrolebindings',
      ...(binding && { name: binding.metadata.name }),
    },
    { verb: 'patch', group: 'apiregistration.k8s.io', resource: 'apiservices' },
  ];
  const candidates = reach.flatMap(({ groups }) =>
    groups.flatMap(({ group, revocations }) =>
      revocations
        .filter(({ path }) => path.length === 0)
        .map(({ request }): readonly [Identity, ResourceRequest] => [group.representative, request]),
    ),
  );
  return [
    ...people.flatMap((identity) => probes.map((request) => questionOf(identity, request))),
    ...candidates.slice(0, MAX_CANDIDATES).map(([identity, request]) => questionOf(identity, request)),
  ] satisfies readonly AccessQuestion[];
};

/** The artifacts of the analysis with their values, or undefined where one that it needs was not read. */
function analysisArtifacts(artifacts: PlannedFrom): AnalysisArtifacts | undefined {
  const values: Partial<Record<ArtifactName, Artifacts[ArtifactName]>> = {};
  for (const name of ANALYSIS_ARTIFACTS) {
    const artifact: Collected<Artifacts[ArtifactName]> = artifacts[name];
    if (artifact.state === 'unavailable') return undefined;
    values[name] = artifact.value;
  }
  return { ...artifacts, accessReviews: NOT_ASKED, ...values } as unknown as AnalysisArtifacts;
}
