import type { DataSource } from 'typeorm';
import { createDataSource, MIGRATION_TABLE } from './data-source.js';

/** Any constant will do; it is what processes that start at once wait for. */
const MIGRATION_LOCK = 7_290_274;

export type SchemaErrorCode = 'schemaNewer';

const SENTENCES: Record<SchemaErrorCode, string> = {
  schemaNewer:
    'The database was migrated by a newer Plimsoll. Start that version or a later one, or restore the backup from before the upgrade.',
};

export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  /** @param detail names of the migrations that this version does not have */
  constructor(
    readonly code: SchemaErrorCode,
    detail: string,
  ) {
    super(`${SENTENCES[code]} (${detail})`);
  }
}

/** Names of migrations that ran on this database but are not in this version. */
async function unknownMigrations(dataSource: DataSource): Promise<readonly string[]> {
  const found: unknown[] = await dataSource.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [MIGRATION_TABLE]);
  if (found.length === 0) return [];
  const known = new Set(dataSource.migrations.map((migration) => migration.name));
  const ran: readonly { readonly name: string }[] = await dataSource.query(
    `SELECT name FROM ${MIGRATION_TABLE} ORDER BY id`,
  );
  return ran.map(({ name }) => name).filter((name) => !known.has(name));
}

/**
 * Brings a database to the schema of this version. Any number of processes may call it at once; one does the work.
 * Also makes the schema `bullmq`, where the queues put their own tables where they live in PostgreSQL.
 * @returns the names of the migrations that ran now
 * @throws {SchemaError} `schemaNewer`
 */
export async function migrate(url: string): Promise<readonly string[]> {
  // Without a limit: some wait for the one that migrates, and a large table takes its time.
  const options = { max: 2, applicationName: 'plimsoll migrate', statementTimeoutMs: 0 };
  const dataSource = await createDataSource(url, options).initialize();
  try {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const unknown = await unknownMigrations(dataSource);
      if (unknown.length > 0) throw new SchemaError('schemaNewer', unknown.join(', '));
      await runner.query('CREATE SCHEMA IF NOT EXISTS bullmq');
      return (await dataSource.runMigrations()).map(({ name }) => name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}
