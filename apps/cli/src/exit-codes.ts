/** What the process says to a script. Documented in `plimsoll --help` and the README. */
export const ExitCode = {
  ok: 0,
  /** Findings at or above `--fail-on`. */
  findings: 1,
  /** Wrong usage or configuration; nothing was read. */
  usage: 2,
  /** No cluster could be judged. */
  couldNotRun: 3,
  /** Coverage under `--min-coverage`; wins over `findings`. */
  incomplete: 4,
  /** A drill that failed: somebody could not get back in. */
  drillFailed: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODE_HELP = `
Exit codes:
  0    ok
  1    findings at or above --fail-on
  2    wrong usage or configuration
  3    could not run: no cluster was judged
  4    incomplete: coverage under --min-coverage (100 in CI); wins over 1; a drill that did not find out everything
  5    a drill failed
  130  interrupted`;

/** An error whose message is for the person at the terminal; printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly fix?: string,
  ) {
    super(message);
  }
}
