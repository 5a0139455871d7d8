import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DEFAULT_PROFILE } from '#libs/controls';
import type { ChannelEvent } from '#libs/core';
import type { ChannelKind, JsonObject, RunRecord, StartRun } from '#libs/persistence';
import { channelAad, createLogger, Keyring, loadConfig, newId } from '#libs/platform';
import { CertificateAuthority } from '#libs/simulator';
import type { INestApplicationContext } from '@nestjs/common';
import { startWorker } from '../../apps/worker/src/start-worker.js';
import { workerSettings } from '../../apps/worker/src/worker-settings.js';
import { eventually } from './eventually.js';
import { startMisbehavingReceiver, type MisbehavingReceiver } from './misbehaving-receiver.js';
import { startRedis, type QueueHome, type TestRedis } from './redis.js';
import { serverBuild } from './server-build.js';
import { SimulatedFleet } from './simulated-fleet.js';
import { openStore, type Store } from './store.js';

type Environment = Readonly<Record<string, string>>;

/** A worker as a process of its own, as it runs in production. */
export interface WorkerProcess {
  readonly process: ChildProcess;
  /** Log lines so far, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Everything around a worker: database, queues, a fleet; and as many workers as a test wants. */
export class WorkerStage {
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly store: Store,
    readonly redis: TestRedis | undefined,
    readonly keyring: Keyring,
    private readonly environment: Environment,
  ) {}

  /** @param environment settings of all workers, beside those that the stage makes */
  static async open(home: QueueHome, environment: Environment = {}): Promise<WorkerStage> {
    const store = await openStore();
    const redis = home === 'redis' ? await startRedis() : undefined;
    const key = randomBytes(32);
    return new WorkerStage(store, redis, new Keyring(new Map([['k1', key]]), 'k1'), {
      DATABASE_URL: store.url,
      ...(redis && { REDIS_URL: redis.url }),
      PLIMSOLL_MASTER_KEY: key.toString('base64'),
      PLIMSOLL_EGRESS_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
      PLIMSOLL_LOG_LEVEL: 'info',
      ...environment,
    });
  }

  async fleet(names: readonly string[]): Promise<SimulatedFleet> {
    const fleet = await SimulatedFleet.start(this.store, this.keyring, names);
    this.closers.push(() => fleet.close());
    return fleet;
  }

  /** A receiver of signed webhooks. `environment` makes a worker that is a process of its own trust it. */
  async webhookReceiver(): Promise<{ receiver: MisbehavingReceiver; channelId: string; environment: Environment }> {
    const authority = await CertificateAuthority.create('receiver-ca');
    const { certPem, keyPem } = await authority.issueServer(['localhost']);
    const receiver = await startMisbehavingReceiver({ cert: certPem, key: keyPem });
    const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-ca-'));
    const file = path.join(folder, 'ca.pem');
    await writeFile(file, authority.certPem);
    this.closers.push(async () => {
      await receiver.stop();
      await rm(folder, { recursive: true });
    });
    const signingSecrets = [`whsec_${randomBytes(32).toString('base64')}`];
    const channelId = await this.channel('webhook', { url: `${receiver.origin}/hook`, signingSecrets });
    return { receiver, channelId, environment: { NODE_EXTRA_CA_CERTS: file } };
  }

  /** A channel that wants to hear of completed runs, unless something else is said. Answers its id. */
  async channel(
    kind: ChannelKind,
    secret: object,
    { events = ['run.completed'], settings = {} }: { events?: readonly ChannelEvent[]; settings?: JsonObject } = {},
  ): Promise<string> {
    const id = newId('chn');
    const created = await this.store.channels.create({
      id,
      kind,
      name: `channel-${id.toLowerCase().slice(-8)}`,
      settings,
      sealed: this.keyring.seal(JSON.stringify(secret), channelAad(id)),
      events,
      minSeverity: 'info',
    });
    if (created === 'nameTaken') throw new Error('two channels of one name');
    return id;
  }

  /** Starts a worker inside this process. */
  async startWorker(environment: Environment = {}): Promise<INestApplicationContext> {
    const settings = workerSettings(loadConfig({ ...this.environment, ...environment }));
    const worker = await startWorker(settings, createLogger('worker', { level: 'silent' }));
    this.closers.push(() => worker.close());
    return worker;
  }

  /** Starts a worker as a process of its own, and waits until it is ready. */
  async spawnWorker(environment: Environment = {}): Promise<WorkerProcess> {
    const worker = await this.spawnProgram('main', environment);
    await eventually('the worker is ready', () => {
      if (worker.process.exitCode !== null) throw new Error(`it did not start:\n${JSON.stringify(worker.log)}`);
      return worker.log.some(({ msg }) => msg === 'the worker is ready');
    });
    return worker;
  }

  /** Starts one of the worker's programs as a process of its own. */
  async spawnProgram(name: 'main' | 'migrate', environment: Environment = {}): Promise<WorkerProcess> {
    const program = `${await serverBuild()}/apps/worker/src/${name}.js`;
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
      env: { PATH: process.env.PATH, ...this.environment, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const log: Readonly<Record<string, unknown>>[] = [];
    if (child.stdout) createInterface(child.stdout).on('line', (line) => log.push(JSON.parse(line)));
    const ended = once(child, 'exit').then(([code, signal]: unknown[]) => (code ?? signal) as number | string);
    this.closers.push(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return { process: child, log, ended };
  }

  /** Starts a run of the default profile over the whole fleet, unless something else is said. */
  startRun(input: Partial<StartRun> = {}): Promise<RunRecord> {
    return this.store.start({ profile: DEFAULT_PROFILE, ...input });
  }

  /** Waits for the end of a run. */
  completed(runId: string, withinMs = 60_000): Promise<RunRecord> {
    return eventually(
      `run ${runId} is complete`,
      async () => {
        const run = await this.store.runs.get(runId);
        return run?.state === 'completed' && run;
      },
      { withinMs, everyMs: 100 },
    );
  }

  /** Ends all workers, fleets and servers, newest first. */
  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    await this.store.close();
    await this.redis?.stop();
  }
}
