import type { X509Certificate } from 'node:crypto';
import type { ClientCertificateFacts, KubeConfigFacts, TokenFacts } from '#libs/core';
import { caSpkiSha256 } from '../access/ca-spki.js';
import { readCertificates } from '../access/certificates.js';
import { parsePlainYaml, type PlainMap, type PlainValue } from '../access/plain-yaml.js';
import { tokenClaims } from '../access/token-claims.js';
import { ClusterError } from '../cluster-error.js';
import { defined } from '../projection/fields.js';
import { originOf, plainEndpoint, plainUrl } from '../projection/urls.js';

/** Makes a digest of credentials that cannot be turned back; equal texts have equal digests within one snapshot. */
export type Digest = (parts: readonly string[]) => string;

/** Fields whose presence is a fact: those of client-go's `clientcmd/api/v1` that change how a cluster is reached. */
const CLUSTER_FIELDS = [
  'certificate-authority',
  'certificate-authority-data',
  'insecure-skip-tls-verify',
  'proxy-url',
  'tls-server-name',
];
const USER_FIELDS = [
  'as',
  'as-groups',
  'as-uid',
  'as-user-extra',
  'auth-provider',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'exec',
  'password',
  'token',
  'tokenFile',
  'username',
];
const CREDENTIAL_FIELDS = ['token', 'client-certificate-data', 'client-key-data', 'username', 'password'];

/** Of the wrong type, so that Go cannot decode the file. */
class Undecodable extends Error {}

/**
 * What a kubeconfig in a Secret says, without any credential. Only `current-context` counts.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
 *
 * Throws `ClusterError('malformed')` for a text that cannot be told with certainty, such as one with YAML anchors.
 */
export function kubeConfigFacts(bytes: Uint8Array, digest: Digest): KubeConfigFacts {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problem: 'NOT_YAML', fields: [] };
  }
  if (text.trim() === '') return { problem: 'NO_CURRENT_CONTEXT', fields: [] };
  const parsed = parsePlainYaml(text);
  if ('problem' in parsed) {
    if (parsed.problem.code === 'notYaml') return { problem: 'NOT_YAML', fields: [] };
    if (parsed.problem.code === 'empty') return { problem: 'NO_CURRENT_CONTEXT', fields: [] };
    // What else the parser refuses, Go may well read.
    throw new ClusterError('malformed', { detail: 'kubeconfig' });
  }
  if (!isMap(parsed.value)) return { problem: 'NOT_YAML', fields: [] };
  try {
    return factsOf(parsed.value, digest);
  } catch (error) {
    if (error instanceof Undecodable) return { problem: 'NOT_YAML', fields: [] };
    throw error;
  }
}

function factsOf(config: PlainMap, digest: Digest): KubeConfigFacts {
  const contexts = listOf(config, 'contexts');
  const count = { contexts: contexts.length };
  const name = text(config, 'current-context');
  const context = name === undefined ? undefined : entry(contexts, name, 'context');
  if (!context) return { problem: 'NO_CURRENT_CONTEXT', fields: [], ...count };
  const cluster = entry(listOf(config, 'clusters'), text(context, 'cluster') ?? '', 'cluster');
  const user = entry(listOf(config, 'users'), text(context, 'user') ?? '', 'user');
  return defined({
    problem: !cluster ? ('NO_CLUSTER' as const) : !user ? ('NO_USER' as const) : undefined,
    ...(cluster && clusterFacts(cluster)),
    fields: [...present(cluster, CLUSTER_FIELDS), ...present(user, USER_FIELDS)],
    ...(user && userFacts(user, digest)),
    ...count,
  });
}

function clusterFacts(cluster: PlainMap): Partial<KubeConfigFacts> {
  const [server, proxy] = [text(cluster, 'server'), text(cluster, 'proxy-url')];
  const ca = text(cluster, 'certificate-authority-data');
  const pem = ca === undefined ? undefined : decoded(ca);
  return {
    server: server === undefined ? undefined : printable(serverOf(server), 1_024),
    hasCaData: ca !== undefined,
    caSpkiSha256: pem === undefined ? undefined : caSpkiSha256(pem),
    tlsServerName: optional(text(cluster, 'tls-server-name')),
    proxyUrl: proxy === undefined ? undefined : optional(originOf(proxy) ?? plainEndpoint(proxy)),
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'] === true ? true : undefined,
  };
}

/** As written, also without a scheme, but without credentials and query. */
function serverOf(server: string): string {
  const url = plainUrl(server);
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : url.replace(/^[^/]*@/, '');
}

function userFacts(user: PlainMap, digest: Digest): Partial<KubeConfigFacts> {
  const credentials = CREDENTIAL_FIELDS.flatMap((field) => {
    const value = text(user, field);
    return value === undefined ? [] : [field, value];
  });
  const [token, certificate] = [text(user, 'token'), text(user, 'client-certificate-data')];
  const [leaf] = (certificate === undefined ? undefined : readCertificates(decoded(certificate) ?? '')) ?? [];
  return {
    credentialDigest: credentials.length === 0 ? undefined : digest(credentials),
    token: token === undefined ? undefined : tokenFacts(token),
    certificate: leaf && clientCertificateFacts(leaf),
  };
}

function tokenFacts(token: string): TokenFacts {
  const claims = tokenClaims(token);
  if (!claims) return { kind: 'opaque' };
  const { subject, issuer, audiences, issuedAt, expiresAt } = claims;
  return defined({
    kind: 'jwt' as const,
    issuer: optional(issuer),
    subject: optional(subject),
    audiences: audiences?.map((audience) => printable(audience, 512)),
    issuedAt,
    expiresAt,
  });
}

/** CN is the user and every O a group: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates */
function clientCertificateFacts(certificate: X509Certificate): ClientCertificateFacts | undefined {
  const { subject } = certificate.toLegacyObject();
  const values = (key: 'CN' | 'O') =>
    [(subject as Readonly<Record<string, string | readonly string[] | undefined>>)[key] ?? []]
      .flat()
      .slice(0, 100)
      .map((value) => printable(value, 512));
  const [notBefore, notAfter] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) return undefined;
  return defined({
    commonName: values('CN').at(-1),
    organizations: values('O'),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
  });
}

function listOf(config: PlainMap, key: string): readonly PlainMap[] {
  const list = own(config, key) ?? null;
  if (list === null) return [];
  if (!Array.isArray(list)) throw new Undecodable();
  return (list as readonly PlainValue[]).map((element) => {
    if (!isMap(element)) throw new Undecodable();
    return element;
  });
}

/** The map under `field` of the entry with that name. Two entries of one name are for Go to choose from. */
function entry(entries: readonly PlainMap[], name: string, field: string): PlainMap | undefined {
  const [found, second] = entries.filter((candidate) => candidate['name'] === name);
  if (second) throw new ClusterError('malformed', { detail: 'kubeconfig' });
  const value = found && (own(found, field) ?? {});
  if (value !== undefined && !isMap(value)) throw new Undecodable();
  return value;
}

/** Undefined where it is absent, null or empty: to Go all of that is the same. */
function text(map: PlainMap, key: string): string | undefined {
  const value = own(map, key) ?? '';
  if (typeof value !== 'string') throw new Undecodable();
  return value === '' ? undefined : value;
}

function present(map: PlainMap | undefined, fields: readonly string[]): readonly string[] {
  return fields.filter((field) => {
    const value = (map && own(map, field)) ?? null;
    if (value === null || value === '' || value === false) return false;
    return !Array.isArray(value) || value.length > 0;
  });
}

function own(map: PlainMap, key: string): PlainValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** PEM from base64. Undefined where it is none. */
function decoded(data: string): string | undefined {
  const compact = data.replaceAll(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, 'base64').toString('latin1') : undefined;
}

function optional(value: string | undefined): string | undefined {
  return value === undefined ? undefined : printable(value, 512);
}

/** Names in files are whatever their writers put there. */
function printable(value: string, length: number): string {
  return value.replaceAll(/\p{C}/gu, '').slice(0, length);
}

function isMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
