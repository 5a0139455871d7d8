import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Things that people hear of at once, beside the digests of runs; and the deliveries that tell them. */
export class Events1795650000000 implements MigrationInterface {
  readonly name = 'Events1795650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE event (
      id text COLLATE "C" PRIMARY KEY,
      type text COLLATE "C" NOT NULL,
      cluster_id text COLLATE "C" NOT NULL REFERENCES cluster ON DELETE CASCADE,
      subject text COLLATE "C" NOT NULL,
      dedupe_key text COLLATE "C" NOT NULL UNIQUE,
      severity text COLLATE "C" NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')),
      facts jsonb NOT NULL,
      state text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
      since timestamptz(3) NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      closed_at timestamptz(3),
      ending jsonb)`);
    await runner.query(`CREATE UNIQUE INDEX event_open_idx ON event (cluster_id, type, subject) WHERE state = 'open'`);
    await runner.query('CREATE INDEX event_cluster_idx ON event (cluster_id)');
    await runner.query(
      `ALTER TABLE delivery ADD COLUMN event_id text COLLATE "C" REFERENCES event ON DELETE CASCADE,
         ADD COLUMN is_end boolean NOT NULL DEFAULT false`,
    );
    await runner.query('CREATE INDEX delivery_event_idx ON delivery (event_id) WHERE event_id IS NOT NULL');
    // The kinds stand in the code, which alone writes and reads them; here it is only held to their form.
    await runner.query('ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check');
    await runner.query(
      String.raw`ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind ~ '^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$')`,
    );
  }

  /** Going back is restoring the backup that was made before the upgrade. */
  async down(): Promise<void> {
    throw new Error('Restore the backup that was made before the upgrade.');
  }
}
