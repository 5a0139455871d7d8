import {
  CLUSTER_SUBJECT,
  type Fix,
  type Observation,
  count,
  defineControl,
  fail,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
} from '#libs/core';
import { stringify } from 'yaml';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { fluxEndpoints } from '../network-isolation/flux-endpoints.js';
import { gapObservation } from '../network-isolation/judge-endpoint.js';
import { type Exposure, exposuresOf, nameOfExposure } from '../network-isolation/service-exposure.js';

/** The path of every Receiver begins with it: https://fluxcd.io/flux/components/notification/receivers/#webhook-path */
const HOOKS = '/hook/';

function tlsFix({ object, service }: Exposure): readonly Fix[] {
  if (object.kind === 'Service') {
    const { name, namespace } = service.metadata;
    const spec = { type: 'ClusterIP' };
    return [
      {
        form: 'manifest',
        title: 'Keep the Service inside the cluster, and expose it through an Ingress or a Gateway with TLS',
        content: stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec }),
      },
    ];
  }
  if (object.kind !== 'Ingress') return [];
  const { name, namespace } = object.metadata;
  const hosts = [...new Set(object.spec.backends.flatMap(({ host }) => host ?? []))];
  const content = stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace },
    spec: { tls: [{ ...(hosts.length > 0 && { hosts }), secretName: `${name}-tls` }] },
  });
  return [{ form: 'manifest', title: `TLS with the certificate in the Secret ${name}-tls`, content }];
}

function judge(exposure: Exposure): Observation {
  const { object, service, endpoint, tls, evidence, path } = exposure;
  const title = nameOfExposure(exposure);
  const subject = subjectOf(object, { field: endpoint.use });
  const to = object === service ? '' : ` through Service ${service.metadata.name}`;
  if (endpoint.use === 'events') {
    return fail(
      subject,
      'EVENTS_EXPOSED',
      `${title} leads from outside the cluster to port ${endpoint.port} of notification-controller${to}, which takes events from whoever can connect. ` +
        `Alerts and commit statuses can then no longer be trusted. Let it lead to the Service webhook-receiver and to paths under ${HOOKS} only.`,
      { evidence: [evidence] },
    );
  }
  if (tls === 'no') {
    const pointer =
      object.kind === 'Ingress'
        ? { object: objectReference(object), pointer: '/spec/tls', observed: false, expected: 'TLS' }
        : evidence;
    return fail(
      subject,
      'RECEIVER_WITHOUT_TLS',
      `${title} takes webhooks for Flux from outside the cluster${to} without TLS. ` +
        'The path of a webhook is what some senders are known by, and everybody on the way can read it. Expose receivers with TLS only.',
      { evidence: [pointer], fixes: tlsFix(exposure) },
    );
  }
  if (tls === 'unknown') {
    return notEvaluated(
      subject,
      'undecidable',
      'GATEWAY_TLS_UNKNOWN',
      `${title} takes webhooks for Flux from outside the cluster${to}. Whether with TLS is decided by the listeners of its Gateway, which are not read. See that they use HTTPS.`,
      { evidence: [evidence] },
    );
  }
  const wide = path === undefined || path === '/' ? ` Limit it to paths under ${HOOKS}.` : '';
  return pass(subject, 'RECEIVER_WITH_TLS', `${title} takes webhooks for Flux${to} with TLS.${wide}`, {
    evidence: [evidence],
  });
}

export const receiverExposure = defineControl({
  id: 'FLUX-X-07',
  title: 'Receivers are exposed with TLS, and nothing else of notification-controller is',
  family: 'Notifications',
  severity: 'medium',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Receivers take webhooks from Git hosts and registries, often over the internet. ' +
    'Some senders are known by nothing but the path of the webhook, so it must not be readable on the way; and the port for events next to it asks nobody who they are.',
  audit:
    'Services of type LoadBalancer or NodePort or with external addresses, Ingresses and routes of Gateways are followed to the ports of notification-controller. ' +
    'One that leads to the port for events fails. One that leads to the port for receivers without TLS fails. ' +
    'TLS of a Gateway is set in its listeners, which are not read, so it is not judged.',
  remediation:
    'Expose the Service `webhook-receiver` through an Ingress or a Gateway with TLS, for paths under `/hook/` only. ' +
    'Do not expose the Service `notification-controller`.',
  references: [
    'https://fluxcd.io/flux/guides/webhook-receivers/#expose-the-webhook-receiver',
    'https://fluxcd.io/flux/components/notification/receivers/',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'services', 'ingresses'],
  optional: [...CONTEXT_ARTIFACTS, 'gatewayRoutes'],
  examples: {
    passing: [
      {
        title: 'an Ingress with TLS',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: notification-controller-0, namespace: flux-system, labels: { app: notification-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/notification-controller:v1.9.3' }] }
          ---
          apiVersion: v1
          kind: Service
          metadata: { name: webhook-receiver, namespace: flux-system }
          spec: { selector: { app: notification-controller }, ports: [{ port: 80, targetPort: 9292 }] }
          ---
          apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata: { name: webhooks, namespace: flux-system }
          spec:
            tlsHosts: [flux.example.com]
            tls: true
            backends: [{ host: flux.example.com, path: /hook/, service: webhook-receiver, port: 80 }]`,
      },
    ],
    failing: [
      {
        title: 'a load balancer in front of the receivers',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: notification-controller-0, namespace: flux-system, labels: { app: notification-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/notification-controller:v1.9.3' }] }
          ---
          apiVersion: v1
          kind: Service
          metadata: { name: webhook-receiver, namespace: flux-system }
          spec: { type: LoadBalancer, selector: { app: notification-controller }, ports: [{ port: 80, targetPort: 9292 }] }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    const unseen = unseenControllers(['notification-controller'], inspection);
    const servers = inspection.instances.filter(({ component }) => component === 'notification-controller');
    if (servers.length === 0) {
      const none = 'No notification-controller of Flux runs in this cluster, so no webhooks are taken.';
      return unseen.length > 0 ? unseen : [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', none)];
    }
    const { endpoints, gaps } = fluxEndpoints(servers);
    const guarded = endpoints.filter(({ use }) => use === 'receivers' || use === 'events');
    const { services, ingresses, gatewayRoutes } = artifacts;
    const found = exposuresOf(
      { services, ingresses, gatewayRoutes: gatewayRoutes.state === 'collected' ? gatewayRoutes.value : [] },
      guarded,
    );
    // Several pods and paths of one object say the same.
    const judged = [
      ...new Map(found.map(judge).map((each) => [JSON.stringify([each.subject, each.reason]), each])).values(),
    ];
    const unread =
      gatewayRoutes.state === 'unavailable'
        ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'gatewayRoutes' }, gatewayRoutes)]
        : [];
    const unknown = gaps.filter(({ use }) => use !== 'metrics').map(gapObservation);
    const open = [...judged, ...unread, ...unknown];
    if (open.length > 0) return open;
    const none = `None of ${count(services.length, 'Service')} and ${count(ingresses.length, 'Ingress', 'Ingresses')} where Flux runs, and no route of a Gateway, leads to notification-controller from outside the cluster.`;
    return [pass(CLUSTER_SUBJECT, 'NOT_EXPOSED', none)];
  },
});
