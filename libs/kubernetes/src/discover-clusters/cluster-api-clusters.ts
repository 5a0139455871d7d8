import type { DiscoveredCluster } from '#libs/core';
import { parseServerUrl } from '../access/server-url.js';
import { Fields } from '../projection/fields.js';
import { reason } from './candidate-reasons.js';
import { clusterName } from './cluster-name.js';
import { headOf, type DiscoveryContext, type ObjectHead, type SourceFindings } from './discovery-context.js';
import { judgedCluster } from './judged-cluster.js';

interface CapiCluster extends ObjectHead {
  readonly server?: string;
}

const CLUSTERS = {
  group: 'cluster.x-k8s.io',
  resource: 'clusters',
  versions: ['v1beta2', 'v1beta1', 'v1alpha4'],
  project: () => projectCluster,
};

/**
 * The clusters of Cluster API. The Secret `<cluster>-kubeconfig` holds the kubeconfig of an administrator: it is read for
 * address and CA, and is never what a cluster is registered with.
 * https://cluster-api.sigs.k8s.io/tasks/certs/generate-kubeconfig
 */
export async function clusterApiClusters(context: DiscoveryContext): Promise<SourceFindings> {
  const { items, gaps } = await context.list<CapiCluster>(CLUSTERS);
  return { clusters: await Promise.all(items.map((item) => clusterOf(context, item))), gaps };
}

function projectCluster(item: unknown): CapiCluster {
  const object = Fields.of(item);
  const endpoint = object.child('spec')?.child('controlPlaneEndpoint');
  const [host, port] = [endpoint?.text('host') ?? '', endpoint?.count('port') ?? 0];
  const parsed = parseServerUrl(`https://${host.includes(':') ? `[${host}]` : host}:${port || 443}`);
  return { ...headOf(object), ...(host !== '' && 'server' in parsed && { server: parsed.server }) };
}

function clusterOf(
  context: DiscoveryContext,
  { namespace, name, labels, server }: CapiCluster,
): Promise<DiscoveredCluster> {
  const found = {
    key: `Cluster/${namespace}/${name}`,
    name: clusterName(name, namespace),
    object: { kind: 'Cluster', namespace, name },
    labels,
    ...(server !== undefined && { connection: { server } }),
  };
  const kubeconfig = { format: 'kubeconfig', namespace, name: `${name}-kubeconfig`, key: 'value' } as const;
  return judgedCluster(context, found, kubeconfig, [reason('mintOwnToken')]);
}
