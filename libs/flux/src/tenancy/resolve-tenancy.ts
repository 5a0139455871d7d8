import {
  type AccessRule,
  type Collected,
  type Confidence,
  type HelmRelease,
  type Kustomization,
  type Namespace,
  type NotEvaluatedCause,
  type Registration,
  type TenantRegistration,
  causeOfUnavailable,
  codeOfUnavailable,
  namespaceBelongsTo,
} from '#libs/core';
import { DEFAULT_TENANT_LABELS, type DerivedTenant, deriveTenants } from './derive-tenants.js';

type FleetRole = 'management' | 'shared' | 'dedicated' | 'standalone';

interface ResolvedTenant {
  readonly name: string;
  readonly namespaces: readonly string[];
}

interface TenancyProblem {
  /** `TENANTS_UNDEFINED`, `TENANTS_AMBIGUOUS`, or the code of an artifact that could not be read. */
  readonly code: string;
  readonly cause: NotEvaluatedCause;
  readonly message: string;
  readonly missing: readonly AccessRule[];
}

export interface Tenancy {
  /** Undefined where neither the registry nor the cluster tells. */
  readonly role: FleetRole | undefined;
  /** The registry states it. */
  readonly declared: boolean;
  /**
   * Whether the Flux objects of several tenants are reconciled here, so that the controllers must keep them apart:
   * `unknown` comes with a problem.
   */
  readonly severalTenants: 'yes' | 'no' | 'unknown';
  readonly tenants: readonly ResolvedTenant[];
  /** `heuristic` where tenants were inferred from the cluster. */
  readonly confidence: Confidence;
  readonly problem?: TenancyProblem;
}

export interface TenancyArtifacts {
  readonly registration: Registration;
  readonly namespaces: Collected<readonly Namespace[]>;
  readonly kustomizations: Collected<readonly Kustomization[]>;
  readonly helmReleases: Collected<readonly HelmRelease[]>;
}

/**
 * What a cluster is for, and who shares it: from the registry, else inferred from the cluster. `fluxNamespaces` = where
 * controllers were found, in case the registry names none.
 */
export function resolveTenancy(artifacts: TenancyArtifacts, fluxNamespaces: readonly string[] = []): Tenancy {
  const { registration } = artifacts;
  const declaredTenants = registration.tenants ?? [];
  const { role, tenancy } = registration;
  if (role === 'standalone') return settled('standalone', 'no', []);
  const tenants = declaredTenants.map((tenant) => withNamespaces(tenant, artifacts.namespaces));
  const fleetRole = declaredRole(registration);
  if (declaredTenants.length > 1) return settled(fleetRole ?? 'shared', 'yes', tenants, fleetRole !== undefined);
  if (tenancy === 'dedicated') return settled(fleetRole ?? 'dedicated', 'no', tenants);
  if (tenancy === 'shared') {
    return declaredTenants.length > 0
      ? settled(fleetRole ?? 'shared', 'yes', tenants)
      : sharedByInference(fleetRole ?? 'shared', artifacts, fluxNamespaces);
  }
  if (declaredTenants.length === 1) return settled(fleetRole ?? 'dedicated', 'no', tenants, fleetRole !== undefined);
  return inferred(role === 'tenant' ? 'tenant' : fleetRole, artifacts, fluxNamespaces);
}

/** A management cluster stays one, whatever tenants it hosts besides. */
function declaredRole({ role, tenancy }: Registration): FleetRole | undefined {
  if (role === 'management') return 'management';
  return role === 'tenant' ? tenancy : undefined;
}

function settled(
  role: FleetRole,
  severalTenants: 'yes' | 'no',
  tenants: readonly ResolvedTenant[],
  declared = true,
): Tenancy {
  return { role, declared, severalTenants, tenants, confidence: declared ? 'proven' : 'derived' };
}

function withNamespaces(tenant: TenantRegistration, namespaces: Collected<readonly Namespace[]>): ResolvedTenant {
  const matching =
    namespaces.state === 'collected'
      ? namespaces.value
          .filter(({ metadata }) => namespaceBelongsTo(tenant, metadata))
          .map(({ metadata }) => metadata.name)
      : [];
  return { name: tenant.name, namespaces: [...new Set([...(tenant.namespaces?.names ?? []), ...matching])].sort() };
}

/** The registry says "shared" and names no tenant. */
function sharedByInference(role: FleetRole, artifacts: TenancyArtifacts, fluxNamespaces: readonly string[]): Tenancy {
  const derived = derive(artifacts, fluxNamespaces);
  if ('code' in derived) return unknown(role, true, derived);
  if (derived.length === 0) return unknown(role, true, undefinedTenants());
  return { role, declared: true, severalTenants: 'yes', tenants: derived, confidence: 'heuristic' };
}

/** Neither tenancy nor tenants are stated. */
function inferred(
  stated: FleetRole | 'tenant' | undefined,
  artifacts: TenancyArtifacts,
  fluxNamespaces: readonly string[],
): Tenancy {
  const declared = stated !== undefined && stated !== 'tenant';
  const derived = derive(artifacts, fluxNamespaces);
  if ('code' in derived) return unknown(declared ? stated : undefined, declared, derived);
  const clear = derived.filter(({ ambiguous }) => !ambiguous);
  const role = declared ? stated : appliesElsewhere(artifacts) ? 'management' : undefined;
  const confidence = 'heuristic';
  if (clear.length > 1) {
    return { role: role ?? 'shared', declared, severalTenants: 'yes', tenants: clear, confidence };
  }
  if (derived.length > 0) return unknown(role, declared, ambiguousTenants(derived));
  if (stated === 'tenant') return unknown(undefined, false, undefinedTenants());
  return { role: role ?? 'standalone', declared, severalTenants: 'no', tenants: [], confidence };
}

function unknown(role: FleetRole | undefined, declared: boolean, problem: TenancyProblem): Tenancy {
  return { role, declared, severalTenants: 'unknown', tenants: [], confidence: 'heuristic', problem };
}

function derive(
  { registration, namespaces, kustomizations, helmReleases }: TenancyArtifacts,
  fluxNamespaces: readonly string[],
): readonly DerivedTenant[] | TenancyProblem {
  if (namespaces.state === 'unavailable') return unreadable(namespaces);
  if (kustomizations.state === 'unavailable') return unreadable(kustomizations);
  if (helmReleases.state === 'unavailable') return unreadable(helmReleases);
  return deriveTenants({
    namespaces: namespaces.value,
    kustomizations: kustomizations.value,
    helmReleases: helmReleases.value,
    fluxNamespaces: registration.fluxNamespaces?.length ? registration.fluxNamespaces : fluxNamespaces,
    platformNamespaces: registration.platformNamespaces ?? [],
    tenantLabels: registration.tenantLabels?.length ? registration.tenantLabels : DEFAULT_TENANT_LABELS,
  });
}

function appliesElsewhere({ kustomizations, helmReleases }: TenancyArtifacts): boolean {
  return [kustomizations, helmReleases].some(
    (objects) => objects.state === 'collected' && objects.value.some(({ spec }) => spec.kubeConfig !== undefined),
  );
}

function unreadable(artifact: Extract<Collected<unknown>, { state: 'unavailable' }>): TenancyProblem {
  return {
    code: codeOfUnavailable(artifact.reason),
    cause: causeOfUnavailable(artifact.reason),
    message: `The registry does not say whether tenants share this cluster, and it cannot be inferred: ${artifact.message} Grant the permission, or state role, tenancy and tenants of the cluster.`,
    missing: artifact.missing,
  };
}

function undefinedTenants(): TenancyProblem {
  return {
    code: 'TENANTS_UNDEFINED',
    cause: 'tenantsUndefined',
    message:
      'The registry says that this is a tenant cluster but names no tenant, and no namespace shows one. Declare the tenants of the cluster, or the namespace labels that name them (tenantLabels).',
    missing: [],
  };
}

function ambiguousTenants(derived: readonly DerivedTenant[]): TenancyProblem {
  const names = derived.flatMap(({ namespaces }) => namespaces).sort();
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  return {
    code: 'TENANTS_AMBIGUOUS',
    cause: 'tenantsAmbiguous',
    message: `It cannot be told whether these namespaces are a tenant's or the platform's: ${shown}. Declare the tenants of the cluster, or list the namespaces as platformNamespaces.`,
    missing: [],
  };
}
