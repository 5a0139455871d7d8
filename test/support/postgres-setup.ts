import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
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

/** Starts a PostgreSQL of its own for one test run, in a folder that is gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-test-'));
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
