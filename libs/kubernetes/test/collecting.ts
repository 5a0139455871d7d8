import type { Snapshot } from '#libs/core';
import { SimulatedServer, type SimulatedCluster } from '#libs/simulator';
import { collectSnapshot, type CollectOptions } from '../src/collect/collect-snapshot.js';
import { openClient } from './hostile-cluster.js';

/** Reads a simulated cluster into a snapshot. */
export async function collectFrom(
  cluster: SimulatedCluster,
  options: Partial<CollectOptions> & Pick<CollectOptions, 'needs'> & Parameters<typeof openClient>[1],
): Promise<Snapshot> {
  const server = await SimulatedServer.start({ clusters: cluster });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential }, options);
  try {
    return await collectSnapshot(client, {
      name: cluster.name,
      registration: { name: cluster.name },
      sightings: { firstSeen: {} },
      ...options,
    });
  } finally {
    await client.close();
    await server.close();
  }
}

/** The value of an artifact that was collected; throws where it was not. */
export function valueOf<N extends keyof Snapshot['artifacts']>({ artifacts }: Snapshot, name: N) {
  const artifact = artifacts[name];
  if (artifact.state !== 'collected') throw new Error(`${name}: ${artifact.message}`);
  return artifact.value as Extract<Snapshot['artifacts'][N], { state: 'collected' }>['value'];
}
