import { collected, unavailable, type Collected, type Deployment, type Pod, type RequestRecord } from '#libs/core';
import { COMPONENTS } from '#libs/flux';
import { ClusterError } from '../cluster-error.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { resourcePath } from '../client/resource-path.js';
import { projectDeployment, projectPod } from '../projection/workloads.js';
import { unreadable } from './unavailable.js';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };

/** Flux's own manifests and charts set one or the other; the community chart labels only the Deployment. */
const SELECTORS = ['app.kubernetes.io/part-of=flux', `app.kubernetes.io/component in (${COMPONENTS.join(',')})`];

/** Pods in which Flux may run, out of all pods of the cluster. */
export async function collectPods(client: ClusterClient): Promise<Collected<readonly Pod[]>> {
  try {
    const { items, record } = await client.list(PODS, { project: projectPod });
    return collected(items, [record]);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return unreadable(error, 'pods', [{ verb: 'list', group: '', resource: 'pods' }], resourcePath(PODS));
  }
}

/**
 * Deployments with Flux's labels, and those that own a pod in which Flux may run. Without the pods the owners are not known
 * and the set might lack one, so it is unavailable then.
 */
export async function collectDeployments(
  client: ClusterClient,
  pods: Collected<readonly Pod[]>,
): Promise<Collected<readonly Deployment[]>> {
  if (pods.state !== 'collected') {
    const { reason, message, missing } = pods;
    return unavailable(reason, `The Deployments behind Flux's pods are not known. ${message}`, missing);
  }
  const found = new Map<string, Deployment>();
  const requests: RequestRecord[] = [];
  const add = (deployment: Deployment) => {
    found.set(`${deployment.metadata.namespace ?? ''}/${deployment.metadata.name}`, deployment);
  };
  try {
    for (const labelSelector of SELECTORS) {
      const { items, record } = await client.list(DEPLOYMENTS, { project: projectDeployment, labelSelector });
      items.forEach(add);
      requests.push(record);
    }
    for (const [key, owner] of ownersOf(pods.value)) {
      if (found.has(key)) continue;
      // A list by name, not a get: the one permission to list Deployments is enough for both.
      const { items, record } = await client.list(DEPLOYMENTS, {
        project: projectDeployment,
        namespace: owner.namespace,
        fieldSelector: `metadata.name=${owner.name}`,
      });
      items.filter(({ metadata }) => metadata.name === owner.name).forEach(add);
      requests.push(record);
    }
    return collected([...found.values()], requests);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const rule = { verb: 'list', group: 'apps', resource: 'deployments' };
    return unreadable(error, 'deployments.apps', [rule], resourcePath(DEPLOYMENTS));
  }
}

interface Owner {
  readonly namespace: string;
  readonly name: string;
}

/** The Deployments of pods, by the naming of their ReplicaSets: `<deployment>-<pod-template-hash>`. */
function ownersOf(pods: readonly Pod[]): ReadonlyMap<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const { metadata } of pods) {
    const { namespace, labels, ownerReferences } = metadata;
    const replicaSet = ownerReferences?.find(({ kind }) => kind === 'ReplicaSet')?.name;
    const suffix = `-${labels?.['pod-template-hash'] ?? ''}`;
    if (namespace === undefined || replicaSet === undefined || suffix === '-' || !replicaSet.endsWith(suffix)) continue;
    const name = replicaSet.slice(0, -suffix.length);
    owners.set(`${namespace}/${name}`, { namespace, name });
  }
  return owners;
}
