import type { DiscoveredCluster } from '#libs/core';
import { Fields } from '../projection/fields.js';
import { reason } from './candidate-reasons.js';
import { clusterName } from './cluster-name.js';
import {
  dataKey,
  headOf,
  objectName,
  type DiscoveryContext,
  type ObjectHead,
  type SourceFindings,
} from './discovery-context.js';
import { judgedCluster } from './judged-cluster.js';

interface SveltosCluster extends ObjectHead {
  readonly secret: string;
  readonly key: string;
  readonly pullMode: boolean;
}

const CLUSTERS = {
  group: 'lib.projectsveltos.io',
  resource: 'sveltosclusters',
  versions: ['v1beta1', 'v1alpha1'],
  project: () => projectCluster,
};

/** Where sveltosctl puts a kubeconfig when nobody names a key. */
const USUAL_KEY = 'kubeconfig';

/**
 * The clusters of Sveltos: a SveltosCluster and the Secret `<name>-sveltos-kubeconfig`, or the one that
 * `spec.kubeconfigName` names. A renewed token is under the key that `spec.kubeconfigKeyName` then names.
 * https://projectsveltos.github.io/sveltos/main/register/register-cluster/
 */
export async function sveltosClusters(context: DiscoveryContext): Promise<SourceFindings> {
  const { items, gaps } = await context.list<SveltosCluster>(CLUSTERS);
  return { clusters: await Promise.all(items.map((item) => clusterOf(context, item))), gaps };
}

function projectCluster(item: unknown): SveltosCluster {
  const object = Fields.of(item);
  const head = headOf(object);
  const spec = object.child('spec');
  return {
    ...head,
    secret: objectName(spec?.text('kubeconfigName') || `${head.name}-sveltos-kubeconfig`),
    key: dataKey(spec?.text('kubeconfigKeyName') || USUAL_KEY),
    pullMode: spec?.flag('pullMode') ?? false,
  };
}

async function clusterOf(
  context: DiscoveryContext,
  { namespace, name, labels, secret, key, pullMode }: SveltosCluster,
): Promise<DiscoveredCluster> {
  const found = {
    key: `SveltosCluster/${namespace}/${name}`,
    name: clusterName(name, namespace),
    object: { kind: 'SveltosCluster', namespace, name },
    labels,
  };
  if (pullMode) return { ...found, reasons: [reason('pullMode')] };
  return judgedCluster(context, found, { format: 'kubeconfig', namespace, name: secret, key });
}
