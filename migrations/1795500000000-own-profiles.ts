import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Profiles of the operator, and what a run took of one when it started. */
export class OwnProfiles1795500000000 implements MigrationInterface {
  readonly name = 'OwnProfiles1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE profile (
      id text COLLATE "C" PRIMARY KEY,
      name text COLLATE "C" NOT NULL UNIQUE,
      description text COLLATE "C" NOT NULL DEFAULT '',
      extends text COLLATE "C" NOT NULL,
      include text[] COLLATE "C" NOT NULL DEFAULT '{}',
      exclude text[] COLLATE "C" NOT NULL DEFAULT '{}',
      severity_overrides jsonb NOT NULL DEFAULT '{}',
      version integer NOT NULL DEFAULT 1,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      updated_at timestamptz(3) NOT NULL DEFAULT now())`);
    await runner.query('ALTER TABLE run ADD COLUMN tailoring jsonb');
  }

  /** Going back is restoring the backup that was made before the upgrade. */
  async down(): Promise<void> {
    throw new Error('Restore the backup that was made before the upgrade.');
  }
}
