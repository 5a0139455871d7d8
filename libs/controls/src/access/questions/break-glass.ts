import { identitiesOf } from '../../break-glass/break-glass-identity.js';
import { RECOVERY_RIGHTS } from '../../break-glass/recovery-rights.js';
import { questionOf } from '../access.js';
import type { QuestionPlanner } from '../plan-access-reviews.js';

/** Clusters have one or two; more are judged by RBAC alone. */
const MAX_IDENTITIES = 4;

/** Whether the break-glass principals of a cluster could repair it (FLUX-BG-02). */
export const breakGlassQuestions: QuestionPlanner = ({ registration }) => {
  if (registration.state === 'unavailable' || registration.value.role === 'standalone') return [];
  return (registration.value.breakGlass ?? [])
    .flatMap(identitiesOf)
    .slice(0, MAX_IDENTITIES)
    .flatMap((identity) => RECOVERY_RIGHTS.map(({ request }) => questionOf(identity, request)));
};
