import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { SUPERUSER } from './data-directory.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { programPath } from './native-binaries.js';
import type { RunAs } from './unprivileged-user.js';

const START_DEADLINE_MS = 60_000;
const POLL_MS = 40;

export interface ServerPlace {
  readonly dir: string;
  readonly native: string;
  readonly user: RunAs;
  readonly password: string;
  /** No fsync: for data that is thrown away, such as tests'. */
  readonly fast: boolean;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export function clientFor(place: ServerPlace, port: number, database = 'postgres'): Client {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: place.password,
    database,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  return client;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface Announcement {
  readonly port: number;
  readonly ready: boolean;
}

/** What `postmaster.pid` says, where its process lives. Line numbers: PostgreSQL's miscinit.h. */
function announcement(dir: string): Announcement | null {
  let lines: readonly string[];
  try {
    lines = readFileSync(path.join(dir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  return isAlive(Number(lines[0])) ? { port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : null;
}

/** The port of a server that runs on this folder and takes our password; null where there is none. */
async function livePort(place: ServerPlace): Promise<number | null> {
  const announced = announcement(place.dir);
  if (!announced?.ready) return null;
  const client = clientFor(place, announced.port);
  try {
    await client.connect();
    const { rows } = await client.query<{ dir: string }>(`SELECT current_setting('data_directory') AS dir`);
    // After a crash the process id or port in the file may belong to somebody else by now.
    return rows[0]?.dir === place.dir ? announced.port : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

function logFileOf(place: ServerPlace): string {
  return path.join(place.dir, 'plimsoll.log');
}

function settings(place: ServerPlace, port: number): string[] {
  const pairs = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'log_line_prefix=%m [%p] ',
    ...(place.fast ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  return ['-D', place.dir, '-p', String(port), ...pairs.flatMap((pair) => ['-c', pair])];
}

function endOfLog(place: ServerPlace): string {
  return readFileSync(logFileOf(place), 'utf8').trim().slice(-2000);
}

/**
 * One attempt to start the server on one port. It runs in a process group of its own, so that Ctrl-C in a terminal
 * reaches the service first and the server is stopped by it, after its last query. Its log is a file, because a pipe
 * would break when the service is killed and the server stays.
 * @returns whether it came up
 */
async function attempt(place: ServerPlace, port: number): Promise<boolean> {
  const log = openSync(logFileOf(place), 'w', 0o600);
  if (place.user.uid !== undefined && place.user.gid !== undefined) {
    chownSync(logFileOf(place), place.user.uid, place.user.gid);
  }
  const child = spawn(programPath(place.native, 'postgres'), settings(place, port), {
    ...place.user,
    cwd: path.parse(place.dir).root,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new AbortController();
  child.once('error', () => ended.abort());
  child.once('exit', () => ended.abort());
  child.unref();
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!ended.signal.aborted && Date.now() < deadline) {
    if ((await livePort(place)) === port) return true;
    await sleep(POLL_MS);
  }
  if (!ended.signal.aborted) {
    child.kill('SIGQUIT');
    await once(ended.signal, 'abort');
  }
  return false;
}

/**
 * Starts a server, or joins the one that another process started meanwhile. A port that is taken between choosing and
 * using it only costs another attempt.
 * @returns its port, and whether it was already there
 * @throws {EmbeddedPostgresError} `startFailed` with the end of the server's log
 */
export async function startServer(place: ServerPlace): Promise<{ readonly port: number; readonly joined: boolean }> {
  const patience = Date.now() + START_DEADLINE_MS / 2;
  for (let failures = 0; failures < 5;) {
    const live = await livePort(place);
    if (live !== null) return { port: live, joined: true };
    if (announcement(place.dir)?.ready === false && Date.now() < patience) {
      // Another process is starting it right now.
      await sleep(POLL_MS);
      continue;
    }
    const port = await freePort();
    if (await attempt(place, port)) return { port, joined: false };
    failures += 1;
  }
  throw new EmbeddedPostgresError('startFailed', endOfLog(place));
}

/** Stops the server and waits until it is gone. Immediate where its data is thrown away anyway. */
export async function stopServer(place: ServerPlace): Promise<void> {
  const mode = place.fast ? 'immediate' : 'fast';
  const program = programPath(place.native, 'pg_ctl');
  const stopping = spawn(program, ['stop', '-D', place.dir, '-m', mode, '-w', '-t', '30', '-s'], {
    ...place.user,
    cwd: path.parse(place.dir).root,
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((resolve) => {
    stopping.once('exit', resolve);
    stopping.once('error', () => resolve(null));
  });
  if (code !== 0 && announcement(place.dir) !== null) throw new EmbeddedPostgresError('stopFailed', place.dir);
}
