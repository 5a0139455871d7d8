import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, controller } from '../../../../test/support/flux-installation.js';
import { receiverExposure as control } from './x-07-receiver-exposure.js';

const notification = (args: readonly string[] = [], options: ControllerOptions = {}) =>
  controller('notification-controller', args, options);
const FLUX = notification();
const service = (name: string, targetPort: number, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'flux-system' },
  spec: { selector: { app: 'notification-controller' }, ports: [{ name: 'http', port: 80, targetPort }], ...spec },
});
const RECEIVER = service('webhook-receiver', 9292);
const EVENTS = service('notification-controller', 9090);
const ingress = (tls: boolean, backend: object = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'hooks', namespace: 'flux-system' },
  spec: {
    tlsHosts: [],
    tls,
    backends: [{ host: 'flux.example.com', path: '/', service: 'webhook-receiver', port: 80, ...backend }],
  },
});
const route = (kind: string, backend: object = {}) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind,
  metadata: { name: 'hooks', namespace: 'edge' },
  spec: { backends: [{ namespace: 'flux-system', service: 'webhook-receiver', port: 80, ...backend }] },
});

describe('FLUX-X-07', () => {
  tableOf(control)([
    ['nothing exposed', [...FLUX, RECEIVER, EVENTS], 'pass NOT_EXPOSED', { message: /2 Services and 0 Ingresses/ }],
    [
      'an Ingress with TLS',
      [...FLUX, RECEIVER, ingress(true)],
      'pass RECEIVER_WITH_TLS',
      { message: /Limit it to paths under \/hook\// },
    ],
    [
      'an Ingress with TLS for hooks',
      [...FLUX, RECEIVER, ingress(true, { path: '/hook/' })],
      'pass RECEIVER_WITH_TLS',
      { message: /with TLS\.$/ },
    ],
    [
      'an Ingress without TLS',
      [...FLUX, RECEIVER, ingress(false)],
      'fail RECEIVER_WITHOUT_TLS',
      { severity: 'medium', verdicts: ['fail RECEIVER_WITHOUT_TLS Ingress/flux-system/hooks receivers'] },
    ],
    [
      'an Ingress to the port for events',
      [...FLUX, EVENTS, ingress(true, { service: 'notification-controller' })],
      'fail EVENTS_EXPOSED',
    ],
    [
      'a load balancer',
      [...FLUX, service('webhook-receiver', 9292, { type: 'LoadBalancer' })],
      'fail RECEIVER_WITHOUT_TLS',
    ],
    [
      'a port of the nodes',
      [...FLUX, service('webhook-receiver', 9292, { type: 'NodePort' })],
      'fail RECEIVER_WITHOUT_TLS',
    ],
    [
      'external addresses',
      [...FLUX, service('webhook-receiver', 9292, { externalIPs: ['192.0.2.1'] })],
      'fail RECEIVER_WITHOUT_TLS',
    ],
    [
      'a load balancer for events',
      [...FLUX, service('notification-controller', 9090, { type: 'LoadBalancer' })],
      'fail EVENTS_EXPOSED',
    ],
    [
      'both ports in one Service',
      [
        ...FLUX,
        service('all', 9292, {
          type: 'LoadBalancer',
          ports: [
            { port: 80, targetPort: 9292 },
            { port: 81, targetPort: 9090 },
          ],
        }),
      ],
      'fail EVENTS_EXPOSED',
      {
        verdicts: [
          'fail EVENTS_EXPOSED Service/flux-system/all events',
          'fail RECEIVER_WITHOUT_TLS Service/flux-system/all receivers',
        ],
      },
    ],
    ['a route', [...FLUX, RECEIVER, route('HTTPRoute')], 'notEvaluated GATEWAY_TLS_UNKNOWN'],
    ['a route of TLS', [...FLUX, RECEIVER, route('TLSRoute')], 'pass RECEIVER_WITH_TLS'],
    [
      'a route to events',
      [...FLUX, EVENTS, route('HTTPRoute', { service: 'notification-controller' })],
      'fail EVENTS_EXPOSED',
    ],
    ['an Ingress to another Service', [...FLUX, RECEIVER, ingress(false, { service: 'web' })], 'pass NOT_EXPOSED'],
    ['an Ingress to another port', [...FLUX, RECEIVER, ingress(false, { port: 443 })], 'pass NOT_EXPOSED'],
    [
      'a Service of other pods',
      [...FLUX, service('webhook-receiver', 9292, { type: 'LoadBalancer', selector: { app: 'x' } })],
      'pass NOT_EXPOSED',
    ],
    [
      'receivers on another port',
      [...notification(['--receiverAddr=:9393']), service('webhook-receiver', 9393, { type: 'LoadBalancer' })],
      'fail RECEIVER_WITHOUT_TLS',
    ],
    [
      'an address that is not known',
      notification(['--receiverAddr=$(A)'], {
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      }),
      'notEvaluated UNRESOLVED_ENV',
    ],
    [
      'routes cannot be listed',
      [...FLUX, RECEIVER],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { gatewayRoutes: 'forbidden' } },
    ],
    [
      'routes cannot be listed, and a load balancer',
      [...FLUX, service('webhook-receiver', 9292, { type: 'LoadBalancer' })],
      'fail RECEIVER_WITHOUT_TLS',
      { unavailable: { gatewayRoutes: 'forbidden' } },
    ],
    ['no notification-controller', [RECEIVER], 'notApplicable NO_CONTROLLER'],
  ]);

  it('adds TLS to the Ingress', () => {
    const [observation] = judge(control, [...FLUX, RECEIVER, ingress(false)]).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(
      /name: hooks\n {2}namespace: flux-system[\s\S]*flux\.example\.com\n {6}secretName: hooks-tls/,
    );
  });
});
