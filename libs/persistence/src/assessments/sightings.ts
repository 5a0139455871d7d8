import type { SightingHistory } from '#libs/core';
import { rows, type Executor } from '../sql/rows.js';

/** When each lasting condition of a cluster was first seen. */
export async function sightingsOf(executor: Executor, clusterId: string): Promise<SightingHistory> {
  const found = await rows<{ key: string; at: string }>(
    executor,
    'SELECT key, first_seen_at AS at FROM sighting WHERE cluster_id = $1',
    [clusterId],
  );
  return { firstSeen: Object.fromEntries(found.map(({ key, at }) => [key, at])) };
}
