import { type Lane, selectorImplies, selectorsOverlap } from '#libs/flux';

/** Two instances of one controller that could reconcile the same object. */
export interface LaneConflict {
  /**
   * `standby`: they share a Lease, so one of them waits. `double`: they select the same objects and both work.
   * `overlap`: an object can match both.
   */
  readonly kind: 'standby' | 'double' | 'overlap';
  /** The one that needs a narrower selector: what the other selects lies inside it, where either lies inside. */
  readonly wide: Lane;
  readonly other: Lane;
  /** Everything that one of them could ever reconcile is in the lane of the other too. */
  readonly contained: boolean;
}

/** Every pair of lanes of one controller that an object could be in at once. */
export function conflictsOf(lanes: readonly Lane[]): readonly LaneConflict[] {
  return lanes.flatMap((left, index) => lanes.slice(index + 1).flatMap((right) => conflictOf(left, right) ?? []));
}

function conflictOf(left: Lane, right: Lane): LaneConflict | undefined {
  // Pods of one Deployment that differ are in the middle of a rollout.
  if (left.component !== right.component || left.instance === right.instance) return undefined;
  if (left.namespace !== null && right.namespace !== null && left.namespace !== right.namespace) return undefined;
  const [a, b] = [left.selector.requirements, right.selector.requirements];
  if (!selectorsOverlap(a, b)) return undefined;
  const leftInside = isInside(left, right);
  const rightInside = isInside(right, left);
  const [wide, other] = leftInside && !rightInside ? [right, left] : [left, right];
  const contained = leftInside || rightInside;
  if (left.lease !== undefined && left.lease === right.lease) return { kind: 'standby', wide, other, contained };
  return { kind: leftInside && rightInside ? 'double' : 'overlap', wide, other, contained };
}

function isInside(inner: Lane, outer: Lane): boolean {
  const withinScope = outer.namespace === null || inner.namespace === outer.namespace;
  return withinScope && selectorImplies(inner.selector.requirements, outer.selector.requirements);
}

/** Equal for the same two instances. */
export function conflictKey({ wide, other }: LaneConflict): string {
  return [wide, other]
    .map(({ instance }) => `${instance.namespace}/${instance.owner.name}/${instance.container}`)
    .toSorted()
    .join(' ');
}
