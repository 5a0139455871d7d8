import type { DataSource } from 'typeorm';
import { listPage, type ListPage } from '../sql/list.js';
import { Parameters } from '../sql/parameters.js';
import { row } from '../sql/rows.js';
import { accessObjectRows, topologyRows, type AccessObjectRow, type TopologyRow } from './topology-rows.js';
import type { RemoteApplyListRequest, RemoteApplyRecord } from './remote-apply.js';
import { REMOTE_APPLY_FROM, remoteApplyColumns, remoteApplyConditions, remoteApplyList } from './remote-apply-sql.js';

/** Remote applies as the last audits of the management clusters saw them. */
export class RemoteApplyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The most urgent first: those that fail without anybody being told. */
  list(request: RemoteApplyListRequest): Promise<ListPage<RemoteApplyRecord>> {
    const parameters = new Parameters();
    const conditions = remoteApplyConditions(request.filter ?? {}, parameters);
    return listPage(this.dataSource, remoteApplyList(this.dataSource), request, conditions, parameters);
  }

  get(id: string): Promise<RemoteApplyRecord | null> {
    return row(
      this.dataSource,
      `SELECT ${remoteApplyColumns(this.dataSource)} FROM ${REMOTE_APPLY_FROM} WHERE r.id = $1`,
      [id],
    );
  }

  /** What these clusters apply to others, as far as a graph shows it; at most `limit`. */
  topology(clusterIds: readonly string[], limit: number): Promise<readonly TopologyRow[]> {
    return topologyRows(this.dataSource, clusterIds, limit);
  }

  /** Objects on these clusters that open findings about the platform's access name; at most `limit`. */
  accessObjects(clusterIds: readonly string[], limit: number): Promise<readonly AccessObjectRow[]> {
    return accessObjectRows(this.dataSource, clusterIds, limit);
  }
}
