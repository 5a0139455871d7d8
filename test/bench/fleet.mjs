// Clusters audited per minute: the real API and one worker, 200 simulated clusters, on both kinds of queue.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '#libs/platform';
import { mb, ms, simulate } from './support.mjs';

const CLUSTERS = 200;
const PODS = 100;
const program = (name) => fileURLToPath(new URL(`../../dist/apps/${name}.js`, import.meta.url));
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function poll(what, probe) {
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    const answer = await probe().catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain: ${what}`);
}

async function measure(redisUrl, served, folder) {
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, redisUrl ? 'redis-pg' : 'pg') });
  const port = await freePort();
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    PLIMSOLL_LISTEN: `127.0.0.1:${port}`,
    PLIMSOLL_DATA_DIR: folder,
    PLIMSOLL_WRITE_ADMIN_TOKEN: '1',
    PLIMSOLL_MASTER_KEY: randomBytes(32).toString('base64'),
    PLIMSOLL_EGRESS_ALLOW_CIDRS: '127.0.0.0/8',
    PLIMSOLL_LOG_LEVEL: 'error',
  };
  const children = [];
  try {
    if (
      spawnSync(process.execPath, [program('worker/src/migrate')], { env, stdio: ['ignore', 'ignore', 'inherit'] })
        .status !== 0
    )
      throw new Error('the schema update failed');
    for (const name of ['api', 'worker'])
      children.push(
        spawn(process.execPath, [program(`${name}/src/main`)], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
      );
    const base = `http://127.0.0.1:${port}`;
    await poll('the service is ready', async () => (await fetch(`${base}/readyz`)).ok);
    const token = readFileSync(path.join(folder, 'admin-token'), 'utf8').trim();
    const call = async (method, where, body) => {
      const response = await fetch(`${base}/api/v1${where}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    const batchStarted = performance.now();
    await call('POST', '/clusters:batch', {
      items: served.clusters.map((cluster) => ({
        name: cluster.name,
        role: 'tenant',
        tenancy: 'shared',
        connection: { server: cluster.server, caData: Buffer.from(served.caPem).toString('base64') },
        credential: { kind: 'token', token: cluster.token },
      })),
    });
    const batchMs = performance.now() - batchStarted;
    const rates = [];
    let last;
    for (let round = 0; round < 3; round += 1) {
      const { id } = await call('POST', '/runs', { target: {}, reason: 'bench' });
      last = await poll('the run completes', async () => {
        const run = await call('GET', `/runs/${id}`);
        return run.state === 'completed' ? run : undefined;
      });
      const seconds = (Date.parse(last.finishedAt) - Date.parse(last.createdAt)) / 1000;
      rates.push((CLUSTERS * 60) / seconds);
    }
    const worker = children[1];
    const rss = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    return [
      `${redisUrl ? 'Redis     ' : 'PostgreSQL'} queue   ${rates.map((rate) => Math.round(rate)).join(', ')} clusters a minute (three runs)   coverage ${last.coverage}   worker peak RSS ${mb(rss)}   batch of ${CLUSTERS} registered in ${ms(batchMs)}`,
    ];
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
    await postgres.stop();
  }
}

async function redis(folder) {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--dir', folder, '--save', '', '--bind', '127.0.0.1'], {
    stdio: 'ignore',
  });
  const started = await Promise.race([
    new Promise((resolve) => child.once('error', () => resolve(false))),
    new Promise((resolve) => setTimeout(() => resolve(true), 500)),
  ]);
  return started ? { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() } : undefined;
}

export async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const served = await simulate({ clusters: CLUSTERS, pods: PODS });
  try {
    const lines = await measure(undefined, served, folder);
    const server = await redis(folder);
    if (!server) return [...lines, 'Redis queue   not measured: redis-server is not installed'];
    try {
      rmSync(path.join(folder, 'admin-token'), { force: true });
      lines.push(...(await measure(server.url, served, folder)));
    } finally {
      server.stop();
    }
    return lines;
  } finally {
    served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
