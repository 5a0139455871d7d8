import {
  type EgressRule,
  type IngressRule,
  type Namespace,
  type NetworkPolicy,
  type PolicyPeer,
  type PolicyPort,
  matchesSelectorObject,
} from '#libs/core';
import { type Direction, directionsOf } from '#libs/netpol';
import { covers, holdEveryAddress } from './address-ranges.js';

/** A rule that lets everybody in, or out to everywhere, though perhaps on some ports only. */
export interface WideRule {
  readonly policy: NetworkPolicy;
  readonly pointer: string;
  /** All of one protocol at least. */
  readonly everyPort: boolean;
  /** Nothing but names can be asked for. */
  readonly dnsOnly: boolean;
  /** It says so; otherwise it comes to that with the namespaces there are, or but for exceptions. */
  readonly plain: boolean;
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly (IngressRule & EgressRule)[] {
  return (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [];
}

type Selector = PolicyPeer['podSelector'];

function isEmpty(selector: Selector): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) === 0;
}

function saysEverybody({ namespaceSelector, podSelector, ipBlock }: PolicyPeer): boolean {
  if (ipBlock) return (ipBlock.cidr === '0.0.0.0/0' || ipBlock.cidr === '::/0') && !ipBlock.except?.length;
  return namespaceSelector !== undefined && isEmpty(namespaceSelector) && isEmpty(podSelector);
}

/** The API server puts it on every namespace. */
const NAME = 'kubernetes.io/metadata.name';

/** Whoever lists namespaces by name says who is meant, however many there are. */
function listsNames({ matchLabels = {}, matchExpressions = [] }: NonNullable<Selector>): boolean {
  return NAME in matchLabels || matchExpressions.some(({ key, operator }) => key === NAME && operator === 'In');
}

/** The peers of one rule together are everybody: all addresses, or every namespace that there is. */
function comeToEverybody(peers: readonly PolicyPeer[], namespaces: readonly Namespace[]): boolean {
  if (holdEveryAddress(peers.flatMap(({ ipBlock }) => ipBlock ?? []))) return true;
  const selectors = peers.flatMap(({ ipBlock, namespaceSelector, podSelector }) =>
    !ipBlock && namespaceSelector && isEmpty(podSelector) && !listsNames(namespaceSelector) ? [namespaceSelector] : [],
  );
  if (selectors.length === 0 || namespaces.length === 0) return false;
  return namespaces.every(({ metadata: { name, labels = {} } }) =>
    selectors.some((selector) => matchesSelectorObject(selector, { ...labels, [NAME]: name })),
  );
}

function isEveryPort(ports: readonly PolicyPort[] | null | undefined): boolean {
  if (!ports?.length || ports.some(({ port }) => port === undefined)) return true;
  const protocols = new Set(ports.map(({ protocol = 'TCP' }) => protocol));
  return [...protocols].some((each) =>
    covers(
      ports
        .filter(({ protocol = 'TCP' }) => protocol === each)
        .flatMap(({ port, endPort }) =>
          typeof port === 'number' ? [[BigInt(port), BigInt(endPort ?? port)] as const] : [],
        ),
      [1n, 65_535n],
    ),
  );
}

/** CoreDNS listens on 53, and on 5353 in OpenShift; https://github.com/coredns/deployment names its ports so. */
const DNS: ReadonlySet<number | string> = new Set([53, 5353, 'dns', 'dns-tcp']);

function isDnsOnly(ports: readonly PolicyPort[] | null | undefined): boolean {
  if (!ports?.length) return false;
  return ports.every(({ port, endPort }) => port !== undefined && DNS.has(port) && (endPort ?? port) === port);
}

/** `namespaces`: all of the cluster. */
export function wideRules(
  policy: NetworkPolicy,
  direction: Direction,
  namespaces: readonly Namespace[],
): readonly WideRule[] {
  if (!directionsOf(policy).includes(direction)) return [];
  return rulesOf(policy, direction).flatMap((rule, index) => {
    const peers = rule.from ?? rule.to ?? [];
    const plain = peers.length === 0 || peers.some(saysEverybody);
    if (!plain && !comeToEverybody(peers, namespaces)) return [];
    const pointer = `/spec/${direction.toLowerCase()}/${index}`;
    return [{ policy, pointer, everyPort: isEveryPort(rule.ports), dnsOnly: isDnsOnly(rule.ports), plain }];
  });
}

/** What policies for all pods of a namespace do by default. */
export interface DefaultState {
  /** All pods are closed, apart from what is named. */
  readonly denies: boolean;
  /** They are not, for rules that come to everybody without saying so. */
  readonly byInference: boolean;
}

/** Whether the policies of one namespace close all its pods in a direction, apart from what they name. */
export function defaultOf(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  namespaces: readonly Namespace[],
): DefaultState {
  const covering = policies.filter(
    (policy) => isEmpty(policy.spec.podSelector) && directionsOf(policy).includes(direction),
  );
  const open = covering.flatMap((policy) =>
    wideRules(policy, direction, namespaces).filter(({ everyPort }) => everyPort),
  );
  return {
    denies: covering.length > 0 && open.length === 0,
    byInference: open.length > 0 && open.every(({ plain }) => !plain),
  };
}
