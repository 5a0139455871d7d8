import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#libs/core';
import { type DefaultDeny, nativeDefaultDeny } from './default-deny.js';

const HOME = { name: 'team-a', labels: { tenant: 'a' } };
const everybody = [{ namespaces: {} }];
const BANP = ['policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy'] as const;
const CNP = ['cilium.io/v2', 'CiliumNetworkPolicy'] as const;
const CCNP = ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'] as const;
const GNP = ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy'] as const;
const ANTREA = ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy'] as const;

describe('default deny of other policies', () => {
  it.each<[string, readonly [string, string], JsonObject, DefaultDeny, string?]>([
    [
      'a baseline for all',
      BANP,
      { subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: everybody }] },
      'denies',
    ],
    [
      'a baseline for the tenants',
      BANP,
      { subject: { namespaces: { matchLabels: { tenant: 'a' } } }, ingress: [{ action: 'Deny', from: everybody }] },
      'denies',
    ],
    [
      'a baseline for others',
      BANP,
      { subject: { namespaces: { matchLabels: { tenant: 'b' } } }, ingress: [{ action: 'Deny', from: everybody }] },
      'no',
    ],
    [
      'a baseline for some pods',
      BANP,
      { subject: { pods: { namespaceSelector: {}, podSelector: {} } }, ingress: [{ action: 'Deny', from: everybody }] },
      'no',
    ],
    [
      'a baseline against some',
      BANP,
      {
        subject: { namespaces: {} },
        ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { x: 'y' } } }] }],
      },
      'no',
    ],
    [
      'a baseline for a port',
      BANP,
      {
        subject: { namespaces: {} },
        ingress: [{ action: 'Deny', from: everybody, ports: [{ portNumber: { port: 1 } }] }],
      },
      'no',
    ],
    [
      'a baseline that allows',
      BANP,
      { subject: { namespaces: {} }, ingress: [{ action: 'Allow', from: everybody }] },
      'no',
    ],
    ['Cilium for the namespace', CNP, { endpointSelector: {}, ingress: [{}] }, 'denies', 'team-a'],
    ['Cilium for another namespace', CNP, { endpointSelector: {}, ingress: [{}] }, 'no', 'team-b'],
    ['Cilium for some pods', CNP, { endpointSelector: { matchLabels: { app: 'x' } }, ingress: [{}] }, 'no', 'team-a'],
    [
      'Cilium with expressions',
      CNP,
      { endpointSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, ingress: [{}] },
      'unclear',
      'team-a',
    ],
    ['Cilium, egress only', CNP, { endpointSelector: {}, egress: [{}] }, 'no', 'team-a'],
    [
      'Cilium lets the cluster in',
      CNP,
      { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] },
      'no',
      'team-a',
    ],
    ['Cilium for the cluster', CCNP, { endpointSelector: {}, ingress: [] }, 'denies'],
    [
      'Cilium for labelled namespaces',
      CCNP,
      { endpointSelector: { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.tenant': 'a' } }, ingress: [] },
      'denies',
    ],
    [
      'Cilium for namespaces with other labels',
      CCNP,
      { endpointSelector: { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.tenant': 'b' } }, ingress: [] },
      'no',
    ],
    [
      'Cilium for another namespace by name',
      CCNP,
      { endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': 'team-b' } }, ingress: [] },
      'no',
    ],
    [
      'Cilium without its default',
      CCNP,
      { endpointSelector: {}, ingress: [], enableDefaultDeny: { ingress: false } },
      'unclear',
    ],
    ['Calico for the cluster', GNP, { selector: 'all()', types: ['Ingress'] }, 'denies'],
    ['Calico with its own selector', GNP, { selector: "tenant == 'a'", types: ['Ingress'] }, 'unclear'],
    ['Calico for some namespaces', GNP, { namespaceSelector: "tenant == 'a'", types: ['Ingress'] }, 'unclear'],
    ['Calico, egress only', GNP, { selector: 'all()', types: ['Egress'] }, 'no'],
    ['Calico lets everybody in', GNP, { selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow' }] }, 'no'],
    [
      'Calico lets some in',
      GNP,
      { selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow', source: { selector: 'x' } }] },
      'denies',
    ],
    ['Antrea', ANTREA, { appliedTo: [], ingress: [] }, 'unclear'],
  ])('%s', (_, [apiVersion, kind], spec, expected, namespace) => {
    const metadata = { name: 'p', ...(namespace && { namespace }) };
    expect(nativeDefaultDeny({ apiVersion, kind, metadata, spec }, HOME, 'Ingress')).toBe(expected);
  });

  it('reads egress apart', () => {
    const policy = {
      apiVersion: CNP[0],
      kind: CNP[1],
      metadata: { name: 'p', namespace: 'team-a' },
      spec: { endpointSelector: {}, egress: [{}] },
    };
    expect(nativeDefaultDeny(policy, HOME, 'Egress')).toBe('denies');
  });
});
