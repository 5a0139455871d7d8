import { type Evidence, count, objectReference } from '#libs/core';
import { excerpt } from '#libs/flux';
import { AUTHENTICATED, type Identity, type ResourceRequest, accountsGroup, describeGrant } from '#libs/rbac';
import type { Access, AccessAnswer } from '../access/access.js';
import { type Tenant, describePrincipal } from '../tenants/tenant-model.js';

/** Something that somebody of a tenant may do. */
export interface TenantRight {
  readonly tenant: Tenant;
  readonly identity: Identity;
  readonly request: ResourceRequest;
  readonly answer: AccessAnswer;
}

/** Who acts for a tenant: its declared principals, and any service account of its namespaces. */
export function identitiesOf({ principals, namespaces }: Tenant): readonly Identity[] {
  return [
    ...principals,
    ...namespaces.map((namespace) => ({
      user: '',
      groups: ['system:serviceaccounts', accountsGroup(namespace), AUTHENTICATED],
    })),
  ];
}

/** The first right of each tenant among some requests. */
export function rightsOf(
  tenants: readonly Tenant[],
  requests: readonly ResourceRequest[],
  access: Access,
): readonly TenantRight[] {
  return tenants.flatMap((tenant) => firstRight(tenant, requests, access) ?? []);
}

function firstRight(tenant: Tenant, requests: readonly ResourceRequest[], access: Access): TenantRight | undefined {
  for (const identity of identitiesOf(tenant)) {
    for (const request of requests) {
      const answer = access.ask(identity, request);
      if (answer.allowed) return { tenant, identity, request, answer };
    }
  }
  return undefined;
}

/** To read what Secrets of a namespace hold; `names` of single ones, for rights that name them. */
export function secretReads(namespace: string, names: readonly string[] = []): readonly ResourceRequest[] {
  return [
    ...['get', 'list', 'watch'].map((verb) => ({ verb, resource: 'secrets', namespace })),
    ...names.map((name) => ({ verb: 'get', resource: 'secrets', namespace, name })),
  ];
}

const SHOWN = 3;

/** `team-a (group team-a may list secrets), …` */
export function describeRights(rights: readonly TenantRight[]): string {
  const shown = rights.slice(0, SHOWN).map(({ tenant, identity, request }) => {
    const resource = request.group ? `${request.resource}.${request.group}` : request.resource;
    const who =
      identity.user === '' && !tenant.principals.includes(identity)
        ? 'any of its service accounts'
        : describePrincipal(identity);
    return `${excerpt(tenant.name)} (${excerpt(who)} may ${request.verb} ${resource})`;
  });
  return shown.join(', ') + (rights.length > SHOWN ? ` and ${count(rights.length - SHOWN, 'more tenant')}` : '');
}

/** The bindings that grant the rights; where another authorizer does, nothing of the cluster shows it. */
export function grantEvidence(rights: readonly TenantRight[], expected: string): readonly Evidence[] {
  return rights.flatMap(({ answer, request }) =>
    answer.grant
      ? [
          {
            object: objectReference(answer.grant.binding),
            pointer: '/roleRef/name',
            observed: answer.grant.binding.roleRef.name,
            expected,
            note: `${describeGrant(answer.grant)}: ${request.verb} ${request.resource}`,
          },
        ]
      : [],
  );
}
