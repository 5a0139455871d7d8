import type { BreakGlassEntry, DrillMode, DrillOutcome, DrillReport, DrillStep, DrillStepName } from '#libs/core';
import { paint, printable, wrap } from '../terminal.js';

interface Style {
  readonly colour: boolean;
}

const TITLES: Readonly<Record<DrillStepName, string>> = {
  reach: 'reach the API server',
  identity: 'who the credential is',
  rights: 'rights of a restore',
  restoreCreate: 'create what is restored',
  restoreDelete: 'delete what is protected',
};
/** Glyph and colour: colour is never alone. */
const LOOKS: Readonly<Record<DrillStep['state'], readonly [glyph: string, colour: number]>> = {
  passed: ['✓', 32],
  failed: ['✗', 31],
  skipped: ['–', 90],
  unknown: ['?', 35],
};
const VERDICTS: Readonly<Record<DrillOutcome, string>> = {
  passed: 'Passed: this way in works.',
  failed: 'FAILED: in an emergency this way in would not work.',
  unknown: 'Not everything could be found out. What is unknown is not a pass.',
};
const MODES: Readonly<Record<DrillMode, string>> = {
  verify: 'reads and asks, nothing else',
  dryRun: 'reads, asks, and tries the restore as dry-runs',
  live: 'reads, asks, and creates and deletes one binding',
};

export function startLine(cluster: string, { name }: BreakGlassEntry, mode: DrillMode): string {
  return `Drill of ${printable(name)}, the way into ${printable(cluster)} (${mode}: ${MODES[mode]})`;
}

/** A step when it is over: state, how long it took, and what came of it. */
export function stepLines({ name, state, durationMs, message, cause }: DrillStep, { colour }: Style): string {
  const [glyph, tint] = LOOKS[state];
  const took = state === 'skipped' ? '' : `${durationMs} ms`;
  const head = `${paint(glyph, tint, colour)} ${TITLES[name].padEnd(26)}${took.padStart(9)}`;
  if (state === 'skipped') return `${head}  ${printable(message)}`;
  const code = cause === undefined ? '' : `${cause}: `;
  return `${head}  ${wrap(printable(`${code}${message}`), 76, ' '.repeat(39))}`;
}

/** The verdict, with what was written: nothing, unless it was live. */
export function summaryLines({ outcome, writes, steps }: DrillReport, { colour }: Style): string {
  const tint = outcome === 'passed' ? 32 : outcome === 'failed' ? 31 : 35;
  const calls = steps.reduce((sum, { requests }) => sum + requests.length, 0);
  return `${paint(VERDICTS[outcome], tint, colour)}\nCalls made: ${calls}. Writes made: ${writes}.`;
}
