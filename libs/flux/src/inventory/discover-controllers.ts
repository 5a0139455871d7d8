import type { Deployment, Pod } from '#libs/core';
import type { ConfigMaps } from '../arguments/environment.js';
import { COMPONENTS, type Component } from '../components.js';
import { type ControllerRun, controllerRun } from './controller-run.js';
import { recogniseContainer } from './recognise.js';

/** One controller of one installation: a Deployment's container with all pods that run it, or a bare pod. */
export interface ControllerInstance {
  readonly component: Component;
  readonly namespace: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly container: string;
  /** Absent where the owner is not a Deployment, or was not found. */
  readonly deployment?: Deployment;
  readonly template?: ControllerRun;
  /** Pods that are not finished; those that are being deleted are among them. */
  readonly pods: readonly ControllerRun[];
  /** The Deployment controller has not finished replacing pods. */
  readonly rollingOut: boolean;
}

export interface ControllerArtifacts {
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** ConfigMaps that containers take environment from. */
  readonly configMaps?: ConfigMaps;
}

interface Draft {
  readonly component: Component;
  readonly namespace: string;
  readonly owner: ControllerInstance['owner'];
  readonly container: string;
  readonly deployment?: Deployment;
  template?: ControllerRun;
  readonly pods: ControllerRun[];
}

/**
 * All Flux controllers of a cluster: default lanes and shards, in every namespace, several in one pod, bare pods, and
 * those scaled to zero. Sorted by component, namespace, owner and container.
 */
export function discoverControllers(artifacts: ControllerArtifacts): readonly ControllerInstance[] {
  const { deployments, pods, configMaps = {} } = artifacts;
  const drafts = new Map<string, Draft>();
  const draft = (part: Omit<Draft, 'pods'>): Draft => {
    const key = [part.namespace, part.owner.kind, part.owner.name, part.container].join('/');
    const found = drafts.get(key) ?? { ...part, pods: [] };
    drafts.set(key, found);
    return found;
  };
  const byName = new Map(deployments.map((deployment) => [fullName(deployment), deployment]));
  for (const deployment of deployments) {
    const { spec, metadata } = deployment.spec.template;
    const labels = [metadata?.labels ?? {}, deployment.metadata.labels ?? {}];
    for (const [index, container] of spec.containers.entries()) {
      const component = recogniseContainer(container, { labels, containers: spec.containers.length });
      if (!component) continue;
      const owner = { kind: 'Deployment', name: deployment.metadata.name };
      const namespace = namespaceOf(deployment);
      draft({ component, namespace, owner, container: container.name, deployment }).template = controllerRun(
        component,
        { object: deployment, index, container, labels: [...labels].reverse() },
        configMaps,
      );
    }
  }
  for (const pod of pods) {
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue;
    const namespace = namespaceOf(pod);
    const owner = ownerOf(pod);
    const deployment = owner.kind === 'Deployment' ? byName.get(`${namespace}/${owner.name}`) : undefined;
    const labels = [pod.metadata.labels ?? {}, deployment?.metadata.labels ?? {}];
    for (const [index, container] of pod.spec.containers.entries()) {
      const known = drafts.get([namespace, owner.kind, owner.name, container.name].join('/'));
      const component =
        recogniseContainer(container, { labels, containers: pod.spec.containers.length }) ?? known?.component;
      if (!component) continue;
      draft({ component, namespace, owner, container: container.name, ...(deployment && { deployment }) }).pods.push(
        controllerRun(component, { object: pod, index, container, labels: [...labels].reverse() }, configMaps),
      );
    }
  }
  return [...drafts.values()].map(finished).sort(byPlace);
}

function finished(draft: Draft): ControllerInstance {
  return { ...draft, rollingOut: draft.deployment !== undefined && isRollingOut(draft.deployment) };
}

function isRollingOut({ metadata, spec, status }: Deployment): boolean {
  if (!status) return false;
  return (
    (status.observedGeneration ?? 0) < (metadata.generation ?? 0) ||
    (status.updatedReplicas ?? 0) < (spec.replicas ?? 1)
  );
}

/**
 * What keeps the pod alive. A ReplicaSet's name is its Deployment's with the pod template hash, so that ReplicaSets
 * need not be read.
 */
function ownerOf(pod: Pod): ControllerInstance['owner'] {
  const reference = pod.metadata.ownerReferences?.[0];
  if (!reference) return { kind: 'Pod', name: pod.metadata.name };
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (reference.kind === 'ReplicaSet' && hash !== undefined && reference.name.endsWith(`-${hash}`)) {
    return { kind: 'Deployment', name: reference.name.slice(0, -hash.length - 1) };
  }
  return { kind: reference.kind, name: reference.name };
}

const namespaceOf = ({ metadata }: Deployment | Pod): string => metadata.namespace ?? 'default';
const fullName = (object: Deployment): string => `${namespaceOf(object)}/${object.metadata.name}`;

function byPlace(a: ControllerInstance, b: ControllerInstance): number {
  const order = COMPONENTS.indexOf(a.component) - COMPONENTS.indexOf(b.component);
  if (order !== 0) return order;
  const [left, right] = [a, b].map(({ namespace, owner, container }) => [namespace, owner.name, container].join('\n'));
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/** Namespaces in which Flux controllers run. */
export function fluxNamespacesOf(instances: readonly ControllerInstance[]): readonly string[] {
  return [...new Set(instances.map(({ namespace }) => namespace))].sort();
}
