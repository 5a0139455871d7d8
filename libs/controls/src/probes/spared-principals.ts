import type { Artifacts, Collected, ProbeIdentity, Registration } from '#libs/core';
import { AUTHENTICATED, type Identity, MASTERS, accountOf } from '#libs/rbac';
import { principalsOf } from '../tenants/tenant-model.js';

/**
 * Says who must never be impersonated: `system:masters`, the accounts of Kubernetes itself, the platform and those for
 * emergencies. Undefined where the registration could not be read, so that nobody is known to be safe.
 */
export function sparedFrom(registration: Collected<Artifacts['registration']>): Spared | undefined {
  return registration.state === 'collected' ? sparedBy(registration.value) : undefined;
}

export type Spared = (who: Identity | ProbeIdentity) => boolean;

/** As `sparedFrom`, of a registration that is there. */
export function sparedBy({ platformPrincipals, breakGlass = [] }: Registration): Spared {
  const spared = [platformPrincipals, ...breakGlass.map(({ principals }) => principals)].flatMap((each) =>
    principalsOf(each),
  );
  const users = new Set(spared.flatMap(({ user }) => (user === '' ? [] : [user])));
  const groups = new Set([MASTERS, ...spared.flatMap(({ user, groups: all }) => (user === '' ? all : []))]);
  groups.delete(AUTHENTICATED);
  return ({ user, groups: own }) => {
    if (users.has(user) || isSystem(user)) return true;
    // The groups of an account come with its name.
    return accountOf(user) === undefined && own.some((group) => groups.has(group) || isSystemGroup(group));
  };
}

/** `system:masters`, `system:nodes` and their like, and what kubeadm binds to `cluster-admin`. */
function isSystemGroup(group: string): boolean {
  if (group === AUTHENTICATED || group.startsWith('system:serviceaccounts')) return false;
  return group.startsWith('system:') || group === 'kubeadm:cluster-admins';
}

/** `system:admin`, `system:node:…` and their like; service accounts are somebody's. */
function isSystem(user: string): boolean {
  if (!user.startsWith('system:')) return false;
  const account = accountOf(user);
  return account === undefined || account.namespace === 'kube-system';
}
