import type { LabelSelector, Outcome } from '#libs/core';
import type { DataSource } from 'typeorm';
import { tenantCondition } from '../clusters/cluster-sql.js';
import { ControlStateEntity } from '../entities/results.js';
import { labelSelectorSql } from '../sql/label-selector-sql.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { columns, rows } from '../sql/rows.js';

/** A control's answer on a cluster, for as long as it stayed the same. */
export type ResultRecord = Readonly<ControlStateEntity> & { readonly clusterName: string };

export type ResultSortField = 'control' | 'cluster' | 'severity' | 'fromAt' | 'lastSeenAt';

export interface ResultFilter {
  /** As the cluster stood in this run; absent = as it stands now. */
  readonly runId?: string;
  /** Ids or names. */
  readonly cluster?: readonly string[];
  /** Ids or names. */
  readonly tenant?: readonly string[];
  readonly controlId?: readonly string[];
  readonly outcome?: readonly string[];
  readonly severity?: readonly string[];
  readonly reason?: readonly string[];
  readonly cause?: readonly string[];
  readonly labelSelector?: LabelSelector;
}

/** How the fleet stands on one control. */
export interface ControlTally {
  readonly controlId: string;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
}

const FROM = `control_state s JOIN cluster c ON c.id = s.cluster_id AND c.deleted_at IS NULL`;

function conditionsOf(filter: ResultFilter, parameters: Parameters): readonly string[] {
  const clusters = filter.cluster === undefined ? null : `${parameters.add(filter.cluster)}::text[]`;
  return [
    filter.runId === undefined
      ? 's.to_at IS NULL'
      : `EXISTS (SELECT 1 FROM target g JOIN run r ON r.id = g.run_id
           WHERE g.run_id = ${parameters.add(filter.runId)} AND g.cluster_id = s.cluster_id
             AND s.from_at <= g.collected_at AND (s.to_at IS NULL OR s.to_at > g.collected_at)
             AND (r.controls IS NULL OR s.control_id = ANY(r.controls)))`,
    ...(clusters === null ? [] : [`c.id = ANY(${clusters}) OR c.name = ANY(${clusters})`]),
    ...tenantCondition(filter.tenant, parameters),
    ...oneOf(parameters, 's.control_id', filter.controlId),
    ...oneOf(parameters, 's.outcome', filter.outcome),
    ...oneOf(parameters, 's.severity', filter.severity),
    ...oneOf(parameters, 's.reason', filter.reason),
    ...oneOf(parameters, 's.cause', filter.cause),
    ...labelSelectorSql('c.labels', filter.labelSelector, parameters),
  ];
}

export class ResultRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Results as they stand now, or as they stood in a run. */
  list(request: ListRequest<ResultSortField, ResultFilter>): Promise<ListPage<ResultRecord>> {
    const definition: ListDefinition<ResultSortField> = {
      from: FROM,
      columns: this.#columns(),
      id: { sql: 's.id', type: 'bigint' },
      sortable: {
        control: { sql: 's.control_id', type: 'text' },
        cluster: { sql: 'c.name', type: 'text' },
        severity: { sql: 'severity_rank(s.severity)', type: 'smallint' },
        fromAt: { sql: 's.from_at', type: 'timestamptz' },
        lastSeenAt: { sql: 's.last_seen_at', type: 'timestamptz' },
      },
      defaultSort: [
        { field: 'cluster', direction: 'asc' },
        { field: 'control', direction: 'asc' },
      ],
    };
    const parameters = new Parameters();
    const conditions = conditionsOf(request.filter ?? {}, parameters);
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** How a cluster's answers changed over time, newest first. */
  timeline(
    clusterId: string,
    options: { readonly controlId?: string; readonly limit: number },
  ): Promise<readonly ResultRecord[]> {
    return rows(
      this.dataSource,
      `SELECT ${this.#columns()} FROM ${FROM}
       WHERE s.cluster_id = $1 AND ($2::text IS NULL OR s.control_id = $2)
       ORDER BY s.from_at DESC, s.id DESC LIMIT $3`,
      [clusterId, options.controlId ?? null, options.limit],
    );
  }

  /** Clusters by outcome, for each control, under the same filter as `list` takes. */
  byControl(filter: ResultFilter = {}): Promise<readonly ControlTally[]> {
    const parameters = new Parameters();
    const conditions = conditionsOf(filter, parameters);
    return rows(
      this.dataSource,
      `SELECT control_id AS "controlId", jsonb_object_agg(outcome, count) AS outcomes FROM (
         SELECT s.control_id, s.outcome, count(*) AS count FROM ${FROM}
         WHERE ${conditions.map((condition) => `(${condition})`).join(' AND ')} GROUP BY s.control_id, s.outcome) AS tally
       GROUP BY control_id ORDER BY control_id`,
      parameters.values,
    );
  }

  #columns(): string {
    return `${columns(this.dataSource, ControlStateEntity, 's')}, c.name AS "clusterName"`;
  }
}
