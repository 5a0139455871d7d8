import { type JsonObject, type NativeNetworkPolicy, type Pod, matchesSelectorObject } from '#libs/core';
import type { Direction } from '../directions.js';
import { isSubject } from './admin.js';
import { hasOnly, isEmptySelector, listAt, objectAt, selectorAt, textsAt } from './json-read.js';

/** A namespace whose pods may be closed by default. */
export interface Home {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export type DefaultDeny = 'denies' | 'unclear' | 'no';

const CILIUM_NAMESPACE = /^(?:k8s:|any:)?io\.kubernetes\.pod\.namespace$/;
const CILIUM_LABELS = /^(?:k8s:|any:)?io\.cilium\.k8s\.namespace\.labels\.(.+)$/;
const OPEN = new Set(['all', 'cluster', 'world']);

/**
 * Whether a policy beyond NetworkPolicy closes every pod of a namespace by default: a baseline that denies everybody, or
 * a policy of Cilium or Calico for all pods that lets nobody in by name of everybody. `unclear`: it may.
 */
export function nativeDefaultDeny(policy: NativeNetworkPolicy, home: Home, direction: Direction): DefaultDeny {
  const { namespace } = policy.metadata;
  if (namespace !== undefined && namespace !== home.name) return 'no';
  const specs = [policy.spec, ...(policy.specs ?? [])].filter((spec) => Object.keys(spec).length > 0);
  const answers = specs.map((spec) => {
    switch (policy.apiVersion.split('/', 1)[0]) {
      case 'policy.networking.k8s.io':
        return adminDenies(spec, home, direction);
      case 'cilium.io':
        return ciliumDenies(spec, home, direction, namespace !== undefined);
      case 'crd.projectcalico.org':
        return calicoDenies(spec, direction);
      default:
        return 'unclear';
    }
  });
  return answers.find((each) => each === 'denies') ?? answers.find((each) => each === 'unclear') ?? 'no';
}

function adminDenies(spec: JsonObject, { name, labels }: Home, direction: Direction): DefaultDeny {
  const nobody: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '', namespace: name },
    spec: { containers: [] },
  };
  if (objectAt(spec['subject'])?.['namespaces'] === undefined) return 'no';
  if (isSubject(spec['subject'], { pod: nobody, namespaceLabels: labels }) !== 'yes') return 'no';
  const [list, peers] = direction === 'Ingress' ? (['ingress', 'from'] as const) : (['egress', 'to'] as const);
  const denies = (listAt(spec[list]) ?? []).some((value) => {
    const rule = objectAt(value) ?? {};
    const everybody = listAt(rule[peers])?.some((peer) => {
      const selector = selectorAt(objectAt(peer)?.['namespaces']);
      return selector !== undefined && isEmptySelector(selector);
    });
    return (
      rule['action'] === 'Deny' && everybody === true && rule['ports'] === undefined && rule['protocols'] === undefined
    );
  });
  return denies ? 'denies' : 'no';
}

function ciliumDenies(
  spec: JsonObject,
  { name, labels }: Home,
  direction: Direction,
  namespaced: boolean,
): DefaultDeny {
  if (spec['nodeSelector'] !== undefined) return 'no';
  const rules = spec[direction === 'Ingress' ? 'ingress' : 'egress'];
  if (rules === undefined) return 'no';
  const selector = selectorAt(spec['endpointSelector']);
  if (!selector || !listAt(rules)) return 'unclear';
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (matchExpressions.length > 0) return 'unclear';
  const wanted = Object.entries(matchLabels).map(([key, value]) => {
    if (CILIUM_NAMESPACE.test(key)) return name === value ? 'yes' : 'other';
    const label = CILIUM_LABELS.exec(key)?.[1];
    if (label === undefined) return 'pods';
    return matchesSelectorObject({ matchLabels: { [label]: value } }, labels) ? 'yes' : 'other';
  });
  if (wanted.includes('other') || wanted.includes('pods')) return 'no';
  if (!namespaced && spec['enableDefaultDeny'] !== undefined) return 'unclear';
  const entities = direction === 'Ingress' ? 'fromEntities' : 'toEntities';
  const open = (listAt(rules) ?? []).some((value) => {
    const rule = objectAt(value) ?? {};
    return textsAt(rule[entities] ?? [])?.some((entity) => OPEN.has(entity)) ?? true;
  });
  return open ? 'no' : 'denies';
}

/** https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-default-deny */
function calicoDenies(spec: JsonObject, direction: Direction): DefaultDeny {
  if (textsAt(spec['types'])?.includes(direction) !== true) return 'no';
  const selector = typeof spec['selector'] === 'string' ? spec['selector'].trim() : '';
  const known = ['selector', 'namespaceSelector', 'types', 'order', 'tier', 'ingress', 'egress'];
  const everyPod = selector === '' || selector === 'all()';
  if (!everyPod || spec['namespaceSelector'] !== undefined || !hasOnly(spec, known)) return 'unclear';
  const rules = listAt(spec[direction === 'Ingress' ? 'ingress' : 'egress']) ?? [];
  const open = rules.some((value) => {
    const rule = objectAt(value) ?? {};
    return rule['action'] === 'Allow' && hasOnly(rule, ['action']);
  });
  return open ? 'no' : 'denies';
}
