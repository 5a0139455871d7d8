import { z } from 'zod';
import { DEFAULT_PROFILE } from '#libs/controls';
import type { Outcome } from '#libs/core';
import { ClusterQuery } from '../clusters/cluster-queries.dto.js';
import { Cluster } from '../clusters/clusters.dto.js';
import { exampleOf, named, text, type View } from '../http/schema.js';
import { Run } from '../runs/runs.dto.js';
import {
  CoverageRatio,
  OutcomeCountsSchema,
  OutcomeSchema,
  SeverityCountsSchema,
  SeveritySchema,
} from '../shared/audit.dto.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

const count = z.int().min(0);

export const FleetQuery = z.strictObject({
  labelSelector: LabelSelectorText.optional().describe('Only these clusters.'),
  tenant: text(63).optional().describe('Only clusters of this tenant; name or id.'),
});
export type FleetQuery = z.infer<typeof FleetQuery>;

export const FleetSummary = named(
  'FleetSummary',
  z.object({
    clusters: z
      .object({ total: count, compliant: count, notCompliant: count, unreachable: count })
      .describe('`notCompliant`: something failed or could not be judged. Counted up to 10,000.'),
    outcomes: OutcomeCountsSchema.describe('Over all clusters and controls.'),
    coverage: CoverageRatio.nullable().describe('Null: nothing was audited yet.'),
    openFindings: SeverityCountsSchema,
    controls: z.array(
      z.object({
        controlId: z.string(),
        title: z.string(),
        severity: SeveritySchema,
        outcomes: z.partialRecord(OutcomeSchema, count).describe('Clusters by outcome.'),
      }),
    ),
    worstClusters: z.array(Cluster).describe('Up to ten, worst first.'),
    activeRun: Run.nullable(),
    lastRun: Run.nullable().describe('The last one that completed.'),
  }),
  'The fleet at a glance.',
  {
    clusters: { total: 214, compliant: 187, notCompliant: 27, unreachable: 2 },
    outcomes: exampleOf(OutcomeCountsSchema),
    coverage: 0.988,
    openFindings: exampleOf(SeverityCountsSchema),
    controls: [
      {
        controlId: 'FLUX-HC-01',
        title: 'helm-controller does not run kubeconfig exec plugins',
        severity: 'critical',
        outcomes: { pass: 210, fail: 2, notEvaluated: 2 },
      },
    ],
    worstClusters: [exampleOf(Cluster)],
    activeRun: null,
    lastRun: exampleOf(Run),
  },
);
export type FleetSummary = View<typeof FleetSummary>;

/** One character for each outcome; `-` where the control never ran. */
export const LETTERS = {
  pass: 'P',
  fail: 'F',
  warn: 'W',
  notEvaluated: 'N',
  notApplicable: 'A',
  manual: 'M',
  error: 'E',
} as const satisfies Record<Outcome, string>;

/** Rows are clusters, so that a page is never large: 500 clusters are about 25 kB. */
export const MatrixQuery = ClusterQuery.extend({
  profile: text(200).default(DEFAULT_PROFILE).describe('Whose controls are the columns.'),
});
export type MatrixQuery = z.infer<typeof MatrixQuery>;

export const Matrix = named(
  'Matrix',
  z.object({
    controls: z.array(z.string()).describe('Columns.'),
    legend: z.record(z.string(), z.string()).describe('What a character of `cells` means.'),
    rows: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        labels: z.record(z.string(), z.string()),
        stale: z.boolean().describe('The last audit could not judge it.'),
        coverage: CoverageRatio.nullable(),
        cells: z.string().describe('One character for each control.'),
      }),
    ),
    page: z.object({
      next: z.string().nullable(),
      limit: z.int(),
      total: z.object({ count: z.int(), type: z.enum(['exact', 'atLeast']) }),
    }),
  }),
  'Clusters and controls in compact form.',
  {
    controls: ['FLUX-HC-01', 'FLUX-HC-02', 'FLUX-KC-01'],
    legend: {
      P: 'pass',
      F: 'fail',
      W: 'warn',
      N: 'notEvaluated',
      A: 'notApplicable',
      M: 'manual',
      E: 'error',
      '-': 'never judged',
    },
    rows: [
      {
        id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
        name: 'edge-001',
        labels: { env: 'prod' },
        stale: false,
        coverage: 1,
        cells: 'FPP',
      },
    ],
    page: { next: null, limit: 50, total: { count: 1, type: 'exact' } },
  },
);
export type Matrix = View<typeof Matrix>;
