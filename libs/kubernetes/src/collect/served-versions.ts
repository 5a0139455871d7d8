import type { ApiDiscovery, Collected } from '#libs/core';

/** What discovery says about one kind of object. */
export type Served =
  | { readonly state: 'served'; readonly versions: readonly string[] }
  /** The cluster does not have it: an empty answer is the complete one. */
  | { readonly state: 'absent' }
  /** Its group is installed, but whoever serves it does not answer. */
  | { readonly state: 'stale' }
  /** Discovery itself could not be read; nothing can be said of absence. */
  | { readonly state: 'unknown'; readonly versions: readonly string[] };

/**
 * The served versions of a resource, best first: those known here from new to old, then others, as Kubernetes ranks them
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority).
 * Absence is taken from discovery only: a 404 or 403 on a path proves none.
 *
 * @param known versions whose fields are understood, newest first
 */
export function servedVersions(
  discovery: Collected<ApiDiscovery>,
  group: string,
  resource: string,
  known: readonly string[],
): Served {
  if (discovery.state !== 'collected') return { state: 'unknown', versions: known };
  const { resources, stale } = discovery.value;
  const served = resources.flatMap((entry) => {
    const [entryGroup, version, name] = entry.split('/');
    return entryGroup === group && name === resource && version !== undefined ? [version] : [];
  });
  if (served.length > 0) {
    const rank = (version: string) => (known.includes(version) ? known.indexOf(version) : known.length);
    const versions = served.toSorted((a, b) => rank(a) - rank(b) || compareVersions(a, b));
    return { state: 'served', versions };
  }
  return stale.some((entry) => entry.startsWith(`${group}/`)) ? { state: 'stale' } : { state: 'absent' };
}

/** GA before beta before alpha, then the higher number first. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [priority(a), priority(b)];
  for (const [i, value] of left.entries()) {
    const difference = (right[i] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

function priority(version: string): readonly number[] {
  const [, major = '0', stage, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  const level = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return [level, Number(major), Number(minor)];
}
