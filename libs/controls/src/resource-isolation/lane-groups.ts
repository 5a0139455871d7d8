import type { Artifacts, Collected, HelmRelease, Kustomization, Source } from '#libs/core';
import { type Component, type Lane, laneFinder } from '#libs/flux';
import { ownerOf } from '../tenants/ownership.js';
import type { TenantModel } from '../tenants/tenant-model.js';
import type { Served, ServedObject } from './served-objects.js';

/** Everything that is no tenant's. */
export const PLATFORM = 'platform';

/** The objects of each group in one lane; a group is a tenant by its name, or the platform. */
export interface SharedLane {
  readonly lane: Lane;
  readonly groups: ReadonlyMap<string, readonly ServedObject[]>;
}

/** Whose objects each lane of the controllers has. Objects in no lane are in none. */
export function sharedLanes(
  components: readonly Component[],
  lanes: readonly Lane[],
  served: ReadonlyMap<Component, Served>,
  groupOf: (object: ServedObject) => string,
): readonly SharedLane[] {
  const found = new Map(
    lanes
      .filter(({ component }) => components.includes(component))
      .map((lane) => [lane, new Map<string, ServedObject[]>()]),
  );
  const find = laneFinder([...found.keys()]);
  for (const component of components) {
    for (const object of served.get(component)?.objects ?? []) {
      const group = groupOf(object);
      for (const lane of find(object)) {
        const groups = found.get(lane);
        const objects = groups?.get(group);
        if (objects) objects.push(object);
        else groups?.set(group, [object]);
      }
    }
  }
  return [...found].map(([lane, groups]) => ({ lane, groups }));
}

/** The tenant that an object belongs to, by its namespace or the source that it applies; else the platform. */
export function groupsBy(
  model: TenantModel,
  sources: Collected<Artifacts['sources']>,
): (object: ServedObject | Source) => string {
  return (object) => {
    const home = model.tenantOf(object.metadata.namespace);
    if (home) return home.name;
    if (object.kind !== 'Kustomization' && object.kind !== 'HelmRelease') return PLATFORM;
    const owner = ownerOf(object as Kustomization | HelmRelease, model, sources, undefined);
    return owner.kind === 'platform' ? PLATFORM : owner.tenant.name;
  };
}
