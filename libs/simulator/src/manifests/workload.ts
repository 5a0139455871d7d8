import { createHash } from 'node:crypto';
import type { SimulatedObject } from '../simulated-object.js';

const hashOf = (text: string, length: number) =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .slice(0, length);

/** A Deployment's identity for the objects below it: Kubernetes names a ReplicaSet after the hash of the pod template. */
function templateHash(deployment: SimulatedObject): string {
  return hashOf(JSON.stringify(templateOf(deployment)), 10);
}

interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly containers: readonly { readonly name: string; readonly image: string }[];
    readonly nodeSelector?: Readonly<Record<string, string>>;
  };
}

function templateOf(deployment: SimulatedObject): PodTemplate {
  return (deployment.spec as { template: PodTemplate }).template;
}

/** The ReplicaSet that the deployment controller would make. */
export function replicaSetOf(deployment: SimulatedObject): SimulatedObject {
  const { name, namespace, labels } = deployment.metadata;
  const hash = templateHash(deployment);
  const withHash = { ...templateOf(deployment).metadata?.labels, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, ...withHash },
      ownerReferences: [owner('apps/v1', 'Deployment', name)],
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: withHash },
      template: { ...templateOf(deployment), metadata: { ...templateOf(deployment).metadata, labels: withHash } },
    },
    status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, fullyLabeledReplicas: 1, observedGeneration: 1 },
  };
}

/** The pod that the ReplicaSet would make, running and ready. `ordinal` tells replicas apart. */
export function podOf(deployment: SimulatedObject, ordinal = 0): SimulatedObject {
  const replicaSet = replicaSetOf(deployment);
  const { name, namespace } = replicaSet.metadata;
  const { metadata, spec } = templateOf(replicaSet);
  const podName = `${name}-${hashOf(`${name}/${ordinal}`, 5)}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName,
      ...(namespace !== undefined && { namespace }),
      ...metadata,
      ownerReferences: [owner('apps/v1', 'ReplicaSet', name)],
    },
    spec: { ...spec, nodeName: nodeFor(spec), restartPolicy: 'Always' },
    status: runningStatus(spec.containers, `${namespace}/${podName}`),
  };
}

/** The node of the pool that the template asks for; see `nodes` in platform.ts. */
function nodeFor({ nodeSelector = {} }: PodTemplate['spec']): string {
  return Object.values(nodeSelector).includes('flux') ? 'flux-1' : 'node-1';
}

/** What a kubelet reports of a pod that is well. */
export function runningStatus(
  containers: readonly { readonly name: string; readonly image: string }[],
  seed: string,
): Readonly<Record<string, unknown>> {
  const startedAt = '2026-01-01T00:00:00Z';
  const ip = `10.42.${hash8(seed, 0)}.${hash8(seed, 1)}`;
  return {
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    hostIP: '10.0.0.10',
    qosClass: 'Burstable',
    startTime: startedAt,
    conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: startedAt,
    })),
    containerStatuses: containers.map(({ name, image }) => ({
      name,
      image,
      imageID: `${image.replace(/[:@][^/]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}`,
      containerID: `containerd://${createHash('sha256').update(`${seed}/${name}`).digest('hex')}`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt } },
    })),
  };
}

function hash8(seed: string, place: number): number {
  return createHash('sha256').update(seed).digest()[place] ?? 0;
}

/** The uid is filled in by the cluster that the objects are put into. */
function owner(apiVersion: string, kind: string, name: string): Readonly<Record<string, unknown>> {
  return { apiVersion, kind, name, uid: '', controller: true, blockOwnerDeletion: true };
}
