import { row, type Executor } from '../sql/rows.js';
import type { RunProgress } from './run.js';

/** See `RunRepository.counts`. */
export function runProgress(executor: Executor, runId: string): Promise<RunProgress | null> {
  return row(
    executor,
    `SELECT r.total,
       count(*) FILTER (WHERE t.state = 'queued')::int AS queued,
       count(*) FILTER (WHERE t.state = 'running')::int AS running,
       count(*) FILTER (WHERE t.state = 'done')::int AS done,
       count(*) FILTER (WHERE t.state = 'cancelled')::int AS cancelled,
       count(*) FILTER (WHERE t.outcome = 'evaluated')::int AS evaluated,
       count(*) FILTER (WHERE t.outcome = 'notEvaluated')::int AS "notEvaluated",
       coalesce((SELECT jsonb_object_agg(c.cause, c.count) FROM
         (SELECT cause, count(*) AS count FROM target WHERE run_id = $1 AND cause IS NOT NULL GROUP BY cause) c), '{}')
         AS causes,
       coalesce(sum(t.opened), 0)::int AS opened,
       coalesce(sum(t.reopened), 0)::int AS reopened,
       coalesce(sum(t.escalated), 0)::int AS escalated,
       coalesce(sum(t.resolved), 0)::int AS resolved,
       CASE WHEN count(t.counts) = 0 THEN NULL
            WHEN sum(${APPLICABLE}) = 0 THEN 1
            ELSE sum(${EVALUATED})::real / sum(${APPLICABLE}) END AS coverage
     FROM run r LEFT JOIN target t ON t.run_id = r.id WHERE r.id = $1 GROUP BY r.id`,
    [runId],
  );
}

const count = (outcome: string) => `(t.counts ->> '${outcome}')::int`;
/** Controls of a target that were judged. */
export const EVALUATED = ['pass', 'warn', 'fail'].map(count).join(' + ');
/** Controls of a target that should have been. */
export const APPLICABLE = `${EVALUATED} + ${count('notEvaluated')}`;
