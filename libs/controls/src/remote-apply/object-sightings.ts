import type { KubernetesObject, SightingHistory } from '#libs/core';

/** Conditions whose age no field of the object tells. */
export type LastingCondition =
  | 'failing'
  | 'cause'
  | 'stuck'
  | 'unreconciled'
  | 'suspended'
  | 'requested'
  | 'generation-lag'
  | 'revision-lag'
  | 'source-failing';

interface Sighting {
  readonly key: string;
  readonly condition: string;
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

function objectKey({ kind, metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${kind}/${namespace}/${name}`;
}

/** What one object was seen with before, and what it is seen with now. */
export class ObjectSightings {
  private readonly sighted = new Set<string>();

  constructor(
    private readonly prefix: string,
    private readonly object: string,
    private readonly earlier: readonly Sighting[],
    private readonly now: number,
  ) {}

  /** Notes that the condition holds now. Answers since when it is known to: now, where it is new. */
  sight(condition: LastingCondition, detail = ''): number {
    const key = `${this.prefix}/${condition}/${this.object}${detail === '' ? '' : `/${detail}`}`;
    this.sighted.add(key);
    return this.earlier.find((sighting) => sighting.key === key)?.since ?? this.now;
  }

  /** Earlier sightings of a condition, latest first. */
  earlierOf(condition: LastingCondition): readonly Sighting[] {
    return this.earlier.filter((each) => each.condition === condition).toSorted((a, b) => b.since - a.since);
  }

  /** The condition cannot be looked at now: what was known of it stays known. */
  keep(condition: LastingCondition): void {
    for (const { key } of this.earlierOf(condition)) this.sighted.add(key);
  }

  /** Keys of all that holds now, for the service to remember. */
  get keys(): readonly string[] {
    return [...this.sighted].toSorted();
  }
}

/**
 * Sorts the history of a control by object, once. Keys: `<control>/<condition>/<kind>/<namespace>/<name>[/<detail>]`.
 * A time after `now` counts as now.
 */
export function sightingsByObject(
  controlId: string,
  history: SightingHistory,
  now: number,
): (object: KubernetesObject) => ObjectSightings {
  const byObject = new Map<string, Sighting[]>();
  for (const [key, firstSeen] of Object.entries(history.firstSeen)) {
    const [prefix, condition = '', kind, namespace, name, ...detail] = key.split('/');
    const since = Math.min(Date.parse(firstSeen), now);
    if (prefix !== controlId || Number.isNaN(since)) continue;
    const object = `${kind}/${namespace}/${name}`;
    const sightings = byObject.get(object) ?? [];
    sightings.push({ key, condition, detail: detail.join('/'), since });
    byObject.set(object, sightings);
  }
  return (object) => {
    const key = objectKey(object);
    return new ObjectSightings(controlId, key, byObject.get(key) ?? [], now);
  };
}
