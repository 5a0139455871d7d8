import { describe, expect, it } from 'vitest';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import { SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { ALLOW_EGRESS, ALLOW_SCRAPING, FLUX_POLICIES, networkPolicy } from '../../../../test/support/flux-policies.js';
import { policiesPresent as control } from './net-02-policies-present.js';

const SOURCE = controller('source-controller', []);
const FLUX = [
  namespace('flux-system'),
  ...SOURCE,
  ...controller('kustomize-controller', []),
  ...controller('notification-controller', []),
];
const S = 'Deployment/flux-system/source-controller manager';
const cilium = (spec: object, home = 'flux-system') => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'own', namespace: home },
  spec,
});
const hostNetwork = (objects: readonly object[]) =>
  objects.map(
    (object) =>
      JSON.parse(JSON.stringify(object), (_key, value: unknown) =>
        typeof value === 'object' && value !== null && 'containers' in value ? { ...value, hostNetwork: true } : value,
      ) as object,
  );
const HIGH = {
  ...SHARED,
  tenants: [{ name: 'team-a', isolation: 'high', namespaces: { names: ['team-a'] } }, ...SHARED.tenants.slice(1)],
} as const;

describe('FLUX-NET-02', () => {
  tableOf(control)([
    ['the policies of Flux 2.9.4', [...FLUX, ...FLUX_POLICIES], 'pass SELECTED'],
    [
      'the same under other names',
      [
        ...FLUX,
        ...FLUX_POLICIES.map((each, index) => ({ ...each, metadata: { ...each.metadata, name: `p${index}` } })),
      ],
      'pass SELECTED',
    ],
    ['no policies', FLUX, 'fail NO_POLICIES', { severity: 'high', message: /flux-system has no NetworkPolicy/ }],
    [
      'policies of another namespace',
      [...SOURCE, ...FLUX_POLICIES.map((each) => ({ ...each, metadata: { ...each.metadata, namespace: 'apps' } }))],
      'fail NO_POLICIES',
    ],
    [
      'a policy for another pod',
      [
        ...SOURCE,
        networkPolicy('x', { podSelector: { matchLabels: { app: 'kustomize-controller' } }, policyTypes: ['Ingress'] }),
      ],
      'fail POD_NOT_SELECTED',
    ],
    [
      'a policy for egress only',
      [...SOURCE, networkPolicy('x', { podSelector: {}, policyTypes: ['Egress'] })],
      'fail POD_NOT_SELECTED',
    ],
    [
      'no pod runs, and the template is not selected',
      [...controller('source-controller', [], { state: 'scaledToZero' })],
      'fail NO_POLICIES',
    ],
    [
      'no pod runs, and the template is selected',
      [...controller('source-controller', [], { state: 'scaledToZero' }), ALLOW_EGRESS],
      'pass SELECTED',
    ],
    [
      'only scraping and webhooks are left',
      [...FLUX, ...FLUX_POLICIES.slice(1)],
      'warn FLUX_BLOCKED',
      {
        message:
          /keep kustomize-controller flux-system\/kustomize-controller, .* from port 9090 of notification-controller/,
      },
    ],
    ['only allow-egress', [...FLUX, ALLOW_EGRESS], 'pass SELECTED'],
    ['a tenant declared high', [...FLUX, ...FLUX_POLICIES], 'warn EGRESS_OPEN', { registration: HIGH }],
    [
      'a tenant declared high, egress limited',
      [
        ...SOURCE,
        networkPolicy('all', {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [{ podSelector: {} }] }],
          egress: [{ ports: [{ port: 443 }] }],
        }),
      ],
      'pass SELECTED',
      { registration: HIGH },
    ],
    [
      'a policy of Cilium alone',
      [...SOURCE, cilium({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] })],
      'notEvaluated NATIVE_POLICY',
      { verdicts: [`notEvaluated NATIVE_POLICY ${S}`, 'pass EGRESS_OPEN Cluster/cluster egress'] },
    ],
    [
      'a policy of Cilium elsewhere',
      [...SOURCE, cilium({ endpointSelector: {}, ingress: [{}] }, 'apps')],
      'fail NO_POLICIES',
    ],
    [
      'policies of other kinds cannot be listed',
      SOURCE,
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { nativePolicies: 'forbidden' } },
    ],
    [
      'policies of other kinds do not matter',
      [...SOURCE, ALLOW_EGRESS],
      'pass SELECTED',
      { unavailable: { nativePolicies: 'forbidden' } },
    ],
    ['in the network of its node', [...hostNetwork(SOURCE), ...FLUX_POLICIES], 'warn HOST_NETWORK'],
    ['no controller', FLUX_POLICIES, 'notApplicable NO_CONTROLLER'],
    [
      'a controller that is not recognised',
      [
        { ...ALLOW_SCRAPING },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'source-controller', namespace: 'flux-system' },
          spec: { template: { spec: { containers: [{ name: 'x', image: 'corp/x:1' }] } } },
        },
      ],
      'notEvaluated CONTROLLER_UNRECOGNISED',
    ],
  ]);

  it('judges every instance', () => {
    const two = [...SOURCE, ...controller('source-controller', [], { namespace: 'flux-two' }), ...FLUX_POLICIES];
    expect(verdicts(judge(control, two)).slice(0, 2)).toEqual([
      'fail NO_POLICIES Deployment/flux-two/source-controller manager',
      `pass SELECTED ${S}`,
    ]);
  });

  const fixOf = (...more: object[]) => judge(control, [...SOURCE, ...more]).observations[0]?.fixes?.[0];
  it('gives the policies of Flux for the real namespace', () => {
    const [observation] = judge(control, controller('source-controller', [], { namespace: 'gitops' })).observations;
    const content = observation?.fixes?.[0]?.content ?? '';
    expect(content.match(/namespace: gitops/g)).toHaveLength(3);
    expect(content).toMatch(/name: allow-webhooks[\s\S]*port: 9292/);
  });

  it('switches the policies of an installer on', () => {
    const instance = {
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: { name: 'main', namespace: 'flux-system' },
    };
    expect(fixOf(instance)?.content).toMatch(/name: main[\s\S]*networkPolicy: true/);
    const [observation] = judge(
      control,
      controller('source-controller', [], { labels: { 'helm.sh/chart': 'flux2-2.18.3' } }),
    ).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(/policies:\n {2}create: true/);
  });
});
