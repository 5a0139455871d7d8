import { createHash } from 'node:crypto';
import { readCertificates } from './certificates.js';

/**
 * SHA-256, in hex, of the public key (SubjectPublicKeyInfo, RFC 5280) of the first certificate of a PEM text; undefined
 * where there is none. It stays the same when a CA certificate is renewed with its key.
 */
export function caSpkiSha256(pem: string): string | undefined {
  const [first] = readCertificates(pem) ?? [];
  try {
    const key = first?.publicKey.export({ type: 'spki', format: 'der' });
    return key && createHash('sha256').update(key).digest('hex');
  } catch {
    return undefined;
  }
}
