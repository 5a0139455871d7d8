import { derived } from '#libs/core';
import { type Identity, type RbacIndex, accountIdentity, accountOf } from '#libs/rbac';
import { type Tenant, describePrincipal } from '../tenants/tenant-model.js';

/** Somebody through whom a tenant acts. */
export interface TenantIdentity {
  readonly identity: Identity;
  /** `group team-a`, `service account team-a/deployer`, for people. */
  readonly title: string;
  /** Named in the registry; else an account of a namespace of the tenant. */
  readonly declared: boolean;
}

const USER = 'user:';

/** Names of the accounts that bindings speak of, by namespace. */
const boundAccounts = derived((index: RbacIndex): ReadonlyMap<string, readonly string[]> => {
  const names = new Map<string, string[]>();
  for (const key of index.bySubject.keys()) {
    const account = key.startsWith(USER) ? accountOf(key.slice(USER.length)) : undefined;
    if (!account) continue;
    const list = names.get(account.namespace) ?? [];
    names.set(account.namespace, list);
    list.push(account.name);
  }
  return names;
});

/**
 * Everybody through whom a tenant acts: the principals that the registry declares, and the accounts of its namespaces,
 * which whoever may create pods there can use. Accounts that no binding names all have the rights of `default`.
 */
export function tenantIdentities(tenant: Tenant, index: RbacIndex): readonly TenantIdentity[] {
  const accounts = tenant.namespaces.flatMap((namespace) => {
    const names = new Set(['default', ...(boundAccounts(index).get(namespace) ?? [])]);
    return [...names].map((name) => accountIdentity({ namespace, name }));
  });
  const declared = new Set(tenant.principals.map(keyOf));
  return [
    ...tenant.principals.map((identity) => ({ identity, title: describePrincipal(identity), declared: true })),
    ...accounts
      .filter((identity) => !declared.has(keyOf(identity)))
      .map((identity) => ({ identity, title: describePrincipal(identity), declared: false })),
  ];
}

function keyOf({ user, groups }: Identity): string {
  return JSON.stringify([user, [...groups].toSorted()]);
}
