import { collected, type Artifacts, type Collected, type DaemonSet, type OperatorPod } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { projectPlatformConfigMap } from '../projection/platform-config-maps.js';
import { repositoryName } from '../projection/program-containers.js';
import { readNamed, type ObjectName } from './read-named.js';

const CONFIG_MAPS = { resource: 'configmaps', title: 'ConfigMap' } as const;

/** Read wherever they are: EKS in Auto Mode runs its network plugin without a DaemonSet. */
const ALWAYS: readonly ObjectName[] = [
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

/** Nobody runs so many network plugins and copies of kube-state-metrics. */
const MAX_WANTED = 20;

/**
 * ConfigMaps that say whether the network plugin enforces policies, who may log in (EKS) and which custom resources
 * kube-state-metrics exports, read by name, each with its own state. Only what is known is kept.
 */
export async function collectPlatformConfigMaps(
  client: ClusterClient,
  daemonSets: Collected<readonly DaemonSet[]>,
  operatorPods: Collected<readonly OperatorPod[]> | undefined,
): Promise<Collected<Artifacts['platformConfigMaps']>> {
  const wanted = new Map<string, ObjectName>();
  for (const entry of [...ALWAYS, ...besidePlugins(daemonSets), ...besideStateMetrics(operatorPods)]) {
    if (wanted.size < MAX_WANTED) wanted.set(`${entry.namespace}/${entry.name}`, entry);
  }
  const entries = await Promise.all(
    [...wanted].map(async ([key, entry]) => {
      return [key, await readNamed(client, CONFIG_MAPS, entry, projectPlatformConfigMap)] as const;
    }),
  );
  return collected(Object.fromEntries(entries));
}

/** Where the DaemonSets are not known, the usual place. */
function besidePlugins(daemonSets: Collected<readonly DaemonSet[]>): readonly ObjectName[] {
  if (daemonSets.state !== 'collected')
    return [...new Set(Object.values(BESIDE))].map((name) => ({ namespace: 'kube-system', name }));
  return daemonSets.value.flatMap(({ metadata, containers }) => {
    const plugins = [metadata.name, ...containers.map(({ image }) => repositoryName(image))];
    const names = new Set(plugins.flatMap((plugin) => (Object.hasOwn(BESIDE, plugin) ? [BESIDE[plugin] ?? ''] : [])));
    return [...names].map((name) => ({ namespace: metadata.namespace ?? '', name }));
  });
}

/** Which custom resources kube-state-metrics exports, where a file tells it: one of the ConfigMaps that it mounts. */
function besideStateMetrics(operatorPods: Collected<readonly OperatorPod[]> | undefined): readonly ObjectName[] {
  if (operatorPods?.state !== 'collected') return [];
  return operatorPods.value.flatMap(({ program, container, metadata, configMaps = [] }) => {
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    const isTold = words.some((word) => word.startsWith('--custom-resource-state-config-file'));
    if (program !== 'kube-state-metrics' || !isTold) return [];
    return configMaps.map((name) => ({ namespace: metadata.namespace ?? '', name }));
  });
}
