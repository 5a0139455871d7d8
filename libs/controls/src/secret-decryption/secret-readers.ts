import type { AccessReview, Artifacts, Collected, PolicyRule } from '#libs/core';
import { type RbacIndex, MASTERS, namespacesOf, rulesFor } from '#libs/rbac';
import { accessOf } from '../access/access.js';
import { type TenantIdentity, tenantIdentities } from '../access/tenant-identities.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { type TenantWithRights, secretReads, tenantsWhoMay } from './foreign-readers.js';

/** Enough to name; the rest is not looked for. */
const MAX_READERS = 10;

/** A resource, as RBAC and reviews name it. */
interface Resource {
  readonly group: string;
  readonly resource: string;
}

/**
 * For each of some namespaces the tenants of others that a binding, or an answer of the API server, may let do something
 * with a resource there: the only ones worth asking about, so that many tenants and namespaces take no long time.
 */
export function guestsIn(
  namespaces: ReadonlySet<string>,
  wanted: Resource,
  model: TenantModel,
  rbac: Artifacts['rbac'],
  accessReviews: Collected<Artifacts['accessReviews']>,
): ReadonlyMap<string, readonly Tenant[]> {
  const { index } = accessOf(rbac, accessReviews);
  const reviews = accessReviews.state === 'collected' ? accessReviews.value : [];
  const answered = new Set(reviews.flatMap((review) => allowedPlaces(review, wanted)));
  const guests = new Map<string, Tenant[]>();
  for (const tenant of model.tenants) {
    const own = new Set(tenant.namespaces);
    for (const namespace of placesOf(tenantIdentities(tenant, index), wanted, { namespaces, answered, index })) {
      if (own.has(namespace)) continue;
      const list = guests.get(namespace);
      if (list) list.push(tenant);
      else guests.set(namespace, [tenant]);
    }
  }
  return guests;
}

/** For single Secrets, by `namespace/name`: which tenants may read them besides the one in whose namespace they are. */
export function foreignReaders(
  secrets: readonly { readonly namespace: string; readonly name: string }[],
  model: TenantModel,
  rbac: Artifacts['rbac'],
  accessReviews: Collected<Artifacts['accessReviews']>,
): ReadonlyMap<string, readonly TenantWithRights[]> {
  const namespaces = new Set(secrets.map(({ namespace }) => namespace));
  const guests = guestsIn(namespaces, { group: '', resource: 'secrets' }, model, rbac, accessReviews);
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

function allowedPlaces({ question, allowed }: AccessReview, { group, resource }: Resource): readonly string[] {
  const matches = allowed && question.resource === resource && question.group === group;
  return matches && question.namespace !== undefined ? [question.namespace] : [];
}

interface Places {
  readonly namespaces: ReadonlySet<string>;
  readonly answered: ReadonlySet<string>;
  readonly index: RbacIndex;
}

/** The namespaces where something may let these identities use the resource. */
function placesOf(
  identities: readonly TenantIdentity[],
  wanted: Resource,
  { namespaces, answered, index }: Places,
): Iterable<string> {
  const everywhere = identities.some(
    ({ identity }) =>
      identity.groups.includes(MASTERS) || rulesFor(index, identity, null).some(({ rule }) => concerns(rule, wanted)),
  );
  if (everywhere) return namespaces;
  const bound = identities.flatMap(({ identity }) => namespacesOf(index, identity));
  return new Set([...bound, ...answered].filter((namespace) => namespaces.has(namespace)));
}

function concerns({ apiGroups = [], resources = [] }: PolicyRule, { group, resource }: Resource): boolean {
  return (
    apiGroups.some((each) => each === '*' || each === group) &&
    resources.some((each) => each === '*' || each === resource)
  );
}
