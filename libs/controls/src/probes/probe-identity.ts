import type { AccessRule, ProbeIdentity } from '#libs/core';
import { AUTHENTICATED, type Identity, accountOf } from '#libs/rbac';

/** Somebody without a name of their own, who stands for the members of a group. Nothing is granted to this name. */
const ANY_MEMBER = 'plimsoll:member';

/** How somebody is impersonated: what the API server adds by itself is left out, or the auditor would need a right to it. */
export function probeIdentity({ user, groups }: Identity): ProbeIdentity {
  if (accountOf(user)) return { user, groups: [] };
  return { user: user === '' ? ANY_MEMBER : user, groups: groups.filter((group) => group !== AUTHENTICATED) };
}

/** What the auditor must be granted to act so: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
export function impersonationRules({ user, groups }: ProbeIdentity): readonly AccessRule[] {
  const account = accountOf(user);
  if (account) return [{ verb: 'impersonate', group: '', resource: 'serviceaccounts', ...account }];
  return [
    { verb: 'impersonate', group: '', resource: 'users', name: user },
    ...groups.map((name) => ({ verb: 'impersonate', group: '', resource: 'groups', name })),
  ];
}
