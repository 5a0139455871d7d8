import {
  CLUSTER_SUBJECT,
  type Fix,
  type Observation,
  count,
  defineControl,
  fail,
  nameList,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { COMPONENTS, type ControllerInstance, type ControllerRun } from '#libs/flux';
import { PolicyEvaluator, nativeEffects } from '#libs/netpol';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  type Inspection,
  fixTarget,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { fluxEndpoints, templatePod } from './flux-endpoints.js';
import { policyFixes } from './policy-fixes.js';

const WHY =
  'Everybody in the cluster can then connect to its ports, those with the artifacts of all tenants among them.';

const describe = ({ component, namespace, owner }: ControllerInstance): string =>
  `${component} ${namespace}/${owner.name}`;

function runsOf({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return live.length > 0 || !template ? live : [template];
}

const podOf = ({ object }: ControllerRun) => (object.kind === 'Pod' ? object : templatePod(object));

/** Where the labels stand that no policy selects. */
function labelsEvidence({ object }: ControllerRun) {
  const template = object.kind === 'Deployment';
  return {
    object: objectReference(object),
    pointer: template ? '/spec/template/metadata/labels' : '/metadata/labels',
    observed: (template ? object.spec.template.metadata?.labels : object.metadata.labels) ?? null,
    expected: 'labels that a NetworkPolicy for ingress selects',
  };
}

function unselected(
  instance: ControllerInstance,
  run: ControllerRun,
  none: boolean,
  fixes: readonly Fix[],
): Observation {
  const where = none
    ? `Namespace ${instance.namespace} has no NetworkPolicy for ingress`
    : 'No NetworkPolicy for ingress selects it';
  return fail(
    subjectOfInstance(instance),
    none ? 'NO_POLICIES' : 'POD_NOT_SELECTED',
    `${describe(instance)} takes connections from everybody: ${where}. ${WHY} Install the policies of Flux.`,
    { evidence: [labelsEvidence(run)], fixes },
  );
}

/** Controllers that cannot reach what they need any more, because a policy of Flux is missing. */
function blocked(evaluator: PolicyEvaluator, inspection: Inspection): readonly Observation[] {
  const { endpoints } = fluxEndpoints(inspection.instances);
  return endpoints
    .filter(({ use }) => use === 'artifacts' || use === 'events')
    .filter(
      (endpoint, index, all) =>
        all.findIndex(({ instance, use }) => instance === endpoint.instance && use === endpoint.use) === index,
    )
    .flatMap(({ instance, run, use, port, pod }) => {
      const clients = inspection.instances.filter(
        (other) =>
          other !== instance &&
          other.namespace === instance.namespace &&
          (use === 'events' || other.component === 'kustomize-controller' || other.component === 'helm-controller'),
      );
      const refused = clients.filter((client) =>
        runsOf(client).some((each) => !evaluator.connects(podOf(each), pod, port).allowed),
      );
      if (refused.length === 0) return [];
      const policy = evaluator.isolating(pod, 'Ingress')[0];
      return [
        warn(
          subjectOfInstance(instance, use),
          'FLUX_BLOCKED',
          `The policies keep ${nameList(refused.map(describe), 5)} from port ${port} of ${describe(instance)}. ` +
            `${use === 'artifacts' ? 'They cannot fetch artifacts, so nothing new is applied' : 'Their events are lost, so nobody is alerted'}. ` +
            'Restore the policy allow-egress of Flux, which lets pods of the namespace connect to each other.',
          {
            severity: 'medium',
            evidence: policy
              ? [
                  {
                    object: objectReference(policy),
                    pointer: '/spec',
                    observed: policy.metadata.name,
                    expected: `a rule that lets pods of ${instance.namespace} connect`,
                  },
                ]
              : [labelsEvidence(run)],
          },
        ),
      ];
    });
}

/** Egress is open in Flux's own policies, because sources can be anywhere. */
function egress(
  evaluator: PolicyEvaluator,
  instances: readonly ControllerInstance[],
  declaredHigh: boolean,
): readonly Observation[] {
  const open = instances.filter((instance) =>
    runsOf(instance).some((run) => {
      const policies = evaluator.isolating(podOf(run), 'Egress');
      return (
        policies.length === 0 ||
        policies.some(({ spec }) => spec.egress?.some((rule) => !rule.to?.length && !rule.ports?.length))
      );
    }),
  );
  if (open.length === 0) return [];
  const subject = { ...CLUSTER_SUBJECT, field: 'egress' };
  const what = `${count(open.length, 'controller')} of Flux may connect to every address.`;
  if (!declaredHigh)
    return [pass(subject, 'EGRESS_OPEN', `${what} That is how Flux ships its policies.`, { severity: 'info' })];
  return [
    warn(
      subject,
      'EGRESS_OPEN',
      `${what} A tenant of this cluster is declared to need high isolation. Limit egress to the API server, DNS and the sources in use: ${nameList(open.map(describe), 5)}.`,
      { severity: 'low' },
    ),
  ];
}

export const policiesPresent = defineControl({
  id: 'FLUX-NET-02',
  title: 'Network policies select every Flux pod',
  family: 'Network isolation',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux serves the artifacts of all tenants from source-controller without asking who fetches them, and its notification-controller takes events from whoever can connect. ' +
    'Flux ships NetworkPolicies that close these ports to other namespaces.',
  audit:
    'Every pod of a Flux controller must be selected by a NetworkPolicy for ingress in its namespace, whatever the policy is called. ' +
    'Policies that keep the controllers from each other are a warning. ' +
    'Open egress is the default of Flux, and a warning only where a tenant is declared to need high isolation. ' +
    'Pods that only policies of other kinds select are not judged.',
  remediation:
    'Install the policies of Flux: `spec.cluster.networkPolicy: true` of the FluxInstance, `policies.create: true` of the Helm chart, `flux install` or bootstrap with `--network-policy`.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#network-isolation',
    'https://fluxcd.io/flux/installation/configuration/optional-components/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'networkPolicies'],
  optional: [...CONTEXT_ARTIFACTS, 'nativePolicies'],
  examples: {
    passing: [
      {
        title: 'one policy for all pods',
        yaml: `
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
        title: 'no policies',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system, labels: { app: source-controller } }
          spec: { containers: [{ name: manager, image: 'ghcr.io/fluxcd/source-controller:v1.9.4' }] }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const inspection = inspectControllers(artifacts, context);
    const { instances } = inspection;
    const unseen = unseenControllers(COMPONENTS, inspection);
    if (instances.length === 0) {
      return unseen.length > 0
        ? unseen
        : [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    const { networkPolicies, nativePolicies, namespaces, registration } = artifacts;
    const evaluator = new PolicyEvaluator(networkPolicies, namespaces.state === 'collected' ? namespaces.value : []);
    const homes = new Set(networkPolicies.map(({ metadata }) => metadata.namespace));
    const labels = new Map(
      namespaces.state === 'collected'
        ? namespaces.value.map(({ metadata }) => [metadata.name, metadata.labels ?? {}] as const)
        : [],
    );
    const judged = instances.map((instance): Observation => {
      const subject = subjectOfInstance(instance);
      const open = runsOf(instance).find((run) => evaluator.isolating(podOf(run), 'Ingress').length === 0);
      if (!open) {
        const hostNetwork = runsOf(instance).find((run) => podOf(run).spec.hostNetwork === true);
        if (!hostNetwork)
          return pass(subject, 'SELECTED', `${describe(instance)} is selected by a NetworkPolicy for ingress.`);
        const what = `${describe(instance)} is in the network of its node, where network policies do not apply.`;
        return warn(
          subject,
          'HOST_NETWORK',
          `${what} Its ports are open to whoever reaches the node. Run it without hostNetwork.`,
          { severity: 'medium' },
        );
      }
      if (nativePolicies.state === 'unavailable') return notEvaluatedBecause(subject, nativePolicies);
      const effects = nativeEffects(nativePolicies.value, podOf(open), labels.get(instance.namespace) ?? {}, 9090);
      const other = effects.find(({ effect }) => effect === 'isolates' || effect === 'unclear');
      if (!other)
        return unselected(instance, open, !homes.has(instance.namespace), policyFixes(fixTarget(instance, inspection)));
      const policy = `${other.policy.kind} ${other.policy.metadata.name}`;
      const message = `${describe(instance)} is selected by no NetworkPolicy, but ${policy} may close its ports. What it closes cannot be told from the objects. Install the policies of Flux beside it.`;
      return notEvaluated(subject, 'undecidable', 'NATIVE_POLICY', message, {
        confidence: 'derived',
        evidence: [
          {
            object: objectReference(other.policy),
            pointer: other.pointer,
            observed: other.observed,
            expected: 'a NetworkPolicy for ingress',
          },
        ],
      });
    });
    const declaredHigh = registration.tenants?.some(({ isolation }) => isolation === 'high') ?? false;
    return [...unseen, ...judged, ...blocked(evaluator, inspection), ...egress(evaluator, instances, declaredHigh)];
  },
});
