import {
  type Namespace,
  type NetworkPolicy,
  type Pod,
  type PolicyPeer,
  type PolicyPort,
  matchesSelectorObject,
} from '#libs/core';
import { blockContains } from './cidr.js';

/** Labels of namespaces by name; a namespace that is not there has none. */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

export function labelsOfNamespaces(namespaces: readonly Namespace[]): NamespaceLabels {
  return new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
}

export function selectsPod({ metadata, spec }: NetworkPolicy, pod: Pod): boolean {
  return (
    metadata.namespace === pod.metadata.namespace &&
    matchesSelectorObject(spec.podSelector ?? {}, pod.metadata.labels ?? {})
  );
}

/** Whether the peer's selectors pick the pod. An `ipBlock` is for addresses: see `peerHasAddress`. */
export function peerSelectsPod(
  peer: PolicyPeer,
  policyNamespace: string,
  pod: Pod,
  namespaces: NamespaceLabels,
): boolean {
  const { podSelector, namespaceSelector } = peer;
  if (podSelector === undefined && namespaceSelector === undefined) return false;
  const namespace = pod.metadata.namespace ?? '';
  const inNamespace =
    namespaceSelector === undefined
      ? namespace === policyNamespace
      : matchesSelectorObject(namespaceSelector, namespaces.get(namespace) ?? {});
  return inNamespace && matchesSelectorObject(podSelector ?? {}, pod.metadata.labels ?? {});
}

export function peerHasAddress({ ipBlock }: PolicyPeer, address: string): boolean {
  if (ipBlock === undefined || !blockContains(ipBlock.cidr, address)) return false;
  return !ipBlock.except?.some((cidr) => blockContains(cidr, address));
}

/**
 * Whether an entry covers a port. A name is looked up in the containers of the pod that is connected to; the destination
 * is absent where it is no pod, and has no names then.
 */
export function portCovers(entry: PolicyPort, port: number, protocol: string, destination?: Pod): boolean {
  if ((entry.protocol ?? 'TCP') !== protocol) return false;
  if (entry.port === undefined) return true;
  if (typeof entry.port === 'number') return port >= entry.port && port <= (entry.endPort ?? entry.port);
  return (
    destination?.spec.containers.some(
      ({ ports }) =>
        ports?.some(
          (each) => each.name === entry.port && each.containerPort === port && (each.protocol ?? 'TCP') === protocol,
        ) ?? false,
    ) ?? false
  );
}
