import type { DrillStep } from '#libs/core';
import type { DataSource, EntityManager } from 'typeorm';
import { registrationOf } from '../clusters/registration.js';
import { type DrillApproval, DrillEntity } from '../entities/drills.js';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { toJsonb } from '../sql/jsonb.js';
import { listPage, type ListDefinition, type ListPage } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row, rows, transaction, type Executor } from '../sql/rows.js';
import type {
  BreakGlassStanding,
  DrillDetail,
  DrillInState,
  DrillListRequest,
  DrillRecord,
  DrillResults,
  DrillSortField,
  DrillWork,
  NewDrill,
} from './drill.js';
import { saveResults } from './save-drill.js';
import { standings } from './standings.js';

/** A live drill takes so many tokens, besides the one that asks for it. */
const APPROVERS = 2;
const OPEN = `('awaitingApproval', 'awaitingResults', 'queued', 'running')`;

type Refused = 'notFound' | DrillInState;

export class DrillRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Asks for a drill. What the service does itself is queued with it; of an entry only one is open at a time.
   * `notFound`: there is no such cluster.
   */
  create(input: NewDrill): Promise<DrillRecord | 'notFound' | { readonly conflict: string }> {
    return transaction(this.dataSource, async (manager) => {
      const { id, clusterId, entry, mode, runner, requestedBy, reason, deadlineAt } = input;
      const cluster = await row<{ name: string }>(
        manager,
        'SELECT name FROM cluster WHERE id = $1 AND deleted_at IS NULL FOR KEY SHARE',
        [clusterId],
      );
      if (!cluster) return 'notFound';
      await expire(manager, 'cluster_id = $1 AND entry = $2', [clusterId, entry]);
      const waits = mode === 'live' ? 'awaitingApproval' : 'awaitingResults';
      const created = await rows<{ id: string }>(
        manager,
        `INSERT INTO drill (id, cluster_id, cluster_name, entry, mode, runner, state, requested_by, reason, deadline_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (cluster_id, entry) WHERE state IN ${OPEN} DO NOTHING RETURNING id`,
        [
          id,
          clusterId,
          cluster.name,
          entry,
          mode,
          runner,
          runner === 'service' ? 'queued' : waits,
          requestedBy,
          reason ?? null,
          deadlineAt,
        ],
      );
      if (created.length === 0) {
        const other = await row<{ id: string }>(
          manager,
          `SELECT id FROM drill WHERE cluster_id = $1 AND entry = $2 AND state IN ${OPEN}`,
          [clusterId, entry],
        );
        return { conflict: other?.id ?? '' };
      }
      if (runner === 'service') await appendToOutbox(manager, 'drill.planned', [{ drillId: id }]);
      return this.#required(manager, id);
    });
  }

  async get(id: string): Promise<DrillDetail | null> {
    const drill = await this.#find(this.dataSource, id);
    return drill && { ...drill, steps: await stepsOf(this.dataSource, id) };
  }

  list(request: DrillListRequest): Promise<ListPage<DrillRecord>> {
    const definition: ListDefinition<DrillSortField> = {
      from: 'drill d',
      columns: this.#columns(this.dataSource),
      id: { sql: 'd.id', type: 'text' },
      sortable: {
        createdAt: { sql: 'd.created_at', type: 'timestamptz' },
        finishedAt: { sql: `coalesce(d.finished_at, 'infinity')`, type: 'timestamptz' },
      },
      defaultSort: [{ field: 'createdAt', direction: 'desc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 'd.cluster_id', filter.clusterId),
      ...oneOf(parameters, 'd.entry', filter.entry),
      ...oneOf(parameters, 'd.mode', filter.mode),
      ...oneOf(parameters, 'd.runner', filter.runner),
      ...oneOf(parameters, 'd.state', filter.state),
      ...oneOf(parameters, 'd.outcome', filter.outcome),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /**
   * Approves a live drill. Who may is the caller's rule; the same token counts once. The second approval makes it ready
   * to be run. One whose time is over is approved no more.
   */
  approve(id: string, by: string): Promise<DrillRecord | Refused> {
    return transaction(this.dataSource, async (manager) => {
      await expire(manager, 'id = $1', [id]);
      const drill = await row<Pick<DrillRecord, 'state' | 'approvals'>>(
        manager,
        'SELECT state, approvals FROM drill WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (!drill) return 'notFound';
      const repeated = drill.approvals.some((approval) => approval.by === by);
      if (repeated) return this.#required(manager, id);
      if (drill.state !== 'awaitingApproval') return { state: drill.state };
      const approvals: readonly DrillApproval[] = [...drill.approvals, { by, at: new Date().toISOString() }];
      await changed(manager, 'UPDATE drill SET approvals = $2, state = $3, version = version + 1 WHERE id = $1', [
        id,
        toJsonb(approvals),
        approvals.length >= APPROVERS ? 'awaitingResults' : 'awaitingApproval',
      ]);
      return this.#required(manager, id);
    });
  }

  /**
   * Somebody at a terminal begins a drill, once: whoever comes second is refused, so that no approval is used twice. What
   * was begun has to be reported within the hour that a drill may take, and some more.
   */
  start(id: string): Promise<DrillRecord | Refused> {
    return transaction(this.dataSource, async (manager) => {
      await expire(manager, 'id = $1', [id]);
      const begun = await changed(
        manager,
        `UPDATE drill SET state = 'running', attempt = attempt + 1, claimed_at = now(), started_at = now(),
           deadline_at = now() + interval '2 hours', version = version + 1
         WHERE id = $1 AND runner = 'cli' AND state = 'awaitingResults'`,
        [id],
      );
      return begun > 0 ? this.#required(manager, id) : this.#refused(manager, id);
    });
  }

  /** Ends a drill that is not over. What a worker finds from now on is not saved. */
  abort(id: string): Promise<DrillRecord | Refused> {
    return transaction(this.dataSource, async (manager) => {
      const ended = await changed(
        manager,
        `UPDATE drill SET state = 'aborted', finished_at = now(), version = version + 1
         WHERE id = $1 AND state IN ${OPEN}`,
        [id],
      );
      return ended > 0 ? this.#required(manager, id) : this.#refused(manager, id);
    });
  }

  /** Takes what a person at a terminal found; in a live drill, only after {@link start}. */
  report(id: string, results: DrillResults): Promise<DrillRecord | Refused> {
    return transaction(this.dataSource, async (manager) => {
      await expire(manager, 'id = $1', [id]);
      const own = await row<{ mode: string }>(
        manager,
        `SELECT mode FROM drill WHERE id = $1 AND runner = 'cli' FOR UPDATE`,
        [id],
      );
      // A live drill writes, so what nobody began has no results.
      const reportable = own?.mode === 'live' ? (['running'] as const) : (['awaitingResults', 'running'] as const);
      const saved = own !== null && (await saveResults(manager, id, [...reportable], results));
      return saved ? this.#required(manager, id) : this.#refused(manager, id);
    });
  }

  /**
   * Takes a drill of the service to work on. May be called again for one that is running, because its worker may have died. Null where
   * it is over, or its cluster or entry is gone.
   */
  claim(id: string): Promise<DrillWork | null> {
    return transaction(this.dataSource, async (manager) => {
      await expire(manager, 'id = $1', [id]);
      const drill = await row<DrillWork['drill']>(
        manager,
        `UPDATE drill SET state = 'running', attempt = attempt + 1, claimed_at = now(), version = version + 1,
           started_at = coalesce(started_at, now())
         WHERE id = $1 AND runner = 'service' AND state IN ('queued', 'running')
         RETURNING id, cluster_id AS "clusterId", cluster_name AS "clusterName", entry, mode, attempt`,
        [id],
      );
      if (!drill) return null;
      const cluster = await row<Pick<DrillWork, 'connection' | 'expectedUid'>>(
        manager,
        `SELECT connection, cluster_uid AS "expectedUid" FROM cluster WHERE id = $1 AND deleted_at IS NULL`,
        [drill.clusterId],
      );
      const registration = await registrationOf(manager, drill.clusterId);
      if (cluster && registration?.breakGlass?.some(({ name }) => name === drill.entry)) {
        return { drill, ...cluster, registration };
      }
      await changed(manager, `UPDATE drill SET state = 'aborted', finished_at = now() WHERE id = $1`, [id]);
      return null;
    });
  }

  /** Saves what a worker found, once: the second of two workers is told that it is over. */
  finish(id: string, results: DrillResults): Promise<'saved' | 'alreadyDone'> {
    return transaction(this.dataSource, async (manager) =>
      (await saveResults(manager, id, ['running'], results)) ? 'saved' : 'alreadyDone',
    );
  }

  /**
   * Ids of drills of the service that should have moved on: their job was lost, or their worker died. To be queued again, which is
   * harmless where the job is still there.
   */
  overdue(limits: {
    readonly queuedBefore: Date;
    readonly claimedBefore: Date;
    readonly limit: number;
  }): Promise<readonly string[]> {
    return rows<{ id: string }>(
      this.dataSource,
      `SELECT id FROM drill WHERE runner = 'service' AND deadline_at > now()
         AND ((state = 'queued' AND created_at < $1) OR (state = 'running' AND claimed_at < $2))
       ORDER BY id LIMIT $3`,
      [limits.queuedBefore, limits.claimedBefore, limits.limit],
    ).then((found) => found.map(({ id }) => id));
  }

  /** Ends what nobody ended in time. @returns how many */
  expireOverdue(): Promise<number> {
    return expire(this.dataSource, 'true', []);
  }

  /** Clusters that have, or should have, a way in for emergencies, by name. */
  standings(): Promise<readonly BreakGlassStanding[]> {
    return standings(this.dataSource);
  }

  #columns(executor: Executor): string {
    return columns(executor, DrillEntity, 'd');
  }

  #find(executor: Executor, id: string): Promise<DrillRecord | null> {
    return row(executor, `SELECT ${this.#columns(executor)} FROM drill d WHERE d.id = $1`, [id]);
  }

  async #required(executor: Executor, id: string): Promise<DrillRecord> {
    const drill = await this.#find(executor, id);
    if (!drill) throw new Error(`Drill ${id} was not written.`);
    return drill;
  }

  async #refused(manager: EntityManager, id: string): Promise<Refused> {
    const drill = await this.#find(manager, id);
    return drill ? { state: drill.state } : 'notFound';
  }
}

function stepsOf(executor: Executor, id: string): Promise<readonly DrillStep[]> {
  return rows<DrillStep & { cause: string | null }>(
    executor,
    `SELECT name, state, cause, message, duration_ms AS "durationMs", requests FROM drill_step
     WHERE drill_id = $1 ORDER BY position`,
    [id],
  ).then((steps) => steps.map(({ cause, ...step }) => ({ ...step, ...(cause !== null && { cause }) })));
}

function expire(executor: Executor, condition: string, values: readonly unknown[]): Promise<number> {
  return changed(
    executor,
    `UPDATE drill SET state = 'expired', finished_at = now(), version = version + 1
     WHERE state IN ${OPEN} AND deadline_at <= now() AND (${condition})`,
    values,
  );
}
