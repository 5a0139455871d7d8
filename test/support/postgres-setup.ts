import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../libs/platform/src/index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Administrator's URL of this run's own PostgreSQL. Make a database with `createDatabase()`. */
    postgresUrl: string;
  }
}

const PREFIX = 'plimsoll-test-';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends and removes what test runs left behind that were killed before they could. Their pid is in the folder's name. */
async function removeOrphans(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = Number(/^\d+(?=-)/.exec(name.slice(PREFIX.length))?.[0] ?? process.pid);
    if (isAlive(owner)) continue;
    const folder = path.join(tmpdir(), name);
    try {
      const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), fast: true });
      await server.stop();
    } catch {
      // There is no server that could be stopped; the folder goes in any case.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a PostgreSQL of its own for one test run, in a folder that is gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeOrphans();
  const folder = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    // The server's user must be able to enter it when the tests run as root.
    chmodSync(folder, 0o755);
    const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), fast: true });
    project.provide('postgresUrl', postgres.url);
    return async () => {
      try {
        await postgres.stop();
      } finally {
        remove();
      }
    };
  } catch (error) {
    remove();
    throw error;
  }
}
