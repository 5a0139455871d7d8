import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { serverBuild } from '../../../test/support/server-build.js';

let program: string;
let database: TestDatabase;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  program = path.join(await serverBuild(), 'apps/api/src/main.js');
  database = await createDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-api-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
  readonly ended: Promise<number | string>;
}

async function start(environment: Record<string, string> = {}): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      PLIMSOLL_LISTEN: `127.0.0.1:${port}`,
      PLIMSOLL_MASTER_KEY: randomBytes(32).toString('base64'),
      PLIMSOLL_DATA_DIR: folder,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => (code ?? signal) as number | string);
  return { child, url: `http://127.0.0.1:${port}`, output: () => output, ended };
}

const isReady = ({ url, child, output }: Running) =>
  eventually(
    'the API is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output()}`);
      return fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    { withinMs: 30_000 },
  );

describe('the program', () => {
  it('prints the first admin token once, writes it where asked, and logs no secret', async () => {
    const first = await start({ PLIMSOLL_WRITE_ADMIN_TOKEN: '1' });
    await isReady(first);
    const [token = ''] = /plm_pat_\w+/.exec(first.output()) ?? [];
    const file = path.join(folder, 'admin-token');
    expect((await readFile(file, 'utf8')).trim()).toBe(token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const me = await fetch(`${first.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(((await me.json()) as { role: string }).role).toBe('admin');
    await fetch(`${first.url}/api/v1/me?token=${token}`, { headers: { authorization: `Bearer ${token}` } });

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.output().split(token)).toHaveLength(2);

    const second = await start();
    await isReady(second);
    expect(second.output()).not.toContain('plm_pat_');
    expect((await fetch(`${second.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it('answers what is under way before it stops', async () => {
    const running = await start();
    await isReady(running);
    const slow = fetch(`${running.url}/readyz?verbose`);
    running.child.kill('SIGTERM');
    await slow.then(
      ({ status }) => expect([200, 503]).toContain(status),
      () => undefined,
    );
    expect(await running.ended).toBe(0);
    await expect(fetch(`${running.url}/livez`)).rejects.toThrow('fetch failed');
  });

  it('stops when the process that started it is gone', async () => {
    const running = await start();
    await isReady(running);
    running.child.disconnect();
    expect(await running.ended).toBe(0);
  });

  it.each([
    [{ DATABASE_URL: '' }, 'DATABASE_URL'],
    [{ PLIMSOLL_MASTER_KEY: '' }, 'PLIMSOLL_MASTER_KEY'],
    [{ PLIMSOLL_LISTEN: 'nowhere' }, 'PLIMSOLL_LISTEN'],
    [{ DATABASE_URL: 'postgres://nobody:hidden-password@127.0.0.1:1/none' }, 'could not start'],
  ])('does not start with %j, and says why', async (environment, word) => {
    const running = await start(environment);
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain(word);
    expect(running.output()).not.toContain('hidden-password');
  });

  it('does not start on a schema that is not up to date', async () => {
    const empty = await createDatabase({ template: 'empty' });
    try {
      const running = await start({ DATABASE_URL: empty.url });
      expect(await running.ended).toBe(1);
      expect(running.output()).toContain('older than this version');
    } finally {
      await empty.drop();
    }
  });
});
