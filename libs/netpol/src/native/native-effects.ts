import type { JsonObject, NativeNetworkPolicy, NetworkProtocol, Pod } from '#libs/core';
import { adminEffects } from './admin.js';
import { ciliumEffects } from './cilium.js';
import type { Found, NativeEffect, NativeTarget } from './effect.js';
import { listAt, objectAt } from './json-read.js';

/**
 * What policies beyond NetworkPolicy do to a port of a pod. Cilium's are read as far as they are simple; those of Calico
 * and Antrea that may concern the pod and allow anything are `unclear`.
 *
 * @param namespaceLabels of the pod's namespace
 */
export function nativeEffects(
  policies: readonly NativeNetworkPolicy[],
  pod: Pod,
  namespaceLabels: Readonly<Record<string, string>>,
  port: number,
  protocol: NetworkProtocol = 'TCP',
): readonly NativeEffect[] {
  const target: NativeTarget = { pod, namespaceLabels, port, protocol };
  return policies.flatMap((policy) => {
    const group = policy.apiVersion.split('/', 1)[0] ?? '';
    const specs = [
      ...(Object.keys(policy.spec).length > 0 || !policy.specs?.length ? [['/spec', policy.spec] as const] : []),
      ...(policy.specs ?? []).map((spec, index) => [`/specs/${index}`, spec] as const),
    ];
    return specs
      .flatMap(([at, spec]) => effectsIn(group, policy, spec, at, target))
      .map((effect): NativeEffect => ({ policy, ...effect }));
  });
}

function effectsIn(
  group: string,
  { kind, metadata }: NativeNetworkPolicy,
  spec: JsonObject,
  at: string,
  target: NativeTarget,
): Found {
  const home = target.pod.metadata.namespace;
  switch (group) {
    case 'cilium.io':
      return ciliumEffects(
        spec,
        at,
        target,
        kind === 'CiliumNetworkPolicy' ? (metadata.namespace ?? 'default') : undefined,
      );
    case 'policy.networking.k8s.io':
      return adminEffects(kind, spec, at, target);
    default:
      if (kind === 'NetworkPolicy' && metadata.namespace !== home) return [];
      return otherEffects(spec, at);
  }
}

const REFUSING = new Set(['Deny', 'Drop', 'Reject', 'Log']);

/** Calico and Antrea: both have a list of ingress rules with actions. Whom they select is not looked at. */
function otherEffects(spec: JsonObject, at: string): Found {
  const types = listAt(spec['types']);
  const rules = listAt(spec['ingress']) ?? [];
  const isolates = rules.length > 0 || (types?.includes('Ingress') ?? spec['egress'] === undefined);
  if (!isolates) return [];
  const allowing = rules.findIndex((rule) => {
    const action = objectAt(rule)?.['action'];
    return typeof action !== 'string' || !REFUSING.has(action);
  });
  return [
    { effect: 'isolates', pointer: at, observed: 'ingress' },
    ...(allowing < 0
      ? []
      : [
          {
            effect: 'unclear' as const,
            pointer: `${at}/ingress/${allowing}`,
            observed: objectAt(rules[allowing])?.['action'] ?? null,
          },
        ]),
  ];
}
