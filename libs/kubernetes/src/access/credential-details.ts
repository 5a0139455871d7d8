import { createHash } from 'node:crypto';
import { accessFacts } from './access-facts.js';
import type { ClusterAccess, ClusterCredential } from './cluster-access.js';

/** What may be kept in clear beside a sealed credential: enough to recognise it, nothing to use it with. */
export interface CredentialDetails {
  readonly kind: ClusterCredential['kind'];
  /** The start of the SHA-256 of the token or certificate. */
  readonly fingerprint: string;
  /** Who it is for, where it says so. */
  readonly subject: string | null;
  /** RFC 3339, where it says so. */
  readonly expiresAt: string | null;
}

export function credentialDetails(access: ClusterAccess): CredentialDetails {
  const { credential } = access;
  const facts = accessFacts(access);
  const secret = credential.kind === 'token' ? credential.token : credential.certData;
  const subject = facts.token?.subject ?? facts.clientCertificate?.subject.replaceAll('\n', ', ');
  return {
    kind: credential.kind,
    fingerprint: createHash('sha256').update(secret).digest('hex').slice(0, 16),
    subject: subject ?? null,
    expiresAt: facts.expiresAt ?? null,
  };
}
