/** Set by the API server for its own bookkeeping; nobody audits it. */
const NOT_SIMULATED =
  /\.managedFields$|\.emulation|\.minCompat|\.storageVersionHash$|\.shortNames$|\.categories$|\.subresources$|\.extra$|userInfo\.uid$|\.finalizers$|\.terminatingReplicas$/;
/** Values that decide how a client reads on. */
const SAME_VALUE =
  /(?<!^\.status)\.(kind|apiVersion|status|reason|code|allowed|username|freshness|scope|groupVersion|namespaced)$/;

/** Paths that only one side has, or where types differ. Of arrays of objects the first elements that both know are compared. */
export function jsonDifferences(simulated: unknown, real: unknown, path = ''): string[] {
  if (Array.isArray(simulated) && Array.isArray(real)) {
    const pair = samePair(simulated, real);
    if (pair === undefined) return simulated.length === real.length ? [] : [`${path} has no element in common`];
    return jsonDifferences(pair[0], pair[1], `${path}[]`);
  }
  if (isObject(simulated) && isObject(real)) {
    return [...new Set([...Object.keys(simulated), ...Object.keys(real)])].flatMap((key) => {
      const at = `${path}.${key}`;
      if (NOT_SIMULATED.test(at)) return [];
      if (!(key in simulated)) return [`${at} is missing`];
      if (!(key in real)) return [`${at} is only simulated`];
      return jsonDifferences(simulated[key], real[key], at);
    });
  }
  if (typeof simulated !== typeof real) return [`${path} is ${typeof simulated}, not ${typeof real}`];
  return SAME_VALUE.test(path) && simulated !== real ? [`${path} is ${String(simulated)}, not ${String(real)}`] : [];
}

function samePair(simulated: readonly unknown[], real: readonly unknown[]): [unknown, unknown] | undefined {
  for (const one of simulated) {
    const name = nameOf(one);
    const other = real.find((candidate) => nameOf(candidate) === name);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

function nameOf(value: unknown): unknown {
  if (!isObject(value)) return typeof value;
  const { metadata, name, type, resource, version, clientCIDR } = value as Record<
    string,
    { name?: string } | undefined
  >;
  return metadata?.name ?? name ?? type ?? resource ?? version ?? clientCIDR;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
