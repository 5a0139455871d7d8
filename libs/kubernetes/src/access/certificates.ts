import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** What is derived from a certificate for warnings and display; never the certificate itself. */
export interface CertificateFacts {
  /** Distinguished name, one `KEY=value` per line. */
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----\s[A-Za-z0-9+/=\s]+-----END \1-----/g;
const MAX_CERTIFICATES = 100;

function blocks(pem: string): { label: string; pem: string }[] {
  return [...pem.matchAll(BLOCK)].map((match) => ({ label: match[1] ?? '', pem: match[0] }));
}

/** The certificates of a PEM text, in order; undefined where there is none, too many, or anything that is no certificate. */
export function readCertificates(pem: string): readonly X509Certificate[] | undefined {
  const found = blocks(pem);
  const markers = pem.split('-----BEGIN ').length - 1;
  if (found.length === 0 || found.length !== markers || found.length > MAX_CERTIFICATES) return undefined;
  if (found.some(({ label }) => label !== 'CERTIFICATE')) return undefined;
  try {
    return found.map((block) => new X509Certificate(block.pem));
  } catch {
    return undefined;
  }
}

/** The one private key of a PEM text. `encrypted` where it needs a passphrase. */
export function readPrivateKey(pem: string): KeyObject | 'encrypted' | undefined {
  // OpenSSL writes the curve as a block of its own before an EC key.
  const found = blocks(pem.replace(/Proc-Type:[^\n]*\n|DEK-Info:[^\n]*\n/g, '')).filter(
    ({ label }) => label !== 'EC PARAMETERS',
  );
  const [key] = found;
  if (key === undefined || found.length !== 1 || !key.label.endsWith('PRIVATE KEY')) return undefined;
  if (key.label.startsWith('ENCRYPTED') || /^Proc-Type:.*ENCRYPTED/m.test(pem)) return 'encrypted';
  try {
    return createPrivateKey(key.pem);
  } catch {
    return undefined;
  }
}

export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: printable(certificate.subject),
    issuer: printable(certificate.issuer),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** Names in certificates are whatever their maker wrote. */
function printable(text: string | undefined): string {
  return (text ?? '').replace(/[^\P{C}\n]/gu, '').slice(0, 512);
}
