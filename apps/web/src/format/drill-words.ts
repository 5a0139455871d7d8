import type { BreakGlassRow, Drill, DrillDetail } from '../api/types.js';
import type { Marked } from './remote-apply-words.js';

/** Could somebody get back in? */
export const VERDICTS: Readonly<Record<BreakGlassRow['verdict'], Marked>> = {
  ready: { state: 'pass', word: 'ready' },
  notReady: { state: 'fail', word: 'not ready' },
  unknown: { state: 'notEvaluated', word: 'not known' },
};

export const CELL_STATES: Readonly<Record<BreakGlassRow['path']['state'], Marked['state']>> = {
  ok: 'pass',
  attention: 'warn',
  failed: 'fail',
  unknown: 'notEvaluated',
};

/** The parts of a way in, in the order in which people meet them. */
export const PARTS = [
  ['credential', 'Credential'],
  ['path', 'Path'],
  ['rights', 'Rights'],
  ['recoveryPlan', 'Recovery plan'],
  ['lastDrill', 'Last drill'],
  ['escrow', 'Copies'],
] as const satisfies readonly (readonly [keyof BreakGlassRow, string])[];

export const STEP_TITLES: Readonly<Record<DrillDetail['steps'][number]['name'], string>> = {
  reach: 'Reach the API server',
  identity: 'Who the credential is',
  rights: 'Rights of a restore',
  restoreCreate: 'Create what is restored',
  restoreDelete: 'Delete what is protected',
};

const STEP_STATES: Readonly<Record<DrillDetail['steps'][number]['state'], Marked>> = {
  passed: { state: 'pass', word: 'passed' },
  failed: { state: 'fail', word: 'failed' },
  skipped: { state: 'notApplicable', word: 'left out' },
  unknown: { state: 'notEvaluated', word: 'not known' },
};

export function stepMark({ state }: Pick<DrillDetail['steps'][number], 'state'>): Marked {
  return STEP_STATES[state];
}

const DRILL_STATES: Readonly<Record<Drill['state'], string>> = {
  awaitingApproval: 'waits for approval',
  awaitingResults: 'waits to be run',
  queued: 'queued',
  running: 'running',
  completed: 'completed',
  aborted: 'aborted',
  expired: 'expired',
};

/** How a drill ended, or where it stands. */
export function drillMark({ state, outcome }: Pick<Drill, 'state' | 'outcome'>): Marked {
  if (outcome !== null) return STEP_STATES[outcome];
  return { state: 'notApplicable', word: DRILL_STATES[state] };
}
