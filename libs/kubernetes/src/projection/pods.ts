import type { ContainerStatus, ObjectMeta, OperatorPod, Pod } from '#libs/core';
import { defined, Fields } from './fields.js';
import type { ContainerFilter } from './flux-containers.js';
import { conditions, messageOf, namespacedMetadata } from './metadata.js';
import { operatorPod } from './operator-pods.js';
import { operatorPrograms } from './operator-programs.js';
import { placedPod, type PlacedPod } from './pod-groups.js';
import { podSpec, referencedAnnotations, type ContainerChoice } from './pod-spec.js';

type Labels = Readonly<Record<string, string>>;

/**
 * A pod in which Flux may run; undefined for any other.
 *
 * @param filter see `fluxContainerFilter`
 * @param owners labels of Deployments by `namespace/name`: they say what their pods are, where these have no labels
 */
export function projectFluxPod(filter: ContainerFilter, owners: ReadonlyMap<string, Labels>) {
  return (item: unknown): Pod | undefined => {
    const object = Fields.of(item);
    const metadata = namespacedMetadata(object);
    const owner = owningDeployment(metadata);
    const labels = { ...(owner && owners.get(`${owner.namespace}/${owner.name}`)), ...metadata.labels };
    return pod(object, (programs) => {
      const flux = filter(programs, labels);
      return flux.size > 0 ? flux : undefined;
    });
  };
}

/** One pod, looked at for everything that pods are read for. */
export interface ProjectedPod {
  readonly flux?: Pod;
  readonly operator?: OperatorPod;
  readonly placed?: PlacedPod;
}

/** Any pod; see `projectFluxPod` for the parameters. */
export function projectPod(filter: ContainerFilter, owners: ReadonlyMap<string, Labels>) {
  const project = projectFluxPod(filter, owners);
  const programOf = operatorPrograms();
  return (item: unknown): ProjectedPod => {
    const object = Fields.of(item);
    return defined({ flux: project(item), operator: operatorPod(object, programOf), placed: placedPod(object) });
  };
}

/** A pod out of a recorded snapshot: it was chosen when it was recorded. */
export function projectRecordedPod(item: unknown): Pod | undefined {
  return pod(Fields.of(item), (programs) => new Set(programs));
}

/** The Deployment of a pod, by the name of its ReplicaSet: `<deployment>-<pod-template-hash>`. */
export function owningDeployment(
  metadata: ObjectMeta,
): { readonly namespace: string; readonly name: string } | undefined {
  const { namespace, labels, ownerReferences } = metadata;
  const replicaSet = ownerReferences?.find(({ kind }) => kind === 'ReplicaSet')?.name;
  const suffix = `-${labels?.['pod-template-hash'] ?? ''}`;
  if (namespace === undefined || replicaSet === undefined || suffix === '-' || !replicaSet.endsWith(suffix))
    return undefined;
  return { namespace, name: replicaSet.slice(0, -suffix.length) };
}

function pod(object: Fields, choose: ContainerChoice): Pod | undefined {
  const spec = podSpec(object.needChild('spec'), choose);
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
