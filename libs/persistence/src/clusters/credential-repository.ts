import type { Sealed } from '#libs/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { CredentialEntity } from '../entities/registry.js';
import { changed, columns, row, rows, transaction, type Executor } from '../sql/rows.js';
import { insertRow } from '../sql/versioned.js';
import type { CredentialRecord, NewCredential } from './cluster.js';

/** What opens a cluster: `Keyring.open(sealed, credentialAad(id, clusterId))`. */
export interface SealedCredential {
  readonly id: string;
  readonly clusterId: string;
  readonly kind: CredentialRecord['kind'];
  readonly sealed: Sealed;
}

/** Makes `credential` the only one of the cluster. */
export async function replaceCredential(
  manager: EntityManager,
  clusterId: string,
  credential: NewCredential,
): Promise<void> {
  await changed(manager, 'DELETE FROM credential WHERE cluster_id = $1', [clusterId]);
  await insertRow(manager, CredentialEntity, { ...credential, clusterId });
}

export class CredentialRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Credentials of a cluster, without their secrets, newest first. */
  ofCluster(clusterId: string): Promise<readonly CredentialRecord[]> {
    return rows(
      this.dataSource,
      `SELECT ${columns(this.dataSource, CredentialEntity, 'r')} FROM credential r
       WHERE r.cluster_id = $1 ORDER BY r.created_at DESC, r.id DESC`,
      [clusterId],
    );
  }

  /** The only way to a secret: still sealed. Null where the cluster has none, or is deleted. */
  sealedFor(clusterId: string): Promise<SealedCredential | null> {
    return row(
      this.dataSource,
      `SELECT r.id, r.cluster_id AS "clusterId", r.kind, r.sealed
       FROM credential r JOIN cluster c ON c.id = r.cluster_id AND c.deleted_at IS NULL
       WHERE r.cluster_id = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 1`,
      [clusterId],
    );
  }

  /** Makes this the cluster's only credential; the old one is erased. `notFound`: no such cluster. */
  replace(clusterId: string, credential: NewCredential): Promise<CredentialRecord | 'notFound'> {
    return transaction(this.dataSource, async (manager) => {
      const cluster = await row(
        manager,
        'SELECT id FROM cluster WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE',
        [clusterId],
      );
      if (!cluster) return 'notFound';
      await replaceCredential(manager, clusterId, credential);
      return required(manager, credential.id);
    });
  }

  /** Remembers that it was used now. */
  async touch(id: string): Promise<void> {
    await changed(this.dataSource, 'UPDATE credential SET last_used_at = now() WHERE id = $1', [id]);
  }
}

async function required(executor: Executor, id: string): Promise<CredentialRecord> {
  const found = await row<CredentialRecord>(
    executor,
    `SELECT ${columns(executor, CredentialEntity, 'r')} FROM credential r WHERE r.id = $1`,
    [id],
  );
  if (!found) throw new Error(`Credential ${id} was deleted while it was being written.`);
  return found;
}
