import type { AccessReview, Artifacts, Collected, PolicyRule } from '#libs/core';
import { type RbacIndex, MASTERS, namespacesOf, rulesFor } from '#libs/rbac';
import { accessOf } from '../access/access.js';
import { type TenantIdentity, tenantIdentities } from '../access/tenant-identities.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { type TenantWithRights, secretReads, tenantsWhoMay } from './foreign-readers.js';

/** Enough to name; the rest is not looked for. */
const MAX_READERS = 10;

/**
 * For single Secrets, by `namespace/name`: which tenants may read them besides the one in whose namespace they are. Only
 * tenants that some binding or answer lets into a namespace are asked about, so that many of both take no long time.
 */
export function foreignReaders(
  secrets: readonly { readonly namespace: string; readonly name: string }[],
  model: TenantModel,
  rbac: Artifacts['rbac'],
  accessReviews: Collected<Artifacts['accessReviews']>,
): ReadonlyMap<string, readonly TenantWithRights[]> {
  const { index } = accessOf(rbac, accessReviews);
  const answered = new Set(accessReviews.state === 'collected' ? accessReviews.value.flatMap(allowedPlaces) : []);
  const namespaces = new Set(secrets.map(({ namespace }) => namespace));
  const guests = new Map<string, Tenant[]>();
  for (const tenant of model.tenants) {
    for (const namespace of placesOf(tenantIdentities(tenant, index), namespaces, answered, index)) {
      if (tenant.namespaces.includes(namespace)) continue;
      const list = guests.get(namespace);
      if (list) list.push(tenant);
      else guests.set(namespace, [tenant]);
    }
  }
  return new Map(
    secrets.map(({ namespace, name }) => {
      const found: TenantWithRights[] = [];
      for (const tenant of guests.get(namespace) ?? []) {
        if (found.length > MAX_READERS) break;
        found.push(...tenantsWhoMay([tenant], secretReads(namespace), rbac, accessReviews, new Set([name])));
      }
      return [`${namespace}/${name}`, found];
    }),
  );
}

function allowedPlaces({ question, allowed }: AccessReview): readonly string[] {
  return allowed && question.resource === 'secrets' && question.namespace !== undefined ? [question.namespace] : [];
}

/** The namespaces where something may let these identities read Secrets. */
function placesOf(
  identities: readonly TenantIdentity[],
  namespaces: ReadonlySet<string>,
  answered: ReadonlySet<string>,
  index: RbacIndex,
): Iterable<string> {
  const everywhere = identities.some(
    ({ identity }) =>
      identity.groups.includes(MASTERS) || rulesFor(index, identity, null).some(({ rule }) => concernsSecrets(rule)),
  );
  if (everywhere) return namespaces;
  const bound = identities.flatMap(({ identity }) => namespacesOf(index, identity));
  return new Set([...bound, ...answered].filter((namespace) => namespaces.has(namespace)));
}

function concernsSecrets({ resources = [] }: PolicyRule): boolean {
  return resources.some((resource) => resource === '*' || resource === 'secrets');
}
