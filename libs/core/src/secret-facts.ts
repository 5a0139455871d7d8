import type { ObjectMeta } from './resources.js';

/** What a kubeconfig says, without any credential in it. */
export interface KubeConfigFacts {
  /** The file cannot be used: why, in our words. */
  readonly problem?: 'NOT_YAML' | 'NO_CURRENT_CONTEXT' | 'NO_CLUSTER' | 'NO_USER';
  /** Of `current-context` alone. */
  readonly server?: string;
  /** sha256 of the public key of the CA, in hex. */
  readonly caSpkiSha256?: string;
  readonly hasCaData?: boolean;
  readonly tlsServerName?: string;
  /** Scheme and host. */
  readonly proxyUrl?: string;
  readonly insecureSkipTlsVerify?: boolean;
  /** Fields of cluster and user that are there, such as `exec`, `tokenFile`, `certificate-authority`, `as`. */
  readonly fields: readonly string[];
  /** HMAC of the credential under a key of this snapshot: equal within a snapshot for equal credentials. */
  readonly credentialDigest?: string;
  readonly token?: TokenFacts;
  readonly certificate?: ClientCertificateFacts;
  readonly contexts?: number;
}

/** Claims of a JWT (RFC 7519). The signature is not checked, and the token not kept. Times RFC 3339. */
export interface TokenFacts {
  readonly kind: 'jwt' | 'opaque';
  readonly issuer?: string;
  readonly subject?: string;
  readonly audiences?: readonly string[];
  readonly issuedAt?: string;
  readonly expiresAt?: string;
}

export interface ClientCertificateFacts {
  readonly commonName?: string;
  readonly organizations: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
}

/** What a decryption Secret of a Kustomization holds, by the names of its keys. */
export interface DecryptionKeyFacts {
  /** Public half of each age key (`age1…`), and upper-case fingerprint of each PGP key, where it can be told. */
  readonly recipients: readonly string[];
}

/** A Secret read by name. Its values are looked at in memory; only what stands here is kept. */
export interface SecretFacts {
  readonly metadata: ObjectMeta;
  readonly type?: string;
  readonly keys: readonly string[];
  /** HMAC of all data under a key of this snapshot: equal within a snapshot for equal contents. */
  readonly digest: string;
  /** Length of each value in bytes, by key. */
  readonly lengths: Readonly<Record<string, number>>;
  /** Present where the Secret is referred to as a kubeconfig; of the key that the reference names. */
  readonly kubeConfig?: KubeConfigFacts;
  /**
   * Present only where references name different keys of the Secret: by the key that a reference names, the empty text
   * where it names none. `kubeConfigOf` of libs/flux chooses.
   */
  readonly kubeConfigs?: Readonly<Record<string, KubeConfigFacts>>;
  readonly decryption?: DecryptionKeyFacts;
  /**
   * Present where a Provider refers to it, or an object as its proxy: scheme and host of `address`, and whether a path or
   * query follows.
   */
  readonly address?: { readonly origin: string; readonly hasPath: boolean };
}

/** A ConfigMap that `spec.kubeConfig.configMapRef` names. */
export interface KubeConfigMapFacts {
  readonly metadata: ObjectMeta;
  readonly provider?: string;
  readonly cluster?: string;
  readonly address?: string;
  readonly hasCa?: boolean;
  readonly caSpkiSha256?: string;
  readonly audiences?: readonly string[];
  readonly serviceAccountName?: string;
}
