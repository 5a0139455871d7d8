import type { Identity } from '../identity.js';
import { type EscalationStep, groundsOf } from './closure.js';
import type { Arc, EscalationGraph } from './graph.js';
import type { Reached } from './nodes.js';

/** The shortest way from an identity to the nearest of some targets; undefined where there is none. */
export interface Way {
  readonly target: Reached;
  /** Empty where the identity is a target itself. */
  readonly steps: readonly EscalationStep[];
}

/**
 * Everything that many principals can become, for clusters where `closureOf` for each of them would walk the same graph
 * over and over: it is walked once, and once more for each set of targets.
 */
export class Exploration {
  /** Nobody in particular is nearest: in no order that means anything. */
  readonly reached: readonly Reached[];
  /** Arcs into each node that was reached, by the number of the node. */
  private readonly into: { readonly from: number; readonly arc: Arc }[][] = [];

  constructor(
    private readonly graph: EscalationGraph,
    starts: readonly Identity[],
  ) {
    const queue = [...new Set(starts.map((identity) => graph.nodes.numberOf({ kind: 'identity', identity })))];
    const seen = new Set(queue);
    // Grows while it is walked.
    for (const from of queue) {
      for (const arc of graph.arcsOf(from)) {
        (this.into[arc.to] ??= []).push({ from, arc });
        if (seen.has(arc.to)) continue;
        seen.add(arc.to);
        queue.push(arc.to);
      }
    }
    this.reached = queue.map((number) => graph.nodes.node(number)).filter((node) => node.kind !== 'hub');
  }

  /** Walks back from all targets at once; steps out of hubs cost nothing. The starts must be among those explored. */
  waysTo(targets: readonly Reached[]): (from: Identity) => Way | undefined {
    const { nodes } = this.graph;
    const next = new Map<number, Arc | null>();
    let round = targets.flatMap((target) => nodes.find(target) ?? []);
    const distances = new Map(round.map((number) => [number, 0]));
    for (const number of round) next.set(number, null);
    for (let distance = 0; round.length > 0; distance += 1) {
      const following: number[] = [];
      const done = new Set<number>();
      for (const to of round) {
        // A later, shorter way may have taken it already.
        if (done.has(to) || distances.get(to) !== distance) continue;
        done.add(to);
        for (const { from, arc } of this.into[to] ?? []) {
          const there = arc.edge === null ? distance : distance + 1;
          if ((distances.get(from) ?? Number.POSITIVE_INFINITY) <= there) continue;
          distances.set(from, there);
          next.set(from, arc);
          (arc.edge === null ? round : following).push(from);
        }
      }
      round = following;
    }
    return (from) => {
      const start = nodes.find({ kind: 'identity', identity: from });
      return start === undefined || !next.has(start) ? undefined : this.walk(start, next);
    };
  }

  private walk(start: number, next: ReadonlyMap<number, Arc | null>): Way | undefined {
    const steps: EscalationStep[] = [];
    let number = start;
    let node = this.graph.nodes.node(number);
    let arc = next.get(number);
    while (arc) {
      const from = node;
      const taken = arc;
      do {
        number = arc.to;
        node = this.graph.nodes.node(number);
        arc = next.get(number);
      } while (node.kind === 'hub' && arc);
      if (from.kind === 'hub' || node.kind === 'hub' || taken.edge === null) return undefined;
      const { id, title } = taken.edge;
      steps.push({
        edge: id,
        title,
        from,
        to: node,
        namespace: taken.namespace,
        grounds: groundsOf(this.graph, from, taken),
      });
    }
    return node.kind === 'hub' ? undefined : { target: node, steps };
  }
}
