import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';

/** A redis-server of a test's own: nothing is kept, nothing is shared. */
export interface TestRedis {
  readonly url: string;
  /** Deletes everything, as an operator's `FLUSHALL` does. */
  flushAll(): Promise<void>;
  /** Kills the server, as a crash does. */
  kill(): Promise<void>;
  /** Starts an empty one at the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

let present: boolean | undefined;
/**
 * Whether this machine has a redis-server. Tests that need it say `[needs redis]` in their title and are skipped
 * without it; where `CI` is set its absence is an error, so that it cannot go unnoticed.
 */
export function redisIsPresent(): boolean {
  present ??= spawnSync('redis-server', ['--version']).status === 0;
  if (!present && process.env.CI === 'true') throw new Error('CI has no redis-server on the PATH. Install it.');
  return present;
}

/** The two homes of the queues, for `describe.each(QUEUE_HOMES)('… $title')`. */
export const QUEUE_HOMES = [
  { home: 'postgres', title: 'on PostgreSQL', absent: false },
  { home: 'redis', title: 'on Redis [needs redis]', absent: !redisIsPresent() },
] as const;
export type QueueHome = (typeof QUEUE_HOMES)[number]['home'];

/** Starts a server on a free port of 127.0.0.1 with a folder of its own. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await launch(folder, port);
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    url,
    flushAll: () => withClient(url, async (client) => void (await client.flushall())),
    kill,
    start: async () => void (server = await launch(folder, port)),
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const failed = once(server, 'exit').then(() => {
    throw new Error(`redis-server did not start:\n${output}`);
  });
  failed.catch(() => undefined);
  await Promise.race([failed, withClient(`redis://127.0.0.1:${port}`, async (client) => void (await client.ping()))]);
  return server;
}

async function withClient(url: string, use: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
