import {
  CLUSTER_SUBJECT,
  type Evidence,
  type Fix,
  type Observation,
  notApplicable,
  notEvaluated,
  warn,
} from '#libs/core';
import type { Inspection } from '../controller-flags/inspect-controllers.js';

const MAX_EVIDENCE = 10;

/**
 * What verdicts about keeping tenants apart mean on this cluster: nothing where the registry says that there are no
 * several tenants, a warning where only nobody was seen, and no verdict where it cannot be told.
 */
export function withinTenantBoundary(
  { tenancy, instances }: Inspection,
  judged: readonly Observation[],
): readonly Observation[] {
  const { severalTenants, problem, declared, role } = tenancy;
  // Without a controller, or with none that is recognised, there is no verdict that tenants could change.
  if (instances.length === 0 && !(declared && judged.some(({ outcome }) => outcome !== 'notApplicable'))) return judged;
  if (severalTenants === 'yes') return judged;
  if (problem) {
    const { cause, code, message, missing } = problem;
    return [notEvaluated(CLUSTER_SUBJECT, cause, code, message, { missing })];
  }
  if (declared) {
    const message = `The registry states that this ${role ?? ''} cluster is not shared by tenants, so there is no boundary between tenants to keep.`;
    return [notApplicable(CLUSTER_SUBJECT, 'NO_TENANT_BOUNDARY', message)];
  }
  const open = judged.filter(({ outcome }) => outcome === 'fail' || outcome === 'notEvaluated');
  if (open.length === 0) return judged;
  return [
    warn(
      CLUSTER_SUBJECT,
      'NO_TENANT_BOUNDARY',
      'No tenants were seen on this cluster, and the registry does not state its role, so it is taken for one that a single team has to itself. ' +
        `Where tenants share it all the same, ${open.length} ${open.length === 1 ? 'finding' : 'findings'} of this control would fail. ` +
        'State the role and the tenants of the cluster, or make the change that is shown.',
      {
        severity: 'medium',
        confidence: 'heuristic',
        evidence: open.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, MAX_EVIDENCE) as readonly Evidence[],
        fixes: distinct(open.flatMap(({ fixes = [] }) => fixes)),
      },
    ),
  ];
}

/** One setting of an installer often answers for several controllers. */
function distinct(fixes: readonly Fix[]): readonly Fix[] {
  return [...new Map(fixes.map((fix) => [fix.content, fix])).values()];
}
