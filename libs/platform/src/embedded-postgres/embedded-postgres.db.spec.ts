import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/eventually.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { startEmbeddedPostgres } from './start-embedded-postgres.js';

const root = mkdtempSync(path.join(tmpdir(), 'plimsoll-embedded-'));
chmodSync(root, 0o755);
const moved: string[] = [];
afterAll(() => {
  for (const folder of [root, ...moved]) rmSync(folder, { recursive: true, force: true });
});

const start = (dataDir: string) => startEmbeddedPostgres({ dataDir, fast: true });

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
const answers = (url: string) =>
  connected(url, async (client) => (await client.query('SELECT 1')).rowCount === 1).catch(() => false);
const pidOf = (dataDir: string) => Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('the first start', () => {
  const dataDir = path.join(root, 'shared');

  it('is done once, however many processes start at once; the others join', async () => {
    const servers = await Promise.all([start(dataDir), start(dataDir), start(dataDir)]);
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
    expect(servers.filter(({ joined }) => !joined)).toHaveLength(1);
    const [first] = servers;
    const tell = (client: Client) => client.query<{ name: string }>('SELECT current_database() AS name');
    expect((await connected(first?.url ?? '', tell)).rows).toEqual([{ name: 'plimsoll' }]);
    expect(readdirSync(root).filter((name) => name.startsWith('shared'))).toEqual(['shared']);

    // One that joined does not stop the server under somebody else.
    const joined = servers.find((server) => server.joined);
    await connected(first?.url ?? '', async () => joined?.stop());
    expect(await answers(first?.url ?? '')).toBe(true);
    await servers.find((server) => !server.joined)?.stop();
    expect(await answers(first?.url ?? '')).toBe(false);
    expect(existsSync(path.join(dataDir, 'postmaster.pid'))).toBe(false);
  });

  it('keeps the secret and the data to their owner', () => {
    expect(statSync(dataDir).mode & 0o077).toBe(0);
    expect(statSync(path.join(dataDir, 'plimsoll.secret')).mode & 0o077).toBe(0);
  });

  it('is the last one that creates: later ones find the data', async () => {
    const server = await start(dataDir);
    await connected(server.url, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS answer'));
    await connected(server.url, (client) => client.query('CHECKPOINT'));
    await server.stop();
    const again = await start(dataDir);
    const { rows } = await connected(again.url, (client) => client.query('SELECT answer FROM kept'));
    expect(rows).toEqual([{ answer: 42 }]);
    expect(again.joined).toBe(false);
    await again.stop();
  });

  it('joins a server that a killed process left behind, and stops it', async () => {
    const abandoned = await start(dataDir);
    const next = await start(dataDir);
    expect(next).toMatchObject({ joined: true, url: abandoned.url });
    await next.stop();
    expect(await answers(abandoned.url)).toBe(false);
  });

  it('starts again after the server itself was killed', async () => {
    const crashed = await start(dataDir);
    process.kill(pidOf(crashed.dataDir), 'SIGKILL');
    await eventually('the server is gone', async () => !(await answers(crashed.url)));
    const next = await start(dataDir);
    expect(next.joined).toBe(false);
    expect(await answers(next.url)).toBe(true);
    await next.stop();
  });

  it('takes only its own password, on loopback', async () => {
    const server = await start(dataDir);
    const wrong = new URL(server.url);
    wrong.password = 'password';
    await expect(connected(wrong.toString(), async () => 'in')).rejects.toThrow(/password authentication failed/);
    const { rows } = await connected(server.url, (client) =>
      client.query(
        `SELECT current_setting('listen_addresses') AS tcp, current_setting('unix_socket_directories') AS unix`,
      ),
    );
    expect(rows).toEqual([{ tcp: '127.0.0.1', unix: '' }]);
    await server.stop();
  });
});

describe('a folder that cannot be used', () => {
  it('is refused and left alone where it holds something else', async () => {
    const dataDir = path.join(root, 'photos');
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'holiday.jpg'), 'x');
    await expect(start(dataDir)).rejects.toThrow(/was not made by Plimsoll, so nothing in it was touched/);
    expect(readdirSync(dataDir)).toEqual(['holiday.jpg']);
  });

  it('is refused where another version wrote it', async () => {
    const dataDir = path.join(root, 'older');
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'PG_VERSION'), '12\n');
    const refused = await start(dataDir).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(EmbeddedPostgresError);
    expect(refused).toMatchObject({ code: 'otherVersion' });
    expect(String(refused)).toContain('has 12');
  });

  it('is exchanged for another where the server may not enter its parent', async () => {
    const closed = path.join(root, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const wanted = path.join(closed, 'data');
    const server = await start(wanted);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) moved.push(server.dataDir);
    expect(server.dataDir === wanted).toBe(!isRoot);
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    const again = await start(wanted);
    expect(again.dataDir).toBe(server.dataDir);
    await again.stop();
  });
});
