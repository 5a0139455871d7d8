import type { EgressRule, IngressRule, NativeNetworkPolicy, NetworkPolicy, PolicyPeer, PolicyPort } from '#libs/core';
import { defined, Fields } from './fields.js';
import { clusterMetadata, namespacedMetadata } from './metadata.js';
import { policyBody } from './policy-body.js';
import { selectorOf } from './selectors.js';

/** A NetworkPolicy, whole: what is absent and what is empty mean different things in it. */
export function projectNetworkPolicy(version: string): (item: unknown) => NetworkPolicy {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec');
    return {
      apiVersion: `networking.k8s.io/${version}`,
      kind: 'NetworkPolicy',
      metadata: namespacedMetadata(object),
      spec: spec
        ? defined({
            podSelector: selectorOf(spec, 'podSelector'),
            policyTypes: spec.texts('policyTypes'),
            ingress: spec.children('ingress')?.map(ingressRule),
            egress: spec.children('egress')?.map(egressRule),
          })
        : {},
    };
  };
}

function ingressRule(rule: Fields): IngressRule {
  return defined({ from: rule.children('from')?.map(peer), ports: rule.children('ports')?.map(port) });
}

function egressRule(rule: Fields): EgressRule {
  return defined({ to: rule.children('to')?.map(peer), ports: rule.children('ports')?.map(port) });
}

function peer(fields: Fields): PolicyPeer {
  const block = fields.child('ipBlock');
  return defined({
    podSelector: selectorOf(fields, 'podSelector'),
    namespaceSelector: selectorOf(fields, 'namespaceSelector'),
    ipBlock: block && defined({ cidr: block.needText('cidr'), except: block.texts('except') }),
  });
}

function port(fields: Fields): PolicyPort {
  return defined({
    protocol: fields.text('protocol'),
    port: fields.numberOrText('port'),
    endPort: fields.count('endPort'),
  });
}

/** A kind of network policy that is not Kubernetes' own. */
export interface NativePolicyKind {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
  /** Whose fields are known, newest first. */
  readonly versions: readonly string[];
  readonly namespaced: boolean;
}

const kindOf = (
  group: string,
  versions: readonly string[],
  kind: string,
  resource: string,
  namespaced = false,
): NativePolicyKind => ({ group, kind, resource, versions, namespaced });

export const NATIVE_POLICY_KINDS: readonly NativePolicyKind[] = [
  kindOf('policy.networking.k8s.io', ['v1alpha1'], 'AdminNetworkPolicy', 'adminnetworkpolicies'),
  kindOf('policy.networking.k8s.io', ['v1alpha1'], 'BaselineAdminNetworkPolicy', 'baselineadminnetworkpolicies'),
  kindOf('policy.networking.k8s.io', ['v1alpha2'], 'ClusterNetworkPolicy', 'clusternetworkpolicies'),
  kindOf('cilium.io', ['v2'], 'CiliumNetworkPolicy', 'ciliumnetworkpolicies', true),
  kindOf('cilium.io', ['v2'], 'CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies'),
  kindOf('crd.projectcalico.org', ['v1'], 'NetworkPolicy', 'networkpolicies', true),
  kindOf('crd.projectcalico.org', ['v1'], 'GlobalNetworkPolicy', 'globalnetworkpolicies'),
  kindOf('crd.antrea.io', ['v1beta1', 'v1alpha1'], 'NetworkPolicy', 'networkpolicies', true),
  kindOf('crd.antrea.io', ['v1beta1', 'v1alpha1'], 'ClusterNetworkPolicy', 'clusternetworkpolicies'),
];

export function projectNativePolicy(kind: NativePolicyKind, version: string): (item: unknown) => NativeNetworkPolicy {
  return (item) => {
    const object = Fields.of(item);
    return defined<NativeNetworkPolicy>({
      apiVersion: `${kind.group}/${version}`,
      kind: kind.kind,
      metadata: kind.namespaced ? namespacedMetadata(object) : clusterMetadata(object),
      ...policyBody(object),
    });
  };
}

/** One of a recorded snapshot, by the group and kind that it says it has. */
export function projectRecordedNativePolicy(item: unknown): NativeNetworkPolicy {
  const object = Fields.of(item);
  const [group, version = ''] = object.needText('apiVersion').split('/');
  const name = object.needText('kind');
  const kind = NATIVE_POLICY_KINDS.find((entry) => entry.group === group && entry.kind === name);
  if (!kind || !/^v[a-z0-9]+$/.test(version)) throw object.malformed('kind');
  return projectNativePolicy(kind, version)(item);
}
