export { planAccessReviews } from './access/plan-access-reviews.js';
export { planDrill, restoredBindings } from './break-glass/plan-drill.js';
export {
  bestWayIn,
  READINESS_PARTS,
  readinessOf,
  type Readiness,
  type ReadinessCell,
} from './break-glass/readiness.js';
export { catalog } from './catalog.generated.js';
export { planProbes } from './probes/plan-probes.js';
export { probedPrincipals, type ProbedPrincipals } from './probes/probed-principals.js';
export { PROBED_RESOURCES } from './probes/probed-resources.js';
export { DEFAULT_PROFILE, benchmarks, controlById, controlTitle, profileById, profiles } from './profiles.js';
export { REMOTE_APPLY_ARTIFACTS, remoteApplyEdges } from './remote-apply/edges/remote-apply-edges.js';
export { RULE_SET_VERSION } from './rule-set-version.js';
