import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { migrate } from '#libs/persistence';

export interface TestDatabase {
  readonly url: string;
  /** Also closes connections that are still open. */
  drop(): Promise<void>;
}

/** `migrated`: with the schema of this version. `empty`: as PostgreSQL makes it. */
export type DatabaseTemplate = 'migrated' | 'empty';

const MIGRATED = 'plimsoll_migrated';
/** Any constant will do; test files that start at once wait for the one that makes the template. */
const TEMPLATE_LOCK = 7_290_275;

async function administer<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.toString();
}

/** Makes the migrated database that others are cloned from, once for each run of the tests. */
async function ensureTemplate(admin: Client): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [MIGRATED]);
    if (found.rowCount !== 0) return;
    // Renamed when it is whole, so that a failed migration does not leave a template behind.
    await admin.query(`DROP DATABASE IF EXISTS ${MIGRATED}_new WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${MIGRATED}_new`);
    await migrate(urlOf(`${MIGRATED}_new`));
    await admin.query(`ALTER DATABASE ${MIGRATED}_new RENAME TO ${MIGRATED}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** A new database on this run's PostgreSQL: a clone of a migrated one, about 100 ms, or an empty one. */
export async function createDatabase(options: { readonly template?: DatabaseTemplate } = {}): Promise<TestDatabase> {
  const template = options.template ?? 'migrated';
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(async (admin) => {
    if (template === 'migrated') await ensureTemplate(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template === 'migrated' ? MIGRATED : 'template1'}`);
  });
  return {
    url: urlOf(name),
    drop: () => administer(async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}
