/** Where clusters are found: what a management cluster says about the clusters that it manages. */
export const SOURCE_TYPES = ['fluxKubeConfig', 'clusterApi', 'argocd', 'sveltos', 'clusterProfile'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

/** Where a cluster is. Holds no credential. */
export interface DiscoveredConnection {
  /** `https://host[:port][/path]`. */
  readonly server: string;
  /** PEM. */
  readonly caData?: string;
  readonly tlsServerName?: string;
}

/** Where the credential of a found cluster is kept on the management cluster; never the credential. */
export interface CredentialReference {
  /** `kubeconfig`: a whole kubeconfig. `argocd`: `server` and `config` of Argo CD. `token`: a bearer token alone. */
  readonly format: 'kubeconfig' | 'argocd' | 'token';
  /** Of the Secret. */
  readonly namespace: string;
  readonly name: string;
  /** In the Secret's data; absent: the first of the usual ones that is there. */
  readonly key?: string;
  /** Of a kubeconfig; absent: its `current-context`. */
  readonly context?: string;
}

/** Why a found cluster cannot be registered as it is. */
export interface CandidateReason {
  /** Stable, lowerCamel. */
  readonly code: string;
  /** For people; our own words. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** A cluster that a management cluster knows. */
export interface DiscoveredCluster {
  /** What it is recognised by within its source, such as `Secret/team-a/prod-kubeconfig`. */
  readonly key: string;
  /** A name that may be given to it: a DNS label (RFC 1123), not yet compared with those that are taken. */
  readonly name: string;
  /** The object that told of it; of several the first by name. */
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** As they stand on the management cluster; only those that are valid. */
  readonly labels: Readonly<Record<string, string>>;
  /** Absent where there is none, or none that could be used. */
  readonly credential?: CredentialReference;
  /** Absent where it could not be told. */
  readonly connection?: DiscoveredConnection;
  /** SHA-256 of the public key of its CA, in hex. */
  readonly caSpkiSha256?: string;
  /** Namespace of a tenant, where the way of applying tells one. */
  readonly tenantNamespace?: string;
  /** Empty: it can be registered. */
  readonly reasons: readonly CandidateReason[];
}
