import type { NotEvaluatedCause, OutcomeCounts } from '#libs/core';
import type { DataSource, EntityManager } from 'typeorm';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { toJsonb } from '../sql/jsonb.js';
import { changed, row, rows, transaction } from '../sql/rows.js';
import type { RunCounts } from '../values.js';
import { APPLICABLE, EVALUATED } from './run-progress.js';

interface Totals extends OutcomeCounts {
  readonly evaluatedTargets: number;
  readonly notEvaluatedTargets: number;
  readonly cancelledTargets: number;
  readonly compliant: number;
  readonly opened: number;
  readonly reopened: number;
  readonly escalated: number;
  readonly resolved: number;
  readonly coverage: number;
  readonly baseline: boolean;
}

const OUTCOMES = ['pass', 'warn', 'fail', 'notApplicable', 'notEvaluated', 'manual'];

async function totalsOf(
  manager: EntityManager,
  runId: string,
): Promise<{ totals: Totals; causes: RunCounts['causes'] }> {
  const sums = OUTCOMES.map((name) => `coalesce(sum((t.counts ->> '${name}')::int), 0)::int AS "${name}"`);
  const totals = await row<Totals>(
    manager,
    `SELECT ${sums.join(', ')},
       count(*) FILTER (WHERE t.outcome = 'evaluated')::int AS "evaluatedTargets",
       count(*) FILTER (WHERE t.outcome = 'notEvaluated')::int AS "notEvaluatedTargets",
       count(*) FILTER (WHERE t.state = 'cancelled')::int AS "cancelledTargets",
       count(*) FILTER (WHERE t.compliant)::int AS compliant,
       coalesce(sum(t.opened), 0)::int AS opened, coalesce(sum(t.reopened), 0)::int AS reopened,
       coalesce(sum(t.escalated), 0)::int AS escalated, coalesce(sum(t.resolved), 0)::int AS resolved,
       coalesce(sum(${EVALUATED})::real / nullif(sum(${APPLICABLE}), 0), 1) AS coverage,
       coalesce(bool_and(t.baseline) FILTER (WHERE t.outcome = 'evaluated'), false) AS baseline
     FROM target t WHERE t.run_id = $1`,
    [runId],
  );
  const causes = await rows<{ cause: NotEvaluatedCause; count: number }>(
    manager,
    `SELECT c.key AS cause, sum(c.value::int)::int AS count
     FROM target t CROSS JOIN jsonb_each_text(t.causes) AS c WHERE t.run_id = $1 GROUP BY c.key`,
    [runId],
  );
  if (!totals) throw new Error(`Run ${runId} has no targets.`);
  return { totals, causes: Object.fromEntries(causes.map(({ cause, count }) => [cause, count])) };
}

async function complete(manager: EntityManager, runId: string): Promise<void> {
  const { totals, causes } = await totalsOf(manager, runId);
  const { pass, warn, fail, notApplicable, notEvaluated, manual } = totals;
  const counts: RunCounts = {
    outcomes: { pass, warn, fail, notApplicable, notEvaluated, manual },
    causes,
    targets: {
      evaluated: totals.evaluatedTargets,
      notEvaluated: totals.notEvaluatedTargets,
      cancelled: totals.cancelledTargets,
      compliant: totals.compliant,
    },
    opened: totals.opened,
    reopened: totals.reopened,
    escalated: totals.escalated,
    resolved: totals.resolved,
  };
  await changed(
    manager,
    `UPDATE run SET state = 'completed', finished_at = now(), counts = $2, coverage = $3, baseline = $4,
       version = version + 1 WHERE id = $1`,
    [runId, toJsonb(counts), totals.coverage, totals.baseline],
  );
  await appendToOutbox(manager, 'run.completed', [{ runId }]);
}

/**
 * Counts targets of a run that just finished, and completes the run with the last one. The run's row is locked from
 * here to the end of the transaction, so this comes last; it is also what makes completion happen once.
 */
export async function completeIfDone(manager: EntityManager, runId: string, finished: number): Promise<void> {
  const run = await row<{ done: number; total: number; state: string }>(
    manager,
    `UPDATE run SET done = done + $2 WHERE id = $1 RETURNING done, total, state`,
    [runId, finished],
  );
  if (run && run.done >= run.total && (run.state === 'queued' || run.state === 'running')) {
    await complete(manager, runId);
  }
}

/** See `RunRepository.finishOverdueRuns`. */
export async function closeOverdueRuns(dataSource: DataSource, now: Date): Promise<readonly string[]> {
  const overdue = await rows<{ id: string }>(
    dataSource,
    `SELECT id FROM run WHERE state IN ('queued', 'running') AND deadline_at <= $1 ORDER BY deadline_at`,
    [now],
  );
  for (const { id } of overdue) {
    await transaction(dataSource, async (manager) => {
      // Its controls count as not evaluated: as many as the run's other clusters have, or else one.
      const others = await row<{ controls: number }>(
        manager,
        `SELECT coalesce(max(${APPLICABLE}), 1) AS controls FROM target t WHERE t.run_id = $1`,
        [id],
      );
      const closed = await changed(
        manager,
        `UPDATE target SET state = 'done', outcome = 'notEvaluated', cause = 'timeout', finished_at = now(),
           message = 'The run reached its deadline before this cluster was judged. Raise PLIMSOLL_RUN_DEADLINE_SECONDS, or add workers.',
           counts = jsonb_build_object('pass', 0, 'warn', 0, 'fail', 0, 'notApplicable', 0, 'manual', 0,
             'notEvaluated', $2::integer),
           causes = jsonb_build_object('timeout', $2::integer)
         WHERE run_id = $1 AND state IN ('queued', 'running')`,
        [id, others?.controls ?? 1],
      );
      await completeIfDone(manager, id, closed);
    });
  }
  return overdue.map(({ id }) => id);
}
