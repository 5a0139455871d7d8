import { realpathSync } from 'node:fs';
import path from 'node:path';
import { escapeIdentifier } from 'pg';
import { prepareDataDirectory, SUPERUSER } from './data-directory.js';
import { nativeDirectory } from './native-binaries.js';
import { clientFor, startServer, stopServer, type ServerPlace } from './server.js';
import { reachableDataDir, unprivilegedUser } from './unprivileged-user.js';

export interface EmbeddedPostgres {
  /** Of the database `plimsoll`; holds the password. */
  readonly url: string;
  /** Where the data really is; differs from the wanted folder where that is out of the server's reach. */
  readonly dataDir: string;
  /** The server was already running, started by a process that was killed, or that still lives. */
  readonly joined: boolean;
  /** Stops the server; one that was joined stays while somebody else is connected to it. */
  stop(): Promise<void>;
}

async function ensureDatabase(place: ServerPlace, port: number, name: string): Promise<void> {
  const client = clientFor(place, port);
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
  } catch (error) {
    // 42P04 duplicate_database, 23505 unique_violation: another process made it at the same moment.
    if (!['42P04', '23505'].includes((error as { readonly code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

async function isInUse(place: ServerPlace, port: number): Promise<boolean> {
  const client = clientFor(place, port);
  try {
    await client.connect();
    const others = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1`,
    );
    return others.rowCount !== 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Starts the bundled PostgreSQL on `dataDir` (made on the first start, kept between starts), on a free port of
 * 127.0.0.1, or joins the server that already runs there.
 * @param options.fast no durability, for tests
 * @throws {EmbeddedPostgresError}
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDir: string;
  readonly fast?: boolean;
}): Promise<EmbeddedPostgres> {
  const fast = options.fast === true;
  const user = unprivilegedUser();
  const native = nativeDirectory(user);
  const wanted = reachableDataDir(path.resolve(options.dataDir), user);
  const password = prepareDataDirectory(wanted, native, user, fast);
  const place: ServerPlace = { dir: realpathSync(wanted), native, user, password, fast };
  const { port, joined } = await startServer(place);
  await ensureDatabase(place, port, 'plimsoll');
  return {
    url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/plimsoll`,
    dataDir: place.dir,
    joined,
    stop: async () => {
      if (joined && (await isInUse(place, port))) return;
      await stopServer(place);
    },
  };
}
