import {
  collected,
  unavailable,
  type Collected,
  type Deployment,
  type OperatorPod,
  type Pod,
  type PodGroup,
  type RequestRecord,
} from '#libs/core';
import { COMPONENTS } from '#libs/flux';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from '../client/cluster-client.js';
import type { Gatherer } from '../client/list.js';
import { resourcePath } from '../client/resource-path.js';
import { projectDeployment } from '../projection/deployments.js';
import { fluxContainerFilter, type ContainerFilter } from '../projection/flux-containers.js';
import { PodGroupBuilder } from '../projection/pod-groups.js';
import { owningDeployment, projectPod, type ProjectedPod } from '../projection/pods.js';
import { unreadable } from './unavailable.js';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };

/** Flux's own manifests and charts set one or the other; the community chart labels only the Deployment. */
const SELECTORS = ['app.kubernetes.io/part-of=flux', `app.kubernetes.io/component in (${COMPONENTS.join(',')})`];

export interface Workloads {
  /** All pods that are not finished, in groups. */
  readonly podGroups: Collected<readonly PodGroup[]>;
  readonly operatorPods: Collected<readonly OperatorPod[]>;
  /** Pods in which Flux may run (`fluxContainerFilter`), out of all pods of the cluster. */
  readonly pods: Collected<readonly Pod[]>;
  /** Deployments with Flux's labels, and those that own one of the pods. */
  readonly deployments: Collected<readonly Deployment[]>;
}

/**
 * Reads what runs Flux: first the Deployments with its labels, since their pods may have none; then all pods; then the
 * Deployments of the pods that were found otherwise. Without the pods the owners are not known and the set of Deployments
 * might lack one, so it is unavailable then.
 */
export async function collectWorkloads(client: ClusterClient): Promise<Workloads> {
  const filter = fluxContainerFilter();
  const labelled = await labelledDeployments(client, filter);
  const found = await collectPods(client, filter, labelled.state === 'collected' ? labelled.value : []);
  const { pods } = found;
  if (labelled.state !== 'collected') return { ...found, deployments: labelled };
  if (pods.state !== 'collected') {
    const sentence = `The Deployments behind Flux's pods are not known. ${pods.message}`;
    return { ...found, deployments: unavailable(pods.reason, sentence, pods.missing) };
  }
  return { ...found, deployments: await withOwners(client, filter, labelled, pods.value) };
}

/** Reads the list of pods once, for all that is made of it. */
async function collectPods(
  client: ClusterClient,
  filter: ContainerFilter,
  deployments: readonly Deployment[],
): Promise<Omit<Workloads, 'deployments'>> {
  const owners = new Map(
    deployments.map((deployment) => [keyOf(deployment.metadata), deployment.metadata.labels ?? {}]),
  );
  try {
    const { value, record } = await client.gather(PODS, { project: projectPod(filter, owners) }, EVERY_PROJECTION);
    return {
      pods: collected(value.pods, [record]),
      podGroups: collected(value.groups.build(), [record]),
      operatorPods: collected(value.operators, [record]),
    };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const rule = { verb: 'list', group: '', resource: 'pods' };
    const gap = unreadable(error, 'pods', [rule], resourcePath(PODS));
    return { pods: gap, podGroups: gap, operatorPods: gap };
  }
}

interface PodProjections {
  readonly pods: Pod[];
  readonly operators: OperatorPod[];
  readonly groups: PodGroupBuilder;
}

/** A pod that stands for nothing but one more in its group, until its page is added. */
const PLACED_BYTES = 500;

const EVERY_PROJECTION: Gatherer<ProjectedPod, PodProjections> = {
  start: () => ({ pods: [], operators: [], groups: new PodGroupBuilder() }),
  weigh: (pod) => PLACED_BYTES + weightOf(pod),
  add: (projections, page) => {
    let bytes = 0;
    for (const pod of page) {
      if (pod.flux) projections.pods.push(pod.flux);
      if (pod.operator) projections.operators.push(pod.operator);
      if (pod.placed) bytes += projections.groups.add(pod.placed);
      bytes += weightOf(pod);
    }
    return bytes;
  },
};

function weightOf({ flux, operator }: ProjectedPod): number {
  return (flux ? JSON.stringify(flux).length : 0) + (operator ? JSON.stringify(operator).length : 0);
}

type CollectedDeployments = Extract<Collected<readonly Deployment[]>, { state: 'collected' }>;

function labelledDeployments(
  client: ClusterClient,
  filter: ContainerFilter,
): Promise<Collected<readonly Deployment[]>> {
  return reading(async () => {
    const found = new Map<string, Deployment>();
    const requests: RequestRecord[] = [];
    for (const labelSelector of SELECTORS) {
      const { items, record } = await client.list(DEPLOYMENTS, { project: projectDeployment(filter), labelSelector });
      for (const item of items) found.set(keyOf(item.metadata), item);
      requests.push(record);
    }
    return collected([...found.values()], requests);
  });
}

function withOwners(
  client: ClusterClient,
  filter: ContainerFilter,
  labelled: CollectedDeployments,
  pods: readonly Pod[],
): Promise<Collected<readonly Deployment[]>> {
  return reading(async () => {
    const known = new Set(labelled.value.map(({ metadata }) => keyOf(metadata)));
    const deployments = [...labelled.value];
    const requests = [...(labelled.requests ?? [])];
    for (const { metadata } of pods) {
      const owner = owningDeployment(metadata);
      if (!owner || known.has(keyOf(owner))) continue;
      known.add(keyOf(owner));
      // A list by name, not a get: the one permission to list Deployments is enough for both.
      const { items, record } = await client.list(DEPLOYMENTS, {
        project: projectDeployment(filter),
        namespace: owner.namespace,
        fieldSelector: `metadata.name=${owner.name}`,
      });
      deployments.push(...items.filter(({ metadata }) => metadata.name === owner.name));
      requests.push(record);
    }
    return collected(deployments, requests);
  });
}

async function reading(
  read: () => Promise<Collected<readonly Deployment[]>>,
): Promise<Collected<readonly Deployment[]>> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const rule = { verb: 'list', group: 'apps', resource: 'deployments' };
    return unreadable(error, 'deployments.apps', [rule], resourcePath(DEPLOYMENTS));
  }
}

function keyOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? ''}/${name}`;
}
