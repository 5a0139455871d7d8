import type { Registration } from '#libs/core';
import { type AccountName, type Identity, accountIdentity, accountOf } from '#libs/rbac';
import { principalsOf } from '../tenants/tenant-model.js';
import { probeIdentity } from './probe-identity.js';
import { sparedBy } from './spared-principals.js';

/** In whose name dry-runs are sent to a cluster, as far as the registry tells. */
export interface ProbedPrincipals {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly serviceAccounts: readonly AccountName[];
}

/**
 * The declared principals of the tenants of a cluster, and the account `default` of each of their namespaces. Nobody of
 * the platform or for emergencies is among them, nor who holds every right by name.
 */
export function probedPrincipals(registration: Registration): ProbedPrincipals {
  const spared = sparedBy(registration);
  const identities: readonly Identity[] = (registration.tenants ?? []).flatMap(({ principals, namespaces }) => [
    ...principalsOf(principals),
    ...(namespaces?.names ?? []).map((namespace) => accountIdentity({ namespace, name: 'default' })),
  ]);
  const probed = identities.filter((identity) => !spared(identity)).map(probeIdentity);
  const accounts = new Map(probed.map(({ user }) => [user, accountOf(user)]));
  const people = probed.filter(({ user }) => accountOf(user) === undefined);
  const sorted = (texts: readonly string[]) => [...new Set(texts)].toSorted();
  return {
    users: sorted(people.map(({ user }) => user)),
    groups: sorted(people.flatMap(({ groups }) => groups)),
    serviceAccounts: [...accounts.values()].flatMap((account) => account ?? []),
  };
}
