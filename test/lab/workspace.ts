import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep } from './poll.js';

const GUARD = fileURLToPath(new URL('./guard.mjs', import.meta.url));
const LOG_TAIL_LINES = 25;

/** One running program of the lab. */
export interface LabProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended, with its exit code, or null where a signal ended it. */
  readonly exited: Promise<number | null>;
  isRunning(): boolean;
  /** The last lines of what it wrote, for error messages. */
  logTail(): string;
  /** SIGTERM, and SIGKILL where that has not ended it after `graceMs`. Harmless when it has ended already. */
  stop(graceMs?: number): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/**
 * The folder and the processes of one lab. Every process is ended by its id; a guard process ends them all and
 * removes the folder when this process dies without having called `close()`.
 */
export class Workspace {
  private readonly running = new Set<LabProcess>();

  private constructor(
    readonly folder: string,
    private readonly guard: ChildProcess,
  ) {}

  static async create(): Promise<Workspace> {
    const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-lab-'));
    await mkdir(path.join(folder, 'log'));
    const guard = spawn(process.execPath, [GUARD], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    guard.unref();
    guard.on('error', () => undefined);
    guard.stdin.on('error', () => undefined);
    const workspace = new Workspace(folder, guard);
    workspace.tellGuard('folder', folder);
    return workspace;
  }

  /** Writes a file that only this user can read, and returns its path. */
  async write(relativePath: string, content: string): Promise<string> {
    const file = path.join(this.folder, relativePath);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o600 });
    return file;
  }

  /** Starts a program whose output goes to `log/<name>.log`. Its own session, so that Ctrl-C does not reach it before us. */
  start(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): LabProcess {
    const logFile = path.join(this.folder, 'log', `${name}.log`);
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(command, args, {
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'], HOME: this.folder, TMPDIR: this.folder, ...env },
    });
    closeSync(log);
    const pid = child.pid;
    let ended = false;
    const exited = new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('exit', (code) => resolve(code));
    }).then((code) => {
      ended = true;
      this.running.delete(labProcess);
      if (pid !== undefined) this.tellGuard('ended', pid);
      return code;
    });
    const signal = (signal: NodeJS.Signals): void => {
      if (!ended) child.kill(signal);
    };
    const labProcess: LabProcess = {
      name,
      pid: pid ?? -1,
      exited,
      isRunning: () => !ended,
      logTail: () => readTail(logFile),
      signal,
      stop: async (graceMs = 5_000) => {
        if (ended) return;
        // A process that SIGSTOP holds cannot act on SIGTERM.
        signal('SIGCONT');
        signal('SIGTERM');
        const cancel = new AbortController();
        await Promise.race([exited, sleep(graceMs, cancel.signal)]);
        cancel.abort();
        signal('SIGKILL');
        await exited;
      },
    };
    this.running.add(labProcess);
    if (pid !== undefined) this.tellGuard('started', pid);
    return labProcess;
  }

  /** Ends whatever still runs, removes the folder and lets the guard go. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((labProcess) => labProcess.stop(1_000)));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    this.tellGuard('folderRemoved', this.folder);
    this.guard.stdin?.end();
  }

  private tellGuard(what: 'started' | 'ended' | 'folder' | 'folderRemoved', value: number | string): void {
    if (this.guard.stdin?.writable === true) this.guard.stdin.write(`${JSON.stringify([what, value])}\n`);
  }
}

function readTail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  } catch {
    return '(no output)';
  }
}
