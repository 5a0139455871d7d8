import { CONDITION_TYPES, type ClusterCondition } from '../values.js';

/** A condition as somebody found it just now. */
export type ObservedCondition = Omit<ClusterCondition, 'lastTransitionTime'>;

/**
 * Puts new observations into a cluster's conditions. `lastTransitionTime` moves only where the status changed; types
 * that were not observed stay as they are.
 * @param at RFC 3339
 */
export function mergeConditions(
  current: readonly ClusterCondition[],
  observed: readonly ObservedCondition[],
  at: string,
): readonly ClusterCondition[] {
  const byType = new Map(current.map((condition) => [condition.type, condition]));
  for (const condition of observed) {
    const before = byType.get(condition.type);
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : at;
    byType.set(condition.type, { ...condition, lastTransitionTime });
  }
  return CONDITION_TYPES.flatMap((type) => byType.get(type) ?? []);
}
