import type { Collected, HelmRelease, Kustomization, Severity } from '#libs/core';
import type { Inspection } from './inspect-controllers.js';

/** One severity where tenants share the controllers, or may; another where one team has them to itself. */
export function severityByTenancy({ tenancy }: Inspection, shared: Severity, alone: Severity): Severity {
  return tenancy.severalTenants === 'no' ? alone : shared;
}

const PRODUCTION = new Set(['prod', 'production', 'live']);
const STAGE_KEYS = new Set(['environment', 'env', 'stage', 'tier']);

/** The registry labels the cluster as one that matters: `environment: production` and the like, with any key prefix. */
export function isProduction({ registration }: Inspection): boolean {
  return Object.entries(registration.labels ?? {}).some(
    ([key, value]) => STAGE_KEYS.has(key.slice(key.lastIndexOf('/') + 1)) && PRODUCTION.has(value.toLowerCase()),
  );
}

/** How many objects take a kubeconfig from a Secret, as the context of a question; empty where nobody could look. */
export function kubeconfigUse(
  objects: Collected<readonly (Kustomization | HelmRelease)[]>,
  plural: 'Kustomizations' | 'HelmReleases',
): { readonly context?: string } {
  if (objects.state === 'unavailable') return {};
  const count = objects.value.filter(({ spec }) => spec.kubeConfig?.secretRef !== undefined).length;
  if (count === 0) return { context: `No ${plural} here take a kubeconfig from a Secret now.` };
  const those = count === 1 ? `1 ${plural.slice(0, -1)} here takes` : `${count} ${plural} here take`;
  return { context: `${those} a kubeconfig from a Secret.` };
}
