import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  BUILD_FLAGS,
  cacheFolder,
  findPrograms,
  GO_FOLDER,
  goVersion,
  PROGRAMS,
  type ProgramName,
  type Programs,
} from './binaries.js';
import { sleep } from './poll.js';

export interface EnsureOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
  /** Programs that are enough for the caller; default all. */
  readonly want?: readonly ProgramName[];
}

export interface EnsuredPrograms {
  readonly programs: Programs;
  /** Where builds and CRDs are kept; undefined where there is neither Go nor an earlier build. */
  readonly cache: string | undefined;
  /** One sentence per program that is missing, for people. */
  readonly problems: readonly string[];
}

/** Finds the lab's programs, and builds with Go those that are nowhere (once: about a quarter of an hour). */
export async function ensurePrograms(options: EnsureOptions = {}): Promise<EnsuredPrograms> {
  const { env = process.env, log = (line) => console.error(line) } = options;
  const want = PROGRAMS.filter(({ name }) => options.want?.includes(name) ?? true);
  const go = await goVersion();
  const cache = cacheFolder(go);
  const missing = () => {
    const found = findPrograms(cache, env);
    return want.filter(({ name }) => found[name] === undefined);
  };
  const problems: string[] = [];
  if (missing().length > 0 && go !== undefined && cache !== undefined) {
    const release = await lock(path.join(cache, '.lock'), log);
    try {
      const todo = missing();
      for (const [index, program] of todo.entries()) {
        const problem = await build(program, cache, `${index + 1} of ${todo.length}`, log);
        if (problem !== undefined) problems.push(problem);
      }
    } finally {
      await release();
    }
  }
  if (go === undefined)
    for (const { name } of missing()) problems.push(`${name} was not found, and Go is not installed to build it.`);
  return { programs: findPrograms(cache, env), cache, problems };
}

/** Builds into a temporary name and renames, so that a half-written program is never found. */
async function build(
  program: (typeof PROGRAMS)[number],
  cache: string,
  place: string,
  log: (line: string) => void,
): Promise<string | undefined> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  log(`lab: building ${program.name} (${place}) …`);
  const progress = setInterval(() => log(`lab: building ${program.name} (${place}), ${seconds()} so far …`), 30_000);
  const temporary = path.join(cache, `.${program.name}.${process.pid}`);
  const { code, output } = await runGo(['build', ...BUILD_FLAGS, '-o', temporary, program.package], program.module);
  clearInterval(progress);
  if (code !== 0) {
    await rm(temporary, { force: true });
    log(`lab: ${program.name} could not be built after ${seconds()}:\n${output}`);
    return `${program.name} could not be built with Go: ${output.split('\n').at(-1) ?? ''}`;
  }
  const file = path.join(cache, process.platform === 'win32' ? `${program.name}.exe` : program.name);
  await rename(temporary, file);
  log(`lab: built ${program.name} (${place}) in ${seconds()}`);
  return undefined;
}

function runGo(args: readonly string[], module: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('go', args, {
      cwd: path.join(GO_FOLDER, module),
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
    child.once('error', (error) => resolve({ code: -1, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output.trimEnd() }));
  });
}

/** One build at a time on this machine. A lock whose owner is dead is taken over. */
export async function lock(file: string, log: (line: string) => void): Promise<() => Promise<void>> {
  await mkdir(path.dirname(file), { recursive: true });
  for (let waits = 0; ; waits += 1) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readFile(file, 'utf8').catch(() => '');
    if (await isAbandoned(file, owner)) await rm(file, { force: true });
    else {
      if (waits % 60 === 0) log(`lab: waiting for the build of process ${owner} …`);
      await sleep(500);
    }
  }
}

async function isAbandoned(file: string, owner: string): Promise<boolean> {
  const pid = Number(owner);
  if (Number.isInteger(pid) && pid > 0) {
    try {
      process.kill(pid, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  }
  // Created, but its process id is not written yet: give it some seconds.
  return existsSync(file) && Date.now() - (await stat(file)).mtimeMs > 10_000;
}
