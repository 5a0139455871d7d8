import type { ObjectMeta } from './resources.js';

/** `management`: its Flux applies to other clusters. `standalone`: one team owns the cluster and its Flux. */
export type ClusterRole = 'management' | 'tenant' | 'standalone';
export type Tenancy = 'dedicated' | 'shared';
/** How platform configuration reaches the cluster. */
export type Delivery = 'remoteApply' | 'inCluster' | 'other';

export interface Principals {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly serviceAccounts: readonly string[];
}

export interface TenantRegistration {
  /** The tenant's name in the registry, such as `team-a`. */
  readonly name: string;
  /** Absent = not written in the registry: treated as high, but never called "declared high". */
  readonly isolation?: 'high' | 'low';
  readonly criticality?: 'normal' | 'critical';
  readonly namespaces?: {
    readonly names?: readonly string[];
    readonly matchLabels?: Readonly<Record<string, string>>;
  };
  readonly principals?: Partial<Principals>;
  readonly gitPaths?: readonly { readonly repo: string; readonly ref?: string; readonly paths: readonly string[] }[];
}

/** Where a break-glass credential is kept. Never the credential. */
export type CredentialStore = 'vault' | 'offline' | 'managementCluster' | 'git' | 'cloudProvider' | 'other';

/** How people get into a cluster when every usual way is gone. Times RFC 3339. */
export interface BreakGlassEntry {
  readonly name: string;
  /** Who the credential is, as the API server sees it. */
  readonly principals?: Partial<Principals>;
  readonly authMethod?: 'clientCertificate' | 'serviceAccountToken' | 'oidc' | 'cloudProvider' | 'other';
  readonly apiServer?: string;
  readonly network?: {
    readonly via: 'direct' | 'vpn' | 'bastion' | 'managementCluster' | 'tenantNetwork';
    /** The usual way in goes the same way. */
    readonly sharedWithPrimary?: boolean;
  };
  /** Identity provider that signs people in; absent where none is needed. */
  readonly identityProvider?: string;
  /** The usual way in uses the same identity provider. */
  readonly identityProviderShared?: boolean;
  /** Where to find the credential, such as a path in a vault. */
  readonly credentialRef?: string;
  readonly credentialStores?: readonly CredentialStore[];
  readonly owner?: string;
  readonly approvers?: readonly string[];
  /** When somebody last attested that a second factor is needed. */
  readonly mfaAttestedAt?: string;
  readonly rotationDays?: number;
  readonly drillDays?: number;
  readonly rotatedAt?: string;
  readonly expiresAt?: string;
  readonly runbookUrl?: string;
  /** When the runbook was last fetched with success. */
  readonly runbookReachableAt?: string;
  readonly alertOnUse?: { readonly rule: string; readonly testedAt?: string };
  /** An audit log of the cluster reaches somebody who would see the credential being used. */
  readonly auditFeed?: boolean;
  readonly lastDrill?: {
    readonly at: string;
    readonly by?: string;
    readonly result: 'passed' | 'failed';
    /** The step that failed. */
    readonly failedStep?: string;
    readonly evidence?: string;
  };
}

/** Another cluster of the registry, as far as remote applies are matched with it. */
export interface FleetCluster {
  readonly name: string;
  readonly role?: ClusterRole;
  readonly tenancy?: Tenancy;
  readonly delivery?: Delivery;
  /** `https://host:port`. */
  readonly server: string;
  /** sha256 of the public key of its CA, in hex. */
  readonly caSpkiSha256?: string;
  /** UID of `kube-system`. */
  readonly uid?: string;
  /** ARN, ARM id or resource name of the cloud's cluster. */
  readonly cloudId?: string;
  readonly tenants: readonly string[];
  /** It is the audited cluster itself. */
  readonly self?: boolean;
}

/** What may be tried on a cluster beyond reading it. Everything is off unless it is switched on. */
export interface ActiveVerification {
  /** Server-side dry-runs in the name of tenants. */
  readonly enabled: boolean;
  /** Short-lived pods that try connections. */
  readonly networkProbe?: boolean;
  /** An event that Alerts must deliver. */
  readonly alertCanary?: boolean;
  /** Image of pods that are tried and of those of the network probe; one that the image policies of the cluster allow. */
  readonly pauseImage?: string;
}

/**
 * What the operator declared about a cluster. Absent fields were not stated; what can be
 * derived from the cluster instead is derived by `libs/flux` and marked `heuristic`.
 */
export interface Registration {
  readonly name: string;
  readonly role?: ClusterRole;
  readonly tenancy?: Tenancy;
  readonly delivery?: Delivery;
  readonly labels?: Readonly<Record<string, string>>;
  readonly fluxNamespaces?: readonly string[];
  readonly platformNamespaces?: readonly string[];
  /** Namespace label keys whose value names a tenant, most trusted first. */
  readonly tenantLabels?: readonly string[];
  readonly tenants?: readonly TenantRegistration[];
  readonly platformPrincipals?: Partial<Principals>;
  readonly breakGlass?: readonly BreakGlassEntry[];
  /** How long a remote-apply object may stay suspended before it fails (RA-03). Hours, default 24. */
  readonly suspendGraceHours?: number;
  /** Handlers of runtime classes that sandbox pods, besides the known ones (NODE-03). */
  readonly sandboxHandlers?: readonly string[];
  /** Registries that controller images may come from, besides Flux's own. */
  readonly trustedRegistries?: readonly string[];
  /** SOPS recipients whose private half is kept for recovery only (KEK-01). */
  readonly recoveryRecipients?: readonly string[];
  /** After how many days keys and credentials are due for rotation. Default 365. */
  readonly rotationDays?: number;
  /** This service itself is declared to tell people about failing remote applies (RA-04), and when that was last tested. */
  readonly watcher?: { readonly testedAt?: string };
  /** Absent: off. */
  readonly activeVerification?: ActiveVerification;
}

/** True where a namespace belongs to the tenant by name or by label. All labels must match; no labels match nothing. */
export function namespaceBelongsTo(tenant: TenantRegistration, namespace: ObjectMeta): boolean {
  if (tenant.namespaces?.names?.includes(namespace.name)) return true;
  const wanted = Object.entries(tenant.namespaces?.matchLabels ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => namespace.labels?.[key] === value);
}
