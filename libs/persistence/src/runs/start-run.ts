import { parseLabelSelector, type Tailoring } from '#libs/core';
import { newId } from '#libs/platform';
import type { EntityManager } from 'typeorm';
import { tenantCondition } from '../clusters/cluster-sql.js';
import { RunEntity } from '../entities/runs.js';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { canonicalJson } from '../sql/canonical-json.js';
import { toJsonb } from '../sql/jsonb.js';
import { labelSelectorSql } from '../sql/label-selector-sql.js';
import { all, Parameters } from '../sql/parameters.js';
import { columns, row, rows } from '../sql/rows.js';
import type { RunTargetSelection } from '../values.js';
import type { RunRecord, StartResult, StartRun } from './run.js';

interface Selected {
  readonly id: string;
  readonly name: string;
  readonly unreachable: boolean;
}

function selectClusters(manager: EntityManager, selection: RunTargetSelection): Promise<readonly Selected[]> {
  const parameters = new Parameters();
  const selector = parseLabelSelector(selection.labelSelector ?? '');
  const conditions = ['c.deleted_at IS NULL', ...labelSelectorSql('c.labels', selector, parameters)];
  if (selection.clusters) {
    const list = `${parameters.add(selection.clusters)}::text[]`;
    conditions.push(`c.id = ANY(${list}) OR c.name = ANY(${list})`);
  }
  if (selection.tenant !== undefined) conditions.push(...tenantCondition([selection.tenant], parameters));
  // KEY SHARE: none of them can be purged before its target row refers to it.
  return rows(
    manager,
    `SELECT c.id, c.name, c.unreachable_since IS NOT NULL AS unreachable FROM cluster c
     WHERE ${all(conditions)} ORDER BY c.id FOR KEY SHARE`,
    parameters.values,
  );
}

/** Named in the selection, but not among what it selected. */
async function unknownClusters(manager: EntityManager, selection: RunTargetSelection): Promise<readonly string[]> {
  if (!selection.clusters) return [];
  const missing = await rows<{ ref: string }>(
    manager,
    `SELECT ref FROM unnest($1::text[]) AS ref
     WHERE NOT EXISTS (SELECT 1 FROM cluster c WHERE (c.id = ref OR c.name = ref) AND c.deleted_at IS NULL)`,
    [selection.clusters],
  );
  return missing.map(({ ref }) => ref);
}

interface ResolvedProfile {
  readonly id: string;
  readonly tailoring: Tailoring | null;
}

/** An own profile as it is now, under its full id; any other name is taken for a profile of the release. */
async function resolveProfile(manager: EntityManager, ref: string): Promise<ResolvedProfile> {
  const own = await row<Tailoring & { readonly id: string }>(
    manager,
    `SELECT p.name || '@' || p.version AS id, p.extends, p.include, p.exclude,
       p.severity_overrides AS "severityOverrides"
     FROM profile p WHERE p.name = $1 OR p.name || '@' || p.version = $1`,
    [ref],
  );
  if (!own) return { id: ref, tailoring: null };
  const { id, ...tailoring } = own;
  return { id, tailoring };
}

/** A run that is not finished and would do the same. Starting is serialised per identity, so that two cannot miss each other. */
async function runningTwin(manager: EntityManager, input: StartRun, profile: string): Promise<RunRecord | null> {
  const identity = canonicalJson([input.target, profile, input.controls ?? null]);
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [identity]);
  return row<RunRecord>(
    manager,
    `SELECT ${columns(manager, RunEntity, 'r')} FROM run r
     WHERE r.state IN ('queued', 'running') AND r.target = $1::jsonb AND r.profile = $2
       AND r.controls IS NOT DISTINCT FROM $3::text[]
     ORDER BY r.created_at LIMIT 1`,
    [toJsonb(input.target), profile, input.controls ?? null],
  );
}

/** Creates a run with all its targets and the message that plans it, in the caller's transaction. See `RunRepository.start`. */
export async function startRun(manager: EntityManager, input: StartRun): Promise<StartResult> {
  const unknown = await unknownClusters(manager, input.target);
  if (unknown.length > 0) return { unknownClusters: unknown };
  const profile = await resolveProfile(manager, input.profile);
  const twin = await runningTwin(manager, input, profile.id);
  if (twin) return { conflict: twin };
  const clusters = await selectClusters(manager, input.target);
  if (clusters.length === 0) return 'emptyTarget';
  const id = input.id ?? newId('run');
  const run = await row<RunRecord>(
    manager,
    `INSERT INTO run AS r (id, trigger, schedule_id, requested_by, reason, profile, controls, target, budget_seconds,
       state, total, deadline_at, tailoring)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, now() + make_interval(secs => $11), $12)
     RETURNING ${columns(manager, RunEntity, 'r')}`,
    [
      id,
      input.trigger,
      input.scheduleId ?? null,
      input.requestedBy,
      input.reason ?? null,
      profile.id,
      input.controls ?? null,
      toJsonb(input.target),
      input.budgetSeconds ?? null,
      clusters.length,
      input.deadlineSeconds,
      profile.tailoring && toJsonb(profile.tailoring),
    ],
  );
  if (!run) throw new Error(`Run ${id} was not written.`);
  const targets = clusters.map((cluster) => ({
    id: newId('tgt'),
    cluster_id: cluster.id,
    cluster_name: cluster.name,
    lane: cluster.unreachable ? 'slow' : 'fast',
  }));
  await rows(
    manager,
    `INSERT INTO target (id, run_id, cluster_id, cluster_name, state, lane)
     SELECT t.id, $2, t.cluster_id, t.cluster_name, 'queued', t.lane
     FROM jsonb_to_recordset($1::jsonb) AS t(id text, cluster_id text, cluster_name text, lane text)`,
    [toJsonb(targets), id],
  );
  await appendToOutbox(manager, 'run.planned', [{ runId: id }]);
  return { run };
}
