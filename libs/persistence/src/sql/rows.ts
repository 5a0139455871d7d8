import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { isContention } from './database-error.js';

/** What runs a statement: the pool, or one transaction. */
export type Executor = DataSource | EntityManager;

export function managerOf(executor: Executor): EntityManager {
  return 'manager' in executor ? executor.manager : executor;
}

/** Times as text; jsonb columns hold no times. */
function plain(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  );
}

/** The rows that a statement answers, times as RFC 3339. `T` says what the statement's column list says. */
export async function rows<T>(executor: Executor, sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
  const answer: unknown = await managerOf(executor).query(sql, [...parameters]);
  // For UPDATE and DELETE the driver answers [rows, number of rows].
  const found = Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer;
  return (Array.isArray(found) ? found : []).map((row) => plain(row)) as T[];
}

/** The first row, or null. */
export async function row<T>(executor: Executor, sql: string, parameters: readonly unknown[] = []): Promise<T | null> {
  return (await rows<T>(executor, sql, parameters))[0] ?? null;
}

/** How many rows an UPDATE or DELETE changed. */
export async function changed(executor: Executor, sql: string, parameters: readonly unknown[] = []): Promise<number> {
  const answer: unknown = await managerOf(executor).query(sql, [...parameters]);
  return Array.isArray(answer) && typeof answer[1] === 'number' ? answer[1] : 0;
}

/** The columns of an entity that belong to its record, named as its properties: `c.created_at AS "createdAt", …`. */
export function columns(executor: Executor, entity: EntityTarget<ObjectLiteral>, alias: string): string {
  return managerOf(executor)
    .connection.getMetadata(entity)
    .columns.filter((column) => column.isSelect)
    .map((column) => `${alias}.${column.databaseName} AS "${column.propertyName}"`)
    .join(', ');
}

const ATTEMPTS = 3;

/**
 * Runs work in one transaction: all of it happens, or nothing. Where PostgreSQL ends it in favour of another one
 * (deadlock), it is run again from its start, so work must not do anything that a rollback does not undo.
 */
export async function transaction<T>(dataSource: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isContention(error)) throw error;
    }
  }
}
