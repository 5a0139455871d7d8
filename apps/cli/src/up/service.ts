import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres, type Config, type EmbeddedPostgres } from '#libs/platform';
import { CliError, ExitCode } from '../exit-codes.js';
import { startChild, stopChildren, type Child } from './children.js';
import type { DataFolder } from './data-folder.js';

export interface Service {
  readonly url: string;
  /** Resolves when one of its processes ended without being asked to, with a sentence that says which. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

const program = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
/** How the API announces the first admin token; printed once, and never kept among the lines for an error. */
const FIRST_TOKEN = 'The first admin token';
const STOP_GRACE_MS = 30_000;
const READY_TIMEOUT_MS = 60_000;

/** Waits until the service says it is ready, or one of its processes ends. */
async function untilReady(url: string, failed: Promise<string>): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let failure: string | undefined;
  void failed.then((reason) => (failure = reason));
  while (Date.now() < deadline) {
    if (failure !== undefined) throw new CliError(ExitCode.couldNotRun, failure);
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new CliError(ExitCode.couldNotRun, `The service at ${url} was not ready after a minute.`);
}

async function runToEnd(name: string, script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const lines: string[] = [];
  const child = startChild(name, program(script), env, (line) => lines.push(line));
  const code = await child.ended;
  if (code !== 0) {
    throw new CliError(ExitCode.couldNotRun, `${name} failed (${code}):\n${lines.slice(-15).join('\n')}`);
  }
}

/**
 * Starts PostgreSQL (unless DATABASE_URL is set), brings the schema up to date, and starts worker and API as processes
 * of their own. They share nothing with this process but the environment.
 */
export async function startService(
  config: Config,
  folder: DataFolder,
  overrides: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Service> {
  let postgres: EmbeddedPostgres | undefined;
  const children: Child[] = [];
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await stopChildren(children, STOP_GRACE_MS);
    await postgres?.stop();
  };
  try {
    if (config.databaseUrl === undefined) {
      log('Starting PostgreSQL …');
      postgres = await startEmbeddedPostgres({ dataDir: folder.postgres });
    }
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      DATABASE_URL: config.databaseUrl ?? postgres?.url,
      PLIMSOLL_DATA_DIR: folder.path,
      PLIMSOLL_WRITE_ADMIN_TOKEN: '1',
      ...(config.masterKey === undefined &&
        config.masterKeyFile === undefined && { PLIMSOLL_MASTER_KEY_FILE: folder.masterKeyFile }),
      ...overrides,
    };
    log('Updating the database schema …');
    await runToEnd('The schema update', 'apps/worker/src/migrate.js', env);
    log('Starting worker and API …');
    const tails = new Map<string, string[]>();
    for (const name of ['worker', 'api']) {
      const tail: string[] = [];
      tails.set(name, tail);
      children.push(
        startChild(name, program(`apps/${name}/src/main.js`), env, (line) => {
          if (line.startsWith(FIRST_TOKEN)) process.stdout.write(`${line}\n`);
          else tail.push(line);
          if (tail.length > 15) tail.shift();
          if (process.env.PLIMSOLL_LOG_LEVEL) log(line);
        }),
      );
    }
    const failed = Promise.race(
      children.map(async (child) => {
        const code = await child.ended;
        if (stopping) return new Promise<never>(() => undefined);
        return `The ${child.name} ended (${code}):\n${(tails.get(child.name) ?? []).join('\n')}`;
      }),
    );
    const { host, port } = config.listen;
    const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    const url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
    await untilReady(url, failed);
    return { url, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
