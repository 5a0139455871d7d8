import type { SeverityCounts } from '#libs/core';
import type { DataSource } from 'typeorm';
import { EvidenceEntity, FindingChangeEntity } from '../entities/results.js';
import { listPage, type ListPage } from '../sql/list.js';
import { all, Parameters } from '../sql/parameters.js';
import { columns, row, rows } from '../sql/rows.js';
import type {
  EvidenceRecord,
  FindingChangeRecord,
  FindingDetail,
  FindingFilter,
  FindingListRequest,
  FindingRecord,
} from './finding.js';
import { relatedTo } from './related-sql.js';
import { findingColumns, findingConditions, findingList, FINDING_FROM, NO_SEVERITIES } from './finding-sql.js';

export class FindingRepository {
  constructor(private readonly dataSource: DataSource) {}

  list(request: FindingListRequest): Promise<ListPage<FindingRecord>> {
    const parameters = new Parameters();
    const conditions = findingConditions(request.filter ?? {}, parameters);
    return listPage(this.dataSource, findingList(this.dataSource), request, conditions, parameters);
  }

  /** One finding with its evidence, its history and what hangs on it. */
  async get(id: string): Promise<FindingDetail | null> {
    const finding = await row<FindingRecord>(
      this.dataSource,
      `SELECT ${findingColumns(this.dataSource)} FROM ${FINDING_FROM} WHERE f.id = $1`,
      [id],
    );
    if (!finding) return null;
    const evidence = finding.evidenceId === null ? null : await this.evidence(finding.evidenceId);
    return {
      ...finding,
      evidence,
      changes: await this.changes(id),
      related: await relatedTo(this.dataSource, finding),
    };
  }

  /** Evidence by its id, also such as was replaced since. */
  evidence(id: string): Promise<EvidenceRecord | null> {
    return row(
      this.dataSource,
      `SELECT ${columns(this.dataSource, EvidenceEntity, 'e')} FROM evidence e WHERE e.id = $1`,
      [id],
    );
  }

  /** The life of a finding, oldest change first. */
  changes(findingId: string): Promise<readonly FindingChangeRecord[]> {
    return rows(
      this.dataSource,
      `SELECT ${columns(this.dataSource, FindingChangeEntity, 'h')} FROM finding_change h
       WHERE h.finding_id = $1 ORDER BY h.at, h.id`,
      [findingId],
    );
  }

  /** Findings that are open now, by severity, under the same filter as `list` takes. */
  async openBySeverity(filter: FindingFilter = {}): Promise<SeverityCounts> {
    const parameters = new Parameters();
    const conditions = ["f.state IN ('open', 'reopened')", ...findingConditions(filter, parameters)];
    const found = await rows<{ severity: keyof SeverityCounts; count: number }>(
      this.dataSource,
      `SELECT f.severity, count(*)::int AS count FROM ${FINDING_FROM} WHERE ${all(conditions)} GROUP BY f.severity`,
      parameters.values,
    );
    return { ...NO_SEVERITIES, ...Object.fromEntries(found.map(({ severity, count }) => [severity, count])) };
  }
}
