import { collected, unavailable, type Collected, type FleetCluster, type Registration } from '#libs/core';
import type { FoundArtifacts } from './found-artifacts.js';

/**
 * The clusters of the registry that remote applies are matched with. The registry is asked only where there is something to
 * match: on a management cluster, where an object has `spec.kubeConfig`, or where that cannot be told.
 *
 * @param uid of the audited cluster, which is marked as itself
 */
export async function collectFleet(
  ask: (() => Promise<readonly FleetCluster[]>) | undefined,
  registration: Registration,
  found: FoundArtifacts,
  uid: string,
): Promise<Collected<readonly FleetCluster[]>> {
  if (registration.role !== 'management' && !appliesRemotely(found)) return collected([]);
  if (!ask) return unavailable('notCollected', 'No registry of clusters was given.');
  try {
    const fleet = await ask();
    return collected(fleet.map((cluster) => (cluster.uid === uid ? { ...cluster, self: true } : cluster)));
  } catch {
    return unavailable('transient', 'The registry of clusters could not be read. The next run tries again.');
  }
}

function appliesRemotely({ kustomizations, helmReleases }: FoundArtifacts): boolean {
  return [kustomizations, helmReleases].some(
    (list) => list?.state !== 'collected' || list.value.some(({ spec }) => spec.kubeConfig !== undefined),
  );
}
