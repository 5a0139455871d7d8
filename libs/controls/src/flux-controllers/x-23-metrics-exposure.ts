import {
  CLUSTER_SUBJECT,
  type Artifacts,
  type Collected,
  type Observation,
  defineControl,
  fail,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { COMPONENTS } from '#libs/flux';
import { PolicyEvaluator, nativeEffects } from '#libs/netpol';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
  withState,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { type FluxEndpoint, fluxEndpoints } from '../network-isolation/flux-endpoints.js';
import { gapObservation } from '../network-isolation/judge-endpoint.js';
import { lettingOthersIn } from '../network-isolation/openings.js';
import { exposuresOf, nameOfExposure } from '../network-isolation/service-exposure.js';

interface Surroundings {
  readonly evaluator: PolicyEvaluator;
  readonly namespaces: Artifacts['namespaces'];
  readonly nativePolicies: Collected<Artifacts['nativePolicies']>;
  readonly declaredHigh: boolean;
}

/** Who reaches the port, and by which policy. */
function judge(
  endpoint: FluxEndpoint,
  { evaluator, namespaces, nativePolicies, declaredHigh }: Surroundings,
): Observation {
  const { instance, port, pod, run } = endpoint;
  const subject = subjectOfInstance(instance);
  const title = `Port ${port} of ${instance.component} ${instance.namespace}/${instance.owner.name}, with its metrics and profiles (/debug/pprof),`;
  const reach = evaluator.reach(pod, port);
  const others = reach.from === 'peers' ? lettingOthersIn(reach.openings, namespaces) : [];
  const open = reach.from === 'everybody' || others.length > 0;
  if (!open && declaredHigh) {
    if (nativePolicies.state === 'unavailable') return notEvaluatedBecause(subject, nativePolicies);
    const home = namespaces.find(({ metadata }) => metadata.name === instance.namespace)?.metadata.labels ?? {};
    const effect = nativeEffects(nativePolicies.value, pod, home, port).find((each) => each.effect !== 'isolates');
    if (effect) {
      const policy = `${effect.policy.kind} ${effect.policy.metadata.name}`;
      return notEvaluated(
        subject,
        'undecidable',
        'NATIVE_POLICY_UNCLEAR',
        `${title} is closed by network policies, but ${policy} may open it. Test it from another namespace.`,
        { confidence: 'derived' },
      );
    }
  }
  if (!open) return pass(subject, 'METRICS_CLOSED', `${title} can be reached from pods of its own namespace only.`);
  if (!declaredHigh) {
    return pass(
      subject,
      'METRICS_OPEN',
      `${title} can be reached from other namespaces. That is how Flux ships its policies.`,
      { severity: 'info' },
    );
  }
  const policy = others[0]?.opening.policy;
  return warn(
    subject,
    'METRICS_OPEN',
    `${title} can be reached from other namespaces. Metrics name the objects of all tenants, profiles show what a controller does, and a tenant is declared to need high isolation. Let only the namespace of the monitoring connect.`,
    {
      evidence: [
        policy
          ? {
              object: objectReference(policy),
              pointer: '/spec/ingress',
              observed: policy.metadata.name,
              expected: 'a rule for the namespace of the monitoring only',
            }
          : {
              object: objectReference(run.object),
              pointer: run.pointer,
              observed: `metrics: ${port}`,
              expected: 'a pod that a NetworkPolicy selects',
            },
      ],
    },
  );
}

export const metricsExposure = defineControl({
  id: 'FLUX-X-23',
  title: 'Metrics and profiles of the controllers stay inside',
  family: 'Flux controllers',
  severity: 'low',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux controllers serve profiles (`/debug/pprof`) on the port of their metrics. ' +
    'Metrics name the objects of all tenants, and profiles can be asked for by whoever reaches the port.',
  audit:
    'The port comes from `--metrics-addr`. A Service, an Ingress or a route of a Gateway that leads to it from outside the cluster fails. ' +
    'The policies of Flux let every namespace scrape it: a warning where a tenant is declared to need high isolation.',
  remediation:
    'Expose the port to nobody outside the cluster. Where tenants need high isolation, replace the policy `allow-scraping` by one for the namespace of the monitoring.',
  references: [
    'https://fluxcd.io/flux/monitoring/metrics/',
    'https://fluxcd.io/flux/gitops-toolkit/debugging/#pprof-endpoints',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'networkPolicies', 'namespaces', 'services', 'ingresses'],
  optional: [
    ...CONTEXT_ARTIFACTS.filter(
      (name): name is Exclude<(typeof CONTEXT_ARTIFACTS)[number], 'namespaces'> => name !== 'namespaces',
    ),
    'nativePolicies',
    'gatewayRoutes',
  ],
  examples: {
    passing: [
      {
        title: 'the namespace of the monitoring alone',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, isolation: high, namespaces: { names: [team-a] } }]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system, labels: { app: helm-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/helm-controller:v1.6.3' }] }
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: allow-egress, namespace: flux-system }
          spec:
            podSelector: {}
            policyTypes: [Ingress]
            ingress: [{ from: [{ podSelector: {} }] }]`,
      },
    ],
    failing: [
      {
        title: 'a port of the nodes',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system, labels: { app: helm-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/helm-controller:v1.6.3' }] }
          ---
          apiVersion: v1
          kind: Service
          metadata: { name: metrics, namespace: flux-system }
          spec: { type: NodePort, selector: { app: helm-controller }, ports: [{ port: 8080 }] }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const { registration, networkPolicies, namespaces, nativePolicies, services, ingresses, gatewayRoutes } = artifacts;
    const inspection = inspectControllers({ ...artifacts, namespaces: withState(namespaces) }, context);
    if (inspection.instances.length === 0) {
      const unseen = unseenControllers(COMPONENTS, inspection);
      return unseen.length > 0
        ? unseen
        : [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    const { endpoints, gaps } = fluxEndpoints(inspection.instances);
    const metrics = endpoints.filter(({ use }) => use === 'metrics');
    const surroundings: Surroundings = {
      evaluator: new PolicyEvaluator(networkPolicies, namespaces),
      namespaces,
      nativePolicies,
      declaredHigh: registration.tenants?.some(({ isolation }) => isolation === 'high') ?? false,
    };
    const routes = gatewayRoutes.state === 'collected' ? gatewayRoutes.value : [];
    const exposed = exposuresOf({ services, ingresses, gatewayRoutes: routes }, metrics).map((exposure) =>
      fail(
        subjectOf(exposure.object, { field: 'metrics' }),
        'METRICS_EXPOSED',
        `${nameOfExposure(exposure)} leads from outside the cluster to the metrics of ${exposure.endpoint.instance.component}. ` +
          'They name what is deployed, and profiles can be asked for there too. Take it away.',
        { evidence: [exposure.evidence] },
      ),
    );
    const unread =
      gatewayRoutes.state === 'unavailable'
        ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'gatewayRoutes' }, gatewayRoutes)]
        : [];
    const judged = [...exposed, ...metrics.map((endpoint) => judge(endpoint, surroundings))];
    return [
      ...unread,
      ...gaps.filter(({ use }) => use === 'metrics').map(gapObservation),
      ...new Map(judged.map((each) => [JSON.stringify([each.subject, each.reason]), each])).values(),
    ];
  },
});
