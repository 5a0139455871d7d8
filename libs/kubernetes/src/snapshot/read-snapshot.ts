import {
  ARTIFACT_NAMES,
  unavailable,
  type ApiDiscovery,
  type ArtifactName,
  type Collected,
  type Snapshot,
} from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import { projectConfigMap, projectNamespace, projectServiceAccount } from '../projection/core-objects.js';
import { defined, Fields } from '../projection/fields.js';
import { projectRecordedDeployment } from '../projection/deployments.js';
import { projectRecordedPod } from '../projection/pods.js';
import { collectedOf, listOf, recordOf, type ArtifactReaders } from './read-artifact.js';
import { CLUSTER_VALUES } from './read-cluster-values.js';
import { FLUX_VALUES } from './read-flux-values.js';
import { readGitTree } from './read-git-trees.js';
import { NAMED_VALUES } from './read-named-values.js';
import { readProbeReport } from './read-probe-report.js';
import { readRegistration } from './read-registration.js';
import { SnapshotRejected } from './snapshot-rejected.js';

export const MAX_SNAPSHOT_BYTES = 256 * 1024 ** 2;

/**
 * Reads what `writeSnapshot` wrote. The text may come from anywhere: every object passes the same projections as an answer
 * of a cluster, so nothing more gets in than could have been collected. Throws `SnapshotRejected`.
 */
export function readSnapshot(text: string): Snapshot {
  if (text.length > MAX_SNAPSHOT_BYTES) throw new SnapshotRejected('tooLarge');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SnapshotRejected('notJson');
  }
  try {
    return snapshotOf(Fields.of(value));
  } catch (error) {
    if (error instanceof ClusterError) throw new SnapshotRejected('malformed', error.detail);
    throw error;
  }
}

function snapshotOf(root: Fields): Snapshot {
  const version = root.raw('schemaVersion');
  if (version === undefined || !root.has('artifacts')) throw new SnapshotRejected('notSnapshot');
  if (version !== 1) throw new SnapshotRejected('otherSchema');
  const cluster = root.needChild('cluster');
  const artifacts = root.needChild('artifacts');
  const collectedAt = root.needText('collectedAt');
  if (Number.isNaN(Date.parse(collectedAt))) throw new SnapshotRejected('malformed', 'collectedAt');
  const stats = root.child('stats');
  return defined({
    schemaVersion: 1 as const,
    cluster: {
      name: cluster.needText('name'),
      uid: cluster.needText('uid'),
      serverVersion: cluster.needText('serverVersion'),
    },
    collectedAt,
    artifacts: Object.fromEntries(
      ARTIFACT_NAMES.map((name) => [name, artifactOf(artifacts, name)]),
    ) as unknown as Snapshot['artifacts'],
    stats: stats && {
      requests: stats.count('requests') ?? 0,
      bytes: stats.count('bytes') ?? 0,
      durationMs: stats.count('durationMs') ?? 0,
    },
  });
}

function artifactOf(artifacts: Fields, name: ArtifactName): Collected<unknown> {
  const fields = artifacts.child(name);
  // An artifact that did not exist when the snapshot was recorded.
  if (!fields) return unavailable('notCollected', 'The snapshot was recorded without it.');
  return collectedOf<unknown>(fields, VALUES[name]);
}

/** How the value of each artifact is read from the object that holds it under `value`. */
const VALUES: Required<ArtifactReaders> = {
  ...CLUSTER_VALUES,
  ...FLUX_VALUES,
  ...NAMED_VALUES,
  registration: (holder) => readRegistration(holder.needChild('value')),
  sightings: (holder) => ({ firstSeen: holder.needChild('value').textMap('firstSeen') ?? {} }),
  discovery: (holder) => discoveryOf(holder.needChild('value')),
  namespaces: (holder) => listOf(holder, projectNamespace),
  deployments: (holder) => listOf(holder, projectRecordedDeployment),
  pods: (holder) => listOf(holder, projectRecordedPod),
  configMaps: (holder) => recordOf(holder, configMapOf),
  gitTrees: (holder) => recordOf(holder, readGitTree),
  probes: readProbeReport,
  serviceAccounts: (holder) => listOf(holder, projectServiceAccount),
};

function configMapOf(holder: Fields) {
  const value = holder.raw('value');
  return value === undefined ? null : projectConfigMap(value, () => 'value');
}

function discoveryOf(fields: Fields): ApiDiscovery {
  return {
    serverVersion: fields.needText('serverVersion'),
    resources: fields.texts('resources') ?? [],
    stale: fields.texts('stale') ?? [],
  };
}
