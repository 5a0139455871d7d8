import { derived } from '#libs/core';
import { accessOf } from '../access/access.js';
import { sparedBy } from '../probes/spared-principals.js';
import { type AccessAnalysis, analyseAccess } from './access-analysis.js';
import type { TargetArtifacts } from './known-objects.js';
import { type TriedPair, triedPairs } from './revocation-attempts.js';
import { type RevocationPair, revocationPairs } from './revocation-pairs.js';

/** What is to be tried on a cluster, and what no dry-run can tell. */
export interface ProofPlan {
  readonly analysis: AccessAnalysis;
  readonly tried: readonly TriedPair[];
  /** Rights that no admission sees: to policies and their bindings, to APIServices and the like. */
  readonly unseen: readonly RevocationPair[];
}

const seenIn = derived((pairs: readonly RevocationPair[]) => ({
  // Admission sees who is who, although FLUX-DED-01 does not rely on it.
  seen: pairs.filter(({ object }) => !object.beyondAdmission || object.class === 'A5'),
  unseen: pairs.filter(({ object }) => object.beyondAdmission && object.class !== 'A5'),
}));

/** The same for planning and for judging, so that answers are found by the keys of their dry-runs. */
export function proofPlan(artifacts: TargetArtifacts): ProofPlan {
  const analysis = analyseAccess(artifacts);
  const access = accessOf(artifacts.rbac, artifacts.accessReviews);
  const { seen, unseen } = seenIn(revocationPairs(analysis.reach, analysis.objects, access));
  return {
    analysis,
    tried: triedPairs(seen, artifacts, analysis.platform, sparedBy(artifacts.registration)),
    unseen,
  };
}
