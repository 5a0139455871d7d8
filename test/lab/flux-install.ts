import {
  fluxInstallation,
  type FluxInstallation,
  type FluxInstallationOptions,
} from '../../libs/simulator/src/manifests/flux-installation.js';
import { runningStatus } from '../../libs/simulator/src/manifests/workload.js';
import type { AdminClient, Manifest, StoredObject } from './admin-client.js';
import type { LabCluster } from './cluster.js';
import { installCrds } from './crds.js';
import { eventually } from './poll.js';

/**
 * Creates what `flux install` would create: namespace, accounts, Deployments and so on, and lets the pods be running
 * and ready. Nothing is pulled or run: there is no kubelet in the lab. The real controllers are processes
 * (`startFluxControllers`).
 */
export async function installFlux(
  cluster: LabCluster,
  crdFolder: string | null,
  options: FluxInstallationOptions = {},
): Promise<FluxInstallation> {
  const { admin } = cluster;
  if (crdFolder !== null) await installCrds(admin, crdFolder);
  if (options.fluxOperator) await admin.apply(FLUX_INSTANCE_CRD);
  const installation = fluxInstallation(options);
  await admin.applyAll([
    installation.namespace,
    ...installation.serviceAccounts,
    ...installation.clusterRoles,
    ...installation.clusterRoleBindings,
    ...installation.services,
    ...installation.deployments,
  ]);
  await runPods(cluster, installation);
  for (const instance of installation.fluxInstances) {
    const { status, ...object } = instance;
    await admin.apply(object as Manifest);
    await admin.patchStatus(instance, status);
  }
  return installation;
}

/** With a controller manager the pods are its own and only their status is missing; without one they are made here. */
async function runPods(cluster: LabCluster, installation: FluxInstallation): Promise<void> {
  const { admin } = cluster;
  if (cluster.controllerManager) {
    for (const deployment of installation.deployments) await runPodsOf(admin, deployment);
    return;
  }
  for (const deployment of installation.deployments) await admin.patchStatus(deployment, deployment.status);
  for (const [index, { status, ...replicaSet }] of installation.replicaSets.entries()) {
    const owned = await admin.apply(await ownedBy(admin, replicaSet as Manifest, installation.deployments[index]));
    await admin.patchStatus(owned, status);
  }
  for (const [index, { status, spec, ...pod }] of installation.pods.entries()) {
    const { nodeName: _, ...unscheduled } = spec as Record<string, unknown>;
    const owned = await ownedBy(admin, { ...pod, spec: unscheduled } as Manifest, installation.replicaSets[index]);
    if ((await admin.find(owned)) === undefined) await admin.create(owned);
    await admin.patchStatus(owned, status);
  }
}

async function ownedBy(admin: AdminClient, object: Manifest, owner: Manifest | undefined): Promise<Manifest> {
  if (owner === undefined) throw new Error(`${object.kind} ${object.metadata.name} has no owner.`);
  const { uid } = (await admin.get(owner)).metadata;
  const reference = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid,
    controller: true,
  };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [reference] } };
}

/** Waits for the pods of the Deployment's newest template, says that they run, and waits until the Deployment knows. */
export async function runPodsOf(admin: AdminClient, deployment: Manifest): Promise<void> {
  const { namespace = '', name } = deployment.metadata;
  await eventually(`the pods of Deployment ${namespace}/${name} run`, async () => {
    const { metadata, spec, status } = await admin.get(deployment);
    const wanted = spec as { replicas: number; selector: { matchLabels: Record<string, string> } };
    const selector = Object.entries(wanted.selector.matchLabels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const pods = await admin.list('v1', 'Pod', namespace, `?labelSelector=${encodeURIComponent(selector)}`);
    for (const pod of pods.filter((pod) => phaseOf(pod) !== 'Running')) await admin.patchStatus(pod, statusFor(pod));
    const { readyReplicas = 0, updatedReplicas = 0, observedGeneration } = (status ?? {}) as Record<string, number>;
    const settled =
      readyReplicas === wanted.replicas && updatedReplicas === wanted.replicas && pods.length === wanted.replicas;
    return (settled && observedGeneration === metadata.generation) || undefined;
  });
}

function phaseOf(pod: StoredObject): string | undefined {
  return (pod.status as { phase?: string } | undefined)?.phase;
}

function statusFor(pod: StoredObject): unknown {
  const { containers } = pod.spec as { containers: { name: string; image: string }[] };
  return runningStatus(containers, `${pod.metadata.namespace}/${pod.metadata.name}`);
}

/** The Flux Operator is not part of the lab; the objects that it leaves need a home. */
const FLUX_INSTANCE_CRD: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'fluxinstances.fluxcd.controlplane.io' },
  spec: {
    group: 'fluxcd.controlplane.io',
    names: { kind: 'FluxInstance', listKind: 'FluxInstanceList', plural: 'fluxinstances', singular: 'fluxinstance' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
