import { z } from 'zod';
import type { FindingDetail, FindingFilter, FindingRecord } from '#libs/persistence';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, Flag, named, text, type View } from '../http/schema.js';
import { ClusterLink, SeveritySchema, SubjectSchema } from '../shared/audit.dto.js';
import { Evidence, toEvidence } from './evidence.dto.js';
import { Related } from './related.dto.js';
import { LabelSelectorText, selectorOf } from '../shared/label-selector.schema.js';

const STATES = ['open', 'resolved', 'reopened'] as const;
const CONFIDENCES = ['proven', 'derived', 'heuristic'] as const;
const RUN_ID = 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7';

export const FindingSummary = named(
  'FindingSummary',
  z.object({
    id: z.string(),
    fingerprint: z.string().describe('The same in every run and in the CLI.'),
    controlId: z.string(),
    controlTitle: z.string(),
    state: z.enum(STATES),
    outcome: z.enum(['fail', 'warn']),
    severity: SeveritySchema,
    confidence: z.enum(CONFIDENCES),
    reason: z.string(),
    message: z.string(),
    cluster: ClusterLink,
    tenant: z.object({ id: z.string(), name: z.string() }).nullable(),
    subject: SubjectSchema,
    waiver: z
      .object({ id: z.string(), expiresAt: DateTime, approver: z.string().nullable() })
      .nullable()
      .describe('A waived failure stays a failure.'),
    stale: z.boolean().describe('The last run could not look at it.'),
    baseline: z.boolean().describe('Found in the cluster’s first audit.'),
    occurrences: z.int().describe('Runs that saw it.'),
    firstSeenAt: DateTime,
    lastSeenAt: DateTime,
    resolvedAt: DateTime.nullable(),
  }),
  'A failure with a life.',
  {
    id: 'fnd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    fingerprint: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a',
    controlId: 'FLUX-HC-01',
    controlTitle: 'helm-controller does not run kubeconfig exec plugins',
    state: 'open',
    outcome: 'fail',
    severity: 'critical',
    confidence: 'proven',
    reason: 'FLAG_TRUE',
    message: 'helm-controller may run programs that a kubeconfig names.',
    cluster: { id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', name: 'edge-001' },
    tenant: null,
    subject: exampleOf(SubjectSchema),
    waiver: null,
    stale: false,
    baseline: false,
    occurrences: 2,
    firstSeenAt: '2026-11-22T02:00:06.000Z',
    lastSeenAt: '2026-11-24T02:00:06.000Z',
    resolvedAt: null,
  },
);
export type FindingSummary = View<typeof FindingSummary>;

const Fix = named(
  'Fix',
  z.object({
    form: z.enum(['kustomizePatch', 'fluxOperatorPatch', 'helmValues', 'azureExtension', 'manifest', 'steps']),
    title: z.string(),
    content: z.string(),
  }),
  'A change that would fix it, ready to paste.',
  {
    form: 'kustomizePatch',
    title: 'Remove the flag',
    content: 'patches:\n  - target: {kind: Deployment, name: helm-controller}\n',
  },
);

export const Finding = named(
  'Finding',
  FindingSummary.extend({
    fixes: z.array(Fix),
    evidence: Evidence.nullable(),
    openedRunId: z.string(),
    lastRunId: z.string(),
    resolvedRunId: z.string().nullable(),
    resolvedReason: z.string().nullable(),
    changes: z
      .array(
        z.object({
          change: z.enum(['opened', 'reopened', 'resolved', 'escalated']),
          severity: SeveritySchema,
          runId: z.string(),
          at: DateTime,
        }),
      )
      .describe('Its life so far, oldest first.'),
    related: Related,
  }),
  'A failure with its evidence, the ways to fix it, and what hangs on it.',
  {
    ...exampleOf(FindingSummary),
    fixes: [exampleOf(Fix)],
    evidence: exampleOf(Evidence),
    openedRunId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D6',
    lastRunId: RUN_ID,
    resolvedRunId: null,
    resolvedReason: null,
    changes: [
      {
        change: 'opened',
        severity: 'critical',
        runId: 'run_01JD9YZ3M6Q8R5T7V9X1Z3B5D6',
        at: '2026-11-22T02:00:06.000Z',
      },
    ],
    related: exampleOf(Related),
  },
);
export type Finding = View<typeof Finding>;

export const FindingPage = pageOf('FindingPage', FindingSummary);
export const FindingQuery = listQuery(
  ['severity', 'firstSeenAt', 'lastSeenAt', 'control', 'cluster', 'occurrences'],
  '-severity',
  {
    q: text(100).optional().describe('Part of the message or of the subject’s namespace or name.'),
    cluster: anyOf(text(63)).describe('Name or id.'),
    tenant: anyOf(text(63)).describe('Name or id.'),
    control: anyOf(text(64)),
    severity: anyOf(SeveritySchema),
    state: anyOf(z.enum(STATES)).describe('`reopened` findings are open, too.'),
    outcome: anyOf(z.enum(['fail', 'warn'])),
    confidence: anyOf(z.enum(CONFIDENCES)),
    fingerprint: anyOf(text(64)),
    reason: anyOf(text(100)),
    labelSelector: LabelSelectorText.optional().describe('Labels of the cluster.'),
    stale: Flag,
    waived: Flag,
    baseline: Flag,
    changedInRun: text(63).optional().describe('Opened, reopened, escalated or resolved in this run.'),
    'firstSeenAt[gte]': DateTime.optional(),
    'lastSeenAt[gte]': DateTime.optional(),
    'lastSeenAt[lt]': DateTime.optional(),
  },
);
export type FindingQuery = z.infer<typeof FindingQuery>;

export function filterOf(query: FindingQuery): FindingFilter {
  const { q, cluster, tenant, severity, state, outcome, confidence, fingerprint, reason } = query;
  const { stale, waived, baseline, changedInRun } = query;
  return {
    q,
    cluster,
    tenant,
    controlId: query.control,
    severity,
    state,
    outcome,
    confidence,
    fingerprint,
    reason,
    labelSelector: selectorOf(query.labelSelector),
    stale,
    waived,
    baseline,
    changedInRun,
    firstSeenFrom: query['firstSeenAt[gte]'],
    lastSeenFrom: query['lastSeenAt[gte]'],
    lastSeenBefore: query['lastSeenAt[lt]'],
  };
}

export function toSummary(finding: FindingRecord, titleOf: (controlId: string) => string): FindingSummary {
  const { id, fingerprint, controlId, state, outcome, severity, confidence, reason, message } = finding;
  const { clusterId, clusterName, tenantId, tenantName, subject, waiver, stale, baseline, occurrences } = finding;
  const { firstSeenAt, lastSeenAt, resolvedAt } = finding;
  return {
    id,
    fingerprint,
    controlId,
    controlTitle: titleOf(controlId),
    state,
    outcome,
    severity,
    confidence,
    reason,
    message,
    cluster: { id: clusterId, name: clusterName },
    tenant: tenantId === null ? null : { id: tenantId, name: tenantName ?? '' },
    subject,
    waiver,
    stale,
    baseline,
    occurrences,
    firstSeenAt,
    lastSeenAt,
    resolvedAt,
  };
}

export function toFinding(finding: FindingDetail, titleOf: (controlId: string) => string): Finding {
  const { fixes, evidence, openedRunId, lastRunId, resolvedRunId, resolvedReason, changes, related } = finding;
  return {
    ...toSummary(finding, titleOf),
    fixes,
    evidence: evidence && toEvidence(evidence),
    openedRunId,
    lastRunId,
    resolvedRunId,
    resolvedReason,
    changes: changes.map(({ change, severity, runId, at }) => ({ change, severity, runId, at })),
    related,
  };
}
