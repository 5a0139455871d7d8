import { describe, expect, it } from 'vitest';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import {
  ALLOW_EGRESS,
  FLUX_POLICIES,
  OLD_FLUX_POLICIES,
  networkPolicy,
} from '../../../../test/support/flux-policies.js';
import type { Component } from '#libs/flux';
import { portsClosed as control } from './net-03-ports-closed.js';

const PORTS: Partial<Record<Component, object[]>> = {
  'source-controller': [
    { name: 'http', containerPort: 9090 },
    { name: 'http-prom', containerPort: 8080 },
  ],
  'notification-controller': [
    { name: 'http', containerPort: 9090 },
    { name: 'http-webhook', containerPort: 9292 },
  ],
};
/** With the ports that upstream's manifests declare. */
const server = (
  component: Component,
  args: readonly string[] = [],
  options: ControllerOptions = {},
  more: object = {},
) =>
  controller(component, args, options).map(
    (object) =>
      JSON.parse(JSON.stringify(object), (_key, value: unknown) => {
        if (typeof value !== 'object' || value === null) return value;
        if ('image' in value) return { ...value, ports: PORTS[component] };
        return 'containers' in value ? { ...value, ...more } : value;
      }) as object,
  );
const NAMESPACES = ['flux-system', 'team-a', 'team-b'].map((name) =>
  namespace(name, { 'kubernetes.io/metadata.name': name }),
);
const FLUX = [...NAMESPACES, ...server('source-controller'), ...server('notification-controller')];
const OLD = [
  ...NAMESPACES,
  ...server('source-controller', [], { image: 'ghcr.io/fluxcd/source-controller:v1.8.5' }),
  ...server('notification-controller', [], { image: 'ghcr.io/fluxcd/notification-controller:v1.8.4' }),
];
const extra = (spec: Parameters<typeof networkPolicy>[1]) =>
  networkPolicy('extra', { policyTypes: ['Ingress'], podSelector: {}, ...spec });
const HIGH = {
  ...SHARED,
  tenants: [{ ...SHARED.tenants[0], isolation: 'high', principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
} as const;
const LOW = {
  ...SHARED,
  tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
} as const;
const cilium = (rule: object, selector: object = { matchLabels: { app: 'source-controller' } }) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'own', namespace: 'flux-system' },
  spec: { endpointSelector: selector, ingress: [rule] },
});
const anp = (action: string) => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'monitoring' },
  spec: {
    subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'flux-system' } } },
    ingress: [{ action, from: [{ namespaces: {} }] }],
  },
});
const service = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'flux-system' },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
});
const WEBHOOKS = {
  ...service('webhook-receiver'),
  spec: {
    selector: { app: 'notification-controller' },
    ports: [{ name: 'http', port: 80, targetPort: 'http-webhook' }],
  },
};
const ingress = (backend: string, port?: number | string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'in', namespace: 'flux-system' },
  spec: { tlsHosts: [], tls: true, backends: [{ service: backend, ...(port !== undefined && { port }) }] },
});
const route = (backend: string) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'in', namespace: 'edge' },
  spec: { backends: [{ namespace: 'flux-system', service: backend, port: 80 }] },
});
const role = (rules: object[], name = 'power') => [
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name, namespace: 'flux-system' }, rules },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace: 'flux-system' },
    subjects: [{ kind: 'Group', name: 'team-a' }],
    roleRef: { kind: 'Role', name },
  },
];
const S = 'Deployment/flux-system/source-controller manager artifacts';
const N = 'Deployment/flux-system/notification-controller manager events';
const low = { registration: LOW };

describe('FLUX-NET-03', () => {
  tableOf(control)([
    ['the policies of Flux 2.9.4', [...FLUX, ...FLUX_POLICIES], 'pass NOT_EXPOSED'],
    [
      'the policies of Flux 2.8.8',
      [...OLD, ...OLD_FLUX_POLICIES],
      'warn EVENT_PORT_OPEN',
      { message: /Before Flux 2\.9\.4 this policy had no port \(v1\.8\.4/, severity: 'medium' },
    ],
    ['the same, no tenant declared high', [...OLD, ...OLD_FLUX_POLICIES], 'warn EVENT_PORT_OPEN', low],
    [
      'the same, a tenant declared high',
      [...OLD, ...OLD_FLUX_POLICIES],
      'fail EVENT_PORT_OPEN',
      { registration: HIGH, severity: 'high' },
    ],
    [
      'old policies beside Flux 2.9.4',
      [...FLUX, ...OLD_FLUX_POLICIES],
      'warn EVENT_PORT_OPEN',
      { message: /Since Flux 2\.9\.4/ },
    ],
    [
      'one more policy for all pods and every namespace',
      [...FLUX, ...FLUX_POLICIES, extra({ ingress: [{ from: [{ namespaceSelector: {} }] }] })],
      'fail EVENTS_OPEN',
      { message: /extra lets in pods of every namespace/ },
    ],
    [
      'the same for the old policies: events are open too',
      [...OLD, ...OLD_FLUX_POLICIES, extra({ ingress: [{ from: [{ namespaceSelector: {} }] }] })],
      'fail EVENTS_OPEN',
    ],
    [
      'everybody',
      [...FLUX, ...FLUX_POLICIES, extra({ ingress: [{}] })],
      'fail EVENTS_OPEN',
      { message: /extra lets in everybody/ },
    ],
    [
      'addresses',
      [...FLUX, ...FLUX_POLICIES, extra({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] })],
      'fail EVENTS_OPEN',
      { message: /addresses/ },
    ],
    [
      'one namespace on the port of artifacts',
      [
        ...FLUX,
        ...FLUX_POLICIES,
        extra({
          ingress: [
            {
              from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'team-a' } } }],
              ports: [{ port: 'http' }],
            },
          ],
        }),
      ],
      'fail EVENTS_OPEN',
      { message: /pods of team-a/ },
    ],
    [
      'the own namespace by its name',
      [
        ...FLUX,
        ...FLUX_POLICIES,
        extra({
          ingress: [
            { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'flux-system' } } }] },
          ],
        }),
      ],
      'pass NOT_EXPOSED',
    ],
    [
      'a namespace that is not there',
      [...FLUX, ...FLUX_POLICIES, extra({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { x: 'y' } } }] }] })],
      'pass NOT_EXPOSED',
    ],
    [
      'another port',
      [...FLUX, ...FLUX_POLICIES, extra({ ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9440 }] }] })],
      'pass NOT_EXPOSED',
    ],
    ['no policies', FLUX, 'fail NOT_ISOLATED'],
    ['only scraping and webhooks', [...FLUX, ...FLUX_POLICIES.slice(1)], 'pass NOT_EXPOSED'],
    [
      'artifacts on another port, which a rule opens',
      [
        ...NAMESPACES,
        ...server('source-controller', ['--storage-address=:9191']),
        ...FLUX_POLICIES,
        extra({ ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9191 }] }] }),
      ],
      'fail ARTIFACTS_OPEN',
      { message: /Port 9191/ },
    ],
    [
      'a rule for the port that nothing listens on',
      [
        ...NAMESPACES,
        ...server('source-controller', ['--storage-address=:9191']),
        ...FLUX_POLICIES,
        extra({ ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9090 }] }] }),
      ],
      'pass NOT_EXPOSED',
    ],
    [
      'on the loopback address',
      [...NAMESPACES, ...server('notification-controller', ['--events-addr=127.0.0.1:9090']), ...OLD_FLUX_POLICIES],
      'pass NOT_EXPOSED',
    ],
    [
      'an address that is not known',
      [
        ...NAMESPACES,
        ...server('source-controller', ['--storage-address=$(A)'], {
          env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        ...FLUX_POLICIES,
      ],
      'notEvaluated UNRESOLVED_ENV',
    ],
    [
      'in the network of its node',
      [...NAMESPACES, ...server('source-controller', [], {}, { hostNetwork: true }), ...FLUX_POLICIES],
      'fail HOST_NETWORK',
      {
        verdicts: [
          `fail HOST_NETWORK ${S}`,
          'pass NOT_EXPOSED Cluster/cluster exposure',
          'pass METRICS_OPEN Deployment/flux-system/source-controller manager metrics',
        ],
      },
    ],
    [
      'an AdminNetworkPolicy that allows',
      [...FLUX, ...FLUX_POLICIES, anp('Allow')],
      'warn ADMIN_POLICY_ALLOWS',
      { message: /AdminNetworkPolicy monitoring/ },
    ],
    ['an AdminNetworkPolicy that denies', [...FLUX, ...FLUX_POLICIES, anp('Deny')], 'pass NOT_EXPOSED'],
    [
      'an AdminNetworkPolicy that denies, and nothing else',
      [...FLUX, anp('Deny')],
      'notEvaluated NATIVE_POLICY_UNCLEAR',
    ],
    [
      'Cilium lets the cluster in',
      [
        ...FLUX,
        ...FLUX_POLICIES,
        cilium({ fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '9090', protocol: 'TCP' }] }] }),
      ],
      'fail NATIVE_POLICY_OPENS',
      { message: /CiliumNetworkPolicy flux-system\/own/ },
    ],
    [
      'Cilium lets the cluster in without other policies',
      [...FLUX, cilium({ fromEntities: ['all'] }, {})],
      'fail NATIVE_POLICY_OPENS',
    ],
    [
      'a field of Cilium that is not known',
      [...FLUX, ...FLUX_POLICIES, cilium({ fromGroups: [{ aws: {} }] })],
      'notEvaluated NATIVE_POLICY_UNCLEAR',
    ],
    ['Cilium lets the namespace in', [...FLUX, ...FLUX_POLICIES, cilium({ fromEndpoints: [{}] })], 'pass NOT_EXPOSED'],
    [
      'Cilium opens another port',
      [...FLUX, ...FLUX_POLICIES, cilium({ fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '8080' }] }] })],
      'pass NOT_EXPOSED',
    ],
    [
      'policies of other kinds cannot be listed',
      [...FLUX, ...FLUX_POLICIES],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { nativePolicies: 'forbidden' } },
    ],
    [
      'the Services of Flux',
      [...FLUX, ...FLUX_POLICIES, service('source-controller'), service('notification-controller'), WEBHOOKS],
      'pass NOT_EXPOSED',
    ],
    [
      'a load balancer for artifacts',
      [...FLUX, ...FLUX_POLICIES, service('source-controller', { type: 'LoadBalancer' })],
      'fail EXPOSED',
      { message: /Service flux-system\/source-controller/ },
    ],
    [
      'a port of the nodes for events',
      [...FLUX, ...FLUX_POLICIES, service('notification-controller', { type: 'NodePort' })],
      'fail EXPOSED',
    ],
    [
      'external addresses',
      [...FLUX, ...FLUX_POLICIES, service('source-controller', { externalIPs: ['192.0.2.1'] })],
      'fail EXPOSED',
    ],
    [
      'a load balancer for receivers',
      [...FLUX, ...FLUX_POLICIES, { ...WEBHOOKS, spec: { ...WEBHOOKS.spec, type: 'LoadBalancer' } }],
      'pass NOT_EXPOSED',
    ],
    [
      'an Ingress to artifacts',
      [...FLUX, ...FLUX_POLICIES, service('source-controller'), ingress('source-controller', 80)],
      'fail EXPOSED',
      { message: /Ingress flux-system\/in .*through Service source-controller/ },
    ],
    [
      'an Ingress by the name of the port',
      [...FLUX, ...FLUX_POLICIES, service('source-controller'), ingress('source-controller', 'http')],
      'fail EXPOSED',
    ],
    [
      'an Ingress to another port',
      [...FLUX, ...FLUX_POLICIES, service('source-controller'), ingress('source-controller', 8080)],
      'pass NOT_EXPOSED',
    ],
    [
      'an Ingress to receivers',
      [...FLUX, ...FLUX_POLICIES, WEBHOOKS, ingress('webhook-receiver', 80)],
      'pass NOT_EXPOSED',
    ],
    [
      'a route to events',
      [...FLUX, ...FLUX_POLICIES, service('notification-controller'), route('notification-controller')],
      'fail EXPOSED',
      { message: /HTTPRoute edge\/in/ },
    ],
    ...(['services', 'ingresses', 'gatewayRoutes'] as const).map(
      (name) =>
        [
          `${name} cannot be listed`,
          [...FLUX, ...FLUX_POLICIES],
          'notEvaluated RBAC_DENIED_READ',
          { unavailable: { [name]: 'forbidden' } },
        ] as const,
    ),
    [
      'a tenant may change the policies',
      [
        ...FLUX,
        ...FLUX_POLICIES,
        ...role([{ apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['delete'] }]),
      ],
      'fail TENANT_CAN_CHANGE_POLICIES',
      { ...low, message: /group team-a may delete networkpolicies in flux-system/ },
    ],
    [
      'a tenant may go round the policies',
      [...FLUX, ...FLUX_POLICIES, ...role([{ apiGroups: [''], resources: ['services/proxy'], verbs: ['get'] }])],
      'fail TENANT_CAN_BYPASS_POLICIES',
      low,
    ],
    [
      'a tenant may forward ports',
      [...FLUX, ...FLUX_POLICIES, ...role([{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }])],
      'fail TENANT_CAN_BYPASS_POLICIES',
      low,
    ],
    [
      'a tenant may read policies',
      [
        ...FLUX,
        ...FLUX_POLICIES,
        ...role([{ apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['get', 'list'] }]),
      ],
      'pass NOT_EXPOSED',
      low,
    ],
    [
      'rights cannot be listed',
      [...FLUX, ...FLUX_POLICIES],
      'notEvaluated RBAC_DENIED_READ',
      { ...low, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'rights do not matter without tenants',
      [...FLUX, ...FLUX_POLICIES],
      'pass NOT_EXPOSED',
      { registration: { role: 'standalone' }, unavailable: { rbac: 'forbidden' } },
    ],
    ['nobody is declared', [...FLUX, ...FLUX_POLICIES], 'warn PRINCIPALS_UNDECLARED', { registration: SHARED }],
    [
      'tenants are not known',
      [...FLUX, ...FLUX_POLICIES],
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    [
      'metrics where a tenant is declared high',
      [...FLUX, ...FLUX_POLICIES],
      'warn METRICS_OPEN',
      { registration: HIGH },
    ],
    ['no server of Flux', [...NAMESPACES, ...controller('kustomize-controller', [])], 'notApplicable NO_CONTROLLER'],
  ]);

  it('judges artifacts and events of several pods once', () => {
    const result = judge(control, [...FLUX, ...server('source-controller', [], { terminatingArgs: [] }), ALLOW_EGRESS]);
    expect(verdicts(result).filter((line) => line.endsWith(S))).toEqual([`pass PORT_CLOSED ${S}`]);
    expect(verdicts(result).filter((line) => line.endsWith(N))).toEqual([`pass PORT_CLOSED ${N}`]);
  });

  it('writes the policy for webhooks with its port', () => {
    const [observation] = judge(control, [...OLD, ...OLD_FLUX_POLICIES]).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(
      /name: allow-webhooks\n {2}namespace: flux-system[\s\S]*app: notification-controller[\s\S]*port: 9292/,
    );
  });

  it('reads the answers of the API server', () => {
    const review = (allowed: boolean) => ({
      kind: 'AccessReview',
      question: {
        user: '',
        groups: ['team-a', 'system:authenticated'],
        verb: 'delete',
        group: 'networking.k8s.io',
        resource: 'networkpolicies',
        namespace: 'flux-system',
      },
      allowed,
    });
    expect(judge(control, [...FLUX, ...FLUX_POLICIES, review(true)], low)).toMatchObject({
      outcome: 'fail',
      reason: 'TENANT_CAN_CHANGE_POLICIES',
    });
    expect(judge(control, [...FLUX, ...FLUX_POLICIES, review(false)], low)).toMatchObject({ outcome: 'pass' });
  });
});
