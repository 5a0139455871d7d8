import { type Observation, CLUSTER_SUBJECT, notApplicable, notEvaluated } from '#libs/core';
import { type Tenant, type TenantModel, unlessTenants } from '../tenants/tenant-model.js';

/** The early answer on clusters that are not dedicated to a tenant, or whose tenants are not known. */
export function unlessDedicated(model: TenantModel): Observation | undefined {
  const { role } = model.tenancy;
  if (role === 'shared' || role === 'management') {
    const why = role === 'shared' ? 'is shared by tenants' : 'manages other clusters';
    return notApplicable(
      CLUSTER_SUBJECT,
      'NOT_DEDICATED',
      `This cluster ${why} and is not dedicated to a tenant, so no tenant runs it.`,
      { confidence: model.confidence },
    );
  }
  return unlessTenants(model);
}

/** The people of a tenant are only known where they are declared; nothing passes on the accounts of its namespaces alone. */
export function undeclaredPrincipals({ name, principalsDeclared }: Tenant): Observation | undefined {
  if (principalsDeclared) return undefined;
  return notEvaluated(
    { kind: 'Tenant', name },
    'tenantsUndefined',
    'PRINCIPALS_UNDECLARED',
    `The registry does not say who acts for tenant ${name}, so only the service accounts of its namespaces could be judged. ` +
      'Rights of its people stay unseen. Declare the users and groups of the tenant (principals).',
  );
}
