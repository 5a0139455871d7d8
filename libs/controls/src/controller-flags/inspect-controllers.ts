import type { Artifacts, Collected, EvaluateContext, Registration } from '#libs/core';
import {
  type Component,
  type ControllerInstance,
  type FixTarget,
  type Tenancy,
  discoverControllers,
  fluxNamespacesOf,
  installMethodOf,
  resolveTenancy,
} from '#libs/flux';

/** What every control of a start-up flag needs. */
export const CONTROLLER_ARTIFACTS = ['registration', 'deployments', 'pods'] as const;

/** What makes it more precise: environment, the role of the cluster, and how Flux was installed. */
export const CONTEXT_ARTIFACTS = [
  'configMaps',
  'namespaces',
  'kustomizations',
  'helmReleases',
  'fluxInstances',
  'discovery',
] as const;

export type ControllerArtifacts = Pick<Artifacts, (typeof CONTROLLER_ARTIFACTS)[number]> & {
  readonly [N in (typeof CONTEXT_ARTIFACTS)[number]]: Collected<Artifacts[N]>;
};

/** The Flux controllers of a cluster, and what the verdict on their flags depends on. */
export interface Inspection {
  readonly instances: readonly ControllerInstance[];
  readonly tenancy: Tenancy;
  readonly registration: Registration;
  readonly artifacts: ControllerArtifacts;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function inspectControllers(artifacts: ControllerArtifacts, { now }: EvaluateContext): Inspection {
  const { deployments, pods, configMaps, registration } = artifacts;
  const instances = discoverControllers({
    deployments,
    pods,
    ...(configMaps.state === 'collected' && { configMaps: configMaps.value }),
  });
  const tenancy = resolveTenancy(artifacts, fluxNamespacesOf(instances));
  return { instances, tenancy, registration, artifacts, now };
}

export function instancesOf({ instances }: Inspection, components: readonly Component[]): ControllerInstance[] {
  return instances.filter(({ component }) => components.includes(component));
}

export function fixTarget(instance: ControllerInstance, { artifacts }: Inspection): FixTarget {
  return { instance, install: installMethodOf(instance, artifacts) };
}
