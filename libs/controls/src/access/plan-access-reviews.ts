import { type AccessQuestion, type Artifacts, type ArtifactName, type Collected, accessQuestionKey } from '#libs/core';
import { breakGlassQuestions } from './questions/break-glass.js';
import { kubeConfigWriterQuestions } from './questions/kubeconfig-writers.js';
import { fluxNetworkQuestions } from './questions/flux-network.js';
import { namespaceLabelQuestions } from './questions/namespace-labels.js';
import { platformAccessQuestions } from './questions/platform-access.js';
import { secretReaderQuestions } from './questions/secret-readers.js';
import { tenantAccountQuestions, tenantPrincipalQuestions } from './questions/tenant-questions.js';

/** Everything that was collected before the API server is asked about rights. */
export type PlannedFrom = { readonly [N in Exclude<ArtifactName, 'accessReviews'>]: Collected<Artifacts[N]> };

/** What the controls of one topic want to know. Pure; asks nothing where the artifacts that it needs are not there. */
export type QuestionPlanner = (artifacts: PlannedFrom) => readonly AccessQuestion[];

/** One line for each file of `questions/`; the most important topics first, for the number of questions is limited. */
const PLANNERS: readonly QuestionPlanner[] = [
  breakGlassQuestions,
  platformAccessQuestions,
  tenantAccountQuestions,
  tenantPrincipalQuestions,
  secretReaderQuestions,
  kubeConfigWriterQuestions,
  fluxNetworkQuestions,
  namespaceLabelQuestions,
];

/** No cluster is asked more than this in one audit. */
const MAX_QUESTIONS = 200;

/**
 * The questions about rights that the controls want the API server itself to answer, each once. Where it is not asked,
 * controls judge by RBAC alone and say so.
 */
export function planAccessReviews(artifacts: PlannedFrom): readonly AccessQuestion[] {
  const questions = new Map<string, AccessQuestion>();
  for (const planner of PLANNERS) {
    for (const question of planner(artifacts)) {
      if (questions.size >= MAX_QUESTIONS) return [...questions.values()];
      questions.set(accessQuestionKey(question), question);
    }
  }
  return [...questions.values()];
}
