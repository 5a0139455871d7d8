import type { Snapshot } from '#libs/core';
import { discoverControllers } from '#libs/flux';
import type { AuditFacts } from '#libs/persistence';

const VERSION_LABEL = 'app.kubernetes.io/version';

/** Whether Flux runs in the cluster, and which release its manifests say it is. Nothing where that could not be read. */
export function fluxFacts(snapshot: Snapshot): Pick<AuditFacts, 'fluxDetected' | 'fluxVersion'> {
  const { pods, deployments } = snapshot.artifacts;
  if (pods.state !== 'collected' || deployments.state !== 'collected') return {};
  const controllers = discoverControllers({ pods: pods.value, deployments: deployments.value });
  if (controllers.length === 0) return { fluxDetected: false, fluxVersion: null };
  const labels = controllers.flatMap(({ deployment }) => deployment?.metadata.labels?.[VERSION_LABEL] ?? []);
  const version = mostFrequent(labels);
  return { fluxDetected: true, ...(version !== undefined && { fluxVersion: version }) };
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))[0]?.[0];
}
