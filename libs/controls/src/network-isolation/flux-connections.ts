import { CLUSTER_SUBJECT, type Observation, count, nameList, objectReference, pass, warn } from '#libs/core';
import type { ControllerInstance, ControllerRun } from '#libs/flux';
import type { PolicyEvaluator } from '#libs/netpol';
import type { Inspection } from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { fluxEndpoints, templatePod } from './flux-endpoints.js';

export const describe = ({ component, namespace, owner }: ControllerInstance): string =>
  `${component} ${namespace}/${owner.name}`;

export function runsOf({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return live.length > 0 || !template ? live : [template];
}

export const podOf = ({ object }: ControllerRun) => (object.kind === 'Pod' ? object : templatePod(object));

/** Where the labels stand that no policy selects. */
export function labelsEvidence({ object }: ControllerRun) {
  const template = object.kind === 'Deployment';
  return {
    object: objectReference(object),
    pointer: template ? '/spec/template/metadata/labels' : '/metadata/labels',
    observed: (template ? object.spec.template.metadata?.labels : object.metadata.labels) ?? null,
    expected: 'labels that a NetworkPolicy for ingress selects',
  };
}

/** Controllers that cannot reach what they need any more, because a policy of Flux is missing. */
export function blocked(evaluator: PolicyEvaluator, inspection: Inspection): readonly Observation[] {
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
export function egress(
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
