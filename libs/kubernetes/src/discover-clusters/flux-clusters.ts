import {
  sharedLabels,
  validLabels,
  type DiscoveredCluster,
  type HelmRelease,
  type KubeConfigMapFacts,
  type Kustomization,
  type ObjectMeta,
} from '#libs/core';
import { HELM_RELEASES, KUSTOMIZATIONS } from '../collect/flux-kinds.js';
import { readNamed } from '../collect/read-named.js';
import { parseServerUrl } from '../access/server-url.js';
import { kubeConfigMapFacts } from '../facts/kube-config-map-facts.js';
import { reason } from './candidate-reasons.js';
import { clusterName } from './cluster-name.js';
import {
  dataKey,
  objectName,
  type DiscoveryContext,
  type ObjectHead,
  type SourceFindings,
} from './discovery-context.js';
import { judgedCluster, type FoundCluster } from './judged-cluster.js';

/** An object that applies to another cluster. */
interface RemoteObject extends ObjectHead {
  readonly kind: 'Kustomization' | 'HelmRelease';
  readonly ref: { readonly kind: 'Secret' | 'ConfigMap'; readonly name: string; readonly key?: string };
}

/**
 * The clusters that Flux applies to: `spec.kubeConfig.secretRef` and `.configMapRef` of Kustomizations and HelmReleases.
 * Objects that refer to one Secret and key tell of one cluster. The reference is to the object's own namespace.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
 */
export async function fluxClusters(context: DiscoveryContext): Promise<SourceFindings> {
  const [kustomizations, helmReleases] = await Promise.all([
    context.list({ ...KUSTOMIZATIONS, project: remote(KUSTOMIZATIONS.project, 'Kustomization') }),
    context.list({ ...HELM_RELEASES, project: remote(HELM_RELEASES.project, 'HelmRelease') }),
  ]);
  const groups = new Map<string, RemoteObject[]>();
  for (const object of [...kustomizations.items, ...helmReleases.items]) {
    const { kind, name, key = '' } = object.ref;
    const id = `${kind}/${object.namespace}/${name}${key === '' ? '' : `/${key}`}`;
    groups.set(id, [...(groups.get(id) ?? []), object]);
  }
  return {
    clusters: await Promise.all([...groups].map(([key, objects]) => clusterOf(context, key, objects))),
    gaps: [...kustomizations.gaps, ...helmReleases.gaps],
  };
}

function remote(
  project: (version: string) => (item: unknown) => Kustomization | HelmRelease | undefined,
  kind: RemoteObject['kind'],
) {
  return (version: string) => {
    const read = project(version);
    return (item: unknown): RemoteObject | undefined => {
      const object = read(item);
      const ref = object && refOf(object);
      return ref && { kind, ...head(object.metadata), ref };
    };
  };
}

function refOf({ spec: { kubeConfig } }: Kustomization | HelmRelease): RemoteObject['ref'] | undefined {
  const { secretRef, configMapRef } = kubeConfig ?? {};
  if (secretRef?.name) {
    return { kind: 'Secret', name: objectName(secretRef.name), ...(secretRef.key && { key: dataKey(secretRef.key) }) };
  }
  return configMapRef?.name ? { kind: 'ConfigMap', name: objectName(configMapRef.name) } : undefined;
}

function head({ namespace = '', name, labels }: ObjectMeta): ObjectHead {
  return { namespace: objectName(namespace), name: objectName(name), labels: validLabels(labels ?? {}) };
}

async function clusterOf(
  context: DiscoveryContext,
  key: string,
  objects: readonly RemoteObject[],
): Promise<DiscoveredCluster> {
  const [first, ...others] = objects.toSorted((a, b) => (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1));
  if (!first) throw new Error('A group has at least one object.');
  const { kind, namespace, name, ref } = first;
  const found: FoundCluster = {
    key,
    name: clusterName(ref.name, namespace),
    object: { kind, namespace, name },
    labels: sharedLabels([first, ...others].map(({ labels }) => labels)),
    tenantNamespace: namespace,
  };
  if (ref.kind === 'ConfigMap') return withIdentity(context, found, ref.name);
  return judgedCluster(context, found, {
    format: 'kubeconfig',
    namespace,
    name: ref.name,
    ...(ref.key !== undefined && { key: ref.key }),
  });
}

/** A cluster that is reached with a workload identity: there is an address, and no credential. */
async function withIdentity(
  { client }: DiscoveryContext,
  found: FoundCluster,
  name: string,
): Promise<DiscoveredCluster> {
  const kind = { resource: 'configmaps', title: 'ConfigMap' } as const;
  const read = await readNamed(client, kind, { namespace: found.object.namespace, name }, kubeConfigMapFacts);
  const facts = read.state === 'collected' ? read.value : null;
  return { ...found, ...(facts && addressOf(facts)), reasons: [reason('workloadIdentity')] };
}

/** Flux takes an address without a scheme for https. */
function addressOf({ address, caSpkiSha256 }: KubeConfigMapFacts): Partial<DiscoveredCluster> {
  const text = address === undefined || /^[a-z]+:\/\//i.test(address) ? (address ?? '') : `https://${address}`;
  const parsed = parseServerUrl(text);
  return {
    ...('server' in parsed && { connection: { server: parsed.server } }),
    ...(caSpkiSha256 !== undefined && { caSpkiSha256 }),
  };
}
