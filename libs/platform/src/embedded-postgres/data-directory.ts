import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { programPath } from './native-binaries.js';
import type { RunAs } from './unprivileged-user.js';

const SECRET_FILE = 'plimsoll.secret';
export const SUPERUSER = 'plimsoll';

function isPresent(dir: string): boolean {
  return existsSync(path.join(dir, 'PG_VERSION'));
}

function give(file: string, user: RunAs): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(file, user.uid, user.gid);
}

/** Creates a cluster in a folder beside `dir`. */
function initialise(dir: string, native: string, user: RunAs, fast: boolean): string {
  const half = `${dir}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${half}.pw`;
  const secret = randomBytes(24).toString('base64url');
  try {
    mkdirSync(half, { mode: 0o700 });
    give(half, user);
    writeFileSync(passwordFile, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    give(passwordFile, user);
    const options = ['-U', SUPERUSER, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-locale', '--no-instructions'];
    const result = spawnSync(
      programPath(native, 'initdb'),
      ['-D', half, '--pwfile', passwordFile, ...options, ...(fast ? ['-N'] : [])],
      { ...user, cwd: path.parse(dir).root, encoding: 'utf8' },
    );
    if (result.status !== 0) {
      throw new EmbeddedPostgresError('initFailed', result.error?.message ?? result.stderr.trim().slice(-2000));
    }
    writeFileSync(path.join(half, SECRET_FILE), secret, { mode: 0o600 });
    return half;
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * Makes sure that `dir` is a data folder and returns the superuser's password. Several processes may call it at once:
 * a new folder is made beside it and renamed into place, and whoever comes second uses the first one's.
 * @throws {EmbeddedPostgresError} `notOurs`, `otherVersion` or `initFailed`
 */
export function prepareDataDirectory(dir: string, native: string, user: RunAs, fast: boolean): string {
  if (!isPresent(dir)) {
    if (existsSync(dir) && readdirSync(dir).length > 0) throw new EmbeddedPostgresError('notOurs', dir);
    const half = initialise(dir, native, user, fast);
    try {
      renameSync(half, dir);
    } catch (error) {
      rmSync(half, { recursive: true, force: true });
      if (!isPresent(dir)) throw error;
    }
  }
  const dataVersion = readFileSync(path.join(dir, 'PG_VERSION'), 'utf8').trim();
  const printed = spawnSync(programPath(native, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout;
  const version = /(\d+)\./.exec(printed)?.[1] ?? dataVersion;
  if (version !== dataVersion) {
    throw new EmbeddedPostgresError('otherVersion', `${dir} has ${dataVersion}, the bundled one is ${version}`);
  }
  const secretFile = path.join(dir, SECRET_FILE);
  if (!existsSync(secretFile)) throw new EmbeddedPostgresError('notOurs', dir);
  return readFileSync(secretFile, 'utf8').trim();
}
