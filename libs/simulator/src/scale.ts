import { FLUX_RESOURCES } from './api-resources.js';
import { GeneratedPods, nodeNames } from './generated-pods.js';
import { fluxInstallation, type FluxInstallationOptions } from './manifests/flux-installation.js';
import { kustomization } from './manifests/kustomizations.js';
import { workerNode } from './manifests/nodes.js';
import { gitRepository } from './manifests/sources.js';
import { tenantNamespace } from './manifests/tenants.js';
import { SimulatedCluster } from './simulated-cluster.js';
import { uuidOf } from './simulated-object.js';

export interface ScaleClusterOptions {
  readonly name: string;
  /** Pods beside those of Flux. */
  readonly pods: number;
  /** Kustomizations, each with its GitRepository. Default 10. */
  readonly kustomizations?: number;
  readonly flux?: FluxInstallationOptions;
}

/** A cluster with as many pods as wanted; they are made as they are read. Two tenants share it. */
export function scaleCluster({ name, pods, kustomizations = 10, flux }: ScaleClusterOptions): SimulatedCluster {
  const { namespace, pods: fluxPods, ...lists } = fluxInstallation(flux);
  const cluster = new SimulatedCluster({
    name,
    resources: FLUX_RESOURCES,
    objects: [
      namespace,
      ...Object.values(lists).flat(),
      ...nodeNames(pods).map((node) => workerNode(node)),
      ...['team-a', 'team-b'].map((tenant) => tenantNamespace({ tenant })),
    ],
  });
  const own = { namespace: 'team-a' };
  for (let index = 0; index < kustomizations; index += 1) {
    const app = { ...own, name: `app-${String(index).padStart(5, '0')}` };
    cluster.put(gitRepository(app), kustomization(app));
  }
  cluster.replaceCollection('', 'pods', new GeneratedPods({ count: pods, among: fluxPods }));
  return cluster;
}

export interface ScaleFleetOptions {
  readonly clusters: number;
  /** Default 100. */
  readonly podsPerCluster?: number;
  /** Share of clusters, from 0 to 1, whose helm-controller may run commands from kubeconfigs. Default 0.1. */
  readonly faulty?: number;
}

/** Many clusters `scale-00000`, …, for one listener. Which of them are faulty depends on their names only. */
export function scaleFleet({ clusters, podsPerCluster = 100, faulty = 0.1 }: ScaleFleetOptions): SimulatedCluster[] {
  return Array.from({ length: clusters }, (_, index) => {
    const name = `scale-${String(index).padStart(5, '0')}`;
    const isFaulty = Number.parseInt(uuidOf(name).slice(0, 8), 16) / 0x1_0000_0000 < faulty;
    return scaleCluster({ name, pods: podsPerCluster, ...(isFaulty && { flux: { editArguments: allowExec } }) });
  });
}

const allowExec: FluxInstallationOptions['editArguments'] = (component, args) =>
  component === 'helm-controller' ? [...args, '--insecure-kubeconfig-exec=true'] : args;
