import { collected, unavailable, type Collected, type Deployment, type Pod, type RequestRecord } from '#libs/core';
import { COMPONENTS } from '#libs/flux';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { resourcePath } from '../client/resource-path.js';
import { projectDeployment } from '../projection/deployments.js';
import { fluxContainerFilter, type ContainerFilter } from '../projection/flux-containers.js';
import { owningDeployment, projectFluxPod } from '../projection/pods.js';
import { unreadable } from './unavailable.js';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };

/** Flux's own manifests and charts set one or the other; the community chart labels only the Deployment. */
const SELECTORS = ['app.kubernetes.io/part-of=flux', `app.kubernetes.io/component in (${COMPONENTS.join(',')})`];

export interface Workloads {
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
  const pods = await collectPods(client, filter, labelled.state === 'collected' ? labelled.value : []);
  if (labelled.state !== 'collected') return { pods, deployments: labelled };
  if (pods.state !== 'collected') {
    const sentence = `The Deployments behind Flux's pods are not known. ${pods.message}`;
    return { pods, deployments: unavailable(pods.reason, sentence, pods.missing) };
  }
  return { pods, deployments: await withOwners(client, filter, labelled, pods.value) };
}

async function collectPods(
  client: ClusterClient,
  filter: ContainerFilter,
  deployments: readonly Deployment[],
): Promise<Collected<readonly Pod[]>> {
  const owners = new Map(
    deployments.map((deployment) => [keyOf(deployment.metadata), deployment.metadata.labels ?? {}]),
  );
  try {
    const { items, record } = await client.list(PODS, { project: projectFluxPod(filter, owners) });
    return collected(items, [record]);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return unreadable(error, 'pods', [{ verb: 'list', group: '', resource: 'pods' }], resourcePath(PODS));
  }
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
