import type { ContainerStatus, Deployment, Pod } from '#libs/core';
import { defined, Fields } from './fields.js';
import { conditions, isKeptAnnotation, messageOf, namespacedMetadata } from './metadata.js';
import { podSpec, referencedAnnotations } from './pod-spec.js';

/** A pod in which Flux may run; undefined for any other (see `isFluxCandidate`). */
export function projectPod(item: unknown): Pod | undefined {
  const object = Fields.of(item);
  const labels = object.needChild('metadata').textMap('labels');
  const spec = podSpec(object.needChild('spec'), labels, false);
  if (!spec) return undefined;
  const status = object.child('status');
  return defined<Pod>({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: namespacedMetadata(object, { annotations: referencedAnnotations(spec) }),
    spec,
    status: status && podStatus(status),
  });
}

function podStatus(status: Fields): NonNullable<Pod['status']> {
  return defined({
    phase: status.text('phase'),
    podIP: status.text('podIP'),
    hostIP: status.text('hostIP'),
    conditions: conditions(status),
    containerStatuses: status.children('containerStatuses')?.map(containerStatus),
  });
}

function containerStatus(fields: Fields): ContainerStatus {
  const state = fields.child('state');
  const running = state?.child('running');
  const waiting = state?.child('waiting');
  const terminated = state?.child('terminated');
  return defined({
    name: fields.needText('name'),
    imageID: fields.text('imageID'),
    ready: fields.flag('ready'),
    restartCount: fields.count('restartCount'),
    state:
      state &&
      defined({
        running: running && defined({ startedAt: running.text('startedAt') }),
        waiting: waiting && defined({ reason: waiting.text('reason'), message: messageOf(waiting) }),
        // Its message may be the last lines of a log.
        terminated:
          terminated && defined({ reason: terminated.text('reason'), exitCode: terminated.count('exitCode') }),
      }),
  });
}

/** Any Deployment: the caller asked for it by label or by name. */
export function projectDeployment(item: unknown): Deployment | undefined {
  const object = Fields.of(item);
  const spec = object.needChild('spec');
  const template = spec.needChild('template');
  const templateMetadata = template.child('metadata');
  const labels = templateMetadata?.textMap('labels');
  const inner = podSpec(template.needChild('spec'), labels, true);
  if (!inner) return undefined;
  const annotations = referencedAnnotations(inner);
  const status = object.child('status');
  const selector = spec.child('selector')?.textMap('matchLabels');
  const keptAnnotations = templateMetadata?.textMap(
    'annotations',
    (key) => isKeptAnnotation(key) || annotations.has(key),
  );
  return defined<Deployment>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespacedMetadata(object),
    spec: defined({
      replicas: spec.count('replicas'),
      selector: selector && { matchLabels: selector },
      template: defined({
        metadata: templateMetadata && defined({ labels, annotations: keptAnnotations }),
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
