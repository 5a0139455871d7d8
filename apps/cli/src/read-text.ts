import { readFile } from 'node:fs/promises';
import { CliError, ExitCode } from './exit-codes.js';

/** The text of a file that the user named. @throws {CliError} usage, with the path and why it cannot be read */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(ExitCode.usage, `The ${what} ${path} cannot be read${code ? ` (${code})` : ''}.`);
  }
}
