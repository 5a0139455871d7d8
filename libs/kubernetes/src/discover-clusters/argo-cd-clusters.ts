import type { DiscoveredCluster } from '#libs/core';
import { ARGO_CD_CLUSTERS } from '../client/secrets-as-metadata.js';
import { Fields } from '../projection/fields.js';
import { clusterName } from './cluster-name.js';
import { headOf, type DiscoveryContext, type ObjectHead, type SourceFindings } from './discovery-context.js';
import { judgedCluster } from './judged-cluster.js';

const LABEL = 'argocd.argoproj.io/secret-type';
const CLUSTER_SECRETS = {
  group: '',
  resource: 'secrets',
  versions: ['v1'],
  metadataOnly: true,
  labelSelector: ARGO_CD_CLUSTERS,
  project: () => (item: unknown) => headOf(Fields.of(item)),
};

/**
 * The clusters of Argo CD: the Secrets with its label in its own namespace. Their names are listed as metadata; then each
 * is read by its name.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
export async function argoCdClusters(context: DiscoveryContext): Promise<SourceFindings> {
  const { namespaces } = context.options;
  // Secrets are listed in one namespace that somebody named, or not at all.
  if (namespaces.length !== 1) {
    const message = 'Name the one namespace of Argo CD in the source.';
    return { clusters: [], gaps: [{ reason: 'notCollected', message }] };
  }
  const { items, gaps } = await context.list<ObjectHead>(CLUSTER_SECRETS);
  return { clusters: await Promise.all(items.map((item) => clusterOf(context, item))), gaps };
}

function clusterOf(context: DiscoveryContext, { namespace, name, labels }: ObjectHead): Promise<DiscoveredCluster> {
  const { [LABEL]: _, ...own } = labels;
  const found = {
    key: `Secret/${namespace}/${name}`,
    name: clusterName(name.replace(/^cluster-(?=.)/, ''), name),
    object: { kind: 'Secret', namespace, name },
    labels: own,
  };
  return judgedCluster(context, found, { format: 'argocd', namespace, name });
}
