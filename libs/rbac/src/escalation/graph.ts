import { accountIdentity, type AccountName, MASTERS } from '../identity.js';
import type { AnyRole } from '#libs/core';
import type { RbacIndex } from '../rbac-index.js';
import type { Edge, Gives } from './edge.js';
import { edgesFor } from './edges.js';
import type { ClusterFacts } from './facts.js';
import { hubNode, Hubs } from './hubs.js';
import { type Holdings, holdingsOf, mergeHoldings, type Names, namesHeld, type Right, rightsAskedFor } from './need.js';
import { type HubName, type Node, NodeTable, type Reached } from './nodes.js';
import { EVERYTHING, hasEverything, type HeldRole, type Rights, rightsOf } from './rights.js';

/** A step out of a node. Steps out of hubs have no edge and cost nothing. */
export interface Arc {
  readonly to: number;
  readonly edge: Edge | null;
  /** Where the rights count; null is everywhere. */
  readonly namespace: string | null;
  /** Set where the right is limited to names, and this one is used. */
  readonly name?: string;
}

/** What follows without an effort; `E0` is in no list of edges. */
const follows = (title: string, gives: Gives): Edge => ({ id: 'E0', title, needs: [], gives: [gives] });
const HELD: Edge = {
  ...follows('holds every right on everything', 'admin'),
  needs: [{ verbs: ['*'], resources: ['*/*'], scope: 'cluster' }],
};
const MASTER = follows('is a member of system:masters', 'admin');
const ON_NODE = follows('reads the tokens of the pods on the node', 'runningAccounts');
const IS_NODE = follows('acts as the node', 'node');
const CONTROL_PLANE = follows('reaches the control plane on its node', 'admin');

/**
 * Who can become whom in one cluster. Steps out of a node are found when they are first asked for and kept, so one graph
 * answers for any number of principals. Two nodes that hold the same roles in the same places share their steps.
 *
 * A step rests on rights of one node: what somebody could do only by joining the rights of two stolen identities in
 * one request is not found.
 */
export class EscalationGraph {
  readonly nodes = new NodeTable();
  private readonly edges: readonly Edge[];
  private readonly hubs: Hubs;
  private readonly asked: readonly Right[];
  private readonly arcs: (readonly Arc[] | undefined)[] = [];
  private readonly sharedArcs = new Map<string, readonly Arc[]>();
  private readonly roleNumbers = new Map<AnyRole, number>();
  private readonly roleHoldings = new Map<AnyRole, Holdings>();

  constructor(
    readonly index: RbacIndex,
    private readonly facts: ClusterFacts,
  ) {
    this.edges = edgesFor(facts);
    this.hubs = new Hubs(index, facts);
    this.asked = rightsAskedFor(this.edges.flatMap(({ needs }) => needs));
  }

  arcsOf(number: number): readonly Arc[] {
    const known = this.arcs[number];
    if (known !== undefined) return known;
    const arcs = this.findArcs(this.nodes.node(number));
    this.arcs[number] = arcs;
    return arcs;
  }

  private findArcs(node: Node): readonly Arc[] {
    switch (node.kind) {
      case 'hub':
        return this.hubs.behind(node.hub, node.namespace).map((to) => this.arc(to, null, null));
      case 'node':
        return [this.arc(hubNode('runningAccounts', null), ON_NODE, null)];
      case 'host':
        return [
          this.arc({ kind: 'node' }, IS_NODE, null),
          ...(this.facts.controlPlaneNodes ? [this.arc({ kind: 'admin' }, CONTROL_PLANE, null)] : []),
        ];
      case 'identity':
      case 'role':
        return this.arcsByRights(node);
      default:
        return [];
    }
  }

  private arc(to: Node, edge: Edge | null, namespace: string | null, name?: string): Arc {
    return { to: this.nodes.numberOf(to), edge, namespace, ...(name !== undefined && { name }) };
  }

  private arcsByRights(node: Reached): readonly Arc[] {
    const rights = rightsOf(this.index, node);
    if (rights.masters) return [this.arc({ kind: 'admin' }, MASTER, null)];
    if (rights.cluster.some(({ role }) => hasEverything(role))) return [this.arc({ kind: 'admin' }, HELD, null)];
    const key = this.keyOf(rights);
    let arcs = this.sharedArcs.get(key);
    if (arcs === undefined) {
      arcs = this.arcsOfRights(rights);
      this.sharedArcs.set(key, arcs);
    }
    return arcs;
  }

  private keyOf({ cluster, namespaces, dangling }: Rights): string {
    const numbers = (roles: readonly HeldRole[]) =>
      [...new Set(roles.map(({ role }) => this.roleNumber(role)))].toSorted((a, b) => a - b).join();
    return JSON.stringify([
      numbers(cluster),
      [...namespaces].map(([namespace, roles]) => `${namespace} ${numbers(roles)}`).toSorted(),
      dangling.map(({ binding, namespace }) => [binding.roleRef.kind, binding.roleRef.name, namespace]),
    ]);
  }

  private roleNumber(role: AnyRole): number {
    const number = this.roleNumbers.get(role) ?? this.roleNumbers.size;
    this.roleNumbers.set(role, number);
    return number;
  }

  private holdings(roles: readonly HeldRole[]): Holdings {
    return mergeHoldings(
      [...new Set(roles.map(({ role }) => role))].map((role) => {
        const known = this.roleHoldings.get(role) ?? holdingsOf(role.rules ?? [], this.asked);
        this.roleHoldings.set(role, known);
        return known;
      }),
    );
  }

  private arcsOfRights(rights: Rights): readonly Arc[] {
    const cluster = this.holdings(rights.cluster);
    const byNamespace = new Map<string, Holdings>();
    for (const [namespace, roles] of rights.namespaces) {
      const own = this.holdings(roles);
      if (own.size > 0) byNamespace.set(namespace, own);
    }
    if (cluster.size === 0 && byNamespace.size === 0) return [];
    const scopes = { cluster, byNamespace, anywhere: mergeHoldings([cluster, ...byNamespace.values()]) };
    const arcs = new Map<number, Arc>();
    // One step to a node is enough; the first edge of the table that leads there is as short as any.
    for (const edge of this.edges)
      for (const arc of this.arcsOfEdge(edge, rights, scopes)) if (!arcs.has(arc.to)) arcs.set(arc.to, arc);
    return [...arcs.values()];
  }

  private arcsOfEdge(edge: Edge, rights: Rights, { cluster, byNamespace, anywhere }: Scopes): readonly Arc[] {
    const arcsIn = (namespace: string | null, here: Holdings): readonly Arc[] | 'all' => {
      let chosen: Names | undefined;
      for (const need of edge.needs) {
        const held = need.scope === 'cluster' ? cluster : need.scope === 'anywhere' ? anywhere : here;
        const names = namesHeld(held, need);
        if (names === undefined) return [];
        chosen ??= names;
      }
      if (edge.named !== true || chosen === undefined || chosen === 'any') {
        for (const gives of edge.gives) found.push(...this.given(gives, edge, namespace, rights));
        return 'all';
      }
      for (const name of chosen)
        for (const gives of edge.gives) found.push(...this.given(gives, edge, namespace, rights, name));
      return [];
    };
    const found: Arc[] = [];
    const namespaced = edge.needs.some(({ scope }) => scope === 'namespace');
    const here = (namespace: string) => mergeHoldings([cluster, byNamespace.get(namespace) ?? new Map()]);
    const { namespaces } = edge;
    if (namespaces?.length === 0) return [];
    if (arcsIn(null, cluster) === 'all' || !namespaced) return found;
    for (const namespace of byNamespace.keys())
      if (namespaces?.includes(namespace) ?? true) arcsIn(namespace, here(namespace));
    return found;
  }

  /** The steps to what an edge gives; `name` where the right is limited to that one. */
  private given(gives: Gives, edge: Edge, namespace: string | null, rights: Rights, name?: string): readonly Arc[] {
    const to = (node: Node) => this.arc(node, edge, namespace, name);
    const account = (each: AccountName): Node => ({ kind: 'identity', identity: accountIdentity(each) });
    if (typeof gives === 'object') return [to(account(gives.account))];
    switch (gives) {
      case 'admin':
      case 'host':
      case 'node':
      case 'interception':
        return [to({ kind: gives })];
      case 'fluxControllers':
        return (this.facts.flux?.controllers ?? []).map((each) => to(account(each)));
      case 'ownClusterRoles':
      case 'missingClusterRoles':
      case 'ownRoles':
      case 'missingRoles':
        return ownRoles(gives, rights, namespace, name).map((place) =>
          to(place === null ? { kind: 'admin' } : { kind: 'role', role: EVERYTHING, namespace: place }),
        );
      case 'groups':
        if (name === undefined || name === MASTERS)
          return [to({ kind: 'admin' }), ...this.throughHub('groups', to, null, name)];
        return this.throughHub('groups', to, null, name);
      case 'groupsButMasters':
        return this.throughHub('groups', to, null, name);
      case 'users':
      case 'everyone':
        return this.throughHub(gives, to, null, name);
      default:
        return this.throughHub(gives, to, namespace, name);
    }
  }

  private throughHub(hub: HubName, to: (node: Node) => Arc, namespace: string | null, name?: string): readonly Arc[] {
    return name === undefined ? [to(hubNode(hub, namespace))] : this.hubs.named(hub, namespace, name).map(to);
  }
}

interface Scopes {
  readonly cluster: Holdings;
  readonly byNamespace: ReadonlyMap<string, Holdings>;
  readonly anywhere: Holdings;
}

/** The places in which a role counts for its holder that the holder may fill with any rule; null is everywhere. */
function ownRoles(
  which: 'ownClusterRoles' | 'missingClusterRoles' | 'ownRoles' | 'missingRoles',
  { cluster, namespaces, dangling }: Rights,
  namespace: string | null,
  name: string | undefined,
): readonly (string | null)[] {
  const fits = (found: { kind: string; name: string }, kind: string) =>
    found.kind === kind && (name === undefined || found.name === name);
  const kind = which.endsWith('ClusterRoles') ? 'ClusterRole' : 'Role';
  const here = (place: string | null) => kind === 'ClusterRole' || namespace === null || place === namespace;
  const missing = dangling.filter(({ binding, namespace }) => fits(binding.roleRef, kind) && here(namespace));
  const held = [...cluster, ...[...namespaces.values()].flat()];
  const places =
    which === 'ownClusterRoles' || which === 'ownRoles'
      ? held.filter(
          ({ role, namespace }) => fits({ kind: role.kind, name: role.metadata.name }, kind) && here(namespace),
        )
      : [...missing, ...(which === 'missingClusterRoles' && name === undefined ? held.filter(aggregates) : [])];
  return [...new Set(places.map(({ namespace }) => namespace))];
}

function aggregates({ role }: HeldRole): boolean {
  return role.kind === 'ClusterRole' && (role.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0;
}
