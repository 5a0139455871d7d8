import { type JsonObject, type JsonValue, matchesSelectorObject } from '#libs/core';
import { type Found, type NativeTarget, coversPort } from './effect.js';
import { listAt, objectAt, selectorAt } from './json-read.js';

const ALLOWING = new Set(['Allow', 'Accept']);

/**
 * AdminNetworkPolicy and ClusterNetworkPolicy, whose rules come before NetworkPolicies, and those of the baseline, which
 * count only for pods that no NetworkPolicy selects. Whom an allowing rule lets in is not looked at.
 * https://network-policy-api.sigs.k8s.io/api-overview/
 */
export function adminEffects(kind: string, spec: JsonObject, at: string, target: NativeTarget): Found {
  const selected = isSubject(spec['subject'], target);
  if (selected === 'no') return [];
  if (selected === 'unclear')
    return [{ effect: 'unclear', pointer: `${at}/subject`, observed: spec['subject'] ?? null }];
  const baseline = kind === 'BaselineAdminNetworkPolicy' || spec['tier'] === 'Baseline';
  return (listAt(spec['ingress']) ?? []).flatMap((value, index): Found => {
    const pointer = `${at}/ingress/${index}`;
    const rule = objectAt(value) ?? {};
    const { action } = rule;
    if (!rulePortsCover(rule, target)) return [];
    if (action === 'Deny') return [{ effect: 'isolates', pointer, observed: 'Deny' }];
    if (action === 'Pass') return [];
    if (typeof action !== 'string' || !ALLOWING.has(action))
      return [{ effect: 'unclear', pointer, observed: action ?? null }];
    return baseline ? [] : [{ effect: 'overrides', pointer, observed: action }];
  });
}

/** `namespaces` with a selector, or `pods` with one for each. */
export function isSubject(
  value: JsonValue | undefined,
  { pod, namespaceLabels }: Pick<NativeTarget, 'pod' | 'namespaceLabels'>,
): 'yes' | 'no' | 'unclear' {
  const { namespaces, pods, ...others } = objectAt(value) ?? {};
  if (Object.keys(others).length > 0 || (namespaces === undefined) === (pods === undefined)) return 'unclear';
  const { namespaceSelector, podSelector } = objectAt(pods) ?? {};
  const ofNamespace = selectorAt(namespaces ?? namespaceSelector);
  const ofPod = pods === undefined ? {} : selectorAt(podSelector);
  if (!ofNamespace || !ofPod) return 'unclear';
  const matches =
    matchesSelectorObject(ofNamespace, namespaceLabels) && matchesSelectorObject(ofPod, pod.metadata.labels ?? {});
  return matches ? 'yes' : 'no';
}

/** Both spellings of ports; what is not understood counts as covering. */
function rulePortsCover(rule: JsonObject, target: NativeTarget): boolean {
  const ports = listAt(rule['ports']) ?? [];
  const protocols = listAt(rule['protocols']) ?? [];
  if (ports.length + protocols.length === 0) return true;
  return (
    ports.some((port) => portCovers(port, target)) || protocols.some((protocol) => protocolCovers(protocol, target))
  );
}

function portCovers(value: JsonValue, target: NativeTarget): boolean {
  const { portNumber, portRange, namedPort } = objectAt(value) ?? {};
  if (typeof namedPort === 'string') return coversPort(namedPort, undefined, target);
  const single = objectAt(portNumber);
  const range = objectAt(portRange);
  const protocol = (single ?? range)?.['protocol'] ?? 'TCP';
  const first = single?.['port'] ?? range?.['start'];
  const last = single?.['port'] ?? range?.['end'];
  if (typeof first !== 'number' || typeof last !== 'number') return true;
  return protocol === target.protocol && coversPort(first, last, target);
}

/** `{tcp: {destinationPort: {number}|{range: {start, end}}}}` and `{destinationNamedPort}` of the newer version. */
function protocolCovers(value: JsonValue, target: NativeTarget): boolean {
  const entry = objectAt(value) ?? {};
  const { destinationNamedPort } = entry;
  if (typeof destinationNamedPort === 'string') return coversPort(destinationNamedPort, undefined, target);
  const known = ['tcp', 'udp', 'sctp'].filter((name) => entry[name] !== undefined);
  if (known.length === 0) return true;
  const own = objectAt(entry[target.protocol.toLowerCase()]);
  if (!own) return false;
  const port = objectAt(own['destinationPort']);
  if (!port) return true;
  const range = objectAt(port['range']);
  const first = port['number'] ?? range?.['start'];
  const last = port['number'] ?? range?.['end'];
  return typeof first !== 'number' || typeof last !== 'number' || coversPort(first, last, target);
}
