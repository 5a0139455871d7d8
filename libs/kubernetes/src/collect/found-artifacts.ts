import type { ApiDiscovery, ArtifactName, Artifacts, Collected, Registration } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';

/** Artifacts that were read, or tried to be read, so far. */
export type FoundArtifacts = { readonly [N in ArtifactName]?: Collected<Artifacts[N]> };

/** One reading of one cluster. */
export interface CollectContext {
  readonly client: ClusterClient;
  readonly discovery: Collected<ApiDiscovery>;
  readonly registration: Registration;
  readonly wanted: ReadonlySet<ArtifactName>;
}

/** What has to be read for an artifact to be found. What it needs in turn is listed too. */
const PREREQUISITES: { readonly [N in ArtifactName]?: readonly ArtifactName[] } = {
  // One pass over the pods gives all three; Deployments and pods are found through each other.
  deployments: ['pods'],
  podGroups: ['pods'],
  operatorPods: ['pods'],
  configMaps: ['pods'],
  services: ['pods'],
  ingresses: ['pods'],
  gatewayRoutes: ['pods'],
  resourceQuotas: ['pods'],
  disruptionBudgets: ['pods'],
  sealingKeys: ['pods'],
  // The network plugins, and kube-state-metrics.
  platformConfigMaps: ['daemonSets', 'pods'],
  // They tell which API groups other servers answer.
  probes: ['apiServices'],
};

export function withPrerequisites(needs: readonly ArtifactName[]): ReadonlySet<ArtifactName> {
  return new Set(needs.flatMap((name) => [name, ...(PREREQUISITES[name] ?? [])]));
}
