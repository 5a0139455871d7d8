import type { Identity } from '../identity.js';
import type { AnyBinding, AnyRole, PolicyRule } from '#libs/core';
import type { EdgeId } from './edge.js';
import type { Arc, EscalationGraph } from './graph.js';
import { covers, type Need } from './need.js';
import type { Reached } from './nodes.js';
import { type HeldRole, rightsOf } from './rights.js';

/** The right that a step rests on, and where it comes from. */
export interface Ground {
  readonly role: AnyRole;
  readonly rule: PolicyRule;
  readonly ruleIndex: number;
  readonly namespace: string | null;
  /** Absent where the role was gained by an earlier step. */
  readonly binding?: AnyBinding;
}

export interface EscalationStep {
  /** `E0` is no step but the holding of every right. */
  readonly edge: EdgeId;
  /** What is done, for people: "creates workloads, which …". */
  readonly title: string;
  readonly from: Reached;
  readonly to: Reached;
  /** Where the rights count; null is everywhere. */
  readonly namespace: string | null;
  /** One for each right that the step takes. */
  readonly grounds: readonly Ground[];
}

/** Everything that principals can become, each by its shortest way. */
export interface Closure {
  /** In the order of distance, the principals themselves first. */
  readonly reached: readonly Reached[];
  readonly reachesAdmin: boolean;
  /** The steps to it; empty for a principal itself, undefined where it cannot be reached. */
  pathTo(target: Reached): readonly EscalationStep[] | undefined;
}

/** How a node was reached. Lists by the number of the node; the graph numbers more nodes as the search goes. */
interface Search {
  /** The node before it; -1 for a start, and for what was not reached. */
  readonly before: number[];
  readonly by: (Arc | null)[];
  /** The nodes that were reached, nearest first. */
  readonly order: number[];
}

/**
 * Breadth-first from all principals at once. Steps out of hubs cost nothing, so they are taken in the same round; a node
 * first seen at the end of a step can still turn out to be nearer.
 */
export function closureOf(graph: EscalationGraph, principals: readonly Identity[]): Closure {
  const search = searchFrom(
    graph,
    principals.map((identity) => graph.nodes.numberOf({ kind: 'identity', identity })),
  );
  const reached = new Set(search.order);
  const numberOf = (target: Reached) => {
    const number = graph.nodes.find(target);
    return number !== undefined && reached.has(number) ? number : undefined;
  };
  return {
    get reached() {
      return search.order.map((number) => graph.nodes.node(number)).filter((node) => node.kind !== 'hub');
    },
    reachesAdmin: numberOf({ kind: 'admin' }) !== undefined,
    pathTo: (target) => {
      const number = numberOf(target);
      return number === undefined ? undefined : walkBack(graph, search, number);
    },
  };
}

function searchFrom(graph: EscalationGraph, starts: readonly number[]): Search {
  const distances: number[] = [];
  const search: Search = { before: [], by: [], order: [] };
  const cover = (size: number) => {
    while (distances.length < size) {
      distances.push(Number.POSITIVE_INFINITY);
      search.before.push(-1);
      search.by.push(null);
    }
  };
  cover(graph.nodes.size);
  const taken: boolean[] = [];
  for (const start of starts) distances[start] = 0;
  let round = [...starts];
  for (let distance = 0; round.length > 0; distance += 1) {
    const next: number[] = [];
    for (const node of round) {
      if (taken[node] === true) continue;
      const arcs = graph.arcsOf(node);
      cover(graph.nodes.size);
      while (taken.length < distances.length) taken.push(false);
      taken[node] = true;
      search.order.push(node);
      for (const arc of arcs) {
        const there = arc.edge === null ? distance : distance + 1;
        if ((distances[arc.to] ?? 0) <= there) continue;
        distances[arc.to] = there;
        search.before[arc.to] = node;
        search.by[arc.to] = arc;
        (arc.edge === null ? round : next).push(arc.to);
      }
    }
    round = next;
  }
  return search;
}

function walkBack(graph: EscalationGraph, { before, by }: Search, target: number): readonly EscalationStep[] {
  const steps: EscalationStep[] = [];
  let to: Reached | undefined;
  for (let number = target; number !== -1; number = before[number] ?? -1) {
    const node = graph.nodes.node(number);
    if (node.kind !== 'hub') to = node;
    const arc = by[number];
    if (arc?.edge == null || to === undefined) continue;
    const from = graph.nodes.node(before[number] ?? -1);
    // Only steps out of hubs have no edge.
    if (from.kind === 'hub') continue;
    const { id, title } = arc.edge;
    steps.unshift({ edge: id, title, from, to, namespace: arc.namespace, grounds: groundsOf(graph, from, arc) });
  }
  return steps;
}

/** The rights that a step rests on, each with the rule that holds it. */
export function groundsOf(graph: EscalationGraph, from: Reached, arc: Arc): readonly Ground[] {
  const { cluster, namespaces } = rightsOf(graph.index, from);
  const here = arc.namespace === null ? [] : (namespaces.get(arc.namespace) ?? []);
  const everywhere = [...namespaces.values()].flat();
  return (arc.edge?.needs ?? []).flatMap((need, place) => {
    const others = need.scope === 'cluster' ? [] : need.scope === 'anywhere' ? everywhere : here;
    const ground = groundOf([...cluster, ...others], need, place === 0 ? arc.name : undefined);
    return ground === undefined ? [] : [ground];
  });
}

/** A rule without names is the better ground; else one for the name that is used, or for any that serves. */
function groundOf(roles: readonly HeldRole[], need: Need, name: string | undefined): Ground | undefined {
  const wanted = name === undefined ? need.names : [name];
  const fits = [
    (rule: PolicyRule) => !rule.resourceNames?.length,
    (rule: PolicyRule) => wanted === undefined || rule.resourceNames?.some((held) => wanted.includes(held)) === true,
  ];
  for (const fit of fits) {
    for (const held of roles) {
      const rules = held.role.rules ?? [];
      const ruleIndex = rules.findIndex(
        (rule) =>
          fit(rule) && need.verbs.some((verb) => need.resources.some((resource) => covers(rule, verb, resource))),
      );
      const rule = rules[ruleIndex];
      if (rule !== undefined) return { ...held, rule, ruleIndex };
    }
  }
  return undefined;
}
