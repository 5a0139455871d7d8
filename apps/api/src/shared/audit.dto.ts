import { z } from 'zod';
import { SEVERITIES, type NotEvaluatedCause, type Outcome, type Severity } from '#libs/core';
import { DateTime, named } from '../http/schema.js';

export const SeveritySchema = z.enum(SEVERITIES as [Severity, ...Severity[]]);

const OUTCOMES: Record<Outcome, true> = {
  pass: true,
  warn: true,
  fail: true,
  notApplicable: true,
  notEvaluated: true,
  manual: true,
  error: true,
};
export const OutcomeSchema = z.enum(Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]);

const CAUSES: Record<NotEvaluatedCause, true> = {
  forbidden: true,
  unauthenticated: true,
  unreachable: true,
  timeout: true,
  transient: true,
  incompleteList: true,
  budgetExceeded: true,
  parseError: true,
  identityMismatch: true,
  notCollected: true,
  undecidable: true,
  tenantsUndefined: true,
  tenantsAmbiguous: true,
};
export const CauseSchema = z
  .enum(Object.keys(CAUSES) as [NotEvaluatedCause, ...NotEvaluatedCause[]])
  .describe('Why something could not be judged.');

const count = z.int().min(0);

export const OutcomeCountsSchema = named(
  'OutcomeCounts',
  z.object({
    pass: count,
    warn: count,
    fail: count,
    notApplicable: count,
    notEvaluated: count,
    manual: count,
    error: count.optional(),
  }),
  'How many had each outcome. What was not evaluated is never counted as passing.',
  { pass: 12, warn: 1, fail: 2, notApplicable: 1, notEvaluated: 0, manual: 0 },
);

export const SeverityCountsSchema = named(
  'SeverityCounts',
  z.object({ critical: count, high: count, medium: count, low: count, info: count }),
  'How many findings are open, by severity.',
  { critical: 0, high: 2, medium: 1, low: 0, info: 0 },
);

/** Share of the applicable controls that could be judged; stands beside every score. */
export const CoverageRatio = z.number().min(0).max(1).describe('Judged share of the applicable controls, 0 to 1.');

export const AccessRuleSchema = named(
  'AccessRule',
  z.object({
    verb: z.string(),
    group: z.string().describe('API group; empty for the core group.'),
    resource: z.string(),
    namespace: z.string().optional().describe('Absent: in all namespaces.'),
    name: z.string().optional(),
  }),
  'A permission as a ClusterRole would grant it.',
  { verb: 'list', group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' },
);

export const SubjectSchema = named(
  'Subject',
  z.object({
    apiVersion: z.string().optional(),
    kind: z.string(),
    namespace: z.string().optional(),
    name: z.string(),
    uid: z.string().optional(),
    container: z.string().optional(),
    field: z.string().optional(),
  }),
  'The object that a verdict is about.',
  { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'flux-system', name: 'helm-controller' },
);

export const ClusterLink = z.object({ id: z.string(), name: z.string() });

export const ConditionSchema = named(
  'Condition',
  z.object({
    type: z.string(),
    status: z.enum(['True', 'False', 'Unknown']),
    reason: z.string().optional(),
    message: z.string().optional(),
    lastTransitionTime: DateTime.optional(),
    missing: z.array(AccessRuleSchema).optional().describe('Permissions to add, for `PermissionsSufficient`.'),
  }),
  'A condition as Kubernetes objects have.',
  { type: 'Reachable', status: 'True', reason: 'Answered', message: '', lastTransitionTime: '2026-11-24T02:00:06Z' },
);
