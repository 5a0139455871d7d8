import type {
  Artifacts,
  Collected,
  FleetCluster,
  HelmRelease,
  KubeConfigFacts,
  KubeConfigMapFacts,
  KubernetesObject,
  Kustomization,
} from '#libs/core';
import { kubeConfigOf } from '../references/kube-config-of.js';
import { type CredentialIdentity, type UnknownIdentity, unknownIdentity, unreadIdentity } from './identity.js';
import type { IdentitySource } from './identity.js';

/** What tells where `spec.kubeConfig` leads. */
export type TargetFacts = {
  readonly [N in 'secretFacts' | 'kubeConfigMaps' | 'fleet']: Collected<Artifacts[N]>;
};

/** The cluster that an object is applied to, and with what. */
export type ApplyTarget =
  /** Without `spec.kubeConfig`. */
  | { readonly kind: 'local' }
  | { readonly kind: 'remote' }
  /** Back to this cluster, with a credential of its own. */
  | CredentialIdentity
  /** Back to this cluster, with a token that its controller asks for. */
  | {
      readonly kind: 'workloadIdentity';
      readonly named: { readonly name: string | undefined; readonly source: IdentitySource };
    }
  | UnknownIdentity;

/** Names by which every pod reaches the API server of its own cluster. */
const IN_CLUSTER = /^kubernetes(?:\.default(?:\.svc(?:\.[a-z0-9.-]+)?)?)?$/;

/** Where an object is applied: to this cluster, to another, or it cannot be told. */
export function applyTargetOf({ metadata, spec }: Kustomization | HelmRelease, facts: TargetFacts): ApplyTarget {
  const { namespace = 'default' } = metadata;
  const { secretRef, configMapRef } = spec.kubeConfig ?? {};
  if (secretRef) return bySecret(namespace, secretRef, facts);
  if (configMapRef) return byConfigMap(namespace, configMapRef.name, facts);
  return spec.kubeConfig ? unusable('Its spec.kubeConfig names neither a Secret nor a ConfigMap.') : { kind: 'local' };
}

function bySecret(
  namespace: string,
  reference: { readonly name: string; readonly key?: string },
  { secretFacts, fleet }: TargetFacts,
): ApplyTarget {
  const title = `the Secret ${namespace}/${reference.name} of its kubeconfig`;
  const found = read(secretFacts, `${namespace}/${reference.name}`, title);
  if (found.kind !== 'read') return found;
  const config = kubeConfigOf(found.value, reference);
  if (!config || config.problem !== undefined) return unusable(`There is no usable kubeconfig in ${title}.`);
  const home = leadsHome({ address: config.server, caSpkiSha256: config.caSpkiSha256 }, fleet);
  if (home !== 'yes') return home === 'no' ? { kind: 'remote' } : home;
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: found.value.metadata };
  const key = reference.key ?? '';
  return credentialOf(config, object, found.value.kubeConfigs ? `/kubeConfigs/${escaped(key)}` : '/kubeConfig');
}

function byConfigMap(namespace: string, name: string, { kubeConfigMaps, fleet }: TargetFacts): ApplyTarget {
  const title = `the ConfigMap ${namespace}/${name} of its kubeconfig`;
  const found = read<KubeConfigMapFacts>(kubeConfigMaps, `${namespace}/${name}`, title);
  if (found.kind !== 'read') return found;
  const { metadata, address, caSpkiSha256, cluster, provider, serviceAccountName } = found.value;
  const home = leadsHome({ address, caSpkiSha256, cloudId: cluster }, fleet);
  if (home !== 'yes') return home === 'no' ? { kind: 'remote' } : home;
  if (provider !== 'generic') {
    return unknownIdentity(
      'UNKNOWN_CREDENTIAL',
      `Its kubeconfig leads back to this cluster with an identity of the cloud, and which user that is here cannot be told from ${title}.`,
    );
  }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  const observed = serviceAccountName === undefined || serviceAccountName === '' ? null : serviceAccountName;
  const source = { object, pointer: '/serviceAccountName', observed };
  return { kind: 'workloadIdentity', named: { name: serviceAccountName, source } };
}

type Read<T> = { readonly kind: 'read'; readonly value: T } | UnknownIdentity;

function read<T>(
  record: Collected<Readonly<Record<string, Collected<T | null>>>>,
  key: string,
  title: string,
): Read<T> {
  if (record.state === 'unavailable') return unreadIdentity(record);
  const entry = Object.hasOwn(record.value, key) ? record.value[key] : undefined;
  if (!entry) return unreadIdentity({ reason: 'notCollected', message: `Nobody read ${title}.`, missing: [] });
  if (entry.state === 'unavailable') return unreadIdentity(entry);
  return entry.value === null ? unusable(`There is no such object as ${title}.`) : { kind: 'read', value: entry.value };
}

function unusable(message: string): UnknownIdentity {
  return unknownIdentity('KUBECONFIG_UNUSABLE', `${message} It is applied nowhere.`);
}

interface Endpoint {
  readonly address: string | undefined;
  readonly caSpkiSha256: string | undefined;
  readonly cloudId?: string | undefined;
}

/**
 * Whether an endpoint is the audited cluster: by the names that pods use for it, else by what the registry says of the
 * cluster. Another address is taken for another cluster, unless it shows the same CA.
 */
function leadsHome(
  { address, caSpkiSha256, cloudId }: Endpoint,
  fleet: Collected<readonly FleetCluster[]>,
): 'yes' | 'no' | UnknownIdentity {
  const server = address === undefined ? undefined : normalised(address);
  if (server !== undefined && IN_CLUSTER.test(server.replace(/:\d+$/, ''))) return 'yes';
  if (fleet.state === 'unavailable') return unreadIdentity(fleet);
  const self = fleet.value.find((cluster) => cluster.self === true);
  const others = fleet.value.filter((cluster) => cluster.self !== true);
  const isThis = (cluster: FleetCluster): boolean =>
    (cloudId !== undefined && cloudId === cluster.cloudId) ||
    (caSpkiSha256 !== undefined && caSpkiSha256 === cluster.caSpkiSha256) ||
    (server !== undefined && server === normalised(cluster.server));
  if (self && isThis(self)) return 'yes';
  if (self || others.some(isThis)) return 'no';
  return unknownIdentity(
    'UNKNOWN_TARGET',
    'It cannot be told whether its kubeconfig leads back to this cluster: the registry does not say how this cluster is reached. Register the cluster with its address and CA.',
  );
}

/** `host:port` in lower case; Flux takes `https` and 443 where they are left out. */
function normalised(address: string): string {
  const [, scheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*?)\/*$/i.exec(address) ?? [];
  const host = (rest.split('/')[0] ?? '').toLowerCase();
  return /:\d+$/.test(host) ? host : `${host}:${scheme?.toLowerCase() === 'http' ? 80 : 443}`;
}

/** The user that the API server of this cluster sees: by a client certificate, or by a token of a service account. */
function credentialOf(config: KubeConfigFacts, object: KubernetesObject, pointer: string): ApplyTarget {
  const { token, certificate } = config;
  // With both, the API server takes the certificate.
  if (certificate?.commonName !== undefined) {
    const { commonName, organizations } = certificate;
    const source = { object, pointer: `${pointer}/certificate/commonName`, observed: commonName };
    return { kind: 'credential', user: commonName, groups: organizations, sources: [source] };
  }
  const subject = token?.kind === 'jwt' ? token.subject : undefined;
  if (subject?.startsWith('system:serviceaccount:')) {
    const source = { object, pointer: `${pointer}/token/subject`, observed: subject };
    return { kind: 'credential', user: subject, groups: [], sources: [source] };
  }
  return unknownIdentity(
    'UNKNOWN_CREDENTIAL',
    `Its kubeconfig leads back to this cluster, and which user its credential stands for cannot be told (Secret ${object.metadata.namespace ?? ''}/${object.metadata.name}).`,
  );
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
