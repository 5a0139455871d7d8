import { type HelmRelease, type Kustomization, derived } from '#libs/core';
import { type ControllerInstance, type TargetFacts, effectiveIdentities, lanesOf } from '#libs/flux';
import { accountIdentity } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { type TenantIdentity, tenantIdentities } from '../access/tenant-identities.js';
import { type Tenant, type TenantModel, describePrincipal } from '../tenants/tenant-model.js';

const NOT_READ = { state: 'unavailable', reason: 'notCollected', message: 'It is not needed.', missing: [] } as const;
const NO_TARGETS: TargetFacts = { secretFacts: NOT_READ, kubeConfigMaps: NOT_READ, fleet: NOT_READ };

/** The accounts that apply what a tenant has in its sources, by the name of the tenant. */
const appliers = derived(
  (
    kustomizations: readonly Kustomization[],
    helmReleases: readonly HelmRelease[],
    instances: readonly ControllerInstance[],
    model: TenantModel,
  ): ReadonlyMap<string, ReadonlySet<string>> => {
    // Only whether a pod that should crash has come through hangs on the time.
    const lanes = lanesOf(instances, 0);
    const found = new Map<string, Set<string>>();
    for (const object of [...kustomizations, ...helmReleases]) {
      const tenant = model.tenantOf(object.metadata.namespace);
      if (!tenant || object.spec.kubeConfig) continue;
      const users = found.get(tenant.name) ?? new Set();
      found.set(tenant.name, users);
      for (const each of effectiveIdentities(object, lanes, NO_TARGETS)) {
        if (each.kind === 'account') users.add(`${each.account.namespace}/${each.account.name}`);
      }
    }
    return found;
  },
);

/** Everybody through whom objects of a tenant come into being: itself, and whoever applies what its sources hold. */
export function writersOf(
  tenant: Tenant,
  access: Access,
  model: TenantModel,
  applied: { readonly kustomizations: readonly Kustomization[]; readonly helmReleases: readonly HelmRelease[] },
): readonly TenantIdentity[] {
  const { instances } = model;
  const users =
    instances.state === 'collected'
      ? appliers(applied.kustomizations, applied.helmReleases, instances.value, model).get(tenant.name)
      : undefined;
  const further = [...(users ?? [])].flatMap((path): readonly TenantIdentity[] => {
    const [namespace, name] = path.split('/');
    if (!namespace || !name) return [];
    const identity = accountIdentity({ namespace, name });
    return [{ identity, title: describePrincipal(identity), declared: false }];
  });
  return [...tenantIdentities(tenant, access.index), ...further];
}
