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

export interface BreakGlassEntry {
  readonly name: string;
  readonly principals?: Partial<Principals>;
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
}

/** True where a namespace belongs to the tenant by name or by label. All labels must match; no labels match nothing. */
export function namespaceBelongsTo(tenant: TenantRegistration, namespace: ObjectMeta): boolean {
  if (tenant.namespaces?.names?.includes(namespace.name)) return true;
  const wanted = Object.entries(tenant.namespaces?.matchLabels ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => namespace.labels?.[key] === value);
}
