import type {
  Collected,
  KubeConfigFacts,
  RemoteApplyAuth,
  RemoteApplyIdentity,
  RemoteApplyTarget,
  RemoteAuthMethod,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import { AUTHENTICATED, accountOf } from '#libs/rbac';
import { type KubeConfigUse, kubeConfigIn } from '../kubeconfig-uses.js';
import { type ClusterDirectory, type ClusterMatch, hostAndPort } from '../match-cluster.js';
import { identityOfUse } from '../remote-identity.js';
import { targetOfUse } from '../target-of-use.js';

/** What is the same for all objects that use one kubeconfig. */
export interface EdgeAccess {
  readonly target: RemoteApplyTarget;
  readonly auth: RemoteApplyAuth;
  /** Without the account that is impersonated: that is a matter of each object. */
  readonly identity: Omit<RemoteApplyIdentity, 'impersonates'>;
}

/** An object with `spec.kubeConfig` that names neither a Secret nor a ConfigMap. */
export const NO_ACCESS: EdgeAccess = {
  target: { state: 'broken', why: 'spec.kubeConfig names neither a Secret nor a ConfigMap' },
  auth: { method: 'none' },
  identity: { kind: 'unknown' },
};

export function edgeAccess(use: KubeConfigUse, directory: Collected<ClusterDirectory>): EdgeAccess {
  return { target: targetOf(use, directory), auth: authOf(use), identity: identityOf(use) };
}

/** `https://host:port`, without a path or a user name; undefined for what names no host. */
function originOf(address: string | undefined): string | undefined {
  const withoutUser = address?.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/@]*@/i, '$1');
  const host = hostAndPort(withoutUser);
  if (host === undefined) return undefined;
  return `${/^http:/i.test(withoutUser ?? '') ? 'http' : 'https'}://${excerpt(host, 200)}`;
}

const CONFIDENCE: Record<Extract<ClusterMatch, { state: 'one' }>['by'], 'proven' | 'derived' | 'heuristic'> = {
  cloudId: 'proven',
  caAndAddress: 'proven',
  address: 'derived',
  ca: 'heuristic',
};

function targetOf(use: KubeConfigUse, directory: Collected<ClusterDirectory>): RemoteApplyTarget {
  const found = targetOfUse(use);
  if (found.state === 'unreadable') return { state: 'unknown', why: clause(found.artifact.message) };
  if (found.state === 'broken') return { state: 'broken', why: found.what };
  const { cloudId, address: given } = found.target;
  const address = originOf(given) ?? (cloudId === undefined ? undefined : excerpt(cloudId, 200));
  const where = address === undefined ? {} : { address };
  if (directory.state === 'unavailable') {
    return { state: 'unknown', ...where, why: `the registry was not read: ${clause(directory.message)}` };
  }
  const match = directory.value.match(found.target);
  if (match.state === 'none') {
    return { state: 'unregistered', ...where, why: 'no cluster of the registry is reached so' };
  }
  if (match.state === 'several') {
    const names = match.clusters.slice(0, 5).map(({ name }) => excerpt(name, 60));
    const more = match.clusters.length - names.length;
    const why = `several clusters of the registry are reached so: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return { state: 'ambiguous', ...where, why };
  }
  return {
    state: match.cluster.self === true ? 'self' : 'registered',
    cluster: match.cluster.name,
    ...where,
    matchedBy: match.by,
    confidence: CONFIDENCE[match.by],
  };
}

function clause(message: string): string {
  return message.replace(/\.$/, '');
}

function authOf(use: KubeConfigUse): RemoteApplyAuth {
  const { kind, namespace, name } = use;
  const source = { kind, namespace, name, ...(use.kind === 'Secret' && use.key !== '' && { key: use.key }) };
  if (use.kind === 'ConfigMap') {
    const provider = use.facts.state === 'collected' ? use.facts.value?.provider : undefined;
    return { method: 'workloadIdentity', source, ...(provider !== undefined && { provider: excerpt(provider, 60) }) };
  }
  const config = kubeConfigIn(use)?.config;
  if (!config) {
    // A Secret that is known to be missing, or to lack the key, holds no credential.
    const isKnown = use.facts.state === 'collected' && targetOfUse(use).state === 'broken';
    return { method: isKnown ? 'none' : 'unknown', source };
  }
  const expiresAt = config.certificate?.notAfter ?? config.token?.expiresAt;
  return { method: methodOf(config), source, ...(expiresAt !== undefined && { expiresAt }) };
}

function methodOf({ certificate, token, fields }: KubeConfigFacts): RemoteAuthMethod {
  // With both, the API server takes the certificate.
  if (certificate || fields.includes('client-certificate-data')) return 'clientCertificate';
  if (token) {
    const isAccount = token.kind === 'jwt' && token.subject !== undefined && accountOf(token.subject) !== undefined;
    return isAccount ? 'serviceAccountToken' : 'token';
  }
  if (fields.includes('token')) return 'token';
  if (fields.includes('username') || fields.includes('password')) return 'basic';
  if (fields.includes('exec')) return 'exec';
  return 'none';
}

function identityOf(use: KubeConfigUse): EdgeAccess['identity'] {
  if (use.kind === 'ConfigMap') {
    const account = use.facts.state === 'collected' ? use.facts.value?.serviceAccountName : undefined;
    const named = account !== undefined && account !== '';
    return { kind: 'cloud', ...(named && { name: `${use.namespace}/${excerpt(account, 100)}` }) };
  }
  const found = identityOfUse(use);
  if (!found) return { kind: 'unknown' };
  const groups = found.identity.groups.filter((group) => group !== AUTHENTICATED).map((group) => excerpt(group, 100));
  if (found.pointer.endsWith('/certificate/commonName')) {
    return { kind: 'certificate', name: excerpt(found.observed, 200), ...(groups.length > 0 && { groups }) };
  }
  const account = accountOf(found.observed);
  if (account) return { kind: 'serviceAccount', name: excerpt(`${account.namespace}/${account.name}`, 200) };
  return { kind: 'user', name: excerpt(found.observed, 200) };
}
