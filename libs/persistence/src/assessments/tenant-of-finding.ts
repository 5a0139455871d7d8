import type { Finding } from '#libs/core';
import type { EntityManager } from 'typeorm';
import { rows } from '../sql/rows.js';

interface ClusterTenant {
  readonly id: string;
  readonly name: string;
  readonly namespaces: readonly string[];
}

/**
 * Who a finding belongs to: as the caller says; or the one tenant of the cluster; or the tenant that owns the
 * subject's namespace by name. Null where none of that tells.
 */
export async function tenantFinder(
  manager: EntityManager,
  clusterId: string,
  nameOf: ((finding: Finding) => string | undefined) | undefined,
): Promise<(finding: Finding) => string | null> {
  const tenants = await rows<ClusterTenant>(
    manager,
    `SELECT t.id, t.name, coalesce(t.namespaces -> 'names', '[]') AS namespaces
     FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id WHERE ct.cluster_id = $1 ORDER BY t.name`,
    [clusterId],
  );
  const [only, ...others] = tenants;
  if (!only) return () => null;
  return (finding) => {
    const name = nameOf?.(finding);
    const named = tenants.find((tenant) => tenant.name === name);
    if (named) return named.id;
    if (others.length === 0) return only.id;
    const { namespace } = finding.subject;
    const owner = tenants.find((tenant) => namespace !== undefined && tenant.namespaces.includes(namespace));
    return owner?.id ?? null;
  };
}
