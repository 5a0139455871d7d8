import {
  ARTIFACT_NAMES,
  collected,
  unavailable,
  type ApiDiscovery,
  type AccessQuestion,
  type ArtifactName,
  type Collected,
  type FleetCluster,
  type Registration,
  type SightingHistory,
  type Snapshot,
} from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { readDiscovery } from '../client/discovery.js';
import { readIdentity, readVersion } from '../client/identity.js';
import { ClusterError } from '../cluster-error.js';
import { projectNamespace, projectServiceAccount } from '../projection/core-objects.js';
import { collectAccessReviews } from './access-reviews.js';
import { CLUSTER_LISTS } from './cluster-lists.js';
import { collectConfigMaps } from './config-maps.js';
import { collectFleet } from './fleet.js';
import { FLUX_LISTS } from './flux-lists.js';
import { collectSurroundings } from './flux-surroundings.js';
import { withPrerequisites, type CollectContext, type FoundArtifacts } from './found-artifacts.js';
import { listServed, type ArtifactLists, type List } from './list-served.js';
import { collectNamed } from './named-by-flux.js';
import { collectPlatformConfigMaps } from './platform-config-maps.js';
import { collectProbes, type ProbePlan } from './probes.js';
import { collectSealingKeys } from './sealing-keys.js';
import { unreadable } from './unavailable.js';
import { collectWorkloads } from './workloads.js';

export interface CollectOptions {
  /** The name under which the cluster is known. */
  readonly name: string;
  /** UID of `kube-system` that the cluster must have. */
  readonly expectedUid?: string;
  readonly registration: Registration;
  readonly sightings: SightingHistory;
  /** What the controls to be run declare; the rest is not read, unless something needed rests on it. */
  readonly needs: readonly ArtifactName[];
  /** What to ask the API server about rights of others, for what was read; without it nothing is asked. */
  readonly planReviews?: (artifacts: Snapshot['artifacts']) => readonly AccessQuestion[];
  /** What to try in the name of others, where the registration allows it and a control needs it; without it nothing is. */
  readonly probes?: ProbePlan;
  /** The clusters of the registry, the audited one among them; called at most once, and only where it matters. */
  readonly fleet?: () => Promise<readonly FleetCluster[]>;
}

/**
 * Reads one cluster into a snapshot. Each artifact is complete or says why it is not; the failure of one never touches
 * another. The cluster's identity is checked before anything is read and again at the end, so that an address which is
 * moved to another cluster meanwhile cannot mix the two. Throws `ClusterError` where the cluster as a whole cannot be read:
 * unreachable, no API server, another cluster, or not the same one any more; and where a dry-run changed something.
 */
export async function collectSnapshot(client: ClusterClient, options: CollectOptions): Promise<Snapshot> {
  // The start counts as "now": what is read later can only be fresher than it claims to be.
  const collectedAt = new Date().toISOString();
  const { gitVersion } = await readVersion(client);
  const uid = await readIdentity(client, options.expectedUid);
  const found = await collectArtifacts(client, gitVersion, options);
  const reviewed = await withReviews(client, options, {
    ...notCollected(),
    ...found,
    ...(options.needs.includes('fleet') && {
      fleet: await collectFleet(options.fleet, options.registration, found, uid),
    }),
    registration: collected(options.registration),
    sightings: collected(options.sightings),
  });
  const artifacts = options.needs.includes('probes')
    ? { ...reviewed, probes: await collectProbes(client, options.probes, reviewed) }
    : reviewed;
  await readIdentity(client, uid, true);
  return {
    schemaVersion: 1,
    cluster: { name: options.name, uid, serverVersion: gitVersion },
    collectedAt,
    artifacts,
    stats: client.stats(),
  };
}

/** Asks about rights last: which rights matter shows in everything else. */
async function withReviews(
  client: ClusterClient,
  { needs, planReviews }: CollectOptions,
  artifacts: Snapshot['artifacts'],
): Promise<Snapshot['artifacts']> {
  if (!planReviews || !needs.includes('accessReviews')) return artifacts;
  return { ...artifacts, accessReviews: await collectAccessReviews(client, planReviews(artifacts)) };
}

async function collectArtifacts(
  client: ClusterClient,
  serverVersion: string,
  { needs, registration }: CollectOptions,
): Promise<FoundArtifacts> {
  const wanted = withPrerequisites(needs);
  const discovery = await collectDiscovery(client, serverVersion);
  const list: List = (kind) => listServed(client, discovery, kind);
  const [workloads, lists] = await Promise.all([
    wanted.has('pods') ? collectWorkloads(client) : {},
    Promise.all(
      Object.entries(LISTS)
        .filter(([name]) => wanted.has(name as ArtifactName))
        .map(async ([name, read]) => [name, await read(list, discovery)] as const),
    ),
  ]);
  const found: FoundArtifacts = { discovery, ...workloads, ...(Object.fromEntries(lists) as FoundArtifacts) };
  const context = { client, discovery, registration, wanted };
  const later = await Promise.all(LATER.map((collect) => collect(found, context)));
  return Object.assign({}, found, ...later) as FoundArtifacts;
}

/** What can only be read once something else has been. */
const LATER: readonly ((found: FoundArtifacts, context: CollectContext) => Promise<FoundArtifacts>)[] = [
  async ({ pods, deployments }, { client, wanted }) => {
    if (!pods || !deployments || !wanted.has('configMaps')) return {};
    if (deployments.state !== 'collected') return { configMaps: deployments };
    if (pods.state !== 'collected') return { configMaps: pods };
    return { configMaps: await collectConfigMaps(client, pods.value, deployments.value) };
  },
  async ({ pods, deployments }, { client, discovery, registration, wanted }) =>
    pods && deployments
      ? collectSurroundings(client, discovery, { pods, deployments }, registration.fluxNamespaces ?? [], wanted)
      : {},
  async ({ operatorPods }, { client, wanted }) =>
    operatorPods && wanted.has('sealingKeys') ? { sealingKeys: await collectSealingKeys(client, operatorPods) } : {},
  async ({ daemonSets, operatorPods }, { client, wanted }) =>
    daemonSets && wanted.has('platformConfigMaps')
      ? { platformConfigMaps: await collectPlatformConfigMaps(client, daemonSets, operatorPods) }
      : {},
  (found, { client, wanted }) => collectNamed(client, wanted, found),
];

/** The artifacts that are plain lists, each independent of all others. */
const LISTS: ArtifactLists = {
  ...CLUSTER_LISTS,
  ...FLUX_LISTS,
  namespaces: (list) => list(NAMESPACES),
  serviceAccounts: (list) => list(SERVICE_ACCOUNTS),
};

async function collectDiscovery(client: ClusterClient, serverVersion: string): Promise<Collected<ApiDiscovery>> {
  try {
    const { api, requests } = await readDiscovery(client, serverVersion);
    return collected(api, requests);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return unreadable(error, 'The list of served APIs', [{ verb: 'get', group: '', resource: '/apis' }], '/apis');
  }
}

const NAMESPACES = {
  group: '',
  resource: 'namespaces',
  versions: ['v1'],
  metadataOnly: true,
  project: () => projectNamespace,
};

const SERVICE_ACCOUNTS = {
  group: '',
  resource: 'serviceaccounts',
  versions: ['v1'],
  metadataOnly: true,
  project: () => projectServiceAccount,
};

function notCollected(): Snapshot['artifacts'] {
  const reason = unavailable('notCollected', 'No control of this run needs it, so it was not read.');
  return Object.fromEntries(ARTIFACT_NAMES.map((name) => [name, reason])) as unknown as Snapshot['artifacts'];
}
