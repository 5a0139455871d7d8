import {
  type Artifacts,
  type Collected,
  type EvaluateContext,
  type Registration,
  collected,
  derived,
} from '#libs/core';
import { type Component, type ControllerInstance, type FixTarget, type Tenancy, installMethodOf } from '#libs/flux';
import { tenantModel } from '../tenants/tenant-model.js';

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

/** The same instances and tenancy for the same artifacts: they are worked out once for all controls. */
export function inspectControllers(artifacts: ControllerArtifacts, { now }: EvaluateContext): Inspection {
  const { instances, tenancy, registration } = tenantModel(artifacts);
  return { instances: instances.state === 'collected' ? instances.value : [], tenancy, registration, artifacts, now };
}

const wrapped = derived((value: object): Collected<object> => collected(value));

/** An artifact that a control requires, with the state that it has then; the same object for the same value. */
export function withState<T extends object>(value: T): Collected<T> {
  return wrapped(value) as Collected<T>;
}

export function instancesOf({ instances }: Inspection, components: readonly Component[]): ControllerInstance[] {
  return instances.filter(({ component }) => components.includes(component));
}

export function fixTarget(instance: ControllerInstance, { artifacts }: Inspection): FixTarget {
  return { instance, install: installMethodOf(instance, artifacts) };
}
