import { expect, it } from 'vitest';
import type { Control, ControlResult, Observation, Outcome, Profile, Subject } from '#libs/core';
import { evaluate } from '#libs/engine';
import { type SnapshotOptions, snapshotOf } from './snapshot-of.js';

export interface JudgeOptions extends SnapshotOptions {
  readonly severityOverrides?: Profile['severityOverrides'];
}

/** Runs one control over YAML documents or objects, as the engine would. */
export function judge(control: Control, input: string | readonly object[], options: JudgeOptions = {}): ControlResult {
  const profile: Profile = {
    id: 'test@1',
    ruleSetVersion: 'test',
    controls: [control.id],
    ...(options.severityOverrides && { severityOverrides: options.severityOverrides }),
  };
  const [result] = evaluate([control], profile, snapshotOf(input, options)).results;
  if (!result) throw new Error(`The engine gave no result for ${control.id}.`);
  return result;
}

function subjectText({ kind, namespace, name, container, field }: Subject): string {
  const object = [kind, namespace, name].filter((part) => part !== undefined).join('/');
  return `${object}${container === undefined ? '' : ` ${container}`}${field === undefined ? '' : ` ${field}`}`;
}

/** One observation on a line: `fail STALE Kustomization/spoke-a/apps`, then container and field where it has them. */
function verdictLine({ outcome, reason, subject }: Observation): string {
  return `${outcome} ${reason} ${subjectText(subject)}`;
}

/** All observations of a result, worst first, each on a line as in `verdictLine`. */
export function verdicts(result: ControlResult): string[] {
  return result.observations.map(verdictLine);
}

export interface ControlCase {
  /** What is so in the cluster; the name of the test. */
  readonly state: string;
  readonly input: string | readonly object[];
  readonly options?: JudgeOptions;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly severity?: ControlResult['severity'];
  /** All observations, worst first, as `verdictLine` writes them. Not compared where absent. */
  readonly verdicts?: readonly string[];
  /** Text that the deciding message must hold. */
  readonly message?: string | RegExp;
}

function expectation({ outcome, reason, severity, verdicts, message }: ControlCase): Readonly<Record<string, unknown>> {
  return {
    outcome,
    reason,
    ...(severity && { severity }),
    ...(verdicts && { verdicts }),
    message: expect.stringMatching(message ?? /^/) as unknown,
  };
}

/** One test for each row of a table of states: what the control must say about it. */
export function itJudges(control: Control, cases: readonly ControlCase[]): void {
  it.each(cases.map((each) => [each.state, each] as const))('%s', (_state, each) => {
    const result = judge(control, each.input, each.options);
    expect({ ...result, verdicts: verdicts(result) }).toMatchObject(expectation(each));
  });
}

/** A row of a table: the state, the objects, the expected `outcome REASON`, and what else is expected or given. */
export type ControlRow = readonly [
  state: string,
  input: string | readonly object[],
  verdict: `${Outcome} ${string}`,
  more?: Pick<ControlCase, 'severity' | 'verdicts' | 'message'> & JudgeOptions,
];

function caseOf([state, input, verdict, more = {}]: ControlRow): ControlCase {
  const [outcome, reason = ''] = verdict.split(' ');
  const { severity, verdicts, message, ...options } = more;
  return {
    state,
    input,
    options,
    outcome: outcome as Outcome,
    reason,
    ...(severity && { severity }),
    ...(verdicts && { verdicts }),
    ...(message !== undefined && { message }),
  };
}

/** `itJudges` with rows in short form, for long tables: `const judges = tableOf(control)`. */
export function tableOf(control: Control): (rows: readonly ControlRow[]) => void {
  return (rows) => itJudges(control, rows.map(caseOf));
}
