type AnyObject = object;

/**
 * The same pure function, which remembers its last results by the identity of its arguments: facts that many controls
 * derive from one artifact are worked out once for each snapshot. All arguments must be objects that do not change
 * (snapshots are frozen); the memory goes with the first of them.
 */
export function derived<A extends readonly [AnyObject, ...AnyObject[]], R>(
  compute: (...sources: A) => R,
): (...sources: A) => R {
  const results = new WeakMap<AnyObject, Level<R>>();
  return (...sources) => {
    let level: Level<R> = levelOf(results, sources[0]);
    for (const source of sources.slice(1)) level = levelOf(level.further, source);
    level.result ??= { value: compute(...sources) };
    return level.result.value;
  };
}

interface Level<R> {
  result?: { readonly value: R };
  readonly further: WeakMap<AnyObject, Level<R>>;
}

function levelOf<R>(levels: WeakMap<AnyObject, Level<R>>, source: AnyObject): Level<R> {
  let level = levels.get(source);
  if (level === undefined) {
    level = { further: new WeakMap() };
    levels.set(source, level);
  }
  return level;
}
