import { REMOTE_APPLY_ARTIFACTS, remoteApplyEdges } from '#libs/controls';
import type { Snapshot } from '#libs/core';
import type { AuditFacts, TargetWork } from '#libs/persistence';

/**
 * What the snapshot says about remote applies. Nothing where the run asked for some controls only, and read less for
 * that than remote applies are told by: what is known from a whole run stays.
 */
export function remoteAppliesOf(
  { controls }: Pick<TargetWork['run'], 'controls'>,
  { artifacts, collectedAt }: Snapshot,
): Pick<AuditFacts, 'remoteApplies'> {
  const isPart = REMOTE_APPLY_ARTIFACTS.some((name) => {
    const artifact = artifacts[name];
    return artifact.state === 'unavailable' && artifact.reason === 'notCollected';
  });
  if (controls !== null && isPart) return {};
  return { remoteApplies: remoteApplyEdges(artifacts, Date.parse(collectedAt)) };
}
