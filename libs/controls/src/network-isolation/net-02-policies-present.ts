import {
  CLUSTER_SUBJECT,
  type Fix,
  type Observation,
  defineControl,
  fail,
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
  fixTarget,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { blocked, describe, egress, labelsEvidence, podOf, runsOf } from './flux-connections.js';
import { policyFixes } from './policy-fixes.js';

const WHY =
  'Everybody in the cluster can then connect to its ports, those with the artifacts of all tenants among them.';

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
