import type { CandidateReason, DiscoveredConnection } from '#libs/core';
import { accessFromParts } from '../access/access-parts.js';
import { KubeconfigRejected, problem } from '../access/kubeconfig-rejected.js';
import { parseServerUrl } from '../access/server-url.js';
import { ClusterError } from '../cluster-error.js';
import { Fields } from '../projection/fields.js';
import type { CandidateAccess } from './candidate-access.js';
import { kubeconfigReasons, reason } from './candidate-reasons.js';

const MAX_CONFIG = 256 * 1024;
/** By this name Argo CD calls the cluster that it runs in. */
const IN_CLUSTER = 'https://kubernetes.default.svc';

/**
 * The access in a cluster Secret of Argo CD: `server`, and `config` as JSON
 * (https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters).
 */
export function argoCdAccess(data: ReadonlyMap<string, Buffer>): CandidateAccess {
  const server = data.get('server')?.toString('utf8').trim() ?? '';
  if (server.replace(/\/+$/, '') === IN_CLUSTER) return { reasons: [reason('hubItself')] };
  const config = data.get('config');
  if (server === '' || config === undefined) return { reasons: [reason('keyMissing')] };
  if (config.length > MAX_CONFIG) return { reasons: [reason('configNotJson')] };
  try {
    return accessOf(server, Fields.of(JSON.parse(config.toString('utf8'))));
  } catch (error) {
    // Of the wrong type, or no JSON at all. What it says stays here: it may quote the text.
    if (!(error instanceof ClusterError) && !(error instanceof SyntaxError)) throw error;
    return { reasons: [reason('configNotJson')], ...placeOf(server) };
  }
}

function accessOf(server: string, config: Fields): CandidateAccess {
  const tls = config.child('tlsClientConfig');
  const refused = refusals(config, tls);
  if (refused.length > 0) return { reasons: refused, ...placeOf(server) };
  const token = given(config, 'bearerToken');
  const parts = {
    server,
    ...present('certificateAuthorityData', tls && given(tls, 'caData')),
    ...present('tlsServerName', tls && given(tls, 'serverName')),
    ...present('token', token),
    ...present('clientCertificateData', tls && given(tls, 'certData')),
    ...present('clientKeyData', tls && given(tls, 'keyData')),
  };
  try {
    return { access: accessFromParts(parts) };
  } catch (error) {
    if (!(error instanceof KubeconfigRejected)) throw error;
    return { reasons: kubeconfigReasons(error.errors), ...placeOf(server) };
  }
}

function refusals(config: Fields, tls: Fields | undefined): readonly CandidateReason[] {
  return [
    ...(config.has('execProviderConfig') ? [reason('execProvider')] : []),
    ...(config.has('awsAuthConfig') ? [reason('awsAuth')] : []),
    ...(tls?.flag('insecure') === true ? [reason('insecure')] : []),
    ...(given(config, 'username') !== undefined || given(config, 'password') !== undefined
      ? kubeconfigReasons([problem('', 'usernamePassword')])
      : []),
    ...(given(config, 'proxyUrl') !== undefined ? kubeconfigReasons([problem('', 'proxyUrl')]) : []),
  ];
}

/** To Go an empty text is an absent one. */
function given(fields: Fields, key: string): string | undefined {
  return fields.text(key) || undefined;
}

function present<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

function placeOf(server: string): { readonly connection?: DiscoveredConnection } {
  const parsed = parseServerUrl(server);
  return 'server' in parsed ? { connection: { server: parsed.server } } : {};
}
