import type { EgressRule, IngressRule, Namespace, NetworkPolicy, NetworkProtocol, Pod, PolicyPeer } from '#libs/core';
import {
  labelsOfNamespaces,
  type NamespaceLabels,
  peerHasAddress,
  peerSelectsPod,
  portCovers,
  selectsPod,
} from './match.js';
import { type Direction, directionsOf } from './directions.js';

/** The part of a policy that opens a way: `/spec/ingress/<rule>/from/<peer>`. */
export interface Opening {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly rule: number;
  /** null where the rule names no peers, and so lets everybody through. */
  readonly peer: number | null;
}

/**
 * Why objects alone do not decide; a network plugin may do either.
 * `hostNetwork`: pods in the network of their node are not told from the node, so policies need not apply to them.
 * `podByAddress`: an `ipBlock` is meant for addresses outside the cluster; whether it matches a pod's is up to the plugin.
 */
export type Doubt = 'hostNetwork' | 'podByAddress';

/** Who may connect to a port, by NetworkPolicies alone. */
export type Reach =
  /** No policy selects the pod, or it is in the network of its node (with the doubt). */
  | { readonly from: 'everybody'; readonly because: 'notIsolated' | 'hostNetwork' }
  | {
      readonly from: 'peers';
      /** The policies that isolate the pod. */
      readonly policies: readonly NetworkPolicy[];
      /** Each with whom it lets in; none at all where nobody may connect. */
      readonly openings: readonly Opening[];
    };

/** What a connection comes from or goes to: a pod, or an address outside the cluster. */
export type Endpoint = { readonly pod: Pod } | { readonly address: string };

export interface Verdict {
  readonly allowed: boolean;
  /** What allows it; absent where nothing needs to, or nothing does. */
  readonly by?: Opening;
  /** Present where the plugin decides. `allowed` then says what the more open of them does. */
  readonly derived?: Doubt;
}

/**
 * The NetworkPolicies of a cluster, as the specification reads them. Other policy kinds (AdminNetworkPolicy, and those of
 * Calico, Cilium or Antrea) can open what is closed here and close what is open. Traffic from a pod's own node, such
 * as the kubelet's probes, always passes.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class PolicyEvaluator {
  private readonly byNamespace = new Map<string, NetworkPolicy[]>();
  private readonly namespaces: NamespaceLabels;

  constructor(policies: readonly NetworkPolicy[], namespaces: readonly Namespace[]) {
    this.namespaces = labelsOfNamespaces(namespaces);
    for (const policy of policies) {
      const namespace = policy.metadata.namespace ?? '';
      const list = this.byNamespace.get(namespace) ?? [];
      this.byNamespace.set(namespace, list);
      list.push(policy);
    }
  }

  /** The policies that isolate the pod in a direction: what their rules do not allow is refused. */
  isolating(pod: Pod, direction: Direction): readonly NetworkPolicy[] {
    return (this.byNamespace.get(pod.metadata.namespace ?? '') ?? []).filter(
      (policy) => directionsOf(policy).includes(direction) && selectsPod(policy, pod),
    );
  }

  /** Who may connect to a port of the pod. */
  reach(destination: Pod, port: number, protocol: NetworkProtocol = 'TCP'): Reach {
    if (destination.spec.hostNetwork === true) return { from: 'everybody', because: 'hostNetwork' };
    const policies = this.isolating(destination, 'Ingress');
    if (policies.length === 0) return { from: 'everybody', because: 'notIsolated' };
    return { from: 'peers', policies, openings: [...openings(policies, 'Ingress', port, protocol, destination)] };
  }

  /** Whether the destination's policies let the source in. */
  lets(source: Endpoint, destination: Pod, port: number, protocol: NetworkProtocol = 'TCP'): Verdict {
    const policies = this.isolating(destination, 'Ingress');
    const verdict = this.judge(policies, 'Ingress', source, port, protocol, destination);
    return destination.spec.hostNetwork === true ? doubtful(verdict) : verdict;
  }

  /** Whether the source's policies let it out to the destination. */
  letsOut(source: Pod, destination: Endpoint, port: number, protocol: NetworkProtocol = 'TCP'): Verdict {
    const policies = this.isolating(source, 'Egress');
    const to = 'pod' in destination ? destination.pod : undefined;
    const verdict = this.judge(policies, 'Egress', destination, port, protocol, to);
    return source.spec.hostNetwork === true ? doubtful(verdict) : verdict;
  }

  /** Whether a pod can connect to another: let out by its own policies and in by the other's. */
  connects(source: Pod, destination: Pod, port: number, protocol: NetworkProtocol = 'TCP'): Verdict {
    const out = this.letsOut(source, { pod: destination }, port, protocol);
    const into = this.lets({ pod: source }, destination, port, protocol);
    const derived = into.derived ?? out.derived;
    const by = into.by ?? out.by;
    const allowed = out.allowed && into.allowed;
    // A plain refusal of one side settles it, whatever the plugin makes of the other.
    const settled = (!out.allowed && out.derived === undefined) || (!into.allowed && into.derived === undefined);
    return { allowed, ...(allowed && by && { by }), ...(!settled && derived && { derived }) };
  }

  private judge(
    policies: readonly NetworkPolicy[],
    direction: Direction,
    other: Endpoint,
    port: number,
    protocol: NetworkProtocol,
    destination: Pod | undefined,
  ): Verdict {
    if (policies.length === 0) return { allowed: true };
    let doubted: Verdict | undefined;
    for (const by of openings(policies, direction, port, protocol, destination)) {
      const match = by.peer === null ? 'yes' : this.matches(peerAt(by), by.policy, other);
      if (match === 'yes') return { allowed: true, by };
      if (match !== 'no') doubted ??= { allowed: true, by, derived: match };
    }
    return doubted ?? { allowed: false };
  }

  private matches(peer: PolicyPeer | undefined, policy: NetworkPolicy, other: Endpoint): 'yes' | 'no' | Doubt {
    if (peer === undefined) return 'no';
    if ('address' in other) return peerHasAddress(peer, other.address) ? 'yes' : 'no';
    const { pod } = other;
    const inHostNetwork = pod.spec.hostNetwork === true;
    if (peerSelectsPod(peer, policy.metadata.namespace ?? '', pod, this.namespaces))
      return inHostNetwork ? 'hostNetwork' : 'yes';
    const address = pod.status?.podIP ?? (inHostNetwork ? pod.status?.hostIP : undefined);
    if (address === undefined || !peerHasAddress(peer, address)) return 'no';
    // The address is the node's own, which is what an ipBlock is for.
    return inHostNetwork ? 'yes' : 'podByAddress';
  }
}

/** A plugin that leaves pods in the network of their node alone lets everything pass. */
function doubtful({ by }: Verdict): Verdict {
  return { allowed: true, ...(by && { by }), derived: 'hostNetwork' };
}

function* openings(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  port: number,
  protocol: NetworkProtocol,
  destination: Pod | undefined,
): Generator<Opening> {
  for (const policy of policies) {
    for (const [rule, each] of rulesOf(policy, direction).entries()) {
      if (each.ports?.length && !each.ports.some((entry) => portCovers(entry, port, protocol, destination))) continue;
      const peers = peersOf(each);
      if (peers.length === 0) yield { policy, direction, rule, peer: null };
      for (const peer of peers.keys()) yield { policy, direction, rule, peer };
    }
  }
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly (IngressRule | EgressRule)[] {
  return (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [];
}

function peersOf(rule: IngressRule & EgressRule): readonly PolicyPeer[] {
  return rule.from ?? rule.to ?? [];
}

function peerAt({ policy, direction, rule, peer }: Opening): PolicyPeer | undefined {
  const found = rulesOf(policy, direction)[rule];
  return found === undefined || peer === null ? undefined : peersOf(found)[peer];
}

/** The JSON pointer (RFC 6901) to the rule or peer that opens the way, for evidence. */
export function pointerOf({ direction, rule, peer }: Opening): string {
  const list = direction === 'Ingress' ? 'from' : 'to';
  return `/spec/${direction.toLowerCase()}/${rule}${peer === null ? '' : `/${list}/${peer}`}`;
}

/** The pods of a list that may connect to a port of the pod, apart from itself. */
export function podsThatReach(
  evaluator: PolicyEvaluator,
  pods: readonly Pod[],
  destination: Pod,
  port: number,
  protocol: NetworkProtocol = 'TCP',
): readonly { readonly pod: Pod; readonly verdict: Verdict }[] {
  return pods
    .filter((pod) => pod !== destination)
    .map((pod) => ({ pod, verdict: evaluator.lets({ pod }, destination, port, protocol) }))
    .filter(({ verdict }) => verdict.allowed);
}
