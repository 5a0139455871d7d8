import { z } from 'zod';
import {
  credentialShapeOf,
  DRILL_MODES,
  DRILL_RUNNERS,
  DRILL_STEPS,
  DRILL_STEP_STATES,
  drillWrites,
  type DrillStep,
} from '#libs/core';
import type { DrillDetail as StoredDrill, DrillRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, named, text, type View } from '../http/schema.js';

const STATES = [
  'awaitingApproval',
  'awaitingResults',
  'queued',
  'running',
  'completed',
  'aborted',
  'expired',
] as const satisfies readonly DrillRecord['state'][];
const OUTCOMES = ['passed', 'failed', 'unknown'] as const;
const count = z.int().min(0);

export const DrillInput = named(
  'DrillInput',
  z.strictObject({
    cluster: text(63).min(1).describe('Name or id.'),
    entry: text(200)
      .min(1)
      .optional()
      .describe('Name of the break-glass entry. Absent: the only one that the cluster has.'),
    mode: z
      .enum(DRILL_MODES)
      .describe(
        '`verify` reads and asks; `dryRun` also sends the restore as a server-side dry-run; `live` also creates one binding and deletes it at once, and needs two approvals.',
      ),
    runner: z
      .enum(DRILL_RUNNERS)
      .optional()
      .describe(
        '`service`: asked at once, with the auditor’s credential; for `verify` only, and the standard there. `cli`: somebody runs `plimsoll drill` with the break-glass credential, which never leaves their machine.',
      ),
    confirm: text(63).optional().describe('Name of the cluster, to be sure. Needed for `live`.'),
    reason: text(500).min(3).optional().describe('Needed for `live`.'),
  }),
  'A drill to ask for.',
  { cluster: 'edge-001', mode: 'verify' },
);
export type DrillInput = z.infer<typeof DrillInput>;

/** Words that a client sends; what looks like a credential is not taken. */
const words = (max: number) =>
  text(max).refine((value) => credentialShapeOf(value) === undefined, 'This looks like a credential.');

const Request = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'DELETE']),
    path: words(2000).regex(/^\//, 'A path begins with "/".'),
    dryRun: z.boolean(),
    status: z.int().min(0).max(599).describe('0: no answer.'),
    auditId: text(64).optional().describe('By which the cluster’s audit log names the call.'),
  })
  .refine(({ method, path, dryRun }) => method === 'GET' || dryRun === path.endsWith('?dryRun=All'), {
    path: ['dryRun'],
    error: 'It says otherwise than the path does.',
  });

const Step = z.strictObject({
  name: z.enum(DRILL_STEPS),
  state: z
    .enum(DRILL_STEP_STATES)
    .describe('`unknown`: it could not be found out, which is neither good nor bad news.'),
  cause: text(64)
    .regex(/^[A-Za-z_]+$/, 'A code has letters and underscores.')
    .optional()
    .describe('Stable code; absent where the step passed.'),
  message: words(2000),
  durationMs: z.int().min(0).max(3_600_000),
  requests: z.array(Request).max(2000).describe('Every call that was made.'),
});

const EXAMPLE_STEPS: readonly DrillStep[] = DRILL_STEPS.map((name) => ({
  name,
  state: name === 'restoreDelete' ? 'failed' : 'passed',
  ...(name === 'restoreDelete' && { cause: 'ADMISSION_DENIES' }),
  message:
    name === 'restoreDelete'
      ? 'Admission (validatingAdmissionPolicy protect) does not let the principal delete the ClusterRoleBinding platform-admin.'
      : 'Works.',
  durationMs: 41,
  requests: [
    {
      method: 'GET' as const,
      path: '/version',
      dryRun: false,
      status: 200,
      auditId: 'e0f1c1d2-6e4f-4a3c-9d1a-0c9f6a2b7d11',
    },
  ],
}));

export const DrillResultsInput = named(
  'DrillResultsInput',
  z.strictObject({
    startedAt: DateTime,
    finishedAt: DateTime,
    operators: words(200)
      .min(1)
      .optional()
      .describe('Who held the credential, by name. Absent: the token that reports.'),
    alertId: words(200)
      .min(1)
      .optional()
      .describe('The alert that the use of the credential set off: proves that such use is noticed.'),
    steps: z
      .array(Step)
      .max(DRILL_STEPS.length)
      .refine((steps) => steps.map(({ name }) => name).join() === DRILL_STEPS.join(), {
        error: `All of ${DRILL_STEPS.join(', ')}, in this order.`,
      }),
  }),
  'What somebody found at a terminal. Holds no credential; the outcome and the number of writes are worked out here.',
  {
    startedAt: '2026-11-24T09:00:00Z',
    finishedAt: '2026-11-24T09:00:04Z',
    operators: 'ada, grace',
    alertId: 'ALERT-4711',
    steps: [...EXAMPLE_STEPS],
  },
);
export type DrillResultsInput = z.infer<typeof DrillResultsInput>;

const Actor = z.object({ id: z.string(), name: z.string() });

const DRILL_EXAMPLE = {
  id: 'drl_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
  cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'edge-001' },
  entry: 'edge-001',
  mode: 'dryRun',
  runner: 'cli',
  state: 'completed',
  outcome: 'failed',
  writes: 0,
  requestedBy: { id: 'tok_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'ada' },
  reason: 'quarterly',
  approvals: [],
  operators: 'ada, grace',
  alertId: 'ALERT-4711',
  createdAt: '2026-11-24T08:59:00.000Z',
  deadlineAt: '2026-11-25T08:59:00.000Z',
  startedAt: '2026-11-24T09:00:00.000Z',
  finishedAt: '2026-11-24T09:00:05.000Z',
} as const;

export const Drill = named(
  'Drill',
  z.object({
    id: z.string(),
    cluster: z.object({ id: z.string(), name: z.string() }),
    entry: z.string(),
    mode: z.enum(DRILL_MODES),
    runner: z.enum(DRILL_RUNNERS),
    state: z.enum(STATES),
    outcome: z.enum(OUTCOMES).nullable().describe('Null until it completes.'),
    writes: count.describe('Calls that could have changed the cluster. 0 unless it is live.'),
    requestedBy: Actor.describe('The token that asked.'),
    reason: z.string().nullable(),
    approvals: z
      .array(z.object({ by: Actor, at: DateTime }))
      .describe('Of a live drill, which takes two tokens other than the one that asked.'),
    operators: z.string().nullable().describe('Who held the credential.'),
    alertId: z.string().nullable(),
    createdAt: DateTime,
    deadlineAt: DateTime.describe('What is not over by then expires.'),
    startedAt: DateTime.nullable(),
    finishedAt: DateTime.nullable(),
  }),
  'One rehearsal of a way in for emergencies.',
  DRILL_EXAMPLE,
);
export type Drill = View<typeof Drill>;

export const DrillDetail = named(
  'DrillDetail',
  Drill.extend({
    clusterUid: z
      .string()
      .nullable()
      .describe('UID of the namespace `kube-system` that is pinned for the cluster; null before the first sight.'),
    steps: z.array(Step).describe('Empty until it completes.'),
    written: z.array(Request).describe('The calls that could have changed the cluster.'),
  }),
  'A drill with its steps and every call that it made.',
  { ...DRILL_EXAMPLE, clusterUid: '5f3c2f0e-0d0c-4c7e-9a57-3b1f0c5d8e21', steps: [...EXAMPLE_STEPS], written: [] },
);
export type DrillDetail = View<typeof DrillDetail>;

export const DrillPage = pageOf('DrillPage', Drill);
export const DrillQuery = listQuery(['createdAt', 'finishedAt'], '-createdAt', {
  cluster: anyOf(text(63)).describe('Names or ids.'),
  entry: anyOf(text(200)),
  mode: anyOf(z.enum(DRILL_MODES)),
  runner: anyOf(z.enum(DRILL_RUNNERS)),
  state: anyOf(z.enum(STATES)),
  outcome: anyOf(z.enum(OUTCOMES)),
});
export type DrillQuery = z.infer<typeof DrillQuery>;

/** @param nameOf name of a token */
export function toDrill(drill: DrillRecord, nameOf: (tokenId: string) => string): Drill {
  const { id, clusterId, clusterName, entry, mode, runner, state, outcome, writes, requestedBy, approvals } = drill;
  const { reason, operators, alertId, createdAt, deadlineAt, startedAt, finishedAt } = drill;
  const actor = (tokenId: string) => ({ id: tokenId, name: nameOf(tokenId) });
  return {
    id,
    cluster: { id: clusterId, name: clusterName },
    entry,
    mode,
    runner,
    state,
    outcome,
    writes,
    requestedBy: actor(requestedBy),
    reason,
    approvals: approvals.map(({ by, at }) => ({ by: actor(by), at })),
    operators,
    alertId,
    createdAt,
    deadlineAt,
    startedAt,
    finishedAt,
  };
}

/** @param clusterUid pinned for the drill's cluster */
export function toDrillDetail(
  { steps, ...drill }: StoredDrill,
  clusterUid: string | null,
  nameOf: (tokenId: string) => string,
): DrillDetail {
  return { ...toDrill(drill, nameOf), clusterUid, steps, written: drillWrites(steps) };
}
