import { ClusterEntity } from '../entities/registry.js';
import { labelSelectorSql } from '../sql/label-selector-sql.js';
import type { ListDefinition } from '../sql/list.js';
import { toJsonb } from '../sql/jsonb.js';
import { contains, oneOf, type Parameters } from '../sql/parameters.js';
import { columns, type Executor } from '../sql/rows.js';
import type { ClusterFilter, ClusterSortField } from './cluster.js';

const TENANTS = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) ORDER BY t.name), '[]')
  FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id WHERE ct.cluster_id = c.id) AS tenants`;

/** The select list of a `ClusterRecord`, from a table or CTE `c`. */
export function clusterColumns(executor: Executor): string {
  const own = columns(executor, ClusterEntity, 'c').replace(/, c\.deleted_at AS "deletedAt"/, '');
  return `${own}, ${TENANTS}`;
}

export function clusterList(executor: Executor): ListDefinition<ClusterSortField> {
  return {
    from: 'cluster c',
    columns: clusterColumns(executor),
    id: { sql: 'c.id', type: 'text' },
    sortable: {
      name: { sql: 'c.name', type: 'text' },
      createdAt: { sql: 'c.created_at', type: 'timestamptz' },
      lastAuditedAt: { sql: `coalesce(c.last_audited_at, '-infinity')`, type: 'timestamptz' },
      coverage: { sql: `coalesce((c.summary #>> '{coverage,ratio}')::real, -1)`, type: 'real' },
      openCritical: { sql: `coalesce((c.summary #>> '{open,critical}')::integer, -1)`, type: 'integer' },
      kubernetesVersion: { sql: `coalesce(c.kubernetes_version, '')`, type: 'text' },
    },
    defaultSort: [{ field: 'name', direction: 'asc' }],
  };
}

/** Conditions on `cluster c`. Deleted clusters are never listed. */
export function clusterConditions(filter: ClusterFilter, parameters: Parameters): readonly string[] {
  const held = (filter.conditions ?? []).map(
    (condition) => `c.conditions @> ${parameters.add(toJsonb([condition]))}::jsonb`,
  );
  return [
    'c.deleted_at IS NULL',
    ...oneOf(parameters, 'c.id', filter.id),
    ...oneOf(parameters, 'c.name', filter.name),
    ...oneOf(parameters, 'c.role', filter.role),
    ...oneOf(parameters, 'c.tenancy', filter.tenancy),
    ...tenantCondition(filter.tenant, parameters),
    ...held,
    ...(filter.compliant === undefined
      ? []
      : [`coalesce((c.summary ->> 'compliant')::boolean, false) = ${parameters.add(filter.compliant)}::boolean`]),
    ...(filter.unreachable === undefined
      ? []
      : [`(c.unreachable_since IS NOT NULL) = ${parameters.add(filter.unreachable)}::boolean`]),
    ...labelSelectorSql('c.labels', filter.labelSelector, parameters),
    ...contains(parameters, 'c.name', filter.q),
  ];
}

/** `cluster c` belongs to one of the tenants, given by id or name. */
export function tenantCondition(tenants: readonly string[] | undefined, parameters: Parameters): readonly string[] {
  if (tenants === undefined) return [];
  const list = `${parameters.add(tenants)}::text[]`;
  return [
    `EXISTS (SELECT 1 FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id
       WHERE ct.cluster_id = c.id AND (t.id = ANY(${list}) OR t.name = ANY(${list})))`,
  ];
}
