import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type JsonName,
} from '@peculiar/x509';

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate with its private key, both PEM; the key is PKCS #8. */
export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface Validity {
  /** Default: an hour ago, so that small clock differences do no harm. */
  readonly notBefore?: Date;
  /** Default: 30 days from now. */
  readonly notAfter?: Date;
}

/** A throw-away certificate authority (EC P-256) for simulated clusters and tests. */
export class CertificateAuthority {
  private constructor(
    readonly certPem: string,
    readonly keyPem: string,
    private readonly certificate: X509Certificate,
    private readonly privateKey: CryptoKey,
  ) {}

  static async create(commonName = 'plimsoll-test-ca'): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ CN: [commonName] }],
      ...period({}),
      signingAlgorithm: SIGNING_ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 1, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
      ],
    });
    return new CertificateAuthority(
      certificate.toString('pem'),
      await toPem(keys.privateKey),
      certificate,
      keys.privateKey,
    );
  }

  /** An authority created in another process. */
  static async load(pair: KeyPair): Promise<CertificateAuthority> {
    const privateKey = await crypto.subtle.importKey(
      'pkcs8',
      PemConverter.decodeFirst(pair.keyPem),
      KEY_ALGORITHM,
      true,
      ['sign'],
    );
    return new CertificateAuthority(pair.certPem, pair.keyPem, new X509Certificate(pair.certPem), privateKey);
  }

  /** `hosts`: DNS names and IP addresses that the certificate is good for. */
  issueServer(hosts: readonly string[], validity: Validity = {}): Promise<KeyPair> {
    return this.issue([{ CN: ['kube-apiserver'] }], validity, [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ]);
  }

  /** Kubernetes takes the common name for the user and each organisation for a group. */
  issueClient(user: string, groups: readonly string[] = [], validity: Validity = {}): Promise<KeyPair> {
    const subject: JsonName = [...groups.map((group) => ({ O: [group] })), { CN: [user] }];
    return this.issue(subject, validity, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
  }

  private async issue(subject: JsonName, validity: Validity, extensions: readonly Extension[]): Promise<KeyPair> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: this.certificate.subject,
      ...period(validity),
      signingAlgorithm: SIGNING_ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.privateKey,
      extensions: [
        new BasicConstraintsExtension(false),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        ...extensions,
      ],
    });
    return { certPem: certificate.toString('pem'), keyPem: await toPem(keys.privateKey) };
  }
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function toPem(privateKey: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

/** Positive, as RFC 5280 section 4.1.2.2 asks: the first byte keeps its top bit clear. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return Buffer.from(bytes).toString('hex');
}

function period(validity: Validity): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: validity.notBefore ?? new Date(Date.now() - DAY_MS / 24),
    notAfter: validity.notAfter ?? new Date(Date.now() + 30 * DAY_MS),
  };
}
