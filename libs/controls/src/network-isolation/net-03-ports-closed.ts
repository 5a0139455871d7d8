import {
  CLUSTER_SUBJECT,
  type Observation,
  defineControl,
  fail,
  notApplicable,
  notEvaluatedBecause,
  pass,
  subjectOf,
} from '#libs/core';
import type { Component } from '#libs/flux';
import { PolicyEvaluator } from '#libs/netpol';
import {
  CONTROLLER_ARTIFACTS,
  fixTarget,
  inspectControllers,
  withState,
} from '../controller-flags/inspect-controllers.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { fluxEndpoints } from './flux-endpoints.js';
import { gapObservation, judgeEndpoint } from './judge-endpoint.js';
import { type Exposure, exposuresOf, nameOfExposure } from './service-exposure.js';
import { tenantNetworkRights } from './tenant-network-rights.js';

const SERVERS: readonly Component[] = ['source-controller', 'notification-controller', 'source-watcher'];

/** A way from outside the cluster to artifacts or events, whatever policies say about pods. */
function exposed(exposure: Exposure): Observation {
  const { object, service, endpoint } = exposure;
  const { component, namespace } = endpoint.instance;
  const what = endpoint.use === 'artifacts' ? 'artifacts' : 'events';
  const through = object === service ? '' : ` through Service ${service.metadata.name}`;
  return fail(
    subjectOf(object, { field: what }),
    'EXPOSED',
    `${nameOfExposure(exposure)} leads from outside the cluster to the ${what} of ${component} in ${namespace}${through}. ` +
      'Nobody is asked who they are there. Take it away; only the port of receivers is meant for others.',
    { evidence: [exposure.evidence] },
  );
}

export const portsClosed = defineControl({
  id: 'FLUX-NET-03',
  title: 'Only Flux reaches the ports for artifacts and events',
  family: 'Network isolation',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux serves the artifacts of all tenants from source-controller without asking who fetches them, and its notification-controller takes events from whoever can connect. ' +
    'Flux relies on network policies for keeping everybody else away from these ports.',
  audit:
    'The ports come from the arguments (`--storage-address`, `--events-addr`, `--receiverAddr`, `--metrics-addr`). ' +
    'NetworkPolicies must let only pods of the same namespace reach the ports for artifacts and events; every rule that lets in others fails. ' +
    'Before Flux 2.9.4 the policy `allow-webhooks` had no port and opened the one for events too: a warning, and a failure where a tenant is declared to need high isolation. ' +
    'Metrics and receivers are open as Flux ships them. ' +
    'Simple rules of Cilium count like those of a NetworkPolicy; what is not understood leaves the port unjudged, and an AdminNetworkPolicy that allows is a warning. ' +
    'Services, Ingresses and Gateway routes must not lead to these ports from outside, pods must not use the network of their node, and tenants must not hold rights to change the policies or to go round them (`pods/proxy`, `services/proxy`, `pods/portforward`).',
  remediation:
    'Install the policies of Flux and keep your own rules to the ports that they are meant for. ' +
    'Upgrade to Flux 2.9.4, or add `ports: [{protocol: TCP, port: 9292}]` to `allow-webhooks`. ' +
    'Expose receivers only, by the Service `webhook-receiver`. Grant tenants nothing in the namespaces of Flux.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#network-isolation',
    'https://fluxcd.io/flux/guides/webhook-receivers/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'networkPolicies', 'namespaces'],
  optional: [
    'configMaps',
    'kustomizations',
    'helmReleases',
    'fluxInstances',
    'discovery',
    'nativePolicies',
    'services',
    'ingresses',
    'gatewayRoutes',
    'rbac',
    'accessReviews',
  ],
  examples: {
    passing: [
      {
        title: 'pods of the namespace alone',
        yaml: `
          apiVersion: v1
          kind: Namespace
          metadata: { name: flux-system }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system, labels: { app: source-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/source-controller:v1.9.4' }] }
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: allow-egress, namespace: flux-system }
          spec:
            podSelector: {}
            policyTypes: [Ingress, Egress]
            ingress: [{ from: [{ podSelector: {} }] }]
            egress: [{}]`,
      },
    ],
    failing: [
      {
        title: 'one more policy lets every namespace in',
        yaml: `
          apiVersion: v1
          kind: Namespace
          metadata: { name: flux-system }
          ---
          apiVersion: v1
          kind: Namespace
          metadata: { name: team-a }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system, labels: { app: source-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/source-controller:v1.9.4' }] }
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: allow-all, namespace: flux-system }
          spec:
            podSelector: {}
            policyTypes: [Ingress]
            ingress: [{ from: [{ namespaceSelector: {} }] }]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const { registration, networkPolicies, namespaces, nativePolicies, rbac, accessReviews } = artifacts;
    const inspection = inspectControllers({ ...artifacts, namespaces: withState(namespaces) }, context);
    const unseen = unseenControllers(SERVERS, inspection);
    const { endpoints, gaps } = fluxEndpoints(inspection.instances);
    if (!inspection.instances.some(({ component }) => SERVERS.includes(component))) {
      const none = 'No source- or notification-controller of Flux runs in this cluster.';
      return unseen.length > 0 ? unseen : [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', none)];
    }
    const evaluator = new PolicyEvaluator(networkPolicies, namespaces);
    const judged = endpoints.flatMap((endpoint) =>
      judgeEndpoint(endpoint, {
        evaluator,
        namespaces,
        nativePolicies,
        declaredHigh: registration.tenants?.some(({ isolation }) => isolation === 'high') ?? false,
        fixTarget: ({ instance }) => fixTarget(instance, inspection),
      }),
    );
    const guarded = endpoints.filter(({ use }) => use === 'artifacts' || use === 'events');
    const ways = exposuresOf(
      {
        services: valueOr(artifacts.services, []),
        ingresses: valueOr(artifacts.ingresses, []),
        gatewayRoutes: valueOr(artifacts.gatewayRoutes, []),
      },
      guarded,
    );
    const unread = (['services', 'ingresses', 'gatewayRoutes'] as const).flatMap((name) => {
      const list = artifacts[name];
      return list.state === 'unavailable' ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: name }, list)] : [];
    });
    const outside =
      ways.length === 0 && unread.length === 0
        ? [
            pass(
              { ...CLUSTER_SUBJECT, field: 'exposure' },
              'NOT_EXPOSED',
              'No Service, Ingress or route of a Gateway leads to these ports from outside the cluster.',
            ),
          ]
        : ways.map(exposed);
    const model = tenantModel(artifacts);
    return [
      ...unseen,
      ...gaps.filter(({ use }) => use === 'artifacts' || use === 'events').map(gapObservation),
      ...distinct(judged),
      ...unread,
      ...distinct(outside),
      ...tenantNetworkRights(model, rbac, accessReviews),
    ];
  },
});

function valueOr<T>(artifact: { readonly state: string; readonly value?: T }, fallback: T): T {
  return artifact.value ?? fallback;
}

/** Pods of one controller say the same. */
function distinct(observations: readonly Observation[]): readonly Observation[] {
  return [...new Map(observations.map((each) => [JSON.stringify([each.subject, each.reason]), each])).values()];
}
