import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rehearsals of break-glass, and what each of their steps came to. */
export class Drills1795700000000 implements MigrationInterface {
  readonly name = 'Drills1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE drill (
      id text COLLATE "C" PRIMARY KEY,
      cluster_id text COLLATE "C" NOT NULL REFERENCES cluster ON DELETE CASCADE,
      cluster_name text COLLATE "C" NOT NULL,
      entry text COLLATE "C" NOT NULL,
      mode text COLLATE "C" NOT NULL CHECK (mode IN ('verify', 'dryRun', 'live')),
      runner text COLLATE "C" NOT NULL CHECK (runner IN ('cli', 'service')),
      state text COLLATE "C" NOT NULL CHECK (state IN
        ('awaitingApproval', 'awaitingResults', 'queued', 'running', 'completed', 'aborted', 'expired')),
      outcome text COLLATE "C" CHECK (outcome IN ('passed', 'failed', 'unknown')),
      writes integer NOT NULL DEFAULT 0,
      requested_by text COLLATE "C" NOT NULL,
      reason text COLLATE "C",
      operators text COLLATE "C",
      alert_id text COLLATE "C",
      approvals jsonb NOT NULL DEFAULT '[]',
      attempt integer NOT NULL DEFAULT 0,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      deadline_at timestamptz(3) NOT NULL,
      claimed_at timestamptz(3),
      started_at timestamptz(3),
      finished_at timestamptz(3),
      version integer NOT NULL DEFAULT 1,
      CHECK ((state = 'completed') = (outcome IS NOT NULL)),
      CHECK (mode = 'verify' OR runner = 'cli'))`);
    // Two at once would not tell which of them set an alert off.
    await runner.query(`CREATE UNIQUE INDEX drill_open_key ON drill (cluster_id, entry)
      WHERE state IN ('awaitingApproval', 'awaitingResults', 'queued', 'running')`);
    await runner.query(`CREATE INDEX drill_entry_idx ON drill (cluster_id, entry, finished_at DESC)`);
    await runner.query(`CREATE INDEX drill_created_idx ON drill (created_at DESC, id DESC)`);
    await runner.query(`CREATE INDEX drill_deadline_idx ON drill (deadline_at)
      WHERE state IN ('awaitingApproval', 'awaitingResults', 'queued', 'running')`);
    await runner.query(`CREATE TABLE drill_step (
      drill_id text COLLATE "C" NOT NULL REFERENCES drill ON DELETE CASCADE,
      position smallint NOT NULL,
      name text COLLATE "C" NOT NULL CHECK (name IN ('reach', 'identity', 'rights', 'restoreCreate', 'restoreDelete')),
      state text COLLATE "C" NOT NULL CHECK (state IN ('passed', 'failed', 'skipped', 'unknown')),
      cause text COLLATE "C",
      message text COLLATE "C" NOT NULL,
      duration_ms integer NOT NULL,
      requests jsonb NOT NULL DEFAULT '[]',
      PRIMARY KEY (drill_id, position))`);
  }

  /** Going back is restoring the backup that was made before the upgrade. */
  async down(): Promise<void> {
    throw new Error('Restore the backup that was made before the upgrade.');
  }
}
