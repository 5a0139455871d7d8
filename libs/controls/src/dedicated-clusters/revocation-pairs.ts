import { derived } from '#libs/core';
import { type EscalationStep, type Identity, type ResourceRequest } from '#libs/rbac';
import type { Access } from '../access/access.js';
import type { Tenant } from '../tenants/tenant-model.js';
import type { AccessObject } from './access-object.js';
import { AccessTargets, type Revocation } from './access-targets.js';
import type { GroupReach, TenantReach } from './tenant-reach.js';

/** Somebody of a tenant, or somebody they can become, who may take an object away that access rests on. */
export interface RevocationPair {
  readonly tenant: Tenant;
  /** Whose right it is. Absent: that of a role which they could take, and do not hold. */
  readonly holder?: Identity;
  /** The principals of the tenant who get that far. */
  readonly principals: readonly Identity[];
  readonly object: AccessObject;
  /** Everything that they may do to it. */
  readonly requests: readonly ResourceRequest[];
  readonly revocations: readonly Revocation[];
  /** The way to the holder; empty for the principals themselves. */
  readonly path: readonly EscalationStep[];
}

/** Requests of more people with a right to one object are not tried: they say the same again. */
const MAX_HOLDERS = 4;

const targetsOf = derived((objects: readonly AccessObject[]) => new AccessTargets(objects));

/**
 * What FLUX-DED-01 leaves to admission: who may take what away. Whoever is an administrator anyway is left out, for they
 * can lift every policy; of those who could become one, the rights that they hold now count.
 */
export const revocationPairs = derived(
  (reach: readonly TenantReach[], objects: readonly AccessObject[], access: Access): readonly RevocationPair[] => {
    const pairs = reach.flatMap(({ tenant, groups }) =>
      limited(groups.flatMap((each) => pairsOf(tenant, each, targetsOf(objects), access))),
    );
    // What more rests on comes first, for the number of dry-runs is limited.
    return pairs.toSorted((a, b) => (a.object.class < b.object.class ? -1 : a.object.class > b.object.class ? 1 : 0));
  },
);

function pairsOf(tenant: Tenant, group: GroupReach, targets: AccessTargets, access: Access): readonly RevocationPair[] {
  const found = new Map<string, { pair: RevocationPair; requests: ResourceRequest[]; revocations: Revocation[] }>();
  const principals = group.group.identities;
  for (const { by, path, ...revocation } of revocationsOf(group, targets, access)) {
    const holder = by?.kind === 'identity' ? by.identity : undefined;
    const { object, request } = revocation;
    const key = JSON.stringify([holder?.user, holder?.groups, object.class, object.kind, object.name]);
    const known = found.get(key);
    if (known) {
      known.requests.push(request);
      known.revocations.push(revocation);
      continue;
    }
    const [requests, revocations] = [[request], [revocation]];
    const pair = { tenant, ...(holder && { holder }), principals, object, requests, revocations, path };
    found.set(key, { pair, requests, revocations });
  }
  return [...found.values()].map(({ pair }) => pair);
}

type Held = Pick<GroupReach['revocations'][number], 'object' | 'request' | 'answer' | 'path'> &
  Partial<Pick<GroupReach['revocations'][number], 'by'>>;

function revocationsOf(
  { group, admin, adminElsewhere, revocations }: GroupReach,
  targets: AccessTargets,
  access: Access,
): readonly Held[] {
  if (adminElsewhere) return [];
  if (admin === undefined) return revocations;
  // Every right is held already, by no step or by the binding itself.
  if (admin.length === 0 || admin[0]?.edge === 'E0') return [];
  const by = { kind: 'identity', identity: group.representative } as const;
  return targets.heldBy(by, access).map((each) => ({ ...each, by, path: [] }));
}

function limited(pairs: readonly RevocationPair[]): readonly RevocationPair[] {
  const holders = new Map<AccessObject, number>();
  return pairs.filter(({ object }) => {
    const count = (holders.get(object) ?? 0) + 1;
    holders.set(object, count);
    return count <= MAX_HOLDERS;
  });
}
