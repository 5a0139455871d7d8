import { RemoteApplyEntity } from '../entities/remote-applies.js';
import type { ListDefinition } from '../sql/list.js';
import { contains, oneOf, type Parameters } from '../sql/parameters.js';
import { columns, type Executor } from '../sql/rows.js';
import type { Known, RemoteApplyFilter, RemoteApplySortField } from './remote-apply.js';

export const REMOTE_APPLY_FROM = `remote_apply r
  JOIN cluster c ON c.id = r.cluster_id AND c.deleted_at IS NULL
  LEFT JOIN cluster t ON t.id = r.target_cluster_id AND t.deleted_at IS NULL`;

/** Worst is highest: fails and nobody is told; that is not known; fails; overdue or suspended; nobody would be told. */
const URGENCY = `(CASE WHEN r.silent THEN 6 WHEN r.cause IS NOT NULL AND r.silent IS NULL THEN 5
  WHEN r.cause IS NOT NULL THEN 4 WHEN r.overdue OR r.suspended THEN 3 WHEN NOT r.alert_covered THEN 2
  WHEN r.alert_covered IS NULL OR r.target_state NOT IN ('registered', 'self') THEN 1 ELSE 0 END)::smallint`;

/** The select list of a `RemoteApplyRecord` over `REMOTE_APPLY_FROM`. */
export function remoteApplyColumns(executor: Executor): string {
  return `${columns(executor, RemoteApplyEntity, 'r')}, c.name AS "clusterName", t.name AS "targetClusterName",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'name', n.name) ORDER BY n.name), '[]')
     FROM cluster_tenant ct JOIN tenant n ON n.id = ct.tenant_id WHERE ct.cluster_id = t.id) AS "targetTenants"`;
}

export function remoteApplyList(executor: Executor): ListDefinition<RemoteApplySortField> {
  return {
    from: REMOTE_APPLY_FROM,
    columns: remoteApplyColumns(executor),
    id: { sql: 'r.id', type: 'text' },
    sortable: {
      urgency: { sql: URGENCY, type: 'smallint' },
      failingSince: { sql: `coalesce(r.failing_since, 'infinity')`, type: 'timestamptz' },
      cluster: { sql: 'c.name', type: 'text' },
      target: { sql: `coalesce(t.name, r.target_address, '')`, type: 'text' },
      name: { sql: `r.namespace || '/' || r.name`, type: 'text' },
      firstSeenAt: { sql: 'r.first_seen_at', type: 'timestamptz' },
      lastSeenAt: { sql: 'r.last_seen_at', type: 'timestamptz' },
    },
    defaultSort: [{ field: 'urgency', direction: 'desc' }],
  };
}

function known(parameters: Parameters, column: string, values: readonly Known[] | undefined): readonly string[] {
  return oneOf(parameters, `coalesce(${column}::text, 'unknown')`, values);
}

function flag(parameters: Parameters, expression: string, value: boolean | undefined): readonly string[] {
  return value === undefined ? [] : [`(${expression}) = ${parameters.add(value)}::boolean`];
}

function anyOf(parameters: Parameters, expressions: readonly string[], values: readonly string[] | undefined) {
  if (values === undefined) return [];
  const list = `${parameters.add(values)}::text[]`;
  return [expressions.map((expression) => expression.replaceAll('LIST', list)).join(' OR ')];
}

/** Conditions on `REMOTE_APPLY_FROM`. */
export function remoteApplyConditions(filter: RemoteApplyFilter, parameters: Parameters): readonly string[] {
  return [
    ...oneOf(parameters, 'r.id', filter.id),
    ...anyOf(parameters, ['c.id = ANY(LIST)', 'c.name = ANY(LIST)'], filter.cluster),
    ...anyOf(parameters, ['t.id = ANY(LIST)', 't.name = ANY(LIST)', 'r.target_address = ANY(LIST)'], filter.target),
    ...anyOf(
      parameters,
      [
        'r.tenant = ANY(LIST)',
        `EXISTS (SELECT 1 FROM cluster_tenant ct JOIN tenant n ON n.id = ct.tenant_id
           WHERE ct.cluster_id = t.id AND (n.id = ANY(LIST) OR n.name = ANY(LIST)))`,
      ],
      filter.tenant,
    ),
    ...oneOf(parameters, 'r.kind', filter.kind),
    ...oneOf(parameters, 'r.target_state', filter.targetState),
    ...oneOf(parameters, 'r.auth_method', filter.authMethod),
    ...oneOf(parameters, 'r.ready', filter.ready),
    ...flag(parameters, 'r.suspended', filter.suspended),
    ...flag(parameters, 'r.cause IS NOT NULL', filter.failing),
    ...known(parameters, 'r.alert_covered', filter.alertCovered),
    ...known(parameters, 'r.silent', filter.silent),
    ...flag(parameters, 'r.stale', filter.stale),
    ...contains(
      parameters,
      `r.namespace || '/' || r.name || ' ' || coalesce(t.name, '') || ' ' || coalesce(r.target_address, '')`,
      filter.q,
    ),
  ];
}
