import { z } from 'zod';
import type { ResultRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, named, text, whole, type View } from '../http/schema.js';
import {
  AccessRuleSchema,
  CauseSchema,
  ClusterLink,
  OutcomeCountsSchema,
  OutcomeSchema,
  SeveritySchema,
  SubjectSchema,
} from '../shared/audit.dto.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

export const Result = named(
  'Result',
  z.object({
    id: z.string().describe('`res_` and a number.'),
    cluster: ClusterLink,
    controlId: z.string(),
    outcome: OutcomeSchema,
    reason: z.string().describe('Stable code of what decided the outcome.'),
    cause: CauseSchema.nullable(),
    message: z.string(),
    severity: SeveritySchema,
    counts: OutcomeCountsSchema.describe('Subjects by outcome.'),
    partial: z.boolean().describe('Some subjects could not be judged.'),
    missing: z.array(AccessRuleSchema).describe('Permissions that would make it readable.'),
    observations: z
      .array(
        z.object({
          outcome: OutcomeSchema,
          subject: SubjectSchema,
          reason: z.string(),
          message: z.string(),
          severity: SeveritySchema.optional(),
          cause: CauseSchema.optional(),
        }),
      )
      .describe('Subjects that did not pass, the first few hundred.'),
    fromAt: DateTime.describe('Since when it stands so.'),
    toAt: DateTime.nullable().describe('Until when it stood so; null: it still does.'),
    fromRunId: z.string(),
    toRunId: z.string().nullable(),
    lastSeenAt: DateTime,
    lastRunId: z.string(),
  }),
  'What a control said about a cluster, and for how long.',
  {
    id: 'res_4711',
    cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'edge-001' },
    controlId: 'FLUX-HC-01',
    outcome: 'fail',
    reason: 'FLAG_TRUE',
    cause: null,
    message: 'helm-controller may run programs that a kubeconfig names.',
    severity: 'critical',
    counts: { pass: 0, warn: 0, fail: 1, notApplicable: 0, notEvaluated: 0, manual: 0 },
    partial: false,
    missing: [],
    observations: [
      {
        outcome: 'fail',
        subject: exampleOf(SubjectSchema),
        reason: 'FLAG_TRUE',
        message: 'helm-controller may run programs that a kubeconfig names.',
      },
    ],
    fromAt: '2026-11-22T02:00:06.000Z',
    toAt: null,
    fromRunId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D6',
    toRunId: null,
    lastSeenAt: '2026-11-24T02:00:06.000Z',
    lastRunId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
  },
);
export type Result = View<typeof Result>;

export const ResultPage = pageOf('ResultPage', Result);
export const ResultQuery = listQuery(['cluster', 'control', 'severity', 'fromAt', 'lastSeenAt'], 'cluster', {
  run: text(63).optional().describe('As they stood in this run; absent: as they stand now.'),
  cluster: anyOf(text(63)).describe('Name or id.'),
  tenant: anyOf(text(63)).describe('Name or id.'),
  control: anyOf(text(64)),
  outcome: anyOf(OutcomeSchema),
  cause: anyOf(CauseSchema),
  severity: anyOf(SeveritySchema),
  reason: anyOf(text(100)),
  labelSelector: LabelSelectorText.optional().describe('Labels of the cluster.'),
});
export type ResultQuery = z.infer<typeof ResultQuery>;

export const TimelineQuery = z.strictObject({
  control: text(64).optional(),
  limit: whole(1, 1000, 200).describe('Changes at most.'),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const Timeline = named('Timeline', z.object({ items: z.array(Result) }), 'Changes of a cluster’s results.', {
  items: [exampleOf(Result)],
});

export function toResult(result: ResultRecord): Result {
  const { clusterId, clusterName, ...shown } = result;
  return { ...shown, id: `res_${result.id}`, cluster: { id: clusterId, name: clusterName } };
}
