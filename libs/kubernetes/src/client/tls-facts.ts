import type { TLSSocket } from 'node:tls';

/** What the TLS handshake showed. Derived facts only: names in a stranger's certificate are not repeated. */
export interface TlsFacts {
  readonly protocol: string;
  /** RFC 3339, end of the server certificate. */
  readonly notAfter?: string;
  /** SHA-256 of the server certificate, lower-case hex. */
  readonly fingerprint?: string;
}

export function tlsFacts(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    ...(certificate && {
      notAfter: new Date(certificate.validTo).toISOString(),
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    }),
  };
}
