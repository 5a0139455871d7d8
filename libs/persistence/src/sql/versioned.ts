import type { EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { storable } from './jsonb.js';
import { managerOf, type Executor } from './rows.js';

interface Versioned extends ObjectLiteral {
  readonly id: string;
  readonly version: number;
}

/** Absent and `undefined` members keep the column's default, or what it holds. */
type Values<T> = { readonly [K in keyof T]?: T[K] | undefined };

// TypeORM's own type wants every jsonb column to be mutable down to its leaves.
const asColumns = <T extends ObjectLiteral>(values: object) => storable(values) as QueryDeepPartialEntity<T>;

/** Inserts one row. */
export async function insertRow<T extends ObjectLiteral>(
  executor: Executor,
  entity: EntityTarget<T>,
  values: Values<T>,
): Promise<void> {
  await managerOf(executor).createQueryBuilder().insert().into(entity).values(asColumns<T>(values)).execute();
}

/**
 * Changes one row and counts its version up, unless somebody else changed it first.
 * @param expectedVersion null = whatever it is now
 * @returns false where there is no row of that id and version
 */
export async function updateVersioned<T extends Versioned>(
  executor: Executor,
  entity: EntityTarget<T>,
  id: string,
  expectedVersion: number | null,
  changes: Values<T>,
): Promise<boolean> {
  const result = await managerOf(executor)
    .createQueryBuilder()
    .update(entity)
    .set({ ...asColumns<T>(changes), version: () => 'version + 1', updatedAt: () => 'now()' })
    .where('id = :id AND version = coalesce(CAST(:expectedVersion AS integer), version)', { id, expectedVersion })
    .execute();
  return result.affected !== 0;
}
