import type { Collected, Registration, RuntimeClass } from '#libs/core';
import type { Tenant } from '../tenants/tenant-model.js';
import { type NodeUse, type TenantPods, sandboxingOf } from './tenant-pods.js';

/** Milliseconds that pods may be together while nodes are drained. */
export const SHARED_GRACE = 10 * 60_000;

/** A node that a tenant shares with Flux or with another tenant, where isolation counts. */
export interface Sharing {
  readonly use: NodeUse;
  /** Whose pods the verdict is about. */
  readonly tenant: Tenant;
  readonly pods: readonly TenantPods[];
  /** Every pod of both sides is sandboxed. */
  readonly sandboxed: boolean;
  /** None of them is without a sandbox for certain, but of some it could not be read. */
  readonly unread: boolean;
  /** When the two were first together, as far as pods tell. Milliseconds since the epoch. */
  readonly since: number | undefined;
  /** The other tenants; none where it is Flux. */
  readonly others: readonly Tenant[];
}

export interface Sandboxes {
  /** By name; undefined where they could not be read. */
  readonly runtimeClasses: ReadonlyMap<string, RuntimeClass> | undefined;
  readonly handlers: readonly string[];
}

export function sandboxesOf(
  runtimeClasses: Collected<readonly RuntimeClass[]>,
  { sandboxHandlers = [] }: Registration,
): Sandboxes {
  return {
    runtimeClasses:
      runtimeClasses.state === 'collected'
        ? new Map(runtimeClasses.value.map((each) => [each.metadata.name, each]))
        : undefined,
    handlers: sandboxHandlers,
  };
}

/** Tenants on nodes of Flux: one entry for each tenant and node. */
export function sharingWithFlux(uses: readonly NodeUse[], sandboxes: Sandboxes): readonly Sharing[] {
  return uses.flatMap((use) => {
    if (!use.flux || use.virtual) return [];
    return byTenant(use).map(([tenant, pods]) => {
      const open = pods.filter((each) => isOpen(each, use, sandboxes));
      const counted = open.length > 0 ? open : pods;
      return { use, tenant, pods: counted, ...stateOf(pods, use, sandboxes), since: oldest(counted), others: [] };
    });
  });
}

/** Tenants on one node of which one wants high isolation: one entry for each such tenant and node. */
export function sharingAmongTenants(uses: readonly NodeUse[], sandboxes: Sandboxes): readonly Sharing[] {
  return uses.flatMap((use) => {
    const tenants = use.virtual ? [] : byTenant(use);
    if (tenants.length < 2) return [];
    const state = stateOf(use.pods, use, sandboxes);
    return tenants.flatMap(([tenant, pods]) => {
      if (tenant.isolation !== 'high') return [];
      const others = tenants.filter(([other]) => other !== tenant);
      const starts = others.map(([, theirs]) => oldest(theirs));
      const first = starts.includes(undefined) ? undefined : Math.min(...starts.map(Number));
      const own = oldest(pods);
      // They are together since the second of them came.
      const since = own === undefined || first === undefined ? undefined : Math.max(own, first);
      return [{ use, tenant, pods, ...state, since, others: others.map(([other]) => other) }];
    });
  });
}

function byTenant({ pods }: NodeUse): readonly (readonly [Tenant, readonly TenantPods[]])[] {
  const groups = new Map<Tenant, TenantPods[]>();
  for (const each of pods) {
    const group = groups.get(each.tenant) ?? [];
    groups.set(each.tenant, group);
    group.push(each);
  }
  return [...groups];
}

/** Pods without a known sandbox, for certain. */
function isOpen({ group }: TenantPods, { node }: NodeUse, { runtimeClasses, handlers }: Sandboxes): boolean {
  const kind = sandboxingOf(group, node, runtimeClasses, handlers);
  return kind === 'none' || kind === 'unknownHandler';
}

function stateOf(
  pods: readonly TenantPods[],
  { node }: NodeUse,
  { runtimeClasses, handlers }: Sandboxes,
): Pick<Sharing, 'sandboxed' | 'unread'> {
  const kinds = new Set(pods.map(({ group }) => sandboxingOf(group, node, runtimeClasses, handlers)));
  const open = kinds.has('none') || kinds.has('unknownHandler');
  return { sandboxed: !open && !kinds.has('unread'), unread: !open && kinds.has('unread') };
}

function oldest(pods: readonly TenantPods[]): number | undefined {
  const starts = pods.flatMap(({ since }) => since ?? []);
  return starts.length === 0 ? undefined : Math.min(...starts);
}
