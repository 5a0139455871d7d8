import type { Confidence, Evidence } from '#libs/core';
import { type Identity, MASTERS, type ResourceRequest, asAuthorized, ruleAllows } from '#libs/rbac';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import type { Access } from './access.js';
import { type HeldRight, heldRight, rightsHeldBy } from './held-rights.js';
import { rightEvidence } from './right-evidence.js';
import type { TenantIdentity } from './tenant-identities.js';

/** Somebody of a tenant is allowed something. */
export interface TenantRight {
  readonly who: TenantIdentity;
  readonly request: ResourceRequest;
  readonly confidence: Confidence;
  /** Absent where no RBAC object grants it: another authorizer does, or the group `system:masters`. */
  readonly right?: HeldRight;
}

/** What the identities of a tenant are allowed of what is asked, rights on single names included. */
export function tenantRights(
  identities: readonly TenantIdentity[],
  access: Access,
  asks: readonly ResourceRequest[],
): readonly TenantRight[] {
  const places = new Set(asks.map(({ namespace }) => namespace));
  return identities
    .filter(({ identity }) => isWorthAsking(identity, access, places))
    .flatMap((who) =>
      asks.flatMap((request) => {
        const { allowed, confidence, grant } = access.ask(who.identity, request);
        if (allowed) return [{ who, request, confidence, ...(grant && { right: heldRight(grant, who.identity) }) }];
        const named = rightsHeldBy(access.index, who.identity).find((right) => coversOneName(right, request));
        return named ? [{ who, request, confidence: 'derived' as const, right: named }] : [];
      }),
    );
}

/** Most identities hold no rights where is asked for: then every answer is no, unless the API server said something. */
function isWorthAsking(identity: Identity, access: Access, places: ReadonlySet<string | undefined>): boolean {
  if (identity.groups.includes(MASTERS) || access.wasAskedAbout(identity)) return true;
  return rightsHeldBy(access.index, identity).some(
    ({ grant }) => grant.namespace === null || places.has(grant.namespace),
  );
}

/** A rule for certain names covers no request without one, and the API server was asked without. */
function coversOneName({ grant }: HeldRight, asked: ResourceRequest): boolean {
  const { resourceNames: names = [], ...rule } = grant.rule;
  if (names.length === 0 || asked.name !== undefined) return false;
  if (grant.namespace !== null && grant.namespace !== asked.namespace) return false;
  // By name nothing is created with POST or deleted in collections, and lists need a field selector.
  if (asked.verb === 'create' && asked.subresource === undefined) return false;
  return asked.verb !== 'deletecollection' && ruleAllows(rule, asAuthorized(asked));
}

const MAX_RIGHTS = 4;

/** The chains of the first few rights; the entry of the tenant in the registry where no RBAC object grants any. */
export function tenantRightEvidence(
  rights: readonly TenantRight[],
  tenant: Tenant,
  { registration }: TenantModel,
  expected: string,
): readonly [Evidence, ...Evidence[]] {
  const byGrant = new Map(rights.flatMap(({ right }) => (right ? [[right.grant.rule, right] as const] : [])));
  const chain = [...byGrant.values()].slice(0, MAX_RIGHTS).flatMap((right) => rightEvidence(right, expected));
  const [first, ...others] = chain;
  if (first) return [first, ...others];
  const place = registration.tenants?.findIndex(({ name }) => name === tenant.name) ?? -1;
  return [
    {
      pointer: place === -1 ? '/name' : `/tenants/${place}/name`,
      observed: place === -1 ? registration.name : tenant.name,
      expected,
      note: 'The API server allows it, and no RBAC object does.',
    },
  ];
}

/** `group team-a may get, list secrets in flux-system`: who may do what, for people. */
export function describeTenantRights(rights: readonly TenantRight[]): string {
  const texts = [...grouped(rights, ({ who }) => who.title)].map(([who, own]) => `${who} may ${describeRequests(own)}`);
  const more = texts.length > SHOWN ? `; and ${texts.length - SHOWN} more` : '';
  return `${texts.slice(0, SHOWN).join('; ')}${more}`;
}

/** Resources with the same verbs together: `create, patch kustomizations, helmreleases in flux-system`. */
function describeRequests(rights: readonly TenantRight[]): string {
  const places = grouped(rights, ({ request }) => request.namespace ?? '');
  return [...places]
    .map(([namespace, inside]) => {
      const byObject = grouped(inside, ({ request: { resource, subresource } }) =>
        subresource === undefined ? resource : `${resource}/${subresource}`,
      );
      const objects = [...byObject].map(([object, own]) => ({ object, verbs: verbsOf(own) }));
      const texts = [...grouped(objects, ({ verbs }) => verbs)].map(
        ([verbs, same]) => `${verbs} ${same.map(({ object }) => object).join(', ')}`,
      );
      return `${texts.join('; ')}${namespace === '' ? '' : ` in ${namespace}`}`;
    })
    .join('; ');
}

function verbsOf(rights: readonly TenantRight[]): string {
  return [...new Set(rights.map(({ request }) => request.verb))].join(', ');
}

function grouped<T>(all: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each)) ?? [];
    groups.set(keyOf(each), group);
    group.push(each);
  }
  return groups;
}

const SHOWN = 3;
