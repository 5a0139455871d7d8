import type { CandidateReason, CredentialReference, DiscoveredCluster, DiscoveredConnection } from '#libs/core';
import { problem } from '../access/kubeconfig-rejected.js';
import { parseServerUrl } from '../access/server-url.js';
import { Fields } from '../projection/fields.js';
import { kubeconfigReasons, reason } from './candidate-reasons.js';
import { clusterName } from './cluster-name.js';
import {
  dataKey,
  headOf,
  objectName,
  type DiscoveryContext,
  type ObjectHead,
  type SourceFindings,
} from './discovery-context.js';
import { judgedCluster, type FoundCluster } from './judged-cluster.js';

interface AccessProvider {
  readonly name: string;
  readonly server: string;
  readonly caData?: string;
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  /** What the plugin is told: the extension `client.authentication.k8s.io/exec`. */
  readonly config: Readonly<Record<string, string>>;
}

interface ClusterProfile extends ObjectHead {
  readonly providers: readonly AccessProvider[];
}

const PROFILES = {
  group: 'multicluster.x-k8s.io',
  resource: 'clusterprofiles',
  versions: ['v1alpha1', 'v1alpha2'],
  project: () => projectProfile,
};
const EXTENSION = 'client.authentication.k8s.io/exec';
const MAX_PROVIDERS = 32;
/** What the two plugins are told, and what each value must be. */
const CONFIG: Readonly<Record<string, (text: string) => string>> = {
  clusterName: objectName,
  name: objectName,
  namespace: objectName,
  key: dataKey,
  context: (text) => text.slice(0, 253),
};

/**
 * The clusters of a cluster inventory. The plugins behind access providers are programs, and are not run: the two that
 * only read a Secret, `secretreader` and `kubeconfig-secretreader`, are understood; all others are refused.
 * https://github.com/kubernetes-sigs/cluster-inventory-api
 */
export async function clusterProfileClusters(context: DiscoveryContext): Promise<SourceFindings> {
  const { items, gaps } = await context.list<ClusterProfile>(PROFILES);
  return { clusters: await Promise.all(items.map((item) => clusterOf(context, item))), gaps };
}

function projectProfile(item: unknown): ClusterProfile {
  const object = Fields.of(item);
  const status = object.child('status');
  // `credentialProviders` is the name that the field had before.
  const providers = status?.children('accessProviders') ?? status?.children('credentialProviders') ?? [];
  return { ...headOf(object), providers: providers.slice(0, MAX_PROVIDERS).map(providerOf) };
}

function providerOf(provider: Fields): AccessProvider {
  const cluster = provider.child('cluster') ?? Fields.of({});
  const [caData, tlsServerName] = [cluster.text('certificate-authority-data'), cluster.text('tls-server-name')];
  const extension = cluster.children('extensions')?.find((entry) => entry.text('name') === EXTENSION);
  const config = extension?.child('extension');
  return {
    name: provider.needText('name'),
    server: cluster.text('server') ?? '',
    ...(caData && { caData: Buffer.from(caData, 'base64').toString('latin1') }),
    ...(tlsServerName && { tlsServerName }),
    insecure: cluster.flag('insecure-skip-tls-verify') ?? false,
    config: Object.fromEntries(
      Object.entries(CONFIG).flatMap(([key, check]) => {
        const value = config?.text(key);
        return value ? [[key, check(value)]] : [];
      }),
    ),
  };
}

async function clusterOf(context: DiscoveryContext, profile: ClusterProfile): Promise<DiscoveredCluster> {
  const { namespace, name, labels, providers } = profile;
  const found: FoundCluster = {
    key: `ClusterProfile/${namespace}/${name}`,
    name: clusterName(name, namespace),
    object: { kind: 'ClusterProfile', namespace, name },
    labels,
  };
  const provider =
    providers.find((one) => one.name === 'kubeconfig-secretreader') ??
    providers.find((one) => one.name === 'secretreader');
  if (!provider) {
    const [any] = providers;
    const connection = any && connectionOf(any);
    const why = reason(any ? 'providerUnsupported' : 'noAccessProvider');
    return { ...found, ...(connection && { connection }), reasons: [why] };
  }
  const connection = connectionOf(provider);
  const credential = credentialOf(provider, namespace);
  const placed = { ...found, ...(connection && { connection }) };
  const refused = refusals(context, provider, credential);
  if (!credential || refused.length > 0) return { ...placed, reasons: refused };
  return judgedCluster(context, placed, credential);
}

/** `secretreader` reads the key `token` of the Secret that has the cluster's name, in the profile's namespace. */
function credentialOf({ name, config }: AccessProvider, namespace: string): CredentialReference | undefined {
  if (name === 'secretreader') {
    const { clusterName: secret } = config;
    return secret === undefined ? undefined : { format: 'token', namespace, name: secret, key: 'token' };
  }
  const { name: secret, key, context } = config;
  if (secret === undefined) return undefined;
  return {
    format: 'kubeconfig',
    namespace: config['namespace'] ?? namespace,
    name: secret,
    ...(key !== undefined && { key }),
    ...(context !== undefined && { context }),
  };
}

function refusals(
  { options: { namespaces } }: DiscoveryContext,
  { insecure }: AccessProvider,
  credential: CredentialReference | undefined,
): readonly CandidateReason[] {
  const isOutside = credential && namespaces.length > 0 && !namespaces.includes(credential.namespace);
  return [
    ...(credential ? [] : [reason('secretMissing')]),
    ...(isOutside ? [reason('outsideNamespaces')] : []),
    ...(insecure ? kubeconfigReasons([problem('', 'insecureSkipTlsVerify')]) : []),
  ];
}

function connectionOf({ server, caData, tlsServerName }: AccessProvider): DiscoveredConnection | undefined {
  const parsed = parseServerUrl(server);
  if (!('server' in parsed)) return undefined;
  return {
    server: parsed.server,
    ...(caData !== undefined && { caData }),
    ...(tlsServerName !== undefined && { tlsServerName }),
  };
}
