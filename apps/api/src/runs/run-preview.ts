import { ClusterRepository, type ClusterFilter, type RunTargetSelection } from '#libs/persistence';
import { selectorOf } from '../shared/label-selector.schema.js';

export interface RunPreview {
  /** How many clusters the target selects; counted up to 10,000. */
  readonly total: number;
  /** Positions in `target.clusters` of what is not registered. */
  readonly unknown: readonly number[];
}

const MAX_NAMED = 1000;

/** What a target would select now, without starting anything. */
export async function previewRun(clusters: ClusterRepository, target: RunTargetSelection): Promise<RunPreview> {
  const filter: ClusterFilter = {
    labelSelector: selectorOf(target.labelSelector),
    ...(target.tenant !== undefined && { tenant: [target.tenant] }),
  };
  if (!target.clusters) {
    const { total } = await clusters.list({ limit: 1, filter });
    return { total: total.count, unknown: [] };
  }
  const named = [...new Set(target.clusters)];
  const known = new Set<string>();
  let total = 0;
  for (let from = 0; from < named.length; from += MAX_NAMED) {
    const part = named.slice(from, from + MAX_NAMED);
    for (const key of ['id', 'name'] as const) {
      const all = await clusters.list({ limit: MAX_NAMED, filter: { [key]: part } });
      for (const cluster of all.items) known.add(cluster[key]);
      const selected = await clusters.list({ limit: 1, filter: { ...filter, [key]: part } });
      total += selected.total.count;
    }
  }
  const unknown = target.clusters.flatMap((reference, index) => (known.has(reference) ? [] : [index]));
  return { total, unknown };
}
