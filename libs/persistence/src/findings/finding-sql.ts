import type { SeverityCounts } from '#libs/core';
import { FindingEntity } from '../entities/results.js';
import { labelSelectorSql } from '../sql/label-selector-sql.js';
import type { ListDefinition } from '../sql/list.js';
import { contains, oneOf, type Parameters } from '../sql/parameters.js';
import { columns, type Executor } from '../sql/rows.js';
import type { FindingFilter, FindingSortField } from './finding.js';

export const NO_SEVERITIES: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

/** A waiver counts only while it is approved and has not expired. */
export const FINDING_FROM = `finding f
  JOIN cluster c ON c.id = f.cluster_id AND c.deleted_at IS NULL
  LEFT JOIN tenant t ON t.id = f.tenant_id
  LEFT JOIN waiver w ON w.id = f.waiver_id AND w.state = 'approved' AND w.expires_at > now()`;

/** The select list of a `FindingRecord` over `FINDING_FROM`. */
export function findingColumns(executor: Executor): string {
  const own = columns(executor, FindingEntity, 'f').replace(', f.waiver_id AS "waiverId"', '');
  return `${own}, c.name AS "clusterName", t.name AS "tenantName",
    CASE WHEN w.id IS NULL THEN NULL ELSE jsonb_build_object('id', w.id, 'approver', w.approver,
      'expiresAt', to_char(w.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END AS waiver`;
}

export function findingList(executor: Executor): ListDefinition<FindingSortField> {
  return {
    from: FINDING_FROM,
    columns: findingColumns(executor),
    id: { sql: 'f.id', type: 'text' },
    sortable: {
      severity: { sql: 'severity_rank(f.severity)', type: 'smallint' },
      firstSeenAt: { sql: 'f.first_seen_at', type: 'timestamptz' },
      lastSeenAt: { sql: 'f.last_seen_at', type: 'timestamptz' },
      control: { sql: 'f.control_id', type: 'text' },
      cluster: { sql: 'c.name', type: 'text' },
      occurrences: { sql: 'f.occurrences', type: 'integer' },
    },
    defaultSort: [
      { field: 'severity', direction: 'desc' },
      { field: 'firstSeenAt', direction: 'desc' },
    ],
  };
}

function flag(parameters: Parameters, expression: string, value: boolean | undefined): readonly string[] {
  return value === undefined ? [] : [`(${expression}) = ${parameters.add(value)}::boolean`];
}

function compared(
  parameters: Parameters,
  column: string,
  operator: '>=' | '<',
  time: string | undefined,
): readonly string[] {
  return time === undefined ? [] : [`${column} ${operator} ${parameters.add(time)}::timestamptz`];
}

function eitherOf(
  parameters: Parameters,
  [first, second]: readonly [string, string],
  values: readonly string[] | undefined,
): readonly string[] {
  if (values === undefined) return [];
  const list = `${parameters.add(values)}::text[]`;
  return [`${first} = ANY(${list}) OR ${second} = ANY(${list})`];
}

export function findingConditions(filter: FindingFilter, parameters: Parameters): readonly string[] {
  return [
    ...oneOf(parameters, 'f.id', filter.id),
    ...oneOf(parameters, 'f.fingerprint', filter.fingerprint),
    ...oneOf(parameters, 'f.state', filter.state),
    ...oneOf(parameters, 'f.severity', filter.severity),
    ...oneOf(parameters, 'f.outcome', filter.outcome),
    ...oneOf(parameters, 'f.confidence', filter.confidence),
    ...oneOf(parameters, 'f.control_id', filter.controlId),
    ...oneOf(parameters, 'f.reason', filter.reason),
    ...eitherOf(parameters, ['c.id', 'c.name'], filter.cluster),
    ...eitherOf(parameters, ['t.id', 't.name'], filter.tenant),
    ...flag(parameters, 'f.stale', filter.stale),
    ...flag(parameters, 'w.id IS NOT NULL', filter.waived),
    ...flag(parameters, 'f.baseline', filter.baseline),
    ...(filter.changedInRun === undefined
      ? []
      : [
          `EXISTS (SELECT 1 FROM finding_change h WHERE h.finding_id = f.id AND h.run_id = ${parameters.add(filter.changedInRun)})`,
        ]),
    ...compared(parameters, 'f.first_seen_at', '>=', filter.firstSeenFrom),
    ...compared(parameters, 'f.last_seen_at', '>=', filter.lastSeenFrom),
    ...compared(parameters, 'f.last_seen_at', '<', filter.lastSeenBefore),
    ...labelSelectorSql('c.labels', filter.labelSelector, parameters),
    ...contains(
      parameters,
      `f.message || ' ' || coalesce(f.subject ->> 'namespace', '') || '/' || (f.subject ->> 'name')`,
      filter.q,
    ),
  ];
}
