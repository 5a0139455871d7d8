import type { EgressRule, IngressRule, NetworkPolicy, PolicyPeer } from '#libs/core';
import { type Direction, directionsOf } from '#libs/netpol';

/** A rule that lets everybody in, or out to everywhere, though perhaps on some ports only. */
export interface WideRule {
  readonly policy: NetworkPolicy;
  readonly pointer: string;
  readonly everyPort: boolean;
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly (IngressRule & EgressRule)[] {
  return (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [];
}

function coversEveryPod({ spec }: NetworkPolicy): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec.podSelector ?? {};
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

function isEverybody({ namespaceSelector, podSelector, ipBlock }: PolicyPeer): boolean {
  if (ipBlock) return (ipBlock.cidr === '0.0.0.0/0' || ipBlock.cidr === '::/0') && !ipBlock.except?.length;
  const empty = (selector: PolicyPeer['podSelector']) =>
    Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) === 0;
  return namespaceSelector !== undefined && empty(namespaceSelector) && empty(podSelector);
}

export function wideRules(policy: NetworkPolicy, direction: Direction): readonly WideRule[] {
  if (!directionsOf(policy).includes(direction)) return [];
  return rulesOf(policy, direction).flatMap((rule, index) => {
    const peers = rule.from ?? rule.to ?? [];
    const wide = peers.length === 0 || peers.some(isEverybody);
    return wide
      ? [{ policy, pointer: `/spec/${direction.toLowerCase()}/${index}`, everyPort: !rule.ports?.length }]
      : [];
  });
}

/** Whether the policies of one namespace close all its pods in a direction, apart from what they name. */
export function deniesByDefault(policies: readonly NetworkPolicy[], direction: Direction): boolean {
  const covering = policies.filter((policy) => coversEveryPod(policy) && directionsOf(policy).includes(direction));
  return (
    covering.length > 0 && !covering.some((policy) => wideRules(policy, direction).some(({ everyPort }) => everyPort))
  );
}
