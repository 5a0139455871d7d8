/** Names of Secrets that say nothing of the cluster: the namespace then does. */
const PLAIN: ReadonlySet<string> = new Set(['cluster', 'kubeconfig', 'remote', 'target', 'value', '']);
const SUFFIXES = ['-sveltos-kubeconfig', '-kubeconfig', '.kubeconfig'];

/** A DNS label of at most 63 characters (RFC 1123) made from names of Kubernetes objects. */
export function clusterName(name: string, namespace: string): string {
  const suffix = SUFFIXES.find((end) => name.endsWith(end)) ?? '';
  const stem = name.slice(0, name.length - suffix.length);
  return dnsLabel(PLAIN.has(stem) ? namespace : stem) || 'cluster';
}

function dnsLabel(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
}

/** Gives clusters that would have one name the namespace in front; who has it alone keeps it. */
export function withDistinctNames<T extends { readonly name: string; readonly object: { readonly namespace: string } }>(
  clusters: readonly T[],
): readonly T[] {
  const count = new Map<string, number>();
  for (const { name } of clusters) count.set(name, (count.get(name) ?? 0) + 1);
  return clusters.map((cluster) =>
    count.get(cluster.name) === 1
      ? cluster
      : { ...cluster, name: dnsLabel(`${cluster.object.namespace}-${cluster.name}`) || cluster.name },
  );
}
