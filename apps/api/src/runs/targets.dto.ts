import { z } from 'zod';
import type { TargetRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, named, text, type View } from '../http/schema.js';
import { CauseSchema, ClusterLink, CoverageRatio, OutcomeCountsSchema } from '../shared/audit.dto.js';
import { Run } from './runs.dto.js';

const TARGET_STATES = ['queued', 'running', 'done', 'cancelled'] as const;
const count = z.int().min(0);

export const Target = named(
  'Target',
  z.object({
    id: z.string(),
    runId: z.string(),
    cluster: ClusterLink,
    state: z.enum(TARGET_STATES),
    outcome: z.enum(['evaluated', 'notEvaluated']).nullable().describe('Null until it is done.'),
    cause: CauseSchema.nullable(),
    message: z.string().nullable(),
    attempt: count,
    counts: OutcomeCountsSchema.nullable().describe('Controls by outcome.'),
    coverage: CoverageRatio.nullable(),
    compliant: z.boolean().nullable(),
    opened: count,
    reopened: count,
    escalated: count,
    resolved: count,
    collectedAt: DateTime.nullable(),
    startedAt: DateTime.nullable(),
    finishedAt: DateTime.nullable(),
  }),
  'One cluster in a run.',
  {
    id: 'tgt_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    runId: exampleOf(Run).id,
    cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'edge-207' },
    state: 'done',
    outcome: 'notEvaluated',
    cause: 'unreachable',
    message: 'No connection to the API server could be made.',
    attempt: 1,
    counts: { pass: 0, warn: 0, fail: 0, notApplicable: 0, notEvaluated: 16, manual: 0 },
    coverage: 0,
    compliant: false,
    opened: 0,
    reopened: 0,
    escalated: 0,
    resolved: 0,
    collectedAt: null,
    startedAt: '2026-11-24T02:00:01.000Z',
    finishedAt: '2026-11-24T02:00:11.000Z',
  },
);
export type Target = View<typeof Target>;

export const TargetPage = pageOf('TargetPage', Target);
export const TargetQuery = listQuery(['clusterName', 'finishedAt'], 'clusterName', {
  state: anyOf(z.enum(TARGET_STATES)),
  outcome: anyOf(z.enum(['evaluated', 'notEvaluated'])),
  cause: anyOf(CauseSchema),
  cluster: anyOf(text(63)).describe('Id.'),
});
export type TargetQuery = z.infer<typeof TargetQuery>;

export function toTarget(target: TargetRecord): Target {
  const { id, runId, clusterId, clusterName, state, outcome, cause, message, attempt } = target;
  const { counts, coverage, compliant, opened, reopened, escalated, resolved } = target;
  const { collectedAt, startedAt, finishedAt } = target;
  return {
    id,
    runId,
    cluster: { id: clusterId, name: clusterName },
    state,
    outcome,
    cause,
    message,
    attempt,
    counts,
    coverage,
    compliant,
    opened,
    reopened,
    escalated,
    resolved,
    collectedAt,
    startedAt,
    finishedAt,
  };
}
