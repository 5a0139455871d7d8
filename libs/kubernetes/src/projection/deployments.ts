import type { Deployment } from '#libs/core';
import { defined, Fields } from './fields.js';
import type { ContainerFilter } from './flux-containers.js';
import { isKeptAnnotation, namespacedMetadata } from './metadata.js';
import { podSpec, referencedAnnotations, type ContainerChoice } from './pod-spec.js';

/** A Deployment that was asked for by Flux's labels, or as the owner of a pod of Flux. */
export function projectDeployment(filter: ContainerFilter): (item: unknown) => Deployment | undefined {
  return (item) => {
    const object = Fields.of(item);
    const labels = {
      ...namespacedMetadata(object).labels,
      ...object.needChild('spec').needChild('template').child('metadata')?.textMap('labels'),
    };
    return deployment(object, (programs) => filter(programs, labels));
  };
}

/** A Deployment out of a recorded snapshot. */
export function projectRecordedDeployment(item: unknown): Deployment | undefined {
  return deployment(Fields.of(item), (programs) => new Set(programs));
}

function deployment(object: Fields, choose: ContainerChoice): Deployment | undefined {
  const spec = object.needChild('spec');
  const template = spec.needChild('template');
  const inner = podSpec(template.needChild('spec'), choose);
  if (!inner) return undefined;
  const status = object.child('status');
  const selector = spec.child('selector')?.textMap('matchLabels');
  const referenced = referencedAnnotations(inner);
  const metadata = template.child('metadata');
  return defined<Deployment>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespacedMetadata(object),
    spec: defined({
      replicas: spec.count('replicas'),
      selector: selector && { matchLabels: selector },
      template: defined({
        metadata:
          metadata &&
          defined({
            labels: metadata.textMap('labels'),
            annotations: metadata.textMap('annotations', (key) => isKeptAnnotation(key) || referenced.has(key)),
          }),
        spec: inner,
      }),
    }),
    status:
      status &&
      defined({
        observedGeneration: status.count('observedGeneration'),
        replicas: status.count('replicas'),
        updatedReplicas: status.count('updatedReplicas'),
        readyReplicas: status.count('readyReplicas'),
        availableReplicas: status.count('availableReplicas'),
      }),
  });
}
