import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError, ExitCode } from '../exit-codes.js';

export interface DataFolder {
  readonly path: string;
  readonly postgres: string;
  readonly adminToken: string;
  readonly masterKeyFile: string;
}

/**
 * Makes the data folder and, the first time, the key that seals stored credentials (mode 0600). Whoever loses the key
 * keeps all results but must register credentials anew.
 */
export function openDataFolder(folder: string): DataFolder {
  const resolved = path.resolve(folder);
  try {
    mkdirSync(resolved, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new CliError(
      ExitCode.usage,
      `The data folder ${resolved} cannot be made (${(error as NodeJS.ErrnoException).code}).`,
      'Set PLIMSOLL_DATA_DIR to a folder that you may write to.',
    );
  }
  const masterKeyFile = path.join(resolved, 'master.key');
  if (!existsSync(masterKeyFile)) writeFileSync(masterKeyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  return {
    path: resolved,
    postgres: path.join(resolved, 'postgres'),
    adminToken: path.join(resolved, 'admin-token'),
    masterKeyFile,
  };
}

/** The first admin token, written by the service at its first start. */
export function readAdminToken(folder: DataFolder): string {
  try {
    return readFileSync(folder.adminToken, 'utf8').trim();
  } catch {
    throw new CliError(
      ExitCode.couldNotRun,
      `There is no admin token in ${folder.adminToken}.`,
      'It was removed, or this database was set up elsewhere. Put a valid admin token there, or start with a new PLIMSOLL_DATA_DIR.',
    );
  }
}
