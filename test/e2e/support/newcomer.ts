import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../../support/eventually.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** What a test run has in its environment and a person's shell has not. */
const NOT_THEIRS =
  /^(CI|NODE_ENV|NODE_OPTIONS|NODE_V8_COVERAGE|TEST|VITEST.*|VITE_.*|DATABASE_URL|REDIS_URL|PLIMSOLL_.*|INIT_CWD|npm_(lifecycle|package|command|execpath|node|config_local_prefix).*)$/;

/**
 * Somebody who has just cloned the repository: the last commit, not what lies uncommitted in the working tree. Nothing
 * is installed or built.
 */
export class Newcomer {
  private readonly started: NpmStart[] = [];

  private constructor(
    /** Holds nothing but the clone and what comes of it. */
    private readonly folder: string,
    readonly clone: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async arrive(listen: string): Promise<Newcomer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-newcomer-'));
    // As a folder in a home: the database's own user, which root starts it as, can pass through.
    await chmod(folder, 0o755);
    const clone = path.join(folder, 'plimsoll');
    const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone], { encoding: 'utf8' });
    if (cloned.status !== 0) throw new Error(`git clone ${ROOT} failed:\n${cloned.stderr}`);
    const theirs = Object.entries(process.env).filter(([name]) => !NOT_THEIRS.test(name));
    return new Newcomer(folder, clone, { ...Object.fromEntries(theirs), PLIMSOLL_LISTEN: listen });
  }

  /** Types `npm start`, with arguments after `--`. */
  start(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): NpmStart {
    const npm = new NpmStart(this.clone, args, { ...this.environment, ...environment });
    this.started.push(npm);
    return npm;
  }

  /** Command lines of processes that run in the clone or on its data. */
  async processes(): Promise<readonly string[]> {
    const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
    if (pids.length === 0) return this.processesByPs();
    const found: string[] = [];
    for (const pid of pids) {
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (command.includes(this.folder) || cwd.startsWith(this.folder)) found.push(`${pid} ${command} (in ${cwd})`);
    }
    return found;
  }

  /** Where there is no /proc. */
  private processesByPs(): readonly string[] {
    const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(this.folder));
  }

  /** Ends what still runs and removes the clone. */
  async leave(): Promise<void> {
    for (const npm of this.started) await npm.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One `npm start` in a terminal of its own. */
export class NpmStart {
  /** All that it wrote. */
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly startedAt = performance.now();
  private end: number | null | undefined;

  constructor(folder: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    // A process group of its own, as a terminal gives it to a command: Ctrl-C goes to all of it.
    const command = args.length === 0 ? ['start'] : ['start', '--', ...args];
    this.child = spawn('npm', command, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = new Promise((resolve) => {
      this.child.once('error', () => resolve(null));
      this.child.once('close', (code) => resolve(code));
    });
    void this.ended.then((code) => (this.end = code));
  }

  /** Seconds since it was started. */
  get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** Waits for words in the output. */
  async says(words: string | RegExp, withinMs: number): Promise<void> {
    await eventually(
      `npm start says ${words}`,
      () => {
        if (this.output.match(words) !== null) return true;
        if (this.end !== undefined) throw new Error(`npm start ended with ${this.end}:\n${this.output}`);
        return false;
      },
      { withinMs, everyMs: 100 },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.output}`);
    });
  }

  /** What Ctrl-C does. Waits for the end of everything that it started. */
  async interrupt(): Promise<void> {
    this.signal('SIGINT');
    await this.ended;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  private signal(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.end !== undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has just ended.
    }
  }
}

/** Whether somebody takes connections there. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
