import { type ProbeIdentity, derived } from '#libs/core';
import type { ResourceRequest } from '#libs/rbac';
import { type Access, accessOf } from '../access/access.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { type Tenant, type TenantModel, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import type { ProbedFrom } from './plan-probes.js';
import { probeIdentity } from './probe-identity.js';
import { type Spared, sparedBy } from './spared-principals.js';

/** The tenants of a cluster, and what is needed to act as one of them. */
export interface TenantSide {
  readonly model: TenantModel;
  readonly access: Access;
  readonly spared: Spared;
}

/** What is needed to act as a tenant; undefined where no tenant is known, or nobody's rights. */
export function tenantSide(artifacts: ProbedFrom): TenantSide | undefined {
  const { registration, rbac, accessReviews } = artifacts;
  if (registration.state === 'unavailable' || rbac.state === 'unavailable') return undefined;
  const model = tenantModel({ ...artifacts, registration: registration.value });
  if (unlessTenants(model)) return undefined;
  return { model, access: accessOf(rbac.value, accessReviews), spared: sparedBy(registration.value) };
}

/**
 * One principal of a tenant that may do this: of those that the registry names, else an account of its namespaces.
 * Undefined where nobody may, or only somebody who is never impersonated.
 */
export function whoMay(
  tenant: Tenant,
  request: ResourceRequest,
  { access, spared }: TenantSide,
): ProbeIdentity | undefined {
  const found = identitiesOf(tenant, access).find(
    ({ identity }) => !spared(identity) && access.ask(identity, request).allowed,
  );
  return found && probeIdentity(found.identity);
}

const identitiesOf = derived((tenant: Tenant, access: Access) => tenantIdentities(tenant, access.index));
