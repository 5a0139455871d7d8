import { type Artifacts, type RbacObject, derived } from '#libs/core';
import { type Identity, type RbacIndex, accountIdentity, groupByRules, indexRbac } from '#libs/rbac';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';

/** Principals of a tenant that may do the same; whatever is asked of the first is so for all. */
export interface PrincipalGroup {
  readonly representative: Identity;
  readonly identities: readonly Identity[];
}

export interface TenantPrincipals {
  readonly tenant: Tenant;
  readonly groups: readonly PrincipalGroup[];
}

/**
 * Who acts for each tenant: the users, groups and service accounts that the registry names, and every service account
 * of its namespaces. All of them hold what is granted to `system:authenticated`, the accounts also what is granted to
 * `system:serviceaccounts` and to the accounts of their namespace. Principals of the platform are left out.
 */
export function tenantPrincipals(
  model: TenantModel,
  index: RbacIndex,
  serviceAccounts: Artifacts['serviceAccounts'],
): readonly TenantPrincipals[] {
  return principalsIn(model, index, serviceAccounts);
}

const principalsIn = derived(
  (
    model: TenantModel,
    index: RbacIndex,
    serviceAccounts: Artifacts['serviceAccounts'],
  ): readonly TenantPrincipals[] => {
    const declared = new Set(
      (model.registration.platformPrincipals?.serviceAccounts ?? []).map((account) =>
        account.replace(/^system:serviceaccount:/, '').replace(':', '/'),
      ),
    );
    const accounts = new Map<Tenant, Map<string, Identity>>();
    const add = (tenant: Tenant, namespace: string, name: string) => {
      const known = accounts.get(tenant) ?? new Map<string, Identity>();
      accounts.set(tenant, known);
      const key = `${namespace}/${name}`;
      if (!declared.has(key)) known.set(key, accountIdentity({ namespace, name }));
    };
    for (const tenant of model.tenants) for (const namespace of tenant.namespaces) add(tenant, namespace, 'default');
    for (const { metadata } of serviceAccounts) {
      const tenant = model.tenantOf(metadata.namespace);
      if (tenant && metadata.namespace !== undefined) add(tenant, metadata.namespace, metadata.name);
    }
    return model.tenants.map((tenant) => ({
      tenant,
      groups: grouped(index, [...tenant.principals, ...(accounts.get(tenant)?.values() ?? [])]),
    }));
  },
);

/** Who waits for a role that does not exist yet is kept apart: equal rights now do not make equal chances. */
function grouped(index: RbacIndex, identities: readonly Identity[]): readonly PrincipalGroup[] {
  const waits = ({ user, groups }: Identity) =>
    [`user:${user}`, ...groups.map((group) => `group:${group}`)].some(
      (key) => (index.bySubject.get(key)?.dangling.length ?? 0) > 0,
    );
  const [waiting, plain] = [identities.filter(waits), identities.filter((identity) => !waits(identity))];
  return [
    ...groupByRules(index, plain).flatMap(({ identities: [first, ...others] }) =>
      first === undefined ? [] : [{ representative: first, identities: [first, ...others] }],
    ),
    ...waiting.map((identity) => ({ representative: identity, identities: [identity] })),
  ];
}

/** The index of a snapshot's RBAC objects, made once. */
export const rbacIndexOf = derived((objects: readonly RbacObject[]) => indexRbac(objects));
