import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, namespace } from '../../../../test/support/flux-installation.js';
import { networkPolicy } from '../../../../test/support/flux-policies.js';
import { tenantDefaultDeny as control } from './net-04-tenant-default-deny.js';

const ONE = { ...SHARED, tenants: SHARED.tenants.slice(0, 1) };
const one = { registration: ONE };
const low = { registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], isolation: 'low' }] } } as const;
const home = [namespace('team-a', { tenant: 'a' }), namespace('flux-system')];
const policy = (name: string, spec: Parameters<typeof networkPolicy>[1]) => networkPolicy(name, spec, 'team-a');
const BOTH = policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const INGRESS = policy('deny-ingress', { podSelector: {}, policyTypes: ['Ingress'] });
const every = [{ namespaceSelector: {} }];
const baseline = (more: object = {}) => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  metadata: { name: 'default' },
  spec: { subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }], ...more },
});

describe('FLUX-NET-04', () => {
  tableOf(control)([
    [
      'closed in both directions',
      [...home, BOTH],
      'pass DEFAULT_DENY',
      { ...one, verdicts: ['pass DEFAULT_DENY Namespace/team-a'] },
    ],
    ['closed for ingress only', [...home, INGRESS], 'warn EGRESS_OPEN', one],
    [
      'one policy for each direction',
      [
        ...home,
        INGRESS,
        policy('e', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }] }),
      ],
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'no policy',
      home,
      'fail NO_DEFAULT_DENY',
      { ...one, severity: 'medium', message: /Namespace team-a of tenant team-a/ },
    ],
    ['no policy, low isolation', home, 'warn NO_DEFAULT_DENY', low],
    ['egress only', [...home, policy('e', { podSelector: {}, policyTypes: ['Egress'] })], 'fail NO_DEFAULT_DENY', one],
    [
      'for some pods only',
      [...home, policy('p', { podSelector: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress', 'Egress'] })],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    ['without a selector', [...home, policy('p', { policyTypes: ['Ingress', 'Egress'] })], 'pass DEFAULT_DENY', one],
    [
      'all pods, and everybody let in',
      [...home, policy('p', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}] })],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'all pods, and every namespace let in',
      [...home, policy('p', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: every }] })],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'a second policy lets everybody in',
      [...home, BOTH, policy('p', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] })],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'everything let out',
      [...home, INGRESS, policy('p', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] })],
      'warn EGRESS_OPEN',
      one,
    ],
    [
      'every address let out',
      [
        ...home,
        INGRESS,
        policy('p', {
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
        }),
      ],
      'warn EGRESS_OPEN',
      one,
    ],
    [
      'every namespace let in to one application',
      [
        ...home,
        BOTH,
        policy('web', {
          podSelector: { matchLabels: { app: 'web' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: every }],
        }),
      ],
      'warn OPEN_RULES',
      { ...one, message: /: web\./ },
    ],
    [
      'every namespace let in on one port',
      [
        ...home,
        policy('p', {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: every, ports: [{ port: 443 }] }],
        }),
      ],
      'warn OPEN_RULES',
      one,
    ],
    [
      'pods of the namespace let in',
      [
        ...home,
        policy('p', {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [{ podSelector: {} }] }],
        }),
      ],
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'a policy of another namespace',
      [...home, networkPolicy('deny', BOTH.spec, 'team-b')],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'a baseline that denies',
      [...home, baseline(), policy('e', { podSelector: {}, policyTypes: ['Egress'] })],
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'a baseline that denies both',
      [...home, baseline({ egress: [{ action: 'Deny', to: [{ namespaces: {} }] }] })],
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'a baseline for others',
      [...home, baseline({ subject: { namespaces: { matchLabels: { x: 'y' } } } })],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'a policy that is not understood',
      [
        ...home,
        {
          apiVersion: 'crd.projectcalico.org/v1',
          kind: 'GlobalNetworkPolicy',
          metadata: { name: 'x' },
          spec: { selector: "a == 'b'", types: ['Ingress'] },
        },
      ],
      'notEvaluated NATIVE_POLICY_UNCLEAR',
      one,
    ],
    [
      'policies of other kinds cannot be listed',
      home,
      'notEvaluated RBAC_DENIED_READ',
      { ...one, unavailable: { nativePolicies: 'forbidden' } },
    ],
    [
      'policies of other kinds do not matter',
      [...home, BOTH],
      'pass DEFAULT_DENY',
      { ...one, unavailable: { nativePolicies: 'forbidden' } },
    ],
    [
      'two tenants',
      [...home, namespace('team-b'), BOTH],
      'fail NO_DEFAULT_DENY',
      {
        registration: SHARED,
        verdicts: ['fail NO_DEFAULT_DENY Namespace/team-b', 'pass DEFAULT_DENY Namespace/team-a'],
      },
    ],
    [
      'a dedicated cluster with its tenant',
      home,
      'fail NO_DEFAULT_DENY',
      { registration: { ...ONE, tenancy: 'dedicated' } },
    ],
    ['the namespace does not exist', [namespace('flux-system')], 'notApplicable NO_NAMESPACE', one],
    ['standalone', home, 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
    [
      'tenants are not known',
      home,
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
  ]);

  const egressRule = (rule: object) => [
    ...home,
    INGRESS,
    policy('p', { podSelector: {}, policyTypes: ['Egress'], egress: [rule] }),
  ];
  const ingressRule = (rule: object) => [
    ...home,
    policy('p', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [rule] }),
  ];
  const block = (cidr: string, ...except: readonly string[]) => ({
    ipBlock: { cidr, ...(except.length && { except }) },
  });
  const named = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'Exists' }] };
  const listed = (...values: readonly string[]) => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }],
  });

  tableOf(control)([
    ['out by a protocol without a port', egressRule({ ports: [{ protocol: 'TCP' }] }), 'warn EGRESS_OPEN', one],
    [
      'out on DNS and by a protocol without a port',
      egressRule({ ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP' }] }),
      'warn EGRESS_OPEN',
      one,
    ],
    ['out on all ports in one range', egressRule({ ports: [{ port: 1, endPort: 65_535 }] }), 'warn EGRESS_OPEN', one],
    [
      'out on all ports in two ranges',
      egressRule({
        ports: [
          { port: 30_000, endPort: 65_535 },
          { port: 1, endPort: 30_000 },
        ],
      }),
      'warn EGRESS_OPEN',
      one,
    ],
    [
      'out on all ports but one',
      egressRule({ ports: [{ port: 2, endPort: 65_535 }] }),
      'warn OPEN_RULES',
      { ...one, verdicts: ['warn OPEN_RULES Namespace/team-a egress', 'pass DEFAULT_DENY Namespace/team-a'] },
    ],
    [
      'half of the ports of each of two protocols',
      egressRule({
        ports: [
          { protocol: 'TCP', port: 1, endPort: 30_000 },
          { protocol: 'UDP', port: 30_001, endPort: 65_535 },
        ],
      }),
      'warn OPEN_RULES',
      one,
    ],
    ['out to everywhere on one port', egressRule({ ports: [{ port: 443 }] }), 'warn OPEN_RULES', one],
    ['a range that begins with DNS', egressRule({ ports: [{ port: 53, endPort: 9_000 }] }), 'warn OPEN_RULES', one],
    [
      'DNS by number and by name',
      egressRule({ ports: [{ port: 53 }, { protocol: 'UDP', port: 'dns' }] }),
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'out to a namespace on every port',
      egressRule({ to: [{ namespaceSelector: listed('team-b') }] }),
      'pass DEFAULT_DENY',
      one,
    ],
    ['in by a protocol without a port', ingressRule({ ports: [{ protocol: 'TCP' }] }), 'fail NO_DEFAULT_DENY', one],
    [
      'in on all ports in one range',
      ingressRule({ ports: [{ port: 1, endPort: 65_535 }] }),
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'all addresses in but some',
      ingressRule({ from: [block('0.0.0.0/0', '169.254.169.254/32')] }),
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'all addresses of IPv6 in but some',
      ingressRule({ from: [block('::/0', 'fd00::/8')] }),
      'fail NO_DEFAULT_DENY',
      one,
    ],
    ['all addresses out but some', egressRule({ to: [block('0.0.0.0/0', '10.0.0.0/8')] }), 'warn EGRESS_OPEN', one],
    [
      'all addresses in two halves',
      ingressRule({ from: [block('128.0.0.0/1'), block('0.0.0.0/1')] }),
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'all addresses of IPv6 in two halves',
      ingressRule({ from: [block('::/1'), block('8000::/1')] }),
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'halves that except all they hold',
      ingressRule({ from: [block('128.0.0.0/1'), block('0.0.0.0/1', '0.0.0.0/2', '64.0.0.0/2')] }),
      'pass DEFAULT_DENY',
      one,
    ],
    ['half of the addresses', ingressRule({ from: [block('0.0.0.0/1')] }), 'pass DEFAULT_DENY', one],
    [
      'a block that cannot be read',
      ingressRule({ from: [block('0.0.0.0'), block('0.0.0/0'), block('::1::/0')] }),
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'every namespace that has a name',
      ingressRule({ from: [{ namespaceSelector: named }] }),
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'some pods of every namespace',
      ingressRule({ from: [{ namespaceSelector: named, podSelector: { matchLabels: { app: 'x' } } }] }),
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'a label that every namespace has',
      [
        namespace('team-a', { zone: 'a' }),
        namespace('flux-system', { zone: 'b' }),
        ...ingressRule({
          from: [{ namespaceSelector: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } }],
        }).slice(home.length),
      ],
      'fail NO_DEFAULT_DENY',
      one,
    ],
    [
      'a label that one namespace has',
      ingressRule({ from: [{ namespaceSelector: { matchLabels: { tenant: 'a' } } }] }),
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'namespaces by name',
      ingressRule({ from: [{ namespaceSelector: listed('team-a', 'flux-system') }] }),
      'pass DEFAULT_DENY',
      one,
    ],
    [
      'every namespace that has a name, low isolation',
      ingressRule({ from: [{ namespaceSelector: named }] }),
      'warn NO_DEFAULT_DENY',
      low,
    ],
  ]);

  it('does not call proven what rules only come to', () => {
    const confidenceOf = (input: readonly object[]) => judge(control, input, one).observations[0]?.confidence;
    expect(confidenceOf(ingressRule({ from: [block('0.0.0.0/0', '10.0.0.0/8')] }))).toBe('derived');
    expect(confidenceOf(egressRule({ to: [block('0.0.0.0/0', '10.0.0.0/8')] }))).toBe('derived');
    expect(confidenceOf(ingressRule({ from: every }))).toBe('proven');
  });

  it('offers a policy for the namespace', () => {
    const [observation] = judge(control, home, one).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(
      /name: default-deny\n {2}namespace: team-a[\s\S]*podSelector: \{\}/,
    );
  });

  it('says how sure it is', () => {
    const confidenceOf = (...more: object[]) => judge(control, [...home, ...more], one).observations[0]?.confidence;
    expect(confidenceOf(BOTH)).toBe('proven');
    expect(confidenceOf(INGRESS, baseline({ egress: [{ action: 'Deny', to: [{ namespaces: {} }] }] }))).toBe('derived');
  });
});
