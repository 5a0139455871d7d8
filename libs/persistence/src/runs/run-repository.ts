import type { RunDigest } from '#libs/core';
import type { DataSource } from 'typeorm';
import { registrationOf } from '../clusters/registration.js';
import { RunEntity, TargetEntity } from '../entities/runs.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row, rows, transaction } from '../sql/rows.js';
import { closeOverdueRuns, completeIfDone } from './complete-run.js';
import type {
  QueuedTarget,
  RunFilter,
  RunProgress,
  RunRecord,
  RunSortField,
  StartResult,
  StartRun,
  TargetFilter,
  TargetRecord,
  TargetSortField,
  TargetWork,
} from './run.js';
import { runDigest, type TitleOf } from './run-digest.js';
import { runProgress } from './run-progress.js';
import { startRun } from './start-run.js';
import { sightingsOf } from '../assessments/sightings.js';

export class RunRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Creates a run with one target for each selected cluster, and the message that plans it, in one transaction.
   * Clusters that could not be reached last time go to the slow lane.
   * @throws {LabelSelectorError} where the label selector cannot be read
   */
  start(input: StartRun): Promise<StartResult> {
    return transaction(this.dataSource, (manager) => startRun(manager, input));
  }

  get(id: string): Promise<RunRecord | null> {
    return row(this.dataSource, `SELECT ${columns(this.dataSource, RunEntity, 'r')} FROM run r WHERE r.id = $1`, [id]);
  }

  list(request: ListRequest<RunSortField, RunFilter>): Promise<ListPage<RunRecord>> {
    const definition: ListDefinition<RunSortField> = {
      from: 'run r',
      columns: columns(this.dataSource, RunEntity, 'r'),
      id: { sql: 'r.id', type: 'text' },
      sortable: {
        createdAt: { sql: 'r.created_at', type: 'timestamptz' },
        finishedAt: { sql: `coalesce(r.finished_at, 'infinity')`, type: 'timestamptz' },
      },
      defaultSort: [{ field: 'createdAt', direction: 'desc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 'r.state', filter.state),
      ...oneOf(parameters, 'r.trigger', filter.trigger),
      ...oneOf(parameters, 'r.profile', filter.profile),
      ...oneOf(parameters, 'r.schedule_id', filter.scheduleId),
      ...(filter.clusterId === undefined
        ? []
        : [
            `EXISTS (SELECT 1 FROM target t WHERE t.run_id = r.id AND t.cluster_id = ${parameters.add(filter.clusterId)})`,
          ]),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** The targets of a run. */
  targets(runId: string, request: ListRequest<TargetSortField, TargetFilter>): Promise<ListPage<TargetRecord>> {
    const definition: ListDefinition<TargetSortField> = {
      from: 'target t',
      columns: columns(this.dataSource, TargetEntity, 't'),
      id: { sql: 't.id', type: 'text' },
      sortable: {
        clusterName: { sql: 't.cluster_name', type: 'text' },
        finishedAt: { sql: `coalesce(t.finished_at, 'infinity')`, type: 'timestamptz' },
      },
      defaultSort: [{ field: 'clusterName', direction: 'asc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      `t.run_id = ${parameters.add(runId)}`,
      ...oneOf(parameters, 't.state', filter.state),
      ...oneOf(parameters, 't.outcome', filter.outcome),
      ...oneOf(parameters, 't.cause', filter.cause),
      ...oneOf(parameters, 't.lane', filter.lane),
      ...oneOf(parameters, 't.cluster_id', filter.clusterId),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** Where a run stands now; null where there is none. */
  counts(runId: string): Promise<RunProgress | null> {
    return runProgress(this.dataSource, runId);
  }

  /**
   * What changed in a completed run; null where there is none, or it is not completed.
   * @param titleOf titles of controls, from the catalog
   */
  digest(runId: string, titleOf: TitleOf): Promise<RunDigest | null> {
    return runDigest(this.dataSource, runId, titleOf);
  }

  /** Targets of a run that wait, in the order of their ids. @param afterId the last one of the page before */
  queuedTargets(runId: string, afterId: string | null, limit: number): Promise<readonly QueuedTarget[]> {
    return rows(
      this.dataSource,
      `SELECT t.id, t.run_id AS "runId", t.lane FROM target t JOIN run r ON r.id = t.run_id
       WHERE t.run_id = $1 AND t.state = 'queued' AND t.id > coalesce($2, '')
         AND r.state IN ('queued', 'running') ORDER BY t.id LIMIT $3`,
      [runId, afterId, limit],
    );
  }

  /**
   * Takes a target to work on: it is `running` from now on, and so is its run. May be called again for a target that
   * is running, because its worker may have died. Null where it is finished, cancelled, or its cluster was deleted.
   */
  claimTarget(id: string): Promise<TargetWork | null> {
    return transaction(this.dataSource, async (manager) => {
      const claimed = await row<Pick<TargetRecord, 'id' | 'runId' | 'clusterId' | 'clusterName' | 'lane' | 'attempt'>>(
        manager,
        `UPDATE target SET state = 'running', attempt = attempt + 1, claimed_at = now(),
           started_at = coalesce(started_at, now())
         WHERE id = $1 AND state IN ('queued', 'running')
         RETURNING id, run_id AS "runId", cluster_id AS "clusterId", cluster_name AS "clusterName", lane, attempt`,
        [id],
      );
      if (!claimed) return null;
      const cluster = await row<{
        connection: TargetWork['connection'];
        expectedUid: string | null;
        labels: TargetWork['labels'];
      }>(
        manager,
        `SELECT connection, cluster_uid AS "expectedUid", labels FROM cluster WHERE id = $1 AND deleted_at IS NULL`,
        [claimed.clusterId],
      );
      const registration = await registrationOf(manager, claimed.clusterId);
      await changed(
        manager,
        `UPDATE run SET state = 'running', started_at = now() WHERE id = $1 AND state = 'queued'`,
        [claimed.runId],
      );
      const run = await row<TargetWork['run'] & Pick<RunRecord, 'state'>>(
        manager,
        `SELECT id, profile, tailoring, controls, budget_seconds AS "budgetSeconds", deadline_at AS "deadlineAt", state
         FROM run WHERE id = $1`,
        [claimed.runId],
      );
      if (!cluster || !registration || run?.state !== 'running') {
        await changed(manager, `UPDATE target SET state = 'cancelled', finished_at = now() WHERE id = $1`, [id]);
        await completeIfDone(manager, claimed.runId, 1);
        return null;
      }
      const { state: _, ...runWork } = run;
      const sightings = await sightingsOf(manager, claimed.clusterId);
      return { target: claimed, run: runWork, ...cluster, registration, sightings };
    });
  }

  /**
   * Targets that should have moved on: their job was lost, or their worker died. To be queued again, which is
   * harmless where the job is still there.
   * @param limits `queuedBefore`: waiting since then; `claimedBefore`: taken before then and not finished
   */
  overdueTargets(limits: {
    readonly queuedBefore: Date;
    readonly claimedBefore: Date;
    readonly limit: number;
  }): Promise<readonly QueuedTarget[]> {
    return rows(
      this.dataSource,
      `SELECT t.id, t.run_id AS "runId", t.lane FROM target t JOIN run r ON r.id = t.run_id
       WHERE r.state IN ('queued', 'running') AND r.deadline_at > now()
         AND ((t.state = 'queued' AND t.created_at < $1) OR (t.state = 'running' AND t.claimed_at < $2))
       ORDER BY t.id LIMIT $3`,
      [limits.queuedBefore, limits.claimedBefore, limits.limit],
    );
  }

  /**
   * Completes runs whose deadline is over: what is not done is closed as not evaluated (`timeout`), never as passed.
   * @returns their ids
   */
  finishOverdueRuns(now: Date): Promise<readonly string[]> {
    return closeOverdueRuns(this.dataSource, now);
  }

  /** Stops a run. Targets that are done keep their results; what a worker finds from now on is not saved. */
  cancel(id: string): Promise<RunRecord | 'notFound' | 'alreadyFinished'> {
    return transaction(this.dataSource, async (manager) => {
      const cancelled = await changed(
        manager,
        `UPDATE target SET state = 'cancelled', finished_at = now() WHERE run_id = $1 AND state IN ('queued', 'running')`,
        [id],
      );
      const run = await row<RunRecord>(
        manager,
        `UPDATE run AS r SET state = 'cancelled', done = done + $2, finished_at = now(), version = version + 1
         WHERE id = $1 AND state IN ('queued', 'running') RETURNING ${columns(manager, RunEntity, 'r')}`,
        [id, cancelled],
      );
      if (run) return run;
      const found = await row(manager, 'SELECT id FROM run WHERE id = $1', [id]);
      return found ? 'alreadyFinished' : 'notFound';
    });
  }
}
