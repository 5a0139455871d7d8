import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { RunAs } from './unprivileged-user.js';

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const;
export type Program = (typeof PROGRAMS)[number];

function packageName(): string {
  return `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

function packageRoot(): string {
  const require = createRequire(import.meta.url);
  try {
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    return path.dirname(path.dirname(wrapper.resolve(packageName())));
  } catch {
    throw new EmbeddedPostgresError('noBinaries', `${process.platform}-${process.arch}`);
  }
}

/** Does what the package's post-install script would have done, for installations that run no install scripts. */
function hydrate(root: string): void {
  const native = path.join(root, 'native');
  const list = path.join(native, 'pg-symlinks.json');
  const links: readonly { readonly source: string; readonly target: string }[] = existsSync(list)
    ? JSON.parse(readFileSync(list, 'utf8'))
    : [];
  for (const { source, target } of links) {
    try {
      symlinkSync(path.basename(source), path.join(root, target));
    } catch (error) {
      // Another process may have been faster; a read-only installation must have them already.
      if (!existsSync(path.join(root, target))) throw error;
    }
  }
  for (const program of PROGRAMS) {
    const file = path.join(native, 'bin', program);
    if (existsSync(file) && (statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
}

function runs(native: string, user: RunAs): boolean {
  return spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }).status === 0;
}

/** A copy that any user can read, made once per version. Renamed into place, so that nobody sees half of it. */
function readableCopy(native: string, name: string): string {
  const { size, mtimeMs } = statSync(path.join(native, 'bin', 'postgres'));
  const parent = '/var/tmp';
  const copy = path.join(parent, `plimsoll-postgres-${name}-${size}-${Math.floor(mtimeMs / 1000)}`);
  // The folder is shared by all users of the machine: only a copy of our own is run.
  if (existsSync(copy) && statSync(copy).uid === process.getuid?.()) return copy;
  const half = `${copy}.${process.pid}`;
  mkdirSync(half, { mode: 0o755 });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy) || statSync(copy).uid !== process.getuid?.()) throw error;
  }
  return copy;
}

/**
 * The folder whose `bin/` holds the PostgreSQL programs, in a place where `user` can run them: `node_modules` below a
 * home folder of mode 0700 is out of reach for the unprivileged user that root starts them as.
 * @throws {EmbeddedPostgresError} `noBinaries` on a platform without bundled programs
 */
export function nativeDirectory(user: RunAs): string {
  const root = packageRoot();
  hydrate(root);
  const native = path.join(root, 'native');
  return user.uid === undefined || runs(native, user) ? native : readableCopy(native, String(process.getuid?.()));
}

export function programPath(native: string, program: Program): string {
  return path.join(native, 'bin', process.platform === 'win32' ? `${program}.exe` : program);
}
