import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { ALLOW_EGRESS, FLUX_POLICIES, networkPolicy } from '../../../../test/support/flux-policies.js';
import { metricsExposure as control } from './x-23-metrics-exposure.js';

const FLUX = [namespace('flux-system'), namespace('team-a'), ...controller('helm-controller', [])];
const high = { registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], isolation: 'high' }] } } as const;
const service = (spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'metrics', namespace: 'flux-system' },
  spec: { selector: { app: 'helm-controller' }, ports: [{ name: 'http-prom', port: 8080 }], ...spec },
});
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'in', namespace: 'flux-system' },
  spec: { tlsHosts: [], tls: true, backends: [{ service: 'metrics', port: 8080 }] },
};
const H = 'Deployment/flux-system/helm-controller manager';

describe('FLUX-X-23', () => {
  tableOf(control)([
    [
      'the policies of Flux',
      [...FLUX, ...FLUX_POLICIES],
      'pass METRICS_OPEN',
      { verdicts: [`pass METRICS_OPEN ${H}`] },
    ],
    [
      'the policies of Flux, a tenant declared high',
      [...FLUX, ...FLUX_POLICIES],
      'warn METRICS_OPEN',
      { ...high, severity: 'low' },
    ],
    ['closed', [...FLUX, ALLOW_EGRESS], 'pass METRICS_CLOSED', high],
    [
      'the namespace of a tenant',
      [
        ...FLUX,
        namespace('monitoring', { m: '' }),
        ALLOW_EGRESS,
        networkPolicy('scrape', {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { m: '' } } }], ports: [{ port: 8080 }] }],
        }),
      ],
      'warn METRICS_OPEN',
      high,
    ],
    ['no policies', FLUX, 'warn METRICS_OPEN', high],
    [
      'on the loopback address',
      [
        namespace('flux-system'),
        ...controller('helm-controller', ['--metrics-addr=127.0.0.1:8080']),
        ...controller('kustomize-controller', []),
        ALLOW_EGRESS,
      ],
      'pass METRICS_CLOSED',
      high,
    ],
    ['a Service inside the cluster', [...FLUX, ALLOW_EGRESS, service({})], 'pass METRICS_CLOSED'],
    [
      'a port of the nodes',
      [...FLUX, ALLOW_EGRESS, service({ type: 'NodePort' })],
      'fail METRICS_EXPOSED',
      {
        severity: 'low',
        verdicts: ['fail METRICS_EXPOSED Service/flux-system/metrics metrics', `pass METRICS_CLOSED ${H}`],
      },
    ],
    ['an Ingress', [...FLUX, ALLOW_EGRESS, service({}), ingress], 'fail METRICS_EXPOSED'],
    [
      'policies of other kinds cannot be listed',
      [...FLUX, ALLOW_EGRESS],
      'notEvaluated RBAC_DENIED_READ',
      { ...high, unavailable: { nativePolicies: 'forbidden' } },
    ],
    [
      'Cilium opens it',
      [
        ...FLUX,
        ALLOW_EGRESS,
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNetworkPolicy',
          metadata: { name: 'x', namespace: 'flux-system' },
          spec: { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] },
        },
      ],
      'notEvaluated NATIVE_POLICY_UNCLEAR',
      high,
    ],
    [
      'routes cannot be listed',
      [...FLUX, ALLOW_EGRESS],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { gatewayRoutes: 'forbidden' } },
    ],
    [
      'an address from a Secret',
      controller('helm-controller', ['--metrics-addr=$(A)'], {
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      }),
      'notEvaluated UNRESOLVED_ENV',
    ],
    ['no controller', [], 'notApplicable NO_CONTROLLER'],
  ]);
});
