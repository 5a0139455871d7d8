import { ARTIFACT_READS } from '../../libs/core/src/index.js';
import type { AdminClient } from './admin-client.js';
import type { CertificateAuthority, KeyPair } from './pki.js';

/** Who a test acts as: a person with a client certificate. */
export interface UserIdentity {
  readonly user: string;
  readonly groups?: readonly string[];
  /** In the past for a certificate that has expired. */
  readonly notAfter?: Date;
}

export function clientCertificate(authority: CertificateAuthority, identity: UserIdentity): Promise<KeyPair> {
  const { user, groups = [], notAfter } = identity;
  const notBefore = notAfter && new Date(Math.min(Date.now(), notAfter.getTime()) - 24 * 60 * 60 * 1000);
  return authority.issueClient(user, groups, { ...(notAfter && { notAfter }), ...(notBefore && { notBefore }) });
}

export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Creates a service account (and its namespace), with the given rights everywhere in the cluster. */
export async function createServiceAccount(
  client: AdminClient,
  {
    namespace,
    name,
    rules = [],
    clusterRole,
  }: {
    readonly namespace: string;
    readonly name: string;
    readonly rules?: readonly PolicyRule[];
    /** An existing ClusterRole instead of `rules`, such as `cluster-admin`. */
    readonly clusterRole?: string;
  },
): Promise<void> {
  const rbac = 'rbac.authorization.k8s.io';
  const roleName = clusterRole ?? `${namespace}-${name}`;
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  if (clusterRole === undefined)
    await client.apply({ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: roleName }, rules });
  await client.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: `${namespace}-${name}` },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: roleName },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
}

/** A token of the service account, from the TokenRequest API. The API server grants at least 600 seconds. */
export async function requestToken(
  client: AdminClient,
  namespace: string,
  name: string,
  expirationSeconds = 3600,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const response = await client.request('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds },
  });
  if (response.status !== 201) throw new Error(`No token for ${namespace}/${name}: HTTP ${response.status}.`);
  return (response.json as { status: { token: string } }).status.token;
}

/** Creates an account that may read what an audit reads and nothing more, and answers a token of it. */
export async function createAuditor(client: AdminClient, expirationSeconds?: number): Promise<string> {
  const reads = Object.values(ARTIFACT_READS)
    .flat()
    .map(({ group, resource }) => ({ apiGroups: [group], resources: [resource], verbs: ['get', 'list'] }));
  await createServiceAccount(client, { namespace: 'plimsoll', name: 'auditor', rules: reads });
  return requestToken(client, 'plimsoll', 'auditor', expirationSeconds);
}
