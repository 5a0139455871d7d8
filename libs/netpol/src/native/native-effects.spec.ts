import { describe, expect, it } from 'vitest';
import type { JsonObject, NativeNetworkPolicy, Pod } from '#libs/core';
import { nativeEffects } from './native-effects.js';

const POD: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'source-controller-0', namespace: 'flux-system', labels: { app: 'source-controller' } },
  spec: {
    serviceAccountName: 'source-controller',
    containers: [{ name: 'manager', image: 'x', ports: [{ name: 'http', containerPort: 9090 }] }],
  },
};
const LABELS = { 'kubernetes.io/metadata.name': 'flux-system' };

function effects(
  policy: Pick<NativeNetworkPolicy, 'apiVersion' | 'kind'>,
  spec: JsonObject,
  namespace?: string,
  port = 9090,
) {
  const metadata = { name: 'p', ...(namespace && { namespace }) };
  return nativeEffects([{ ...policy, metadata, spec }], POD, LABELS, port).map(
    ({ effect, pointer }) => `${effect} ${pointer}`,
  );
}
const others = (found: readonly string[]) => found.filter((each) => !each.startsWith('isolates'));

describe('Cilium', () => {
  const CNP = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy' };
  const CCNP = { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy' };
  const ports = (port: string, more: JsonObject = {}) => [{ ports: [{ port, protocol: 'TCP' }], ...more }];
  const ingress = (rule: JsonObject, more: JsonObject = {}): JsonObject => ({
    endpointSelector: {},
    ingress: [rule],
    ...more,
  });

  it.each<[string, JsonObject, string[]]>([
    ['the cluster', ingress({ fromEntities: ['cluster'] }), ['opens /spec/ingress/0/fromEntities/0']],
    ['everybody', ingress({ fromEntities: ['host', 'all'] }), ['opens /spec/ingress/0/fromEntities/1']],
    ['the node', ingress({ fromEntities: ['host', 'kube-apiserver', 'health'] }), []],
    [
      'an entity that is not known',
      ingress({ fromEntities: ['remote-node'] }),
      ['unclear /spec/ingress/0/fromEntities/0'],
    ],
    [
      'on the port',
      ingress({ fromEntities: ['cluster'], toPorts: ports('9090') }),
      ['opens /spec/ingress/0/fromEntities/0'],
    ],
    [
      'on its name',
      ingress({ fromEntities: ['cluster'], toPorts: ports('http') }),
      ['opens /spec/ingress/0/fromEntities/0'],
    ],
    ['on another port', ingress({ fromEntities: ['cluster'], toPorts: ports('8080') }), []],
    [
      'on a range',
      ingress({ fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '9000', endPort: 9100 }] }] }),
      ['opens /spec/ingress/0/fromEntities/0'],
    ],
    [
      'on another protocol',
      ingress({ fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '9090', protocol: 'UDP' }] }] }),
      [],
    ],
    [
      'with rules of HTTP',
      ingress({ fromEntities: ['cluster'], toPorts: ports('9090', { rules: { http: [{}] } }) }),
      ['unclear /spec/ingress/0/toPorts'],
    ],
    [
      'with rules of HTTP on another port',
      ingress({ fromEntities: ['cluster'], toPorts: ports('80', { rules: { http: [{}] } }) }),
      [],
    ],
    ['ports alone', ingress({ toPorts: ports('9090') }), ['opens /spec/ingress/0/toPorts']],
    ['nothing', ingress({}), []],
    ['no rule', { endpointSelector: {}, ingress: [] }, []],
    ['the own namespace', ingress({ fromEndpoints: [{}] }), []],
    ['labels in the own namespace', ingress({ fromEndpoints: [{ matchLabels: { app: 'x' } }] }), []],
    [
      'the own namespace by name',
      ingress({ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'flux-system' } }] }),
      [],
    ],
    [
      'another namespace',
      ingress({ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'team-a' } }] }),
      ['opens /spec/ingress/0/fromEndpoints/0'],
    ],
    [
      'every namespace',
      ingress({
        fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] }],
      }),
      ['unclear /spec/ingress/0/fromEndpoints/0'],
    ],
    ['every address', ingress({ fromCIDR: ['0.0.0.0/0'] }), ['opens /spec/ingress/0/fromCIDR/0']],
    ['an address', ingress({ fromCIDR: ['10.0.0.0/8'] }), ['unclear /spec/ingress/0/fromCIDR/0']],
    ['a field that is not known', ingress({ fromGroups: [] }), ['unclear /spec/ingress/0/fromGroups']],
    [
      'a field of the spec that is not known',
      ingress({ fromEntities: ['host'] }, { specials: true }),
      ['unclear /spec/specials'],
    ],
    ['another pod', { endpointSelector: { matchLabels: { app: 'x' } }, ingress: [{ fromEntities: ['all'] }] }, []],
    [
      'this pod',
      { endpointSelector: { matchLabels: { 'k8s:app': 'source-controller' } }, ingress: [{ fromEntities: ['all'] }] },
      ['opens /spec/ingress/0/fromEntities/0'],
    ],
    [
      'a selector that is not known',
      { endpointSelector: { matchLabels: { 'reserved:x': '' } }, ingress: [] },
      ['unclear /spec/endpointSelector'],
    ],
    ['no selector', { ingress: [{ fromEntities: ['all'] }] }, ['unclear /spec/endpointSelector']],
    ['a node', { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] }, []],
    ['egress only', { endpointSelector: {}, egress: [{ toEntities: ['all'] }] }, []],
  ])('lets in %s', (_, spec, expected) => {
    expect(others(effects(CNP, spec, 'flux-system'))).toEqual(expected);
  });

  it('isolates the pods that it selects', () => {
    expect(effects(CNP, { endpointSelector: {}, ingress: [{}] }, 'flux-system')).toEqual(['isolates /spec']);
    expect(effects(CNP, { endpointSelector: {}, egress: [{}] }, 'flux-system')).toEqual([]);
  });

  it('counts in its own namespace only', () => {
    expect(effects(CNP, ingress({ fromEntities: ['all'] }), 'team-a')).toEqual([]);
  });

  it.each<[JsonObject, string[]]>([
    [ingress({ fromEndpoints: [{}] }), ['opens /spec/ingress/0/fromEndpoints/0']],
    [ingress({ fromEndpoints: [{ matchLabels: { app: 'x' } }] }), ['unclear /spec/ingress/0/fromEndpoints/0']],
    [
      {
        endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': 'team-a' } },
        ingress: [{ fromEntities: ['all'] }],
      },
      [],
    ],
    [
      {
        endpointSelector: {
          matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': 'flux-system' },
        },
        ingress: [{ fromEntities: ['all'] }],
      },
      ['opens /spec/ingress/0/fromEntities/0'],
    ],
  ])('reads clusterwide policies: %j', (spec, expected) => {
    expect(others(effects(CCNP, spec))).toEqual(expected);
  });

  it('reads further specs', () => {
    const policy: NativeNetworkPolicy = {
      ...CCNP,
      metadata: { name: 'p' },
      spec: {},
      specs: [ingress({}), ingress({ fromEntities: ['world'] })],
    };
    expect(nativeEffects([policy], POD, LABELS, 9090).map(({ effect, pointer }) => `${effect} ${pointer}`)).toEqual([
      'isolates /specs/0',
      'isolates /specs/1',
      'opens /specs/1/ingress/0/fromEntities/0',
    ]);
  });
});

describe('policies of the administrator', () => {
  const ANP = { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy' };
  const BANP = { ...ANP, kind: 'BaselineAdminNetworkPolicy' };
  const CNP = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy' };
  const all = { namespaces: {} };
  const rule = (action: string, more: JsonObject = {}): JsonObject => ({
    subject: all,
    ingress: [{ action, ...more }],
  });

  it.each<[string, typeof ANP, JsonObject, string[]]>([
    ['allows', ANP, rule('Allow'), ['overrides /spec/ingress/0']],
    ['accepts', CNP, { ...rule('Accept'), tier: 'Admin' }, ['overrides /spec/ingress/0']],
    ['denies', ANP, rule('Deny'), ['isolates /spec/ingress/0']],
    ['passes on', ANP, rule('Pass'), []],
    ['does what is not known', ANP, rule('Audit'), ['unclear /spec/ingress/0']],
    ['allows at the baseline', BANP, rule('Allow'), []],
    ['accepts at the baseline', CNP, { ...rule('Accept'), tier: 'Baseline' }, []],
    ['allows another port', ANP, rule('Allow', { ports: [{ portNumber: { protocol: 'TCP', port: 8080 } }] }), []],
    ['allows another protocol', ANP, rule('Allow', { ports: [{ portNumber: { protocol: 'UDP', port: 9090 } }] }), []],
    [
      'allows the port',
      ANP,
      rule('Allow', { ports: [{ portNumber: { protocol: 'TCP', port: 9090 } }] }),
      ['overrides /spec/ingress/0'],
    ],
    [
      'allows a range',
      ANP,
      rule('Allow', { ports: [{ portRange: { start: 9000, end: 9999 } }] }),
      ['overrides /spec/ingress/0'],
    ],
    ['allows the name', ANP, rule('Allow', { ports: [{ namedPort: 'http' }] }), ['overrides /spec/ingress/0']],
    ['allows ports that are not understood', ANP, rule('Allow', { ports: [{ x: 1 }] }), ['overrides /spec/ingress/0']],
    ['accepts another port', CNP, rule('Accept', { protocols: [{ tcp: { destinationPort: { number: 80 } } }] }), []],
    ['accepts another protocol', CNP, rule('Accept', { protocols: [{ udp: {} }] }), []],
    [
      'accepts the port',
      CNP,
      rule('Accept', { protocols: [{ tcp: { destinationPort: { range: { start: 9090, end: 9091 } } } }] }),
      ['overrides /spec/ingress/0'],
    ],
    [
      'is about another namespace',
      ANP,
      { subject: { namespaces: { matchLabels: { team: 'a' } } }, ingress: [{ action: 'Allow' }] },
      [],
    ],
    [
      'is about other pods',
      ANP,
      {
        subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } } },
        ingress: [{ action: 'Allow' }],
      },
      [],
    ],
    [
      'is about these pods',
      ANP,
      { subject: { pods: { namespaceSelector: {}, podSelector: {} } }, ingress: [{ action: 'Allow' }] },
      ['overrides /spec/ingress/0'],
    ],
    [
      'is about something new',
      ANP,
      { subject: { nodes: {} }, ingress: [{ action: 'Allow' }] },
      ['unclear /spec/subject'],
    ],
  ])('%s', (_, kind, spec, expected) => {
    expect(effects(kind, spec)).toEqual(expected);
  });
});

describe('Calico and Antrea', () => {
  const calico = { apiVersion: 'crd.projectcalico.org/v1', kind: 'GlobalNetworkPolicy' };
  const antrea = { apiVersion: 'crd.antrea.io/v1beta1', kind: 'NetworkPolicy' };
  it.each<[string, typeof calico, JsonObject, string | undefined, string[]]>([
    [
      'an allowing rule',
      calico,
      { selector: 'all()', ingress: [{ action: 'Allow' }] },
      undefined,
      ['isolates /spec', 'unclear /spec/ingress/0'],
    ],
    ['a denying rule', calico, { selector: 'all()', ingress: [{ action: 'Deny' }] }, undefined, ['isolates /spec']],
    ['no rule', calico, { selector: 'all()', types: ['Ingress'] }, undefined, ['isolates /spec']],
    ['egress only', calico, { selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow' }] }, undefined, []],
    ['another namespace', antrea, { ingress: [{ action: 'Allow' }] }, 'team-a', []],
    [
      'the namespace',
      antrea,
      { ingress: [{ action: 'Drop' }, { action: 'Allow' }] },
      'flux-system',
      ['isolates /spec', 'unclear /spec/ingress/1'],
    ],
  ])('%s', (_, kind, spec, namespace, expected) => {
    expect(effects(kind, spec, namespace)).toEqual(expected);
  });
});
