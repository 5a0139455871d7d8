import { remoteApplyEdges } from '#libs/controls';
import type { RemoteApplyReading, Snapshot } from '#libs/core';

/** What the cluster applies to others. Undefined where the controls of the scan asked for no Kustomizations and HelmReleases. */
export function remoteAppliesOf({ artifacts, collectedAt }: Snapshot): RemoteApplyReading | undefined {
  const { kustomizations, helmReleases } = artifacts;
  const isUnasked = [kustomizations, helmReleases].every(
    (artifact) => artifact.state === 'unavailable' && artifact.reason === 'notCollected',
  );
  return isUnasked ? undefined : remoteApplyEdges(artifacts, Date.parse(collectedAt));
}
