import type { ClusterRecord, ClusterRepository } from '#libs/persistence';
import { ok, type Answer } from '../http/answer.js';
import { entityTag } from '../http/entity-tag.js';
import { notFound } from '../http/problem.js';
import { toCluster, type Cluster } from './clusters.dto.js';

/** @throws {Problem} `not-found` */
export async function findCluster(clusters: ClusterRepository, reference: string): Promise<ClusterRecord> {
  const cluster = await clusters.get(reference);
  if (!cluster) throw notFound('cluster', reference);
  return cluster;
}

export function present(cluster: ClusterRecord): Answer<Cluster> {
  const body = toCluster(cluster);
  return ok(body, { etag: entityTag(cluster.version, body) });
}
