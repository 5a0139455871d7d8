import type { X509Certificate } from 'node:crypto';
import { readCertificates, readPrivateKey } from './certificates.js';
import type { ClusterAccess, ClusterCredential } from './cluster-access.js';
import {
  KubeconfigRejected,
  problem,
  type KubeconfigErrorCode,
  type KubeconfigProblem,
} from './kubeconfig-rejected.js';
import { parseServerUrl } from './server-url.js';

/** The parts of an access as they come in: from a kubeconfig, or from separate fields of a request. */
export interface AccessParts {
  readonly server?: string;
  /** PEM, or base64 of PEM as in a kubeconfig. Likewise the other two. */
  readonly certificateAuthorityData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
}

/** JSON pointer of each part in what the sender wrote. */
export type PartPointers = Readonly<Record<keyof AccessParts | 'user', string>>;

const OWN_POINTERS: PartPointers = {
  server: '/server',
  certificateAuthorityData: '/certificateAuthorityData',
  tlsServerName: '/tlsServerName',
  proxyUrl: '/proxyUrl',
  token: '/token',
  clientCertificateData: '/clientCertificateData',
  clientKeyData: '/clientKeyData',
  user: '',
};

const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/i;
/** Visible ASCII: what a header value can carry (RFC 6750 `b64token` is narrower; some issuers are not). */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** Checks the parts of an access and puts them together. Throws `KubeconfigRejected` naming every problem. */
export function accessFromParts(parts: AccessParts, pointers: PartPointers = OWN_POINTERS): ClusterAccess {
  const result = checkParts(parts, pointers);
  if (result.access) return result.access;
  const [first, ...rest] = result.problems;
  throw new KubeconfigRejected([first ?? problem('', 'noCredential'), ...rest]);
}

interface Checked {
  readonly access?: ClusterAccess;
  readonly problems: readonly KubeconfigProblem[];
}

/** As `accessFromParts`, for callers with more to report. `access` is absent exactly where there are problems. */
export function checkParts(parts: AccessParts, pointers: PartPointers): Checked {
  const problems: KubeconfigProblem[] = [];
  const refuse = (part: keyof PartPointers, code: KubeconfigErrorCode): undefined => {
    problems.push(problem(pointers[part], code));
    return undefined;
  };
  const server = serverOf(parts, refuse);
  const caData = certificateAuthorityOf(parts, refuse);
  const credential = credentialOf(parts, refuse);
  const { tlsServerName } = parts;
  if (tlsServerName !== undefined && !DNS_NAME.test(tlsServerName)) refuse('tlsServerName', 'tlsServerNameInvalid');
  if (parts.proxyUrl !== undefined) refuse('proxyUrl', 'proxyUrl');
  if (problems.length > 0 || server === undefined || credential === undefined) return { problems };
  return {
    problems,
    access: {
      server,
      credential,
      ...(caData !== undefined && { caData }),
      ...(tlsServerName !== undefined && { tlsServerName }),
    },
  };
}

type Refuse = (part: keyof PartPointers, code: KubeconfigErrorCode) => undefined;

function serverOf(parts: AccessParts, refuse: Refuse): string | undefined {
  if (parts.server === undefined || parts.server === '') return refuse('server', 'serverMissing');
  const parsed = parseServerUrl(parts.server);
  return 'server' in parsed ? parsed.server : refuse('server', parsed.code);
}

function certificateAuthorityOf(parts: AccessParts, refuse: Refuse): string | undefined {
  const { certificateAuthorityData: data } = parts;
  if (data === undefined) return undefined;
  const pem = pemOf(data);
  if (pem === undefined) return refuse('certificateAuthorityData', 'caNotBase64');
  const certificates = readCertificates(pem);
  return certificates ? textOf(certificates) : refuse('certificateAuthorityData', 'caNotPem');
}

function credentialOf(parts: AccessParts, refuse: Refuse): ClusterCredential | undefined {
  const { token, clientCertificateData, clientKeyData } = parts;
  const hasCertificate = clientCertificateData !== undefined || clientKeyData !== undefined;
  if (token !== undefined && hasCertificate) return refuse('user', 'ambiguousCredential');
  if (token !== undefined) {
    return TOKEN.test(token) ? { kind: 'token', token } : refuse('token', 'tokenInvalid');
  }
  if (!hasCertificate) return refuse('user', 'noCredential');
  if (clientCertificateData === undefined) return refuse('clientCertificateData', 'clientCertificateMissing');
  if (clientKeyData === undefined) return refuse('clientKeyData', 'clientKeyMissing');
  return certificateCredential(clientCertificateData, clientKeyData, refuse);
}

function certificateCredential(certData: string, keyData: string, refuse: Refuse): ClusterCredential | undefined {
  const certificatePem = pemOf(certData);
  const keyPem = pemOf(keyData);
  const certificates = certificatePem === undefined ? undefined : readCertificates(certificatePem);
  const key = keyPem === undefined ? undefined : readPrivateKey(keyPem);
  if (certificatePem === undefined) refuse('clientCertificateData', 'certificateNotBase64');
  else if (!certificates) refuse('clientCertificateData', 'certificateNotPem');
  if (keyPem === undefined) refuse('clientKeyData', 'keyNotBase64');
  else if (key === undefined) refuse('clientKeyData', 'keyNotPem');
  else if (key === 'encrypted') return refuse('clientKeyData', 'keyEncrypted');
  const leaf = certificates?.[0];
  if (!certificates || !leaf || key === undefined || key === 'encrypted') return undefined;
  if (!leaf.checkPrivateKey(key)) return refuse('clientKeyData', 'keyMismatch');
  return {
    kind: 'clientCertificate',
    certData: textOf(certificates),
    keyData: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Certificates written out again: comments and anything between the blocks are gone. */
function textOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join('');
}

/** PEM text from PEM or from base64 of PEM. */
function pemOf(data: string): string | undefined {
  if (data.includes('-----BEGIN ')) return data;
  const compact = data.replace(/\s+/g, '');
  if (compact === '' || compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64').toString('latin1');
}
