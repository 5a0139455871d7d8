import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { createDataSource } from './data-source.js';
import { migrate, SchemaError } from './migrate.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await createDataSource(database.url, { max: 2 }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly primary: boolean;
}

describe('the schema', () => {
  it('has exactly the tables and columns that the entities say', async () => {
    const migrated: ColumnRow[] = await dataSource.query(
      `SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
         NOT a.attnotnull AS nullable, coalesce(i.indisprimary, false) AS primary
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey)
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migration'`,
    );
    const declared = dataSource.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column): ColumnRow => ({
        table: entity.tableName,
        column: column.databaseName,
        type: typeOf(dataSource.driver.normalizeType(column), column.isArray),
        nullable: column.isNullable,
        primary: column.isPrimary,
      })),
    );
    const sorted = (rows: readonly ColumnRow[]) =>
      rows.map((row) => JSON.stringify([row.table, row.column, row.type, row.nullable, row.primary])).sort();
    expect(sorted(migrated)).toEqual(sorted(declared));
    expect(declared.length).toBeGreaterThan(150);
  });

  it('has a schema for the queues', async () => {
    expect(await dataSource.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'bullmq'`)).toHaveLength(1);
  });

  it.each([
    ['info', 1],
    ['low', 2],
    ['medium', 3],
    ['high', 4],
    ['critical', 5],
  ])('ranks %s as %i', async (severity, rank) => {
    expect(await dataSource.query('SELECT severity_rank($1) AS rank', [severity])).toEqual([{ rank }]);
  });
});

/** As `format_type` of PostgreSQL writes them. */
function typeOf(type: string, isArray: boolean): string {
  const name = type === 'timestamp with time zone' ? 'timestamp(3) with time zone' : type;
  return isArray ? `${name}[]` : name;
}

describe('migrate', () => {
  it('does the work once, however many processes start at once', async () => {
    const empty = await createDatabase({ template: 'empty' });
    try {
      const ran = await Promise.all([migrate(empty.url), migrate(empty.url), migrate(empty.url)]);
      expect(ran.map((names) => names.length).toSorted((a, b) => a - b)).toEqual([0, 0, dataSource.migrations.length]);
      expect(await migrate(empty.url)).toEqual([]);
    } finally {
      await empty.drop();
    }
  });

  it('refuses a database that a newer version migrated, and leaves it alone', async () => {
    const newer = await createDatabase();
    const source = await createDataSource(newer.url, { max: 1 }).initialize();
    try {
      await source.query(`INSERT INTO schema_migration (timestamp, name) VALUES (9999999999999, 'FromTheFuture')`);
      await expect(migrate(newer.url)).rejects.toThrow(/newer Plimsoll.*FromTheFuture/s);
      await expect(migrate(newer.url)).rejects.toBeInstanceOf(SchemaError);
      await source.query(`DELETE FROM schema_migration WHERE name = 'FromTheFuture'`);
      expect(await migrate(newer.url)).toEqual([]);
    } finally {
      await source.destroy();
      await newer.drop();
    }
  });
});
