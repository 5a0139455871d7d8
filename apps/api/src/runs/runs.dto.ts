import { z } from 'zod';
import type { RunRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, Flag, named, text, type View } from '../http/schema.js';
import { CauseSchema, CoverageRatio, OutcomeCountsSchema } from '../shared/audit.dto.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

const TRIGGERS = ['api', 'schedule', 'start'] as const;
const RUN_STATES = ['queued', 'running', 'completed', 'cancelled'] as const;
const count = z.int().min(0);

export const RunInput = named(
  'RunInput',
  z.strictObject({
    target: z
      .strictObject({
        clusters: z.array(text(63).min(1)).min(1).max(10_000).optional().describe('Names or ids.'),
        labelSelector: LabelSelectorText.optional(),
        tenant: text(63).min(1).optional().describe('Name or id.'),
      })
      .default({})
      .describe('All parts must hold; an empty target means every cluster.'),
    profile: text(200).optional().describe('Of the release, or the name of an own one. Absent: the default profile.'),
    controls: z.array(text(64)).min(1).max(500).optional().describe('Only these controls of the profile.'),
    reason: text(500).optional(),
  }),
  'A run to start.',
  { target: { labelSelector: 'env=prod' }, reason: 'before the upgrade' },
);
export type RunInput = z.infer<typeof RunInput>;

export const RunStartQuery = z.strictObject({
  join: Flag.describe('Where the same target is being audited already, answer with that run instead of 409.'),
  dryRun: Flag.describe('Check everything, start nothing.'),
});
export type RunStartQuery = z.infer<typeof RunStartQuery>;

const RunCountsSchema = z.object({
  outcomes: OutcomeCountsSchema,
  causes: z.partialRecord(CauseSchema, count).describe('Why controls were not evaluated, and how many.'),
  targets: z.object({ evaluated: count, notEvaluated: count, cancelled: count, compliant: count }),
  opened: count,
  reopened: count,
  escalated: count,
  resolved: count,
});

const RUN_EXAMPLE = {
  id: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
  trigger: 'api',
  scheduleId: null,
  requestedBy: 'ci-fleet',
  reason: 'before the upgrade',
  profile: 'flux-security-best-practices@2026.11',
  controls: null,
  target: { labelSelector: 'env=prod' },
  state: 'completed',
  targets: { total: 214, done: 214 },
  counts: {
    outcomes: { pass: 2520, warn: 40, fail: 96, notApplicable: 310, notEvaluated: 32, manual: 0 },
    causes: { unreachable: 32 },
    targets: { evaluated: 212, notEvaluated: 2, cancelled: 0, compliant: 187 },
    opened: 3,
    reopened: 0,
    escalated: 0,
    resolved: 5,
  },
  coverage: 0.988,
  baseline: false,
  createdAt: '2026-11-24T02:00:00.000Z',
  startedAt: '2026-11-24T02:00:00.400Z',
  finishedAt: '2026-11-24T02:01:12.000Z',
  deadlineAt: '2026-11-24T03:00:00.000Z',
} as const;

export const Run = named(
  'Run',
  z.object({
    id: z.string(),
    trigger: z.enum(TRIGGERS),
    scheduleId: z.string().nullable(),
    requestedBy: z.string().describe('Name of the token, or `schedule:<name>`.'),
    reason: z.string().nullable(),
    profile: z.string(),
    controls: z.array(z.string()).nullable().describe('Null: all of the profile.'),
    target: z.object({
      clusters: z.array(z.string()).optional(),
      labelSelector: z.string().optional(),
      tenant: z.string().optional(),
    }),
    state: z.enum(RUN_STATES),
    targets: z.object({ total: count, done: count.describe('Done or cancelled.') }).describe('Clusters in it.'),
    counts: RunCountsSchema.nullable().describe('Null until it completes.'),
    coverage: CoverageRatio.nullable().describe('Null until it completes.'),
    baseline: z.boolean().describe('The first evaluated run of all its clusters: nothing in it is called new.'),
    createdAt: DateTime,
    startedAt: DateTime.nullable(),
    finishedAt: DateTime.nullable(),
    deadlineAt: DateTime.describe('What is not done by then counts as not evaluated.'),
  }),
  'One audit of the fleet or a part of it.',
  RUN_EXAMPLE,
);
export type Run = View<typeof Run>;

export const RunDetail = named(
  'RunDetail',
  Run.extend({
    progress: z
      .object({
        queued: count,
        running: count,
        done: count,
        cancelled: count,
        evaluated: count,
        notEvaluated: count,
        causes: z.partialRecord(CauseSchema, count).describe('Why whole clusters could not be judged.'),
        opened: count,
        reopened: count,
        escalated: count,
        resolved: count,
        coverage: CoverageRatio.nullable().describe('Of what is done so far.'),
      })
      .describe('Where it stands now.'),
  }),
  'A run with its progress.',
  {
    ...RUN_EXAMPLE,
    progress: {
      queued: 0,
      running: 0,
      done: 214,
      cancelled: 0,
      evaluated: 212,
      notEvaluated: 2,
      causes: { unreachable: 2 },
      opened: 3,
      reopened: 0,
      escalated: 0,
      resolved: 5,
      coverage: 0.988,
    },
  },
);
export type RunDetail = View<typeof RunDetail>;

export const RunPage = pageOf('RunPage', Run);
export const RunQuery = listQuery(['createdAt', 'finishedAt'], '-createdAt', {
  state: anyOf(z.enum(RUN_STATES)),
  trigger: anyOf(z.enum(TRIGGERS)),
  schedule: anyOf(text(63)).describe('Name or id of a schedule.'),
  profile: anyOf(text(200)),
  cluster: text(63).optional().describe('Runs that include this cluster; name or id.'),
});
export type RunQuery = z.infer<typeof RunQuery>;

export function toRun(run: RunRecord): Run {
  const { version: _, budgetSeconds: _budget, tailoring: _tailoring, total, done, ...shown } = run;
  return { ...shown, targets: { total, done } };
}
