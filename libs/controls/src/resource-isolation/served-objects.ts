import { type ArtifactName, type Artifacts, type Collected, type KubernetesObject, SOURCE_KINDS } from '#libs/core';
import { COMPONENTS, type Component, type Lane, componentOfKind, excerpt, servedBy } from '#libs/flux';

const COMPONENT_OF_LIST = {
  kustomizations: 'kustomize-controller',
  helmReleases: 'helm-controller',
  alerts: 'notification-controller',
  providers: 'notification-controller',
  receivers: 'notification-controller',
  imageRepositories: 'image-reflector-controller',
  imagePolicies: 'image-reflector-controller',
  imageUpdateAutomations: 'image-automation-controller',
  artifactGenerators: 'source-watcher',
} as const satisfies Partial<Record<ArtifactName, Component>>;
type ListName = keyof typeof COMPONENT_OF_LIST;

/** Objects that Flux controllers reconcile or use, besides Kustomizations and HelmReleases. */
export const SERVED_ARTIFACTS = [
  'sources',
  'alerts',
  'providers',
  'receivers',
  'imageRepositories',
  'imagePolicies',
  'imageUpdateAutomations',
  'artifactGenerators',
] as const;

export type ServedArtifacts = {
  readonly [N in ListName | 'sources']: Collected<Artifacts[N]>;
};

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** An object as far as its lane and its state matter. */
export interface ServedObject extends KubernetesObject {
  readonly spec: { readonly suspend?: boolean };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly unknown[] };
}

/** What one controller is responsible for. */
export interface Served {
  readonly objects: readonly ServedObject[];
  /** Kinds that could not be listed. */
  readonly unreadable: readonly Unavailable[];
}

/** Every object of Flux by the controller that is responsible for it. */
export function servedByComponent(artifacts: ServedArtifacts): ReadonlyMap<Component, Served> {
  const found = new Map(COMPONENTS.map((component) => [component, { objects: [], unreadable: [] } as MutableServed]));
  const add = (component: Component | undefined, list: Collected<readonly object[]>): void => {
    const served = component && found.get(component);
    if (!served) return;
    if (list.state === 'unavailable') served.unreadable.push(list);
    else for (const object of list.value) served.objects.push(object as ServedObject);
  };
  for (const name of Object.keys(COMPONENT_OF_LIST) as ListName[]) add(COMPONENT_OF_LIST[name], artifacts[name]);
  const { sources } = artifacts;
  for (const kind of SOURCE_KINDS)
    add(componentOfKind(kind), sources.state === 'collected' ? sources.value[kind] : sources);
  return found;
}

interface MutableServed extends Served {
  readonly objects: ServedObject[];
  readonly unreadable: Unavailable[];
}

/** `Kustomization team-a/app`, for people. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return excerpt(`${kind} ${metadata.namespace ?? 'default'}/${metadata.name}`);
}

/** The objects that are in all of the lanes. */
export function sharedBy(objects: readonly ServedObject[], lanes: readonly Lane[]): readonly ServedObject[] {
  return objects.filter((object) => servedBy(object, lanes).length === lanes.length);
}
