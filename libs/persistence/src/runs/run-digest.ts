import type {
  DigestBlindSpot,
  DigestFinding,
  NotEvaluatedCause,
  RunDigest,
  Severity,
  SeverityCounts,
} from '#libs/core';
import type { RunEntity } from '../entities/runs.js';
import { NO_SEVERITIES } from '../findings/finding-sql.js';
import { row, rows, type Executor } from '../sql/rows.js';

/** Names of clusters in one line; the count says how many there are. */
const MOST_NAMES = 5;
/** Lines of one kind of change. */
const MOST_LINES = 50;

/** Title of a control for people. */
export type TitleOf = (controlId: string) => string;

interface Line extends Omit<DigestFinding, 'title' | 'tenant'> {
  readonly change: 'opened' | 'reopened' | 'escalated' | 'resolved';
  readonly tenant: string | null;
  readonly findings: number;
}

/** Announced changes, grouped: one line for the same control, kind of subject and tenant. */
function changeLines(executor: Executor, runId: string): Promise<readonly Line[]> {
  return rows(
    executor,
    `SELECT h.change, f.control_id AS "controlId", t.name AS tenant,
       (array_agg(f.id ORDER BY severity_rank(h.severity) DESC, f.id))[1] AS "findingId",
       (array_agg(h.severity ORDER BY severity_rank(h.severity) DESC))[1] AS severity,
       (array_agg(f.message ORDER BY severity_rank(h.severity) DESC, f.id))[1] AS message,
       (array_agg(DISTINCT c.name))[1:${MOST_NAMES}] AS clusters,
       count(DISTINCT c.id)::int AS "clusterCount", count(*)::int AS findings
     FROM finding_change h JOIN finding f ON f.id = h.finding_id JOIN cluster c ON c.id = f.cluster_id
       LEFT JOIN tenant t ON t.id = f.tenant_id
     WHERE h.announced_run_id = $1 GROUP BY h.change, f.control_id, f.subject ->> 'kind', t.name
     ORDER BY max(severity_rank(h.severity)) DESC, count(DISTINCT c.id) DESC, f.control_id, t.name NULLS LAST`,
    [runId],
  );
}

interface BlindSpotRow extends Omit<DigestBlindSpot, 'message'> {
  readonly message: string | null;
}

/** Clusters that could not be judged at all. */
function blindClusters(executor: Executor, runId: string): Promise<readonly BlindSpotRow[]> {
  return rows(
    executor,
    `SELECT t.cause, 0 AS controls, (array_agg(t.cluster_name ORDER BY t.cluster_name))[1:${MOST_NAMES}] AS clusters,
       count(*)::int AS "clusterCount", (array_agg(t.message ORDER BY t.cluster_name))[1] AS message
     FROM target t WHERE t.run_id = $1 AND t.outcome = 'notEvaluated' AND t.cause IS NOT NULL
     GROUP BY t.cause ORDER BY count(*) DESC, t.cause`,
    [runId],
  );
}

/** Controls that could not be judged on clusters where others could. */
function blindControls(executor: Executor, runId: string): Promise<readonly BlindSpotRow[]> {
  return rows(
    executor,
    `SELECT s.cause, count(DISTINCT s.control_id)::int AS controls,
       (array_agg(DISTINCT t.cluster_name))[1:${MOST_NAMES}] AS clusters,
       count(DISTINCT t.id)::int AS "clusterCount", (array_agg(s.message ORDER BY s.control_id, t.cluster_name))[1] AS message
     FROM target t JOIN run r ON r.id = t.run_id
       JOIN control_state s ON s.cluster_id = t.cluster_id AND s.from_at <= t.collected_at
         AND (s.to_at IS NULL OR s.to_at > t.collected_at) AND (r.controls IS NULL OR s.control_id = ANY(r.controls))
     WHERE t.run_id = $1 AND t.outcome = 'evaluated' AND s.outcome = 'notEvaluated' AND s.cause IS NOT NULL
     GROUP BY s.cause ORDER BY count(DISTINCT t.id) DESC, s.cause`,
    [runId],
  );
}

async function openFindings(executor: Executor, runId: string): Promise<SeverityCounts> {
  const found = await rows<{ severity: Severity; count: number }>(
    executor,
    `SELECT f.severity, count(*)::int AS count FROM target t JOIN finding f ON f.cluster_id = t.cluster_id
     WHERE t.run_id = $1 AND f.state IN ('open', 'reopened') GROUP BY f.severity`,
    [runId],
  );
  return { ...NO_SEVERITIES, ...Object.fromEntries(found.map(({ severity, count }) => [severity, count])) };
}

interface Header extends Pick<RunEntity, 'profile' | 'trigger' | 'finishedAt' | 'baseline' | 'coverage' | 'total'> {
  readonly evaluated: number;
  readonly notEvaluated: number;
  readonly lost: number;
  readonly regained: number;
  readonly compliantNow: number;
  readonly compliantBefore: number | null;
  readonly baselineFindings: number;
}

function headerOf(executor: Executor, runId: string): Promise<Header | null> {
  return row(
    executor,
    `SELECT r.profile, r.trigger, r.finished_at AS "finishedAt", r.baseline, r.coverage, r.total,
       count(*) FILTER (WHERE t.outcome = 'evaluated')::int AS evaluated,
       count(*) FILTER (WHERE t.outcome IS DISTINCT FROM 'evaluated')::int AS "notEvaluated",
       count(*) FILTER (WHERE t.outcome = 'notEvaluated' AND p.outcome = 'evaluated')::int AS lost,
       count(*) FILTER (WHERE t.outcome = 'evaluated' AND p.outcome = 'notEvaluated')::int AS regained,
       count(*) FILTER (WHERE t.compliant)::int AS "compliantNow",
       CASE WHEN count(t.compliant_before) = 0 THEN NULL
         ELSE count(*) FILTER (WHERE t.compliant_before)::int END AS "compliantBefore",
       (SELECT count(*)::int FROM finding_change h JOIN finding f ON f.id = h.finding_id
        WHERE h.run_id = $1 AND h.change = 'opened' AND f.baseline) AS "baselineFindings"
     FROM run r JOIN target t ON t.run_id = r.id
       LEFT JOIN LATERAL (
         SELECT e.outcome FROM target e
         WHERE e.cluster_id = t.cluster_id AND e.state = 'done' AND e.created_at < t.created_at
         ORDER BY e.created_at DESC LIMIT 1
       ) p ON true
     WHERE r.id = $1 AND r.state = 'completed' GROUP BY r.id`,
    [runId],
  );
}

function toFinding(line: Line, titleOf: TitleOf): DigestFinding {
  const { findingId, controlId, severity, clusters, clusterCount, tenant, message } = line;
  const title = titleOf(controlId);
  return { findingId, controlId, title, severity, clusters, clusterCount, message, ...(tenant !== null && { tenant }) };
}

function toBlindSpot(spot: BlindSpotRow): DigestBlindSpot {
  return { ...spot, cause: spot.cause as NotEvaluatedCause, message: spot.message ?? 'It could not be judged.' };
}

/** See `RunRepository.digest`. A fixed number of statements, whatever the size of the fleet. */
export async function runDigest(executor: Executor, runId: string, titleOf: TitleOf): Promise<RunDigest | null> {
  const header = await headerOf(executor, runId);
  if (!header || header.finishedAt === null) return null;
  const lines = await changeLines(executor, runId);
  const of = (change: Line['change']) => lines.filter((line) => line.change === change);
  const listed = (change: Line['change']) =>
    of(change)
      .slice(0, MOST_LINES)
      .map((line) => toFinding(line, titleOf));
  const counted = (change: Line['change']) => of(change).reduce((sum, { findings }) => sum + findings, 0);
  const spots = [...(await blindClusters(executor, runId)), ...(await blindControls(executor, runId))];
  return {
    runId,
    profile: header.profile,
    trigger: header.trigger,
    finishedAt: header.finishedAt,
    baseline: header.baseline,
    clusters: {
      total: header.total,
      evaluated: header.evaluated,
      notEvaluated: header.notEvaluated,
      lost: header.lost,
      regained: header.regained,
    },
    coverage: header.coverage ?? 0,
    compliant: { now: header.compliantNow, before: header.compliantBefore },
    open: await openFindings(executor, runId),
    baselineFindings: header.baselineFindings,
    opened: listed('opened'),
    reopened: listed('reopened'),
    escalated: listed('escalated'),
    resolved: listed('resolved'),
    openedCount: counted('opened'),
    reopenedCount: counted('reopened'),
    escalatedCount: counted('escalated'),
    resolvedCount: counted('resolved'),
    blindSpots: spots.map(toBlindSpot),
  };
}
