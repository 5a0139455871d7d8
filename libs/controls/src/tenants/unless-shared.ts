import { CLUSTER_SUBJECT, type Observation, notApplicable } from '#libs/core';
import { type TenantModel, unlessTenants } from './tenant-model.js';

/**
 * The answer of a control about keeping tenants apart where there are not several of them; undefined where there are.
 * Unknown tenants are never taken for none.
 */
export function unlessShared(model: TenantModel): Observation | undefined {
  const answer = unlessTenants(model);
  if (answer) return answer;
  const { severalTenants, declared, role } = model.tenancy;
  if (severalTenants !== 'no') return undefined;
  const why = declared
    ? `The registry states that this ${role ?? ''} cluster has one tenant`
    : 'The registry names one tenant of this cluster';
  const message = `${why}, so there is no boundary between tenants to keep. Declare the others, or its tenancy as shared, where that is not so.`;
  return notApplicable(CLUSTER_SUBJECT, 'NO_TENANT_BOUNDARY', message);
}
