import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INITIAL_TABLES } from './1790000000000-initial-schema.sql.js';

/** Everything of the first release. */
export class InitialSchema1790000000000 implements MigrationInterface {
  readonly name = 'InitialSchema1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of INITIAL_TABLES) await runner.query(statement);
  }

  /** Going back is restoring the backup that was made before the upgrade. */
  async down(): Promise<void> {
    throw new Error('The first schema has nothing before it. Restore a backup, or drop the database.');
  }
}
