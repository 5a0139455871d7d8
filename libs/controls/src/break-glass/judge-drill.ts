import { type Observation, fail, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type Entry, daysSince } from './break-glass-scope.js';

/** Where an entry does not say how often it is drilled. */
export const DRILL_DAYS = 90;

/** The last drill of an entry; empty where it passed and is young enough. */
export function judgeDrill({ entry, pointer, subject }: Entry, now: number): readonly Observation[] {
  const { lastDrill, drillDays = DRILL_DAYS } = entry;
  const name = excerpt(entry.name, 80);
  const expected = `a drill that passed within ${drillDays} days`;
  const advice =
    'Have two people drill it with the real credential, which changes nothing (plimsoll drill --report), or enter the result of a drill of your own as lastDrill.';
  if (lastDrill === undefined) {
    return [
      fail(
        subject,
        'NEVER_DRILLED',
        `The way in "${name}" was never drilled. Whether it works would show in an emergency only. ${advice}`,
        { evidence: [{ pointer: `${pointer}/lastDrill`, observed: null, expected }] },
      ),
    ];
  }
  if (lastDrill.result === 'failed') {
    const step = lastDrill.failedStep === undefined ? '' : ` at the step "${excerpt(lastDrill.failedStep)}"`;
    return [
      fail(
        subject,
        'DRILL_FAILED',
        `The last drill of the way in "${name}" failed${step}. In an emergency it would fail in the same way. Repair that step, exempt the break-glass principals from admission policies where these refused it, and drill again.`,
        { evidence: [{ pointer: `${pointer}/lastDrill/result`, observed: lastDrill.result, expected: 'passed' }] },
      ),
    ];
  }
  const age = daysSince(lastDrill.at, now);
  if (age !== undefined && age <= drillDays) return [];
  const old = age !== undefined && age <= 2 * drillDays;
  const text =
    age === undefined
      ? `The time of the last drill of the way in "${name}" cannot be: ${excerpt(lastDrill.at, 40)}.`
      : `The way in "${name}" was last drilled ${Math.floor(age)} days ago, and is to be drilled every ${drillDays} days.`;
  const details = {
    evidence: [{ pointer: `${pointer}/lastDrill/at`, observed: excerpt(lastDrill.at, 40), expected }],
  } as const;
  const message = `${text} Access, admission policies and people change in that time, so it may not work any more. ${advice}`;
  return [old ? warn(subject, 'DRILL_DUE', message, details) : fail(subject, 'DRILL_OVERDUE', message, details)];
}
