import { collected, type AccessRule, type Artifacts, type Collected, type ConfigMap, type DaemonSet } from '#libs/core';
import { CONFIG_MAP_READ } from '../auditor/auditor-reads.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterError } from '../cluster-error.js';
import { projectPlatformConfigMap } from '../projection/platform-config-maps.js';
import { repositoryName } from '../projection/program-containers.js';
import { unreadable } from './unavailable.js';

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };

type PlatformConfigMaps = Artifacts['platformConfigMaps'];

interface Wanted {
  readonly namespace: string;
  readonly name: string;
}

/** Read wherever they are: EKS in Auto Mode runs its network plugin without a DaemonSet. */
const ALWAYS: readonly Wanted[] = [
  { namespace: 'kube-system', name: 'aws-auth' },
  { namespace: 'kube-system', name: 'amazon-vpc-cni' },
];

/** ConfigMaps beside a DaemonSet of this name or with such an image. */
const BESIDE: Readonly<Record<string, string>> = {
  cilium: 'cilium-config',
  // GKE Dataplane V2 is Cilium.
  anetd: 'cilium-config',
  'antrea-agent': 'antrea-config',
};

/** Nobody runs so many network plugins. */
const MAX_WANTED = 20;

/**
 * ConfigMaps that say whether the network plugin enforces policies, and who may log in (EKS), read by name, each with its
 * own state. Only known keys are kept.
 */
export async function collectPlatformConfigMaps(
  client: ClusterClient,
  daemonSets: Collected<readonly DaemonSet[]>,
): Promise<Collected<PlatformConfigMaps>> {
  const wanted = new Map<string, Wanted>();
  for (const entry of [...ALWAYS, ...besidePlugins(daemonSets)]) {
    if (wanted.size < MAX_WANTED) wanted.set(`${entry.namespace}/${entry.name}`, entry);
  }
  const entries = await Promise.all([...wanted].map(async ([key, entry]) => [key, await read(client, entry)] as const));
  return collected(Object.fromEntries(entries));
}

/** Where the DaemonSets are not known, the usual place. */
function besidePlugins(daemonSets: Collected<readonly DaemonSet[]>): readonly Wanted[] {
  if (daemonSets.state !== 'collected')
    return [...new Set(Object.values(BESIDE))].map((name) => ({ namespace: 'kube-system', name }));
  return daemonSets.value.flatMap(({ metadata, containers }) => {
    const plugins = [metadata.name, ...containers.map(({ image }) => repositoryName(image))];
    const names = new Set(plugins.flatMap((plugin) => (Object.hasOwn(BESIDE, plugin) ? [BESIDE[plugin] ?? ''] : [])));
    return [...names].map((name) => ({ namespace: metadata.namespace ?? '', name }));
  });
}

async function read(client: ClusterClient, { namespace, name }: Wanted): Promise<Collected<ConfigMap | null>> {
  try {
    const answer = await client.getObject(CONFIG_MAPS, { namespace, name });
    if (!answer) return collected(null);
    const found = projectPlatformConfigMap(answer.body);
    const isTheOne = found.metadata.name === name && found.metadata.namespace === namespace;
    if (!isTheOne) throw new ClusterError('malformed', { detail: 'metadata' });
    return collected(found, [answer.record]);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const rule: AccessRule = { ...CONFIG_MAP_READ, namespace, name };
    return unreadable(error, `The ConfigMap ${namespace}/${name}`, [rule]);
  }
}
