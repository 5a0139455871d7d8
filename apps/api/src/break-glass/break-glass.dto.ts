import { z } from 'zod';
import { READINESS_PARTS, type ReadinessCell } from '#libs/controls';
import { listQuery, pageOf } from '../http/page.js';
import { anyOf, DateTime, exampleOf, named, text, type View } from '../http/schema.js';
import { LabelSelectorText } from '../shared/label-selector.schema.js';

const VERDICTS = ['ready', 'notReady', 'unknown'] as const;

const Cell = z.object({
  state: z
    .enum(['ok', 'attention', 'failed', 'unknown'])
    .describe('`attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.'),
  text: z.string().describe('For people.'),
  at: DateTime.nullable().describe('When it was found out.'),
  ageDays: z.int().min(0).nullable(),
  cause: z.string().nullable().describe('Stable code of the step that failed.'),
});

const cell = (state: 'ok' | 'failed', said: string, cause: string | null = null) => ({
  state,
  text: said,
  at: '2026-11-21T09:00:05.000Z',
  ageDays: 3,
  cause,
});

export const BreakGlassRow = named(
  'BreakGlassRow',
  z.object({
    id: z.string().describe('Of the cluster.'),
    cluster: z.string().describe('Name of the cluster.'),
    tenants: z.array(z.string()),
    entry: z
      .string()
      .nullable()
      .describe('The best of its ways in, which the row is about; null where it has none and needs one.'),
    entries: z.int().min(0).describe('How many ways in it has.'),
    verdict: z.enum(VERDICTS).describe('Could somebody get back in?'),
    credential: Cell.describe('Whether it signs in, and until when.'),
    path: Cell.describe('Whether the API server is reached.'),
    rights: Cell.describe('Whether every right of a restore is held.'),
    recoveryPlan: Cell.describe('Whether the restore would go through, tried as dry-runs.'),
    lastDrill: Cell.describe('The last time that somebody used the credential to try.'),
    escrow: Cell.describe('Copies of the credential that do not break together with the cluster’s usual access.'),
    lastDrillId: z.string().nullable().describe('Null where it was written into the registry by hand.'),
    openDrillId: z.string().nullable().describe('A drill that is not over.'),
    runbookUrl: z.string().nullable(),
    links: z.object({
      cluster: z.string(),
      drills: z.string(),
      lastDrill: z.string().nullable(),
      findings: z.string(),
    }),
  }),
  'Whether somebody could get back into one cluster.',
  {
    id: 'cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    cluster: 'edge-014',
    tenants: ['team-a'],
    entry: 'edge-014',
    entries: 1,
    verdict: 'notReady',
    credential: cell('ok', 'until 2027-03-01'),
    path: cell('ok', 'worked, 212 ms'),
    rights: cell('failed', 'The principal may not create ClusterRoleBindings.', 'RIGHT_MISSING'),
    recoveryPlan: cell('ok', 'worked, 41 ms'),
    lastDrill: cell('ok', 'passed 3 days ago'),
    escrow: { ...cell('ok', '2/2'), at: null, ageDays: null },
    lastDrillId: 'drl_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
    openDrillId: null,
    runbookUrl: 'https://runbooks.example.com/break-glass',
    links: {
      cluster: '/api/v1/clusters/cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
      drills: '/api/v1/drills?cluster=cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
      lastDrill: '/api/v1/drills/drl_01JD9YZ3M6Q8R5T7V9X1Z3B5D7',
      findings:
        '/api/v1/findings?cluster=cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7&control=FLUX-BG-01&control=FLUX-BG-02&control=FLUX-BG-03&control=FLUX-BG-04&control=FLUX-BG-05',
    },
  },
);
export type BreakGlassRow = View<typeof BreakGlassRow>;

const count = z.int().min(0);
const rows = pageOf('BreakGlassRows', BreakGlassRow);
export const BreakGlassBoard = named(
  'BreakGlassBoard',
  rows.extend({
    verdicts: z
      .object({ ready: count, notReady: count, unknown: count })
      .describe('Clusters by verdict, of all that match the other filters.'),
  }),
  'One page of the readiness board.',
  { ...exampleOf(rows), verdicts: { ready: 209, notReady: 3, unknown: 2 } },
);
export type BreakGlassBoard = View<typeof BreakGlassBoard>;

/** What the board can be sorted by; `verdict` in the order in which people look: not ready, unknown, ready. */
export const BreakGlassQuery = listQuery(['verdict', 'cluster'], 'verdict', {
  verdict: anyOf(z.enum(VERDICTS)),
  cluster: anyOf(text(63)).describe('Names or ids.'),
  tenant: anyOf(text(63)).describe('Names.'),
  failing: anyOf(z.enum(READINESS_PARTS)).describe('Rows in which one of these parts has failed.'),
  labelSelector: LabelSelectorText.optional(),
  q: text(63).optional().describe('Part of the name of the cluster.'),
});
export type BreakGlassQuery = z.infer<typeof BreakGlassQuery>;

const DAY_MS = 86_400_000;

/** @param now milliseconds since the epoch */
export function toCell({ state, text: said, at, cause }: ReadinessCell, now: number): BreakGlassRow['path'] {
  const age = at === undefined ? NaN : (now - Date.parse(at)) / DAY_MS;
  return {
    state,
    text: said,
    at: at === undefined || Number.isNaN(age) ? null : new Date(at).toISOString(),
    ageDays: Number.isNaN(age) ? null : Math.max(0, Math.floor(age)),
    cause: cause ?? null,
  };
}
