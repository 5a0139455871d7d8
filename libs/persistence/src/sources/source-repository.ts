import type { DataSource, EntityManager } from 'typeorm';
import { SourceEntity } from '../entities/sources.js';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { violatesForeignKey, violatesUnique } from '../sql/database-error.js';
import { toJsonb } from '../sql/jsonb.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { contains, oneOf, Parameters } from '../sql/parameters.js';
import { changed, row, rows, transaction, type Executor } from '../sql/rows.js';
import { insertRow, updateVersioned } from '../sql/versioned.js';
import type { CandidateCounts } from '../values.js';
import { CANDIDATE_STATES } from '../values.js';
import type {
  NewSource,
  SourceChanges,
  SourceFilter,
  SourceRecord,
  SourceSortField,
  SyncClaim,
  SyncOutcome,
  SyncWork,
} from './source.js';
import { CANDIDATE_STATE, CANDIDATES, sourceColumns, SOURCES } from './source-sql.js';

/** Sources and their synchronisations: asked for, taken by a worker, finished. */
export class SourceRepository {
  constructor(private readonly dataSource: DataSource) {}

  async create(input: NewSource): Promise<SourceRecord | 'nameTaken' | 'unknownCluster'> {
    try {
      await insertRow(this.dataSource, SourceEntity, input);
    } catch (error) {
      if (violatesUnique(error, 'source_name_key')) return 'nameTaken';
      if (violatesForeignKey(error)) return 'unknownCluster';
      throw error;
    }
    return required(await this.get(input.id), input.id);
  }

  /** @param expectedVersion null = whatever it is now */
  async update(
    id: string,
    expectedVersion: number | null,
    changes: SourceChanges,
  ): Promise<SourceRecord | 'notFound' | 'stale'> {
    const updated = await updateVersioned(this.dataSource, SourceEntity, id, expectedVersion, changes);
    if (!updated) return (await this.get(id)) ? 'stale' : 'notFound';
    return required(await this.get(id), id);
  }

  /** @param ref id or name */
  get(ref: string): Promise<SourceRecord | null> {
    return find(this.dataSource, ref);
  }

  list(request: ListRequest<SourceSortField, SourceFilter>): Promise<ListPage<SourceRecord>> {
    const definition: ListDefinition<SourceSortField> = {
      from: SOURCES,
      columns: sourceColumns(this.dataSource),
      id: { sql: 's.id', type: 'text' },
      sortable: {
        name: { sql: 's.name', type: 'text' },
        createdAt: { sql: 's.created_at', type: 'timestamptz' },
        lastSyncAt: { sql: `coalesce(s.last_sync_at, '-infinity')`, type: 'timestamptz' },
      },
      defaultSort: [{ field: 'name', direction: 'asc' }],
    };
    const { type, policy, hubCluster, result, q } = request.filter ?? {};
    const parameters = new Parameters();
    const hubs = hubCluster && `${parameters.add(hubCluster)}::text[]`;
    const conditions = [
      ...oneOf(parameters, 's.type', type),
      ...oneOf(parameters, 's.policy', policy),
      ...oneOf(parameters, 's.last_result', result),
      ...(hubs === undefined ? [] : [`h.id = ANY(${hubs}) OR h.name = ANY(${hubs})`]),
      ...contains(parameters, 's.name', q),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** Its candidates go with it; clusters that were registered stay. */
  async delete(id: string, expectedVersion: number | null): Promise<'deleted' | 'notFound' | 'stale'> {
    const deleted = await changed(
      this.dataSource,
      'DELETE FROM source WHERE id = $1 AND version = coalesce($2::integer, version)',
      [id, expectedVersion],
    );
    if (deleted > 0) return 'deleted';
    return (await this.get(id)) ? 'stale' : 'notFound';
  }

  /** Asks for a synchronisation. `running`: one was asked for already and is not finished. */
  requestSync(id: string): Promise<SourceRecord | 'running' | 'notFound'> {
    return transaction(this.dataSource, async (manager) => {
      const queued = await queueSyncs(manager, [id]);
      const source = await find(manager, id);
      if (!source) return 'notFound';
      return queued === 0 ? 'running' : source;
    });
  }

  /**
   * Asks for the synchronisations that are due, and says when each is due next, in one transaction: any number of
   * processes may call it at once, and each due time counts once.
   */
  fireDue(now: Date, limit: number, nextOf: (source: SourceRecord) => Date): Promise<readonly SourceRecord[]> {
    return transaction(this.dataSource, async (manager) => {
      const due = await rows<SourceRecord>(
        manager,
        `SELECT ${sourceColumns(manager)} FROM ${SOURCES}
         WHERE s.enabled AND s.sync_state = 'idle' AND s.next_sync_at <= $1
         ORDER BY s.next_sync_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`,
        [now, limit],
      );
      for (const source of due) {
        await changed(manager, 'UPDATE source SET next_sync_at = $2 WHERE id = $1', [source.id, nextOf(source)]);
      }
      await queueSyncs(
        manager,
        due.map(({ id }) => id),
      );
      return due;
    });
  }

  /** Synchronisations whose job may be lost: waiting, or taken by a worker, since before these times. */
  overdue(options: {
    readonly queuedBefore: Date;
    readonly claimedBefore: Date;
    readonly limit: number;
  }): Promise<readonly { readonly id: string; readonly requestedAt: string }[]> {
    return rows(
      this.dataSource,
      `SELECT id, sync_requested_at AS "requestedAt" FROM source
       WHERE (sync_state = 'queued' AND sync_requested_at < $1) OR (sync_state = 'running' AND sync_claimed_at < $2)
       ORDER BY sync_requested_at LIMIT $3`,
      [options.queuedBefore, options.claimedBefore, options.limit],
    );
  }

  /** When the synchronisation was asked for that is not finished; null where there is none. */
  async pendingSync(id: string): Promise<string | null> {
    const found = await row<{ at: string }>(
      this.dataSource,
      `SELECT sync_requested_at AS at FROM source WHERE id = $1 AND sync_state <> 'idle'`,
      [id],
    );
    return found?.at ?? null;
  }

  /** Takes a synchronisation that was asked for, also from a worker that may have died. Null where there is none. */
  claimSync(id: string): Promise<SyncWork | null> {
    return transaction(this.dataSource, async (manager) => {
      const claimed = await changed(
        manager,
        `UPDATE source SET sync_state = 'running', sync_claimed_at = now(), sync_attempt = sync_attempt + 1
         WHERE id = $1 AND sync_state <> 'idle'`,
        [id],
      );
      const source = claimed === 0 ? null : await find(manager, id);
      if (!source || source.syncRequestedAt === null) return null;
      const hub = await row<NonNullable<SyncWork['hub']>>(
        manager,
        `SELECT id, connection, cluster_uid AS "expectedUid" FROM cluster WHERE id = $1 AND deleted_at IS NULL`,
        [source.hubCluster.id],
      );
      const claim = { sourceId: id, requestedAt: source.syncRequestedAt, attempt: source.syncAttempt };
      return { claim, source, hub };
    });
  }

  /** Ends a synchronisation. False: another worker took it meanwhile, and nothing is changed. */
  finishSync(claim: SyncClaim, { result, message }: SyncOutcome): Promise<boolean> {
    return transaction(this.dataSource, async (manager) => {
      if (!(await holdsClaim(manager, claim))) return false;
      const counts = toJsonb(await countCandidates(manager, claim.sourceId));
      await changed(
        manager,
        `UPDATE source SET sync_state = 'idle', sync_attempt = 0, sync_claimed_at = NULL, last_sync_at = now(),
           last_result = $2, last_message = $3, last_counts = $4 WHERE id = $1`,
        [claim.sourceId, result, message, counts],
      );
      return true;
    });
  }
}

/** Whether the synchronisation is still this worker's; locks the source until the transaction ends. */
export async function holdsClaim(
  manager: EntityManager,
  { sourceId, requestedAt, attempt }: SyncClaim,
): Promise<boolean> {
  const held = await row(
    manager,
    `SELECT 1 AS yes FROM source WHERE id = $1 AND sync_state = 'running' AND sync_requested_at = $2
       AND sync_attempt = $3 FOR UPDATE`,
    [sourceId, requestedAt, attempt],
  );
  return held !== null;
}

async function queueSyncs(manager: EntityManager, ids: readonly string[]): Promise<number> {
  const queued = await rows<{ id: string }>(
    manager,
    `UPDATE source SET sync_state = 'queued', sync_requested_at = clock_timestamp(), sync_attempt = 0
     WHERE id = ANY($1::text[]) AND sync_state = 'idle' RETURNING id`,
    [ids],
  );
  await appendToOutbox(
    manager,
    'source.syncRequested',
    queued.map(({ id }) => ({ sourceId: id })),
  );
  return queued.length;
}

async function countCandidates(executor: Executor, sourceId: string): Promise<CandidateCounts> {
  const counted = await rows<{ state: string; count: number }>(
    executor,
    `SELECT ${CANDIDATE_STATE} AS state, count(*)::int AS count FROM ${CANDIDATES} WHERE sc.source_id = $1 GROUP BY 1`,
    [sourceId],
  );
  const of = (state: string) => counted.find((one) => one.state === state)?.count ?? 0;
  return Object.fromEntries(CANDIDATE_STATES.map((state) => [state, of(state)])) as unknown as CandidateCounts;
}

function find(executor: Executor, ref: string): Promise<SourceRecord | null> {
  return row(executor, `SELECT ${sourceColumns(executor)} FROM ${SOURCES} WHERE s.id = $1 OR s.name = $1`, [ref]);
}

function required(source: SourceRecord | null, id: string): SourceRecord {
  if (!source) throw new Error(`Source ${id} was deleted while it was being written.`);
  return source;
}
