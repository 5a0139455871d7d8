/**
 * What a collector of Git sources says about a tree: where things refer to, and how they are encrypted. Contents are
 * never kept.
 */
export interface GitTree {
  /** As the source object writes it, without user name and password. */
  readonly url: string;
  readonly ref: string;
  readonly commit: string;
  /** Every file of the tree, also those that nothing is said about. */
  readonly files: readonly GitFile[];
}

export interface GitFile {
  /** From the root of the tree, such as `apps/kustomization.yaml`. */
  readonly path: string;
  /** Of a `kustomization.yaml`, `kustomization.yml` or `Kustomization`: everything it refers to. */
  readonly kustomization?: { readonly references: readonly KustomizationReference[] };
  /** Of a file that holds Kubernetes objects. */
  readonly documents?: readonly GitDocument[];
  /** SOPS metadata of the file as a whole, such as an encrypted `.env`. */
  readonly sops?: SopsFacts;
  /** Of a `.sops.yaml`. */
  readonly creationRules?: readonly { readonly pathRegex?: string; readonly groups: readonly (readonly string[])[] }[];
}

export interface KustomizationReference {
  /** JSON pointer of the entry, such as `/resources/0`. */
  readonly pointer: string;
  /** `resources`, `patches.path`, `configMapGenerator.files`, `helmCharts`. */
  readonly field: string;
  readonly value: string;
}

export interface GitDocument {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly line?: number;
  readonly sops?: SopsFacts;
  /** A Secret with values in plain text. */
  readonly plainSecret?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * https://getsops.io/docs/#key-groups. A recipient is written `age:age1…`, `pgp:<FINGERPRINT>`, `aws:<arn>`,
 * `gcp:<resource id>`, `azkv:<vault url>/<name>`, `vault:<address>/<engine>/<key>`, `hckms:<id>`.
 */
export interface SopsFacts {
  readonly version?: string;
  readonly hasMac: boolean;
  /** Values that should be encrypted and are not. */
  readonly partlyPlain?: boolean;
  readonly encryptedRegex?: string;
  readonly groups: readonly (readonly SopsRecipient[])[];
  /** Of the groups, how many must be opened; absent: all. */
  readonly threshold?: number;
}

export interface SopsRecipient {
  readonly id: string;
  /** RFC 3339; when the data key was wrapped. */
  readonly createdAt?: string;
  /** Of AWS KMS, sorted as `key=value`. */
  readonly context?: readonly string[];
  readonly role?: string;
}
