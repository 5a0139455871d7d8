import { newId } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { labelSelectorSql } from '../sql/label-selector-sql.js';
import { toJsonb } from '../sql/jsonb.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { contains, oneOf, Parameters } from '../sql/parameters.js';
import { changed, rows, transaction } from '../sql/rows.js';
import type { CandidateConflict } from '../values.js';
import type { CandidateFilter, CandidateRecord, CandidateSortField, FoundCandidate, SyncClaim } from './source.js';
import { CANDIDATE_STATE, candidateColumns, CANDIDATES } from './source-sql.js';
import { holdsClaim } from './source-repository.js';

/** The clusters that sources told of. */
export class CandidateRepository {
  constructor(private readonly dataSource: DataSource) {}

  list(
    sourceId: string,
    request: ListRequest<CandidateSortField, CandidateFilter>,
  ): Promise<ListPage<CandidateRecord>> {
    const definition: ListDefinition<CandidateSortField> = {
      from: CANDIDATES,
      columns: candidateColumns(this.dataSource),
      id: { sql: 'sc.id', type: 'text' },
      sortable: {
        name: { sql: 'sc.name', type: 'text' },
        lastSeenAt: { sql: 'sc.last_seen_at', type: 'timestamptz' },
        firstSeenAt: { sql: 'sc.first_seen_at', type: 'timestamptz' },
      },
      defaultSort: [{ field: 'name', direction: 'asc' }],
    };
    const { state, reason, tenantNamespace, labelSelector, q } = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      `sc.source_id = ${parameters.add(sourceId)}`,
      ...oneOf(parameters, `(${CANDIDATE_STATE})`, state),
      ...(reason === undefined
        ? []
        : [`jsonb_path_query_array(sc.reasons, '$[*].code') ?| ${parameters.add(reason)}::text[]`]),
      ...oneOf(parameters, 'sc.tenant_namespace', tenantNamespace),
      ...labelSelectorSql('sc.labels', labelSelector, parameters),
      ...contains(parameters, `sc.name || ' ' || coalesce(sc.connection ->> 'server', '')`, q),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** @param refs ids or names; those that are no candidates of the source are not in the answer */
  ofSource(sourceId: string, refs: readonly string[]): Promise<readonly CandidateRecord[]> {
    return rows(
      this.dataSource,
      `SELECT ${candidateColumns(this.dataSource)} FROM ${CANDIDATES}
       WHERE sc.source_id = $1 AND (sc.id = ANY($2::text[]) OR sc.name = ANY($2::text[])) ORDER BY sc.name, sc.id`,
      [sourceId, refs],
    );
  }

  /** Those that can be registered and are not, by name. */
  proposed(sourceId: string, limit: number): Promise<readonly CandidateRecord[]> {
    return rows(
      this.dataSource,
      `SELECT ${candidateColumns(this.dataSource)} FROM ${CANDIDATES}
       WHERE sc.source_id = $1 AND (${CANDIDATE_STATE}) = 'proposed' ORDER BY sc.name, sc.id LIMIT $2`,
      [sourceId, limit],
    );
  }

  /**
   * Keeps what a synchronisation found: new candidates, changes of known ones, and, where the reading was complete, which
   * ones are gone. Nothing is forgotten before its time, and registered clusters are not touched.
   *
   * @returns false: another worker took the synchronisation meanwhile, and nothing is changed
   */
  save(claim: SyncClaim, found: readonly FoundCandidate[], options: { readonly complete: boolean }): Promise<boolean> {
    return transaction(this.dataSource, async (manager) => {
      if (!(await holdsClaim(manager, claim))) return false;
      const { sourceId } = claim;
      await manager.query(UPSERT, [sourceId, toJsonb(found.map((one) => ({ id: newId('cnd'), ...one })))]);
      if (options.complete) {
        await manager.query(
          `UPDATE source_candidate SET orphaned_at = now()
           WHERE source_id = $1 AND orphaned_at IS NULL AND key <> ALL($2::text[])`,
          [sourceId, found.map(({ key }) => key)],
        );
      }
      await manager.query(
        `DELETE FROM source_candidate sc USING source s
         WHERE s.id = $1 AND sc.source_id = s.id AND sc.orphaned_at < now() - make_interval(days => s.prune_after)`,
        [sourceId],
      );
      return true;
    });
  }

  /** Remembers which registered cluster a candidate is. */
  async link(id: string, clusterId: string): Promise<void> {
    await changed(this.dataSource, 'UPDATE source_candidate SET cluster_id = $2, conflict = NULL WHERE id = $1', [
      id,
      clusterId,
    ]);
  }

  /** Remembers why registering a candidate was refused. */
  async refuse(id: string, conflict: CandidateConflict): Promise<void> {
    await changed(this.dataSource, 'UPDATE source_candidate SET conflict = $2 WHERE id = $1', [id, toJsonb(conflict)]);
  }
}

/** A link to a registered cluster stays while that is registered; a refusal, while the candidate leads to the same place. */
const UPSERT = `INSERT INTO source_candidate AS sc (id, source_id, key, name, object, labels, credential, connection,
    ca_spki_sha256, tenant_namespace, reasons, cluster_id)
  SELECT f.id, $1, f.key, f.name, f.object, f.labels, f.credential, f.connection,
    f."caSpkiSha256", f."tenantNamespace", f.reasons, f."clusterId"
  FROM jsonb_to_recordset($2::jsonb) AS f(id text, key text, name text, object jsonb, labels jsonb, credential jsonb,
    connection jsonb, "caSpkiSha256" text, "tenantNamespace" text, reasons jsonb, "clusterId" text)
  ON CONFLICT (source_id, key) DO UPDATE SET
    name = excluded.name, object = excluded.object, labels = excluded.labels, credential = excluded.credential,
    connection = excluded.connection, ca_spki_sha256 = excluded.ca_spki_sha256,
    tenant_namespace = excluded.tenant_namespace, reasons = excluded.reasons,
    cluster_id = coalesce(
      (SELECT c.id FROM cluster c WHERE c.id = sc.cluster_id AND c.deleted_at IS NULL), excluded.cluster_id),
    conflict = CASE WHEN sc.connection IS NOT DISTINCT FROM excluded.connection THEN sc.conflict END,
    last_seen_at = now(), orphaned_at = NULL`;
