import { collected, type ApiDiscovery, type Collected, type SourceType } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { readDiscovery } from '../client/discovery.js';
import { readIdentity, readVersion } from '../client/identity.js';
import { ClusterError } from '../cluster-error.js';
import { unreadable } from '../collect/unavailable.js';
import { argoCdClusters } from './argo-cd-clusters.js';
import { clusterApiClusters } from './cluster-api-clusters.js';
import { withDistinctNames } from './cluster-name.js';
import { clusterProfileClusters } from './cluster-profile-clusters.js';
import { DiscoveryContext, type DiscoveryOptions, type SourceFindings } from './discovery-context.js';
import { fluxClusters } from './flux-clusters.js';
import { sveltosClusters } from './sveltos-clusters.js';

/** No management cluster has so many. */
const MAX_CLUSTERS = 5_000;

const READERS: Readonly<Record<SourceType, (context: DiscoveryContext) => Promise<SourceFindings>>> = {
  fluxKubeConfig: fluxClusters,
  clusterApi: clusterApiClusters,
  argocd: argoCdClusters,
  sveltos: sveltosClusters,
  clusterProfile: clusterProfileClusters,
};

/**
 * The clusters that a management cluster knows, by their key. Nothing is written, and no credential is kept: Secrets that
 * objects refer to are read by name, and what is told of them is address, CA and whether they could be used.
 *
 * Throws `ClusterError` where the management cluster itself cannot be read, or is another one than expected.
 *
 * @param expectedUid of the management cluster
 */
export async function discoverClusters(
  client: ClusterClient,
  type: SourceType,
  options: DiscoveryOptions & { readonly expectedUid?: string },
): Promise<SourceFindings> {
  const { gitVersion } = await readVersion(client);
  await readIdentity(client, options.expectedUid);
  const context = new DiscoveryContext(client, await servedApis(client, gitVersion), options);
  const { clusters, gaps } = await READERS[type](context);
  const byKey = new Map(clusters.map((cluster) => [cluster.key, cluster]));
  const sorted = withDistinctNames([...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)));
  if (sorted.length <= MAX_CLUSTERS) return { clusters: sorted, gaps };
  const message = `There are more than ${MAX_CLUSTERS} clusters; the rest was left out. Make several sources, each of some namespaces.`;
  return { clusters: sorted.slice(0, MAX_CLUSTERS), gaps: [...gaps, { reason: 'budgetExceeded', message }] };
}

async function servedApis(client: ClusterClient, serverVersion: string): Promise<Collected<ApiDiscovery>> {
  try {
    const { api, requests } = await readDiscovery(client, serverVersion);
    return collected(api, requests);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return unreadable(error, 'The list of served APIs', [], '/apis');
  }
}
