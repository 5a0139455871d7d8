import { type JsonObject, type JsonValue, matchesSelectorObject } from '#libs/core';
import { type Found, type NativeTarget, coversPort } from './effect.js';
import { hasOnly, isEmptySelector, listAt, objectAt, selectorAt, textsAt } from './json-read.js';

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';

/** Peers that are everybody, or everybody in the cluster. */
const OPEN_ENTITIES = new Set(['all', 'cluster', 'world', 'world-ipv4', 'world-ipv6']);
/** The pod's own node, the health checks of Cilium and the API server: what NetworkPolicies let through as well. */
const CLOSED_ENTITIES = new Set(['host', 'health', 'kube-apiserver', 'none']);
const KNOWN_FIELDS = [
  'endpointSelector',
  'ingress',
  'ingressDeny',
  'egress',
  'egressDeny',
  'description',
  'labels',
  'enableDefaultDeny',
  'log',
];

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, as far as they are simple: entities, and endpoints of one
 * namespace or all. An empty selector of endpoints means the policy's own namespace where the policy has one.
 * https://docs.cilium.io/en/stable/security/policy/language/
 *
 * @param namespace of the policy; undefined for the clusterwide kind
 */
export function ciliumEffects(
  spec: JsonObject,
  at: string,
  target: NativeTarget,
  namespace: string | undefined,
): Found {
  const home = target.pod.metadata.namespace ?? '';
  if (namespace !== undefined && namespace !== home) return [];
  // Policies of nodes say nothing about pods.
  if (spec['nodeSelector'] !== undefined) return [];
  const selector = selectorAt(spec['endpointSelector'], plainKey);
  if (selector && !matchesSelectorObject(selector, labelsOf(target))) return [];
  const strange = Object.keys(spec).find((key) => !KNOWN_FIELDS.includes(key));
  if (!selector || strange !== undefined) {
    return [
      unclear(selector ? `${at}/${strange}` : `${at}/endpointSelector`, spec[strange ?? 'endpointSelector'] ?? null),
    ];
  }
  const rules = listAt(spec['ingress'] ?? []);
  if (!rules) return [unclear(`${at}/ingress`, spec['ingress'] ?? null)];
  const isolates = spec['ingress'] !== undefined || spec['ingressDeny'] !== undefined;
  return [
    ...(isolates ? [{ effect: 'isolates' as const, pointer: at, observed: 'ingress' }] : []),
    ...rules.flatMap((rule, index) => ruleEffects(rule, `${at}/ingress/${index}`, target, namespace)),
  ];
}

function unclear(pointer: string, observed: JsonValue): Found[number] {
  return { effect: 'unclear', pointer, observed };
}

/** Cilium names the source of a label before it; labels of pods are `k8s:`, and `any:` may be left out. */
function plainKey(key: string): string | undefined {
  const [, source, name] = /^(?:(\w+):)?(.*)$/.exec(key) ?? [];
  if (source === 'k8s' || source === 'any') return name;
  return key.includes(':') ? undefined : key;
}

function labelsOf({ pod, namespaceLabels }: NativeTarget): Readonly<Record<string, string>> {
  return {
    ...pod.metadata.labels,
    ...Object.fromEntries(Object.entries(namespaceLabels).map(([key, value]) => [NAMESPACE_LABELS + key, value])),
    [NAMESPACE]: pod.metadata.namespace ?? '',
    [ACCOUNT]: pod.spec.serviceAccountName ?? 'default',
  };
}

function ruleEffects(value: JsonValue, at: string, target: NativeTarget, namespace: string | undefined): Found {
  const rule = objectAt(value);
  if (!rule) return [unclear(at, value)];
  const ports = portsCover(rule['toPorts'], target);
  if (ports === 'no') return [];
  if (ports === 'unclear') return [unclear(`${at}/toPorts`, rule['toPorts'] ?? null)];
  const { toPorts: _, ...peers } = rule;
  // Nothing at all allows nothing; ports alone are open to everybody.
  if (Object.keys(peers).length === 0) {
    return rule['toPorts'] === undefined
      ? []
      : [{ effect: 'opens', pointer: `${at}/toPorts`, observed: rule['toPorts'] }];
  }
  return Object.entries(peers).flatMap(([key, list]) => peerEffects(key, list, `${at}/${key}`, target, namespace));
}

function peerEffects(
  key: string,
  value: JsonValue,
  at: string,
  target: NativeTarget,
  namespace: string | undefined,
): Found {
  if (key === 'fromEntities') {
    const entities = textsAt(value);
    if (!entities) return [unclear(at, value)];
    return entities.flatMap((entity, index): Found => {
      if (OPEN_ENTITIES.has(entity)) return [{ effect: 'opens', pointer: `${at}/${index}`, observed: entity }];
      return CLOSED_ENTITIES.has(entity) ? [] : [unclear(`${at}/${index}`, entity)];
    });
  }
  const list = listAt(value);
  if (!list) return [unclear(at, value)];
  if (key === 'fromCIDR') {
    return list.map((cidr, index) =>
      cidr === '0.0.0.0/0' || cidr === '::/0'
        ? { effect: 'opens', pointer: `${at}/${index}`, observed: cidr }
        : unclear(`${at}/${index}`, cidr),
    );
  }
  if (key !== 'fromEndpoints') return [unclear(at, value)];
  return list.flatMap((entry, index): Found => {
    const place = `${at}/${index}`;
    const whose = endpointsOf(entry, target.pod.metadata.namespace ?? '', namespace);
    if (whose === 'own') return [];
    return [whose === 'others' ? { effect: 'opens', pointer: place, observed: entry } : unclear(place, entry)];
  });
}

/** Whether endpoints are in the namespace of the pod alone. */
function endpointsOf(value: JsonValue, home: string, namespace: string | undefined): 'own' | 'others' | 'unclear' {
  const selector = selectorAt(value, plainKey);
  if (!selector) return 'unclear';
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const keys = [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
  if (!keys.some((key) => key.startsWith('io.kubernetes.pod.namespace') || key.startsWith(NAMESPACE_LABELS))) {
    if (namespace !== undefined) return 'own';
    return isEmptySelector(selector) ? 'others' : 'unclear';
  }
  const named = matchLabels[NAMESPACE];
  return named === undefined ? 'unclear' : named === home ? 'own' : 'others';
}

function portsCover(value: JsonValue | undefined, target: NativeTarget): 'yes' | 'no' | 'unclear' {
  if (value === undefined) return 'yes';
  const answers = (listAt(value) ?? [null]).map((entry) => {
    const group = objectAt(entry);
    const ports = listAt(group?.['ports']);
    if (!group || !ports) return 'unclear';
    const covered = ports.map((port) => portCovers(port, target));
    // Rules beside the ports look into the traffic.
    const worst = covered.includes('yes') ? 'yes' : covered.includes('unclear') ? 'unclear' : 'no';
    return worst === 'yes' && !hasOnly(group, ['ports']) ? 'unclear' : worst;
  });
  return answers.includes('yes') ? 'yes' : answers.includes('unclear') ? 'unclear' : 'no';
}

function portCovers(value: JsonValue, target: NativeTarget): 'yes' | 'no' | 'unclear' {
  const { port, protocol = 'ANY', endPort, ...others } = objectAt(value) ?? {};
  if (typeof port !== 'string' && typeof port !== 'number') return 'unclear';
  if (Object.keys(others).length > 0) return 'unclear';
  if (protocol !== 'ANY' && protocol !== target.protocol) return 'no';
  const any = port === '0' || port === 0;
  return any || coversPort(port, typeof endPort === 'number' && endPort > 0 ? endPort : undefined, target)
    ? 'yes'
    : 'no';
}
