import { z } from 'zod';
import { DateTime, exampleOf, named, type View } from '../http/schema.js';
import { CauseSchema, CoverageRatio, SeverityCountsSchema, SeveritySchema } from '../shared/audit.dto.js';
import { Run } from './runs.dto.js';

const count = z.int().min(0);

const DigestFinding = z.object({
  findingId: z.string(),
  controlId: z.string(),
  title: z.string(),
  severity: SeveritySchema,
  clusters: z.array(z.string()).describe('The first few names.'),
  clusterCount: count,
  tenant: z.string().optional(),
  message: z.string(),
});

const DIGEST_FINDING = {
  findingId: 'fnd_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
  controlId: 'FLUX-HC-01',
  title: 'helm-controller does not run kubeconfig exec plugins',
  severity: 'critical',
  clusters: ['edge-001'],
  clusterCount: 1,
  message: 'helm-controller may run programs that a kubeconfig names.',
} as const;

export const RunDiff = named(
  'RunDiff',
  z.object({
    runId: z.string(),
    profile: z.string(),
    trigger: Run.shape.trigger,
    finishedAt: DateTime,
    baseline: z.boolean(),
    clusters: z.object({
      total: count,
      evaluated: count,
      notEvaluated: count,
      lost: count.describe('Not evaluated, though they were the last time.'),
      regained: count.describe('Evaluated again.'),
    }),
    coverage: CoverageRatio,
    compliant: z.object({ now: count, before: count.nullable() }),
    open: SeverityCountsSchema,
    baselineFindings: count.describe('New findings of clusters that were audited for the first time.'),
    opened: z.array(DigestFinding),
    reopened: z.array(DigestFinding),
    escalated: z.array(DigestFinding),
    resolved: z.array(DigestFinding),
    openedCount: count,
    reopenedCount: count,
    escalatedCount: count,
    resolvedCount: count,
    blindSpots: z
      .array(
        z.object({
          cause: CauseSchema,
          clusters: z.array(z.string()),
          clusterCount: count,
          controls: count.describe('0: the whole cluster.'),
          message: z.string(),
        }),
      )
      .describe('What could not be judged; never a pass.'),
  }),
  'What changed in a run, grouped by cause.',
  {
    runId: exampleOf(Run).id,
    profile: exampleOf(Run).profile,
    trigger: 'schedule',
    finishedAt: '2026-11-24T02:01:12.000Z',
    baseline: false,
    clusters: { total: 214, evaluated: 212, notEvaluated: 2, lost: 0, regained: 0 },
    coverage: 0.988,
    compliant: { now: 187, before: 184 },
    open: { critical: 1, high: 14, medium: 41, low: 0, info: 0 },
    baselineFindings: 0,
    opened: [DIGEST_FINDING],
    reopened: [],
    escalated: [],
    resolved: [],
    openedCount: 1,
    reopenedCount: 0,
    escalatedCount: 0,
    resolvedCount: 0,
    blindSpots: [
      {
        cause: 'unreachable',
        clusters: ['edge-207', 'edge-208'],
        clusterCount: 2,
        controls: 0,
        message: 'No connection to the API server could be made.',
      },
    ],
  },
);
export type RunDiff = View<typeof RunDiff>;
