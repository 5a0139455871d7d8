import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Flux objects of management clusters with the clusters that they are applied to. */
export class RemoteApplies1795600000000 implements MigrationInterface {
  readonly name = 'RemoteApplies1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE remote_apply (
      id text COLLATE "C" PRIMARY KEY,
      cluster_id text COLLATE "C" NOT NULL REFERENCES cluster ON DELETE CASCADE,
      kind text COLLATE "C" NOT NULL CHECK (kind IN ('Kustomization', 'HelmRelease')),
      namespace text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      tenant text COLLATE "C",
      target_state text COLLATE "C" NOT NULL,
      target_cluster_id text COLLATE "C" REFERENCES cluster ON DELETE SET NULL,
      target_address text COLLATE "C",
      auth_method text COLLATE "C" NOT NULL,
      credential_kind text COLLATE "C",
      credential_name text COLLATE "C",
      ready text COLLATE "C" NOT NULL CHECK (ready IN ('True', 'False', 'Unknown')),
      suspended boolean NOT NULL,
      overdue boolean NOT NULL,
      cause text COLLATE "C",
      failing_since timestamptz(3),
      alert_covered boolean,
      silent boolean,
      edge jsonb NOT NULL,
      stale boolean NOT NULL DEFAULT false,
      first_seen_at timestamptz(3) NOT NULL,
      last_seen_at timestamptz(3) NOT NULL,
      last_run_id text COLLATE "C" NOT NULL,
      UNIQUE (cluster_id, kind, namespace, name)) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX remote_apply_target_idx ON remote_apply (target_cluster_id)');
  }

  /** Going back is restoring the backup that was made before the upgrade. */
  async down(): Promise<void> {
    throw new Error('Restore the backup that was made before the upgrade.');
  }
}
