import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** Options for `spawn`; empty where the process's own user will do. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN);
}

/**
 * PostgreSQL refuses to run as root: root runs it as an unprivileged user that already exists.
 * @throws {EmbeddedPostgresError} `noUser` where there is none
 */
export function unprivilegedUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new EmbeddedPostgresError('noUser', 'running as root');
}

function canEnter(folder: string, user: RunAs): boolean {
  return spawnSync('test', ['-x', folder], { ...user, cwd: '/' }).status === 0;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where the data folder really goes: as wanted, or, where the user cannot enter its parent (a checkout below root's
 * home), at a place of its own that the wanted path determines.
 */
export function reachableDataDir(wanted: string, user: RunAs): string {
  const parent = path.dirname(wanted);
  mkdirSync(parent, { recursive: true });
  if (user.uid === undefined || canEnter(parent, user)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 10);
  return path.join(isWritable('/var/lib') ? '/var/lib' : '/var/tmp', `plimsoll-${name}`);
}
