import type { Registration, TenantRegistration } from '#libs/core';
import type { ClusterEntity, TenantEntity } from '../entities/registry.js';
import { countedDrills, withDrills } from '../drills/last-drills.js';
import { row, type Executor } from '../sql/rows.js';

type DeclaredTenant = Pick<
  TenantEntity,
  'name' | 'isolation' | 'criticality' | 'namespaces' | 'principals' | 'gitPaths'
>;
type Declared = Pick<ClusterEntity, 'name' | 'role' | 'tenancy' | 'delivery' | 'labels' | 'platform'> & {
  readonly tenants: readonly DeclaredTenant[];
};

function toTenant(tenant: DeclaredTenant): TenantRegistration {
  return {
    name: tenant.name,
    ...(tenant.isolation && { isolation: tenant.isolation }),
    ...(tenant.criticality && { criticality: tenant.criticality }),
    ...(Object.keys(tenant.namespaces).length > 0 && { namespaces: tenant.namespaces }),
    ...(Object.keys(tenant.principals).length > 0 && { principals: tenant.principals }),
    ...(tenant.gitPaths.length > 0 && { gitPaths: tenant.gitPaths }),
  };
}

/**
 * What was declared about a cluster, as controls see it; what was not stated is absent. The last drill of a break-glass
 * entry is the newest that counts, whether it was written down by hand or reported.
 */
export async function registrationOf(executor: Executor, clusterId: string): Promise<Registration | null> {
  const declared = await row<Declared>(
    executor,
    `SELECT c.name, c.role, c.tenancy, c.delivery, c.labels, c.platform,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'name', t.name, 'isolation', t.isolation, 'criticality', t.criticality, 'namespaces', t.namespaces,
          'principals', t.principals, 'gitPaths', t.git_paths) ORDER BY t.name), '[]')
        FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id WHERE ct.cluster_id = c.id) AS tenants
     FROM cluster c WHERE c.id = $1`,
    [clusterId],
  );
  if (!declared) return null;
  const { name, role, tenancy, delivery, labels, platform, tenants } = declared;
  const { breakGlass } = platform;
  const drills = breakGlass && (await countedDrills(executor, [clusterId])).get(clusterId);
  return {
    name,
    ...(role && { role }),
    ...(tenancy && { tenancy }),
    ...(delivery && { delivery }),
    labels,
    ...platform,
    ...(breakGlass && { breakGlass: withDrills(breakGlass, drills ?? []) }),
    tenants: tenants.map(toTenant),
  };
}
