import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild, stopChildren, type Child } from '../../apps/cli/src/up/children.js';
import { freePorts } from '../lab/ports.js';
import { createDatabase } from './database.js';
import { eventually } from './eventually.js';
import { startRedis, type QueueHome, type TestRedis } from './redis.js';
import { ServiceRest } from './service-rest.js';
import { serverBuild } from './server-build.js';

type Environment = Readonly<Record<string, string>>;

export interface ServiceOptions {
  /** Where the queues live. Default: PostgreSQL. */
  readonly queues?: QueueHome;
  /** How many workers are started. Default 1. */
  readonly workers?: number;
  /** Further settings of all processes, stronger than those made here. */
  readonly environment?: Environment;
  /** An empty database of the caller's. Default: a new one, which is dropped at the end. */
  readonly databaseUrl?: string;
}

/** One process of the service. */
export interface ServiceProcess {
  readonly name: string;
  /** Ends it, and answers its exit code or the signal that ended it. `stop()` no longer expects a clean end of it. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals>;
}

interface Running extends ServiceProcess {
  readonly child: Child;
  readonly lines: readonly string[];
  killed: boolean;
}

const READY = { worker: 'the worker is ready', api: 'the API is ready' } as const;
/** More than a process gives itself for its end. */
const STOP_GRACE_MS = 30_000;

/**
 * The product as it is installed: migrations, the API and workers as processes of their own, made from the sources by
 * the build that production uses, on a fresh database of the test run's PostgreSQL. Loopback addresses may be audited.
 */
export class Service {
  readonly rest: ServiceRest;
  private readonly processes: Running[] = [];

  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    readonly redis: TestRedis | undefined,
    /** Holds the admin token and nothing else. */
    readonly dataDir: string,
    private readonly dist: string,
    private readonly environment: Environment,
    private readonly closers: (() => Promise<unknown>)[],
  ) {
    this.rest = new ServiceRest(url);
  }

  /** @throws {Error} with the output of the process that did not start */
  static async start(options: ServiceOptions = {}): Promise<Service> {
    const closers: (() => Promise<unknown>)[] = [];
    try {
      const service = await Service.open(options, closers);
      await service.run('migrate', 'apps/worker/src/migrate.js');
      await Promise.all([
        service.startApi(),
        ...Array.from({ length: options.workers ?? 1 }, () => service.startWorker()),
      ]);
      return service;
    } catch (error) {
      for (const close of closers.toReversed()) await close().catch(() => undefined);
      throw error;
    }
  }

  private static async open(options: ServiceOptions, closers: (() => Promise<unknown>)[]): Promise<Service> {
    const dist = await serverBuild();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'plimsoll-service-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    const redis = options.queues === 'redis' ? await startRedis() : undefined;
    if (redis) closers.push(() => redis.stop());
    const database = options.databaseUrl === undefined ? await createDatabase({ template: 'empty' }) : undefined;
    if (database) closers.push(() => database.drop());
    const databaseUrl = options.databaseUrl ?? database?.url ?? '';
    const [port] = await freePorts(1);
    const listen = `127.0.0.1:${port}`;
    const service = new Service(
      `http://${listen}`,
      databaseUrl,
      redis,
      dataDir,
      dist,
      {
        PATH: process.env['PATH'] ?? '',
        DATABASE_URL: databaseUrl,
        ...(redis && { REDIS_URL: redis.url }),
        PLIMSOLL_LISTEN: listen,
        PLIMSOLL_DATA_DIR: dataDir,
        PLIMSOLL_WRITE_ADMIN_TOKEN: '1',
        PLIMSOLL_MASTER_KEY: randomBytes(32).toString('base64'),
        PLIMSOLL_EGRESS_ALLOW_CIDRS: '127.0.0.0/8',
        ...options.environment,
      },
      closers,
    );
    closers.push(() => service.stopProcesses());
    return service;
  }

  /** The first admin's token. */
  get token(): string {
    return this.rest.token;
  }

  get workers(): readonly ServiceProcess[] {
    return this.processes.filter(({ name }) => name === 'worker');
  }

  /** Starts one more worker, and waits until it is ready. */
  async startWorker(environment: Environment = {}): Promise<ServiceProcess> {
    return this.startProcess('worker', environment);
  }

  /** What all processes have written so far, those that ended included. */
  logs(): readonly string[] {
    return this.processes.flatMap(({ lines }) => lines);
  }

  /**
   * Ends everything, and removes what was made.
   * @throws {Error} where a process that no test killed did not end cleanly
   */
  async stop(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.closers.splice(0).toReversed()) {
      await close().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }

  private async startApi(): Promise<void> {
    await this.startProcess('api');
    this.rest.token = (await readFile(path.join(this.dataDir, 'admin-token'), 'utf8')).trim();
  }

  private async startProcess(name: 'api' | 'worker', environment: Environment = {}): Promise<ServiceProcess> {
    const started = this.spawn(name, `apps/${name}/src/main.js`, environment);
    let end: number | NodeJS.Signals | undefined;
    void started.child.ended.then((code) => (end = code));
    await eventually(
      `the ${name} is ready`,
      () => {
        if (end !== undefined) throw new Error(`The ${name} did not start (${end}):\n${started.lines.join('\n')}`);
        return started.lines.some((line) => line.includes(`"${READY[name]}"`));
      },
      { withinMs: 60_000 },
    );
    return started;
  }

  private async run(name: string, script: string): Promise<void> {
    const { child, lines } = this.spawn(name, script);
    const code = await child.ended;
    if (code !== 0) throw new Error(`${name} failed (${code}):\n${lines.join('\n')}`);
  }

  private spawn(name: string, script: string, environment: Environment = {}): Running {
    const lines: string[] = [];
    const env = { ...this.environment, ...environment };
    const child = startChild(name, path.join(this.dist, script), env, (line) => lines.push(line));
    const running: Running = {
      name,
      child,
      lines,
      killed: false,
      kill: (signal) => {
        running.killed = true;
        child.process.kill(signal);
        return child.ended;
      },
    };
    this.processes.push(running);
    return running;
  }

  private async stopProcesses(): Promise<void> {
    await stopChildren(
      this.processes.map(({ child }) => child),
      STOP_GRACE_MS,
    );
    for (const { name, child, lines, killed } of this.processes) {
      const code = await child.ended;
      if (code !== 0 && !killed) throw new Error(`The ${name} ended with ${code}:\n${lines.slice(-20).join('\n')}`);
    }
  }
}
