import { certificateFacts, readCertificates, type CertificateFacts } from './certificates.js';
import type { ClusterAccess } from './cluster-access.js';
import { tokenClaims } from './token-claims.js';

/** What is known of an access without using it. Holds no credential: safe to store and to show. */
export interface AccessFacts {
  readonly certificateAuthorities: readonly CertificateFacts[];
  /** The client certificate's own facts; its subject is the Kubernetes user (CN) with its groups (O). */
  readonly clientCertificate?: CertificateFacts;
  /** Claims of a token that is a JWT, unverified: only the API server can verify it. */
  readonly token?: { readonly subject?: string; readonly issuer?: string; readonly issuedAt?: string };
  /** RFC 3339; when the credential stops working, where it says so. */
  readonly expiresAt?: string;
}

export function accessFacts(access: ClusterAccess): AccessFacts {
  const certificateAuthorities = (access.caData === undefined ? [] : (readCertificates(access.caData) ?? [])).map(
    certificateFacts,
  );
  if (access.credential.kind === 'token') {
    const { expiresAt, audiences: _, ...token } = tokenClaims(access.credential.token) ?? {};
    return { certificateAuthorities, token, ...(expiresAt !== undefined && { expiresAt }) };
  }
  const leaf = readCertificates(access.credential.certData)?.[0];
  if (!leaf) return { certificateAuthorities };
  const clientCertificate = certificateFacts(leaf);
  return { certificateAuthorities, clientCertificate, expiresAt: clientCertificate.notAfter };
}
