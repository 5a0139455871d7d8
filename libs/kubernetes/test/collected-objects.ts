import { expect } from 'vitest';
import { ARTIFACT_NAMES, type ArtifactName, type Snapshot } from '#libs/core';
import {
  FLUX_RESOURCES,
  fluxObjects,
  GATEKEEPER_RESOURCES,
  GATEWAY_RESOURCES,
  KYVERNO_RESOURCES,
  MUTATING_POLICY_RESOURCES,
  NETWORK_PLUGIN_RESOURCES,
  READ_EVERYTHING,
  SimulatedCluster,
  SimulatedServer,
  type SimulatedObject,
} from '#libs/simulator';
import { collectSnapshot } from '../src/collect/collect-snapshot.js';
import { readSnapshot } from '../src/snapshot/read-snapshot.js';
import { writeSnapshot } from '../src/snapshot/write-snapshot.js';
import { openClient } from './hostile-cluster.js';
import { podObject, SECRET, type Json } from './objects.js';

const RESOURCES = [
  FLUX_RESOURCES,
  GATEWAY_RESOURCES,
  NETWORK_PLUGIN_RESOURCES,
  KYVERNO_RESOURCES,
  GATEKEEPER_RESOURCES,
  MUTATING_POLICY_RESOURCES,
].flat();

/** An object with what must not be kept in its annotations. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  rest: Json = {},
  metadata: Json = {},
): SimulatedObject {
  const annotations = { note: SECRET, ...(metadata['annotations'] as Json | undefined) };
  const managedFields = [{ manager: 'kubectl', operation: 'Update', time: '2026-10-01T00:00:00Z', fieldsV1: SECRET }];
  return { apiVersion, kind, metadata: { name, ...metadata, annotations, managedFields }, ...rest };
}

export const inFlux = { namespace: 'flux-system' };
export const inTeam = { namespace: 'team-a' };
/** A pod as `podObject` makes it, for a simulated cluster. */
export const pod = (containers: readonly Json[], options: Parameters<typeof podObject>[1]) =>
  ({ apiVersion: 'v1', kind: 'Pod', ...podObject(containers, options) }) as unknown as SimulatedObject;

/** Reads a simulated cluster with Flux and these objects, as somebody who may read everything. */
export async function collect(
  objects: readonly SimulatedObject[],
  change: (cluster: SimulatedCluster) => void = () => {},
  registration: Readonly<Record<string, unknown>> = {},
): Promise<{ snapshot: Snapshot; cluster: SimulatedCluster }> {
  const cluster = new SimulatedCluster({
    name: 'c',
    resources: RESOURCES,
    objects: [...fluxObjects({}), ...objects],
    user: { allowed: READ_EVERYTHING, denied: [] },
  });
  change(cluster);
  const server = await SimulatedServer.start({ clusters: cluster });
  const credential = { kind: 'token', token: cluster.user.token } as const;
  const client = await openClient({ server: server.urlOf(cluster), caData: server.caPem, credential });
  try {
    const snapshot = await collectSnapshot(client, {
      name: 'c',
      registration: { name: 'c', ...registration },
      sightings: { firstSeen: {} },
      needs: ARTIFACT_NAMES,
    });
    return { snapshot, cluster };
  } finally {
    await client.close();
    await server.close();
  }
}

/** The value of an artifact that was collected; throws for any other. */
export function valueOf<N extends ArtifactName>({ artifacts }: Snapshot, name: N) {
  const artifact = artifacts[name];
  if (artifact.state !== 'collected') throw new Error(`${name}: ${artifact.message}`);
  return artifact.value as Extract<Snapshot['artifacts'][N], { state: 'collected' }>['value'];
}

/** Collects these, checks that the record of it is the same, and that nothing of it is a secret. */
export async function kept<N extends ArtifactName>(name: N, ...objects: readonly SimulatedObject[]) {
  const { snapshot } = await collect(objects);
  const read = readSnapshot(writeSnapshot(snapshot));
  expect(read.artifacts[name]).toEqual(snapshot.artifacts[name]);
  const value = valueOf(snapshot, name);
  expect(JSON.stringify(value)).not.toContain(SECRET);
  return value;
}
