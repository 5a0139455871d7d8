import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where clusters are found, and the clusters that were found there. */
export class Sources1795750000000 implements MigrationInterface {
  readonly name = 'Sources1795750000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE source (
      id text COLLATE "C" PRIMARY KEY,
      name text COLLATE "C" NOT NULL UNIQUE,
      type text COLLATE "C" NOT NULL
        CHECK (type IN ('fluxKubeConfig', 'clusterApi', 'argocd', 'sveltos', 'clusterProfile')),
      hub_cluster_id text COLLATE "C" NOT NULL REFERENCES cluster ON DELETE CASCADE,
      namespaces text[] COLLATE "C" NOT NULL DEFAULT '{}',
      label_selector text COLLATE "C" NOT NULL DEFAULT '',
      mapping jsonb NOT NULL DEFAULT '{}',
      policy text COLLATE "C" NOT NULL CHECK (policy IN ('propose', 'autoRegister')),
      prune_after integer NOT NULL,
      interval_seconds integer NOT NULL,
      enabled boolean NOT NULL DEFAULT true,
      next_sync_at timestamptz(3),
      sync_state text COLLATE "C" NOT NULL DEFAULT 'idle' CHECK (sync_state IN ('idle', 'queued', 'running')),
      sync_requested_at timestamptz(3),
      sync_claimed_at timestamptz(3),
      sync_attempt integer NOT NULL DEFAULT 0,
      last_sync_at timestamptz(3),
      last_result text COLLATE "C" CHECK (last_result IN ('ok', 'partial', 'failed')),
      last_message text COLLATE "C",
      last_counts jsonb,
      version integer NOT NULL DEFAULT 1,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      updated_at timestamptz(3) NOT NULL DEFAULT now(),
      CHECK (policy <> 'autoRegister' OR label_selector <> '')) WITH (fillfactor = 80)`);
    await runner.query(`CREATE INDEX source_due_idx ON source (next_sync_at) WHERE enabled AND sync_state = 'idle'`);
    await runner.query(`CREATE INDEX source_syncing_idx ON source (sync_requested_at) WHERE sync_state <> 'idle'`);
    await runner.query('CREATE INDEX source_hub_idx ON source (hub_cluster_id)');
    await runner.query(`CREATE TABLE source_candidate (
      id text COLLATE "C" PRIMARY KEY,
      source_id text COLLATE "C" NOT NULL REFERENCES source ON DELETE CASCADE,
      key text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      object jsonb NOT NULL,
      labels jsonb NOT NULL DEFAULT '{}',
      credential jsonb,
      connection jsonb,
      ca_spki_sha256 text COLLATE "C",
      tenant_namespace text COLLATE "C",
      reasons jsonb NOT NULL DEFAULT '[]',
      cluster_id text COLLATE "C" REFERENCES cluster ON DELETE SET NULL,
      conflict jsonb,
      first_seen_at timestamptz(3) NOT NULL DEFAULT now(),
      last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
      orphaned_at timestamptz(3),
      UNIQUE (source_id, key)) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX source_candidate_cluster_idx ON source_candidate (cluster_id)');
    await runner.query('CREATE INDEX source_candidate_name_idx ON source_candidate (source_id, name, id)');
  }

  /** Going back is restoring the backup that was made before the upgrade. */
  async down(): Promise<void> {
    throw new Error('Restore the backup that was made before the upgrade.');
  }
}
