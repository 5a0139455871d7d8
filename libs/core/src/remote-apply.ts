import type { UnavailableReason } from './snapshot.js';

/** Kinds of Flux objects that can be applied to another cluster. */
export const REMOTE_APPLY_KINDS = ['Kustomization', 'HelmRelease'] as const;
export type RemoteApplyKind = (typeof REMOTE_APPLY_KINDS)[number];

/** The Flux object on the management cluster. */
export interface RemoteApplyObjectReference {
  readonly apiVersion: string;
  readonly kind: RemoteApplyKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
}

/**
 * `registered`: one cluster of the registry. `self`: the management cluster itself. `unregistered`, `ambiguous`: none or
 * several clusters of the registry match. `broken`: the kubeconfig leads nowhere. `unknown`: that could not be read.
 */
export const REMOTE_TARGET_STATES = ['registered', 'self', 'unregistered', 'ambiguous', 'broken', 'unknown'] as const;
export type RemoteTargetState = (typeof REMOTE_TARGET_STATES)[number];

/** The cluster that an object is applied to, as far as it can be told. */
export interface RemoteApplyTarget {
  readonly state: RemoteTargetState;
  /** Name in the registry; with `registered` and `self`. */
  readonly cluster?: string;
  /** `https://host:port`, or the id of the cluster in its cloud. Never a path or a user name. */
  readonly address?: string;
  /** What the registry was searched by, with `registered` and `self`. */
  readonly matchedBy?: 'cloudId' | 'caAndAddress' | 'address' | 'ca';
  /** How sure the match is. An address can be taken over, and a CA can be that of several clusters. */
  readonly confidence?: 'proven' | 'derived' | 'heuristic';
  /** Why it leads to no known cluster; a clause without a full stop. */
  readonly why?: string;
}

/**
 * How the controller proves who it is. `exec` and `basic`: what the kubeconfig asks for, whether or not Flux and the
 * target still take it. `none`: the kubeconfig holds no credential that Flux uses. `unknown`: it could not be read.
 */
export const REMOTE_AUTH_METHODS = [
  'clientCertificate',
  'serviceAccountToken',
  'token',
  'workloadIdentity',
  'exec',
  'basic',
  'none',
  'unknown',
] as const;
export type RemoteAuthMethod = (typeof REMOTE_AUTH_METHODS)[number];

/** Where the credential comes from. Never the credential. */
export interface RemoteApplyAuth {
  readonly method: RemoteAuthMethod;
  /** Of the namespace of the object; absent where it names none. */
  readonly source?: {
    readonly kind: 'Secret' | 'ConfigMap';
    readonly namespace: string;
    readonly name: string;
    /** Key that the reference names; absent: the usual ones. */
    readonly key?: string;
  };
  /** Of a ConfigMap: `aws`, `azure`, `gcp`, `generic`. */
  readonly provider?: string;
  /** RFC 3339; absent where the credential does not say, or has no end. */
  readonly expiresAt?: string;
}

/** Who acts on the target cluster, as far as it can be told from here. */
export interface RemoteApplyIdentity {
  readonly kind: 'certificate' | 'serviceAccount' | 'user' | 'cloud' | 'unknown';
  /** Common name of the certificate, `namespace/name` of the service account, or subject of the token. */
  readonly name?: string;
  readonly groups?: readonly string[];
  /** Service account `namespace/name` that is impersonated on the target cluster. Null: none. Absent: not known. */
  readonly impersonates?: string | null;
}

/** An Alert of Flux that names the object or a source of it. */
export interface RemoteApplyAlert {
  readonly namespace: string;
  readonly name: string;
  /** `source`: it names only the source that the object applies. */
  readonly names: 'object' | 'source';
  readonly provider?: { readonly namespace: string; readonly name: string; readonly type: string };
  /** `delivers`: nothing stands against it. `silent`: nothing is sent. `doubtful`: in part, or to nobody who is called. */
  readonly health: 'delivers' | 'silent' | 'doubtful' | 'unknown';
  /** Code and reason of a health other than `delivers`. */
  readonly code?: string;
  readonly why?: string;
}

/** A way of failing of which nobody would hear, or of which that is not known. */
export interface UncoveredFailure {
  readonly mode: string;
  /** Continues "when ". */
  readonly when: string;
  /** The platform has then lost its hold on the target cluster. */
  readonly essential: boolean;
  readonly state: 'uncovered' | 'partial' | 'unknown';
  readonly code: string;
  /** Why nothing would fire; a clause without a full stop. */
  readonly why: string;
}

/** One Flux object with the cluster it is applied to. Times are RFC 3339. */
export interface RemoteApplyEdge {
  readonly object: RemoteApplyObjectReference;
  /** Tenant that the namespace of the object belongs to. */
  readonly tenant?: string;
  readonly target: RemoteApplyTarget;
  readonly auth: RemoteApplyAuth;
  readonly identity: RemoteApplyIdentity;
  /** Status of its Ready condition; `Unknown` without one. */
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly suspended: boolean;
  /** It says that it is ready, and was not reconciled when it should have been. */
  readonly overdue: boolean;
  /** At the latest. Absent where it does not fail, and where nothing tells since when. */
  readonly failingSince?: string;
  /** Class of the failure, with what it means for people; absent where it does not fail. */
  readonly cause?: { readonly code: string; readonly message: string };
  readonly alerts: readonly RemoteApplyAlert[];
  /** Whether people hear of it when the target cluster is lost. Null: that could not be told. */
  readonly alertCovered: boolean | null;
  /** The registry declares a watcher that was tested lately. */
  readonly watched: boolean;
  readonly uncovered: readonly UncoveredFailure[];
  /** It fails now, and nobody is told. Null: that could not be told. */
  readonly silent: boolean | null;
}

/** What one snapshot says about remote applies. */
export interface RemoteApplyReading {
  /** Complete for the kinds that are not in `unread`. */
  readonly edges: readonly RemoteApplyEdge[];
  /** Kinds that could not be read: nothing is said about their objects. */
  readonly unread: readonly { readonly kind: RemoteApplyKind; readonly reason: UnavailableReason }[];
}

/** Causes of a failing remote apply that lie in what the identity may do on the target cluster. */
export const ACCESS_CAUSES: readonly string[] = [
  'ACCESS_REVOKED',
  'ADMISSION',
  'ANONYMOUS',
  'CREDENTIAL_INVALID',
  'DISCOVERY_FORBIDDEN',
  'IMPERSONATION_DENIED',
];

/** Causes of a failing remote apply that lie in its kubeconfig or the credential in it. */
export const CREDENTIAL_CAUSES: readonly string[] = [
  'ANONYMOUS',
  'CLOUD_AUTH',
  'CREDENTIAL_INVALID',
  'CREDENTIAL_MALFORMED',
  'CREDENTIAL_MISSING',
  'REST_CLIENT_FAILED',
  'TLS',
];
