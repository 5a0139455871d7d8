import { certificateFacts, readCertificates, type CertificateFacts } from './certificates.js';
import type { ClusterAccess } from './cluster-access.js';

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
    const { expiresAt, ...token } = tokenClaims(access.credential.token);
    return { certificateAuthorities, token, ...(expiresAt !== undefined && { expiresAt }) };
  }
  const leaf = readCertificates(access.credential.certData)?.[0];
  if (!leaf) return { certificateAuthorities };
  const clientCertificate = certificateFacts(leaf);
  return { certificateAuthorities, clientCertificate, expiresAt: clientCertificate.notAfter };
}

type TokenClaims = NonNullable<AccessFacts['token']> & Pick<AccessFacts, 'expiresAt'>;

/** RFC 7519 claims of a service account token; nothing for an opaque one. */
function tokenClaims(token: string): TokenClaims {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return {};
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return {};
  }
  if (typeof claims !== 'object' || claims === null) return {};
  const { sub, iss, exp, iat } = claims as Readonly<Record<string, unknown>>;
  const expiresAt = time(exp);
  const issuedAt = time(iat);
  return {
    ...(typeof sub === 'string' && { subject: sub.slice(0, 512) }),
    ...(typeof iss === 'string' && { issuer: iss.slice(0, 512) }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** A NumericDate as RFC 3339; undefined where it is none or no date in this era. */
function time(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 253_402_300_800)) return undefined;
  return new Date(seconds * 1000).toISOString();
}
