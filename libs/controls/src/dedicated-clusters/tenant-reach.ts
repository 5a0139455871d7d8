import { type AccessReview, type Artifacts, type Collected, derived } from '#libs/core';
import {
  type ClusterFacts,
  type Closure,
  EscalationGraph,
  type EscalationStep,
  type Identity,
  type RbacIndex,
  type Reached,
  closureOf,
} from '#libs/rbac';
import { type Access, type AccessAnswer, accessOf } from '../access/access.js';
import { type ClusterReading } from '../access/cluster-facts.js';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import { AccessTargets, reviewsOf, type Revocation } from './access-targets.js';
import type { AccessObject } from './access-object.js';
import { type PrincipalGroup, tenantPrincipals } from './tenant-principals.js';

/** How far the rights of one group of principals lead. */
export interface GroupReach {
  readonly group: PrincipalGroup;
  /** The shortest way to every right; empty for those who hold it without a binding. */
  readonly admin?: readonly EscalationStep[];
  /** The way that is open unless something that cannot be read closes it. Absent where `admin` is there. */
  readonly possibleAdmin?: readonly EscalationStep[];
  /** The API server says that they may do everything, and no RBAC object does. */
  readonly adminElsewhere?: AccessAnswer;
  /** What they can take away, by their own rights or those of whom they can become. Empty where `admin` is there. */
  readonly revocations: readonly ReachedRevocation[];
}

export interface ReachedRevocation extends Revocation {
  readonly by: Reached;
  /** The way to `by`; empty for the principals themselves. */
  readonly path: readonly EscalationStep[];
}

export interface TenantReach {
  readonly tenant: Tenant;
  readonly groups: readonly GroupReach[];
}

const EVERYTHING = { verb: '*', group: '*', resource: '*' } as const;
const NO_REVIEWS: readonly AccessReview[] = [];

const graphOf = derived((index: RbacIndex, facts: ClusterFacts) => new EscalationGraph(index, facts));
const targetsOf = derived((objects: readonly AccessObject[]) => new AccessTargets(objects));

/** How far the tenants' rights lead in a cluster, and what of `objects` they could take away. */
export function tenantReach(
  model: TenantModel,
  rbac: Artifacts['rbac'],
  reviews: Collected<Artifacts['accessReviews']>,
  serviceAccounts: Artifacts['serviceAccounts'],
  reading: ClusterReading,
  objects: readonly AccessObject[],
): readonly TenantReach[] {
  return reachIn(model, rbac, reviews, serviceAccounts, reading, objects);
}

const reachIn = derived(
  (
    model: TenantModel,
    rbac: Artifacts['rbac'],
    reviews: Collected<Artifacts['accessReviews']>,
    serviceAccounts: Artifacts['serviceAccounts'],
    reading: ClusterReading,
    objects: readonly AccessObject[],
  ): readonly TenantReach[] => {
    const access = accessOf(rbac, reviews);
    const certain = graphOf(access.index, reading.certain);
    const possible = graphOf(access.index, reading.possible);
    const targets = targetsOf(objects);
    const answers = reviews.state === 'collected' ? reviews.value : NO_REVIEWS;
    const reachOf = (group: PrincipalGroup): GroupReach => {
      const identity = group.representative;
      const asked = access.ask(identity, EVERYTHING);
      if (asked.nonRbac) return { group, adminElsewhere: asked, revocations: [] };
      const closure = closureOf(certain, [identity]);
      const admin = closure.pathTo({ kind: 'admin' });
      // The API server refuses what the only step rests on: another authorizer stands in front of RBAC.
      const refused = admin?.length === 1 && asked.confidence === 'proven' && !asked.allowed && admin[0]?.edge === 'E0';
      if (admin !== undefined && !refused) return { group, admin, revocations: [] };
      const possibleAdmin = refused ? undefined : closureOf(possible, [identity]).pathTo({ kind: 'admin' });
      return {
        group,
        ...(possibleAdmin && { possibleAdmin }),
        revocations: [
          ...reachable(closure, identity, targets, access),
          ...elsewhere(identity, targets, access, answers),
        ],
      };
    };
    return tenantPrincipals(model, access.index, serviceAccounts).map(({ tenant, groups }) => ({
      tenant,
      groups: groups.flatMap((group) => apart(group, answers)).map(reachOf),
    }));
  },
);

/**
 * Equal rights by RBAC do not make equal answers of other authorizers: who was asked about is judged alone.
 */
function apart(group: PrincipalGroup, reviews: readonly AccessReview[]): readonly PrincipalGroup[] {
  if (reviews.length === 0) return [group];
  const asked = group.identities.filter((identity) => reviewsOf(reviews, identity).length > 0);
  if (asked.length === 0) return [group];
  const [first, ...others] = group.identities.filter((identity) => !asked.includes(identity));
  return [
    ...asked.map((identity) => ({ representative: identity, identities: [identity] })),
    ...(first === undefined ? [] : [{ representative: first, identities: [first, ...others] }]),
  ];
}

function reachable(
  closure: Closure,
  identity: Identity,
  targets: AccessTargets,
  access: Access,
): readonly ReachedRevocation[] {
  const start: Reached = { kind: 'identity', identity };
  const own = targets.heldBy(start, access);
  const seen = new Set(own.map(({ object }) => object));
  const result: ReachedRevocation[] = own.map((each) => ({ ...each, by: start, path: [] }));
  // Nearest first; what is known to be in reach needs no longer way.
  for (const by of closure.reached.slice(1)) {
    const found = targets.heldBy(by, access).filter(({ object }) => !seen.has(object));
    if (found.length === 0) continue;
    const path = closure.pathTo(by) ?? [];
    for (const each of found) result.push({ ...each, by, path });
    for (const { object } of found) seen.add(object);
  }
  return result;
}

function elsewhere(
  identity: Identity,
  targets: AccessTargets,
  access: Access,
  reviews: readonly AccessReview[],
): readonly ReachedRevocation[] {
  return targets
    .allowedElsewhere(identity, access, reviews)
    .map((each) => ({ ...each, by: { kind: 'identity', identity }, path: [] }));
}
