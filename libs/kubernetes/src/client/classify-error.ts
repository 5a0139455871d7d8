import { errors } from 'undici';
import { ClusterError, type ClusterErrorCode } from '../cluster-error.js';

/** Codes of Node.js, OpenSSL and undici for what can happen to a connection. */
const CODES: Readonly<Record<string, ClusterErrorCode>> = {
  ENOTFOUND: 'unresolvable',
  EAI_AGAIN: 'unresolvable',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  ETIMEDOUT: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  ECONNRESET: 'connectionLost',
  EPIPE: 'connectionLost',
  ERR_STREAM_PREMATURE_CLOSE: 'connectionLost',
  UND_ERR_SOCKET: 'connectionLost',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'connectionLost',
  Z_BUF_ERROR: 'connectionLost',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'notKubernetes',
  CERT_HAS_EXPIRED: 'tlsExpired',
  CERT_NOT_YET_VALID: 'tlsExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tlsHostname',
  HOSTNAME_MISMATCH: 'tlsHostname',
  UNABLE_TO_GET_ISSUER_CERT: 'tlsUnknownCa',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tlsUnknownCa',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tlsUnknownCa',
  SELF_SIGNED_CERT_IN_CHAIN: 'tlsUnknownCa',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tlsUnknownCa',
  CERT_SIGNATURE_FAILURE: 'tlsUnknownCa',
  CERT_UNTRUSTED: 'tlsUnknownCa',
  CERT_REJECTED: 'tlsUnknownCa',
  INVALID_CA: 'tlsUnknownCa',
  INVALID_PURPOSE: 'tlsUnknownCa',
  EPROTO: 'tlsFailed',
};

/**
 * The class of anything that a connection can throw. Only the error's `code`, a constant of Node.js, is looked at: its
 * message and properties may hold bytes of the other side.
 */
export function classifyError(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  if (error instanceof errors.HTTPParserError) return new ClusterError('notKubernetes', { detail: 'HTTP' });
  const code = codeOf(error);
  if (code === undefined) return new ClusterError('unreachable');
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  return new ClusterError(known ?? byFamily(code), { detail: code });
}

function byFamily(code: string): ClusterErrorCode {
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+)$/.test(code)) {
    return 'clientCertificateRefused';
  }
  if (/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_)/.test(code)) return 'tlsFailed';
  if (code.startsWith('Z_')) return 'malformed';
  return 'unreachable';
}

/** The constant that names a system error; that of its first part where several addresses failed. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errors: parts } = error as { code?: unknown; errors?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)) return code;
  return Array.isArray(parts) ? codeOf(parts[0]) : undefined;
}
