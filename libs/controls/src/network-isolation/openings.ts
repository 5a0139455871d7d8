import { type Namespace, type PolicyPeer, matchesSelectorObject } from '#libs/core';
import type { Opening } from '#libs/netpol';

/** Whom an opening lets in besides pods of the namespace of its own policy; undefined where nobody. */
export interface LetsIn {
  readonly opening: Opening;
  /** `everyone`: any address. `addresses`: an IP block. `namespaces`: pods of others. */
  readonly kind: 'everyone' | 'addresses' | 'namespaces';
  /** Names of the other namespaces that it selects now. */
  readonly namespaces: readonly string[];
  /** It selects every namespace there is or will be. */
  readonly every: boolean;
}

function peerOf({ policy, rule, peer }: Opening): PolicyPeer | undefined {
  return peer === null ? undefined : policy.spec.ingress?.[rule]?.from?.[peer];
}

/** Of the openings of a port those that let in more than the namespace itself. */
export function lettingOthersIn(openings: readonly Opening[], namespaces: readonly Namespace[]): readonly LetsIn[] {
  return openings.flatMap((opening): LetsIn[] => {
    if (opening.peer === null) return [{ opening, kind: 'everyone', namespaces: [], every: true }];
    const peer = peerOf(opening);
    if (peer?.ipBlock) return [{ opening, kind: 'addresses', namespaces: [], every: false }];
    const selector = peer?.namespaceSelector;
    if (!selector) return [];
    const home = opening.policy.metadata.namespace;
    const others = namespaces.flatMap(({ metadata }) =>
      metadata.name !== home && matchesSelectorObject(selector, metadata.labels ?? {}) ? [metadata.name] : [],
    );
    const every = isEmpty(selector) && isEmpty(peer.podSelector ?? {});
    return every || others.length > 0 ? [{ opening, kind: 'namespaces', namespaces: others, every }] : [];
  });
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: NonNullable<PolicyPeer['podSelector']>): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}
