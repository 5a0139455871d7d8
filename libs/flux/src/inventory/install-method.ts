import { type ApiDiscovery, type Collected, type KubernetesObject, type Kustomization, derived } from '#libs/core';
import type { ControllerInstance } from './discover-controllers.js';

/** How a controller was installed: it decides where a change must be made so that it lasts. */
export type InstallMethod =
  | { readonly method: 'fluxOperator'; readonly instance?: { readonly name: string; readonly namespace: string } }
  | { readonly method: 'helmChart'; readonly release?: string }
  | { readonly method: 'azureExtension' }
  | { readonly method: 'olm' }
  | {
      readonly method: 'bootstrap';
      readonly kustomization: { readonly name: string; readonly namespace: string };
      readonly source?: { readonly kind: string; readonly name: string; readonly namespace: string };
      readonly path: string;
    }
  | { readonly method: 'unknown' };

/** All optional: what is not readable only makes the answer less precise. */
export interface InstallArtifacts {
  readonly fluxInstances?: Collected<readonly KubernetesObject[]>;
  readonly kustomizations?: Collected<readonly Kustomization[]>;
  readonly discovery?: Collected<ApiDiscovery>;
}

const NONE: readonly Kustomization[] = [];

const valueOf = <T>(artifact: Collected<T> | undefined): T | undefined =>
  artifact?.state === 'collected' ? artifact.value : undefined;

export function installMethodOf(instance: ControllerInstance, artifacts: InstallArtifacts): InstallMethod {
  const { deployment, namespace } = instance;
  const labels = deployment?.metadata.labels ?? {};
  const annotations = deployment?.metadata.annotations ?? {};
  const operated = valueOf(artifacts.fluxInstances)?.find(({ metadata }) => metadata.namespace === namespace);
  if (operated) {
    return { method: 'fluxOperator', instance: { name: operated.metadata.name, namespace } };
  }
  if (labels['app.kubernetes.io/managed-by'] === 'flux-operator') return { method: 'fluxOperator' };
  if (labels['helm.sh/chart']?.startsWith('flux2-') === true) {
    const release = annotations['meta.helm.sh/release-name'];
    return { method: 'helmChart', ...(release !== undefined && { release }) };
  }
  if (isAzure(instance, artifacts)) return { method: 'azureExtension' };
  if ('olm.owner' in labels || 'olm.owner' in annotations) return { method: 'olm' };
  return bootstrap(instance, valueOf(artifacts.kustomizations) ?? NONE) ?? { method: 'unknown' };
}

function isAzure(instance: ControllerInstance, artifacts: InstallArtifacts): boolean {
  const images = [...instance.pods, ...(instance.template ? [instance.template] : [])].map(({ image }) => image);
  return (
    images.some(({ registry }) => registry === 'mcr.microsoft.com') ||
    (valueOf(artifacts.discovery)?.resources.some((resource) => resource.startsWith('clusterconfig.azure.com/')) ??
      false)
  );
}

/** The first Kustomization with a Deployment in its inventory, by the id there: every flag of every controller asks for it. */
const deployedBy = derived((kustomizations: readonly Kustomization[]): ReadonlyMap<string, Kustomization> => {
  const first = new Map<string, Kustomization>();
  for (const kustomization of kustomizations) {
    for (const { id } of kustomization.status?.inventory?.entries ?? []) {
      if (id.endsWith('_apps_Deployment') && !first.has(id)) first.set(id, kustomization);
    }
  }
  return first;
});

/** The Kustomization that applies the controller's own Deployment. */
function bootstrap(
  { namespace, owner }: ControllerInstance,
  kustomizations: readonly Kustomization[],
): InstallMethod | undefined {
  const root = deployedBy(kustomizations).get(`${namespace}_${owner.name}_apps_Deployment`);
  if (!root) return undefined;
  const home = root.metadata.namespace ?? namespace;
  const source = root.spec.sourceRef;
  return {
    method: 'bootstrap',
    kustomization: { name: root.metadata.name, namespace: home },
    ...(source && { source: { kind: source.kind, name: source.name, namespace: source.namespace ?? home } }),
    path: root.spec.path ?? './',
  };
}

const TITLES: Record<InstallMethod['method'], string> = {
  fluxOperator: 'the Flux Operator',
  helmChart: 'the Helm chart flux2',
  azureExtension: 'the Azure extension',
  olm: 'the Operator Lifecycle Manager',
  bootstrap: 'flux bootstrap',
  unknown: 'an unknown way',
};

export function describeInstall({ method }: InstallMethod): string {
  return TITLES[method];
}
