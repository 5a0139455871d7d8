import type { JsonValue, NativeNetworkPolicy, NetworkProtocol, Pod } from '#libs/core';

/**
 * What a policy of another kind than NetworkPolicy does to a port of a pod.
 * `opens`: it lets in more than pods of the pod's own namespace, beside what NetworkPolicies let in.
 * `overrides`: it lets somebody in whatever NetworkPolicies say (AdminNetworkPolicy and its successor).
 * `isolates`: it selects the pod, which then takes only what some policy allows, or refuses something itself.
 * `unclear`: it may open the port; something in it is not understood.
 */
export interface NativeEffect {
  readonly policy: NativeNetworkPolicy;
  readonly effect: 'opens' | 'overrides' | 'isolates' | 'unclear';
  /** JSON pointer (RFC 6901) in the policy. */
  readonly pointer: string;
  readonly observed: JsonValue;
}

/** What is connected to, and what its own labels and those of its namespace are. */
export interface NativeTarget {
  readonly pod: Pod;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly port: number;
  readonly protocol: NetworkProtocol;
}

/** Finds effects in one spec; `at` is its JSON pointer. */
export type Found = readonly Omit<NativeEffect, 'policy'>[];

/** Whether ports by number or name cover the target. */
export function coversPort(
  entry: number | string,
  last: number | undefined,
  { pod, port, protocol }: NativeTarget,
): boolean {
  const number = typeof entry === 'string' && /^\d+$/.test(entry) ? Number(entry) : entry;
  if (typeof number === 'number') return port >= number && port <= (last ?? number);
  return pod.spec.containers.some(({ ports = [] }) =>
    ports.some((each) => each.name === number && each.containerPort === port && (each.protocol ?? 'TCP') === protocol),
  );
}
