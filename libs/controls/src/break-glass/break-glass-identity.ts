import type { BreakGlassEntry } from '#libs/core';
import { AUTHENTICATED, type Identity, userIdentity } from '#libs/rbac';
import { principalsOf } from '../tenants/tenant-model.js';

/** Who the credential of an entry is: each of its users is in all of its groups. Empty where it names nobody. */
export function identitiesOf({ principals }: BreakGlassEntry): readonly Identity[] {
  const { users = [], groups = [], serviceAccounts = [] } = principals ?? {};
  const people: readonly Identity[] =
    users.length > 0
      ? users.map((user) => userIdentity(user, groups))
      : groups.length > 0
        ? [{ user: '', groups: [...new Set([...groups, AUTHENTICATED])] }]
        : [];
  return [...people, ...principalsOf({ serviceAccounts })];
}
