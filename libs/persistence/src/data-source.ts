import 'reflect-metadata';
import { migrations } from '#migrations';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ENTITIES } from './entities/index.js';
import { SnakeCaseNaming } from './naming-strategy.js';

export const MIGRATION_TABLE = 'schema_migration';

/**
 * A connection pool to PostgreSQL with the schema of this version; not connected yet (`initialize()`).
 * @param options.max most connections at once
 * @param options.applicationName shown in `pg_stat_activity`
 * @param options.statementTimeoutMs after which a statement is ended; 0 = never
 */
export function createDataSource(
  url: string,
  options: {
    readonly max?: number;
    readonly applicationName?: string;
    readonly statementTimeoutMs?: number;
  } = {},
): DataSource {
  const settings: DataSourceOptions = {
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations,
    migrationsTableName: MIGRATION_TABLE,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    // Failed statements are reported by whoever ran them, without their parameters.
    logging: false,
    applicationName: options.applicationName ?? 'plimsoll',
    extra: {
      max: options.max ?? 10,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: options.statementTimeoutMs ?? 60_000,
      // A process that hangs in a transaction must not keep rows from all others.
      idle_in_transaction_session_timeout: 120_000,
    },
  };
  return new DataSource(settings);
}
