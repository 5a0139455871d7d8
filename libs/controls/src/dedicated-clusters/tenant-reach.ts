import { type AccessReview, type Artifacts, type Collected, derived } from '#libs/core';
import {
  type ClusterFacts,
  EscalationGraph,
  type EscalationStep,
  Exploration,
  type Identity,
  type RbacIndex,
  type Reached,
  type Way,
  groupByRules,
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
const ADMIN: Reached = { kind: 'admin' };
const NO_REVIEWS: readonly AccessReview[] = [];

const targetsOf = derived((objects: readonly AccessObject[]) => new AccessTargets(objects));

/** Keeps the steps that it found, so that a second look is cheap. */
const graphOf = derived((index: RbacIndex, facts: ClusterFacts) => new EscalationGraph(index, facts));

/** Who is looked at, and where their rights lead: the same whatever objects are asked about. */
interface Explored {
  readonly tenants: readonly { readonly tenant: Tenant; readonly groups: readonly PrincipalGroup[] }[];
  readonly certain: Exploration;
  readonly toAdmin: (from: Identity) => Way | undefined;
  readonly toPossibleAdmin: (from: Identity) => Way | undefined;
}

const exploredIn = derived(
  (
    model: TenantModel,
    index: RbacIndex,
    reviews: readonly AccessReview[],
    serviceAccounts: Artifacts['serviceAccounts'],
    reading: ClusterReading,
  ): Explored => {
    const tenants = tenantPrincipals(model, index, serviceAccounts).map(({ tenant, groups }) => ({
      tenant,
      groups: groups.flatMap((group) => apart(group, reviews)),
    }));
    const starts = tenants.flatMap(({ groups }) => groups.map(({ representative }) => representative));
    const certain = new Exploration(graphOf(index, reading.certain), starts);
    const possible = new Exploration(graphOf(index, reading.possible), starts);
    return {
      tenants,
      certain,
      toAdmin: certain.waysTo([ADMIN]),
      toPossibleAdmin: possible.waysTo([ADMIN]),
    };
  },
);

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
    const answers = reviews.state === 'collected' ? reviews.value : NO_REVIEWS;
    const explored = exploredIn(model, access.index, answers, serviceAccounts, reading);
    const targets = targetsOf(objects);
    const holdings = holdingsIn(explored.certain, targets, access, answers);
    const reachOf = (group: PrincipalGroup): GroupReach => {
      const identity = group.representative;
      const asked = access.ask(identity, EVERYTHING);
      if (asked.nonRbac) return { group, adminElsewhere: asked, revocations: [] };
      const admin = explored.toAdmin(identity)?.steps;
      // The API server refuses what the only step rests on: another authorizer stands in front of RBAC.
      const refused = admin?.length === 1 && asked.confidence === 'proven' && !asked.allowed && admin[0]?.edge === 'E0';
      if (admin !== undefined && !refused) return { group, admin, revocations: [] };
      const possibleAdmin = refused ? undefined : explored.toPossibleAdmin(identity)?.steps;
      return {
        group,
        ...(possibleAdmin && { possibleAdmin }),
        revocations: [
          ...holdings.flatMap((holding) => revocationsBy(identity, holding)),
          ...targets.allowedElsewhere(identity, access, answers).map((each) => ({
            ...each,
            by: { kind: 'identity', identity } as const,
            path: [],
          })),
        ],
      };
    };
    return explored.tenants.map(({ tenant, groups }) => ({ tenant, groups: groups.map(reachOf) }));
  },
);

/** Objects that the same people may take away, and the ways to the nearest of those. */
interface Holding {
  readonly held: ReadonlyMap<string, readonly Revocation[]>;
  readonly way: (from: Identity) => Way | undefined;
}

function keyOf(reached: Reached): string {
  if (reached.kind === 'identity') return JSON.stringify([reached.identity.user, ...reached.identity.groups]);
  if (reached.kind !== 'role') return reached.kind;
  const { kind, metadata } = reached.role;
  return JSON.stringify([kind, metadata.namespace, metadata.name, reached.namespace]);
}

/**
 * Who of those in reach may take what away. Objects with the same holders are looked for together, so that the graph is
 * walked once for each set of holders and not for each object.
 */
function holdingsIn(
  exploration: Exploration,
  targets: AccessTargets,
  access: Access,
  reviews: readonly AccessReview[],
): readonly Holding[] {
  const byObject = new Map<AccessObject, { holder: Reached; revocations: readonly Revocation[] }[]>();
  for (const [first, ...others] of alike(exploration.reached, access.index, reviews)) {
    if (first === undefined) continue;
    const byTarget = groupedBy(targets.heldBy(first, access), ({ object }) => object);
    for (const [object, revocations] of byTarget) {
      const known = byObject.get(object) ?? [];
      byObject.set(object, known);
      for (const holder of [first, ...others]) known.push({ holder, revocations });
    }
  }
  const sets = groupedBy(byObject, ([, holders]) => holders.map(({ holder }) => keyOf(holder)).join());
  return [...sets.values()].map((entries) => {
    const held = new Map<string, Revocation[]>();
    for (const [, holders] of entries) {
      for (const { holder, revocations } of holders) {
        const key = keyOf(holder);
        held.set(key, [...(held.get(key) ?? []), ...revocations]);
      }
    }
    return { held, way: exploration.waysTo((entries[0]?.[1] ?? []).map(({ holder }) => holder)) };
  });
}

function revocationsBy(identity: Identity, { held, way }: Holding): readonly ReachedRevocation[] {
  const found = way(identity);
  if (found === undefined) return [];
  return (held.get(keyOf(found.target)) ?? []).map((each) => ({ ...each, by: found.target, path: found.steps }));
}

/** Those who hold the same rules are asked about once; who was asked about at the API server is a case of their own. */
function alike(
  reached: readonly Reached[],
  index: RbacIndex,
  reviews: readonly AccessReview[],
): readonly (readonly Reached[])[] {
  const identities = reached.flatMap((each) => (each.kind === 'identity' ? [each.identity] : []));
  const asked = identities.filter((identity) => reviewsOf(reviews, identity).length > 0);
  const others = asked.length === 0 ? identities : identities.filter((identity) => !asked.includes(identity));
  const groups = [...groupByRules(index, others).map((group) => group.identities), ...asked.map((each) => [each])];
  return [
    ...groups.map((group) => group.map((identity): Reached => ({ kind: 'identity', identity }))),
    ...reached.filter(({ kind }) => kind === 'role').map((role) => [role]),
  ];
}

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

function groupedBy<T, K>(items: Iterable<T>, keyOfItem: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
