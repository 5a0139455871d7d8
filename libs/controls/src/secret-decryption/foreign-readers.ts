import type { Artifacts, Collected, Confidence, Evidence } from '#libs/core';
import type { ResourceRequest } from '#libs/rbac';
import { accessOf } from '../access/access.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { type TenantRight, describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

/** A tenant that may do what is asked. */
export interface TenantWithRights {
  readonly tenant: Tenant;
  readonly rights: readonly [TenantRight, ...TenantRight[]];
}

const SHOWN = 3;

/**
 * Which tenants may do any of some requests, by their declared principals and the accounts of their namespaces. With
 * `names` a right on single objects counts only where it is for one of them.
 */
export function tenantsWhoMay(
  tenants: readonly Tenant[],
  asks: readonly ResourceRequest[],
  rbac: Artifacts['rbac'],
  accessReviews: Collected<Artifacts['accessReviews']>,
  names?: ReadonlySet<string>,
): readonly TenantWithRights[] {
  const access = accessOf(rbac, accessReviews);
  const matters = ({ right }: TenantRight): boolean => {
    const { resourceNames = [] } = right?.grant.rule ?? {};
    return names === undefined || resourceNames.length === 0 || resourceNames.some((name) => names.has(name));
  };
  return tenants.flatMap((tenant) => {
    const [first, ...others] = tenantRights(tenantIdentities(tenant, access.index), access, asks).filter(matters);
    return first ? [{ tenant, rights: [first, ...others] as const }] : [];
  });
}

/** To read what Secrets of a namespace hold. */
export function secretReads(namespace: string): readonly ResourceRequest[] {
  return ['get', 'list', 'watch'].map((verb) => ({ verb, resource: 'secrets', namespace }));
}

/** `team-a (service account team-a/default may list secrets in flux-system), …` */
export function describeTenants(found: readonly TenantWithRights[]): string {
  const shown = found.slice(0, SHOWN).map(({ tenant, rights }) => `${tenant.name} (${describeTenantRights(rights)})`);
  return shown.join(', ') + (found.length > SHOWN ? ` and ${found.length - SHOWN} more tenants` : '');
}

export function tenantsEvidence(
  found: readonly TenantWithRights[],
  model: TenantModel,
  expected: string,
): readonly Evidence[] {
  return found.slice(0, SHOWN).flatMap(({ tenant, rights }) => tenantRightEvidence(rights, tenant, model, expected));
}

/** No surer than what the tenants are known by. */
export function confidenceIn(found: readonly TenantWithRights[], model: TenantModel): Confidence {
  const proven = found.some(({ rights }) => rights.some(({ confidence }) => confidence === 'proven'));
  return proven || model.confidence === 'heuristic' ? model.confidence : 'derived';
}
