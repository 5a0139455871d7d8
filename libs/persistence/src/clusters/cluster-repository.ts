import type { Registration } from '#libs/core';
import type { DataSource, EntityManager } from 'typeorm';
import { ClusterEntity } from '../entities/registry.js';
import { violatesForeignKey, violatesUnique } from '../sql/database-error.js';
import { toJsonb } from '../sql/jsonb.js';
import { listPage, type ListPage } from '../sql/list.js';
import { Parameters } from '../sql/parameters.js';
import { changed, row, rows, transaction, type Executor } from '../sql/rows.js';
import { insertRow, updateVersioned } from '../sql/versioned.js';
import type {
  ClusterChanges,
  ClusterConflict,
  ClusterListRequest,
  ClusterRecord,
  KnownCluster,
  NewCluster,
  PinResult,
  UnknownTenant,
} from './cluster.js';
import { clusterColumns, clusterConditions, clusterList } from './cluster-sql.js';
import { mergeConditions, type ObservedCondition } from './conditions.js';
import { replaceCredential } from './credential-repository.js';
import { registrationOf } from './registration.js';

type WriteResult = ClusterRecord | ClusterConflict | UnknownTenant;

export class ClusterRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Registers a cluster with its tenants and credential, all or nothing. */
  async create(input: NewCluster): Promise<WriteResult> {
    const { id, tenantIds, credential, ...columns } = input;
    return this.#write(input, async (manager) => {
      await insertRow(manager, ClusterEntity, { ...columns, id });
      await setTenants(manager, id, tenantIds ?? []);
      if (credential) await replaceCredential(manager, id, credential);
    });
  }

  /** @param expectedVersion null = whatever it is now */
  async update(
    id: string,
    expectedVersion: number | null,
    changes: ClusterChanges,
  ): Promise<WriteResult | 'notFound' | 'stale'> {
    const { tenantIds, credential, ...columns } = changes;
    const before = await this.#locked(this.dataSource, id);
    if (!before) return 'notFound';
    let stale = false;
    const written = await this.#write({ id, name: changes.name ?? before.name }, async (manager) => {
      stale = !(await updateVersioned(manager, ClusterEntity, id, expectedVersion, columns));
      if (stale) return;
      if (tenantIds) await setTenants(manager, id, tenantIds);
      if (credential) await replaceCredential(manager, id, credential);
    });
    return stale ? 'stale' : written;
  }

  /** @param ref id or name */
  get(ref: string): Promise<ClusterRecord | null> {
    return this.#find(this.dataSource, ref);
  }

  list(request: ClusterListRequest): Promise<ListPage<ClusterRecord>> {
    const parameters = new Parameters();
    const conditions = clusterConditions(request.filter ?? {}, parameters);
    return listPage(this.dataSource, clusterList(this.dataSource), request, conditions, parameters);
  }

  /** What controls may know about how a cluster is registered, with its tenants. Null where there is none. */
  registration(id: string): Promise<Registration | null> {
    return registrationOf(this.dataSource, id);
  }

  /** Every registered cluster, by name, with where it is. */
  known(): Promise<readonly KnownCluster[]> {
    return rows<KnownCluster>(
      this.dataSource,
      `SELECT c.id, c.name, c.role, c.tenancy, c.delivery, c.connection, c.cluster_uid AS "clusterUid",
         (SELECT coalesce(array_agg(t.name ORDER BY t.name), '{}')
          FROM cluster_tenant ct JOIN tenant t ON t.id = ct.tenant_id WHERE ct.cluster_id = c.id) AS tenants
       FROM cluster c WHERE c.deleted_at IS NULL ORDER BY c.name`,
      [],
    );
  }

  /**
   * Compares the identity that a cluster just proved with the pinned one, and pins it on first sight.
   * @param clusterUid UID of its namespace `kube-system`
   */
  async pinIdentity(id: string, clusterUid: string): Promise<PinResult> {
    return pinIdentity(this.dataSource, id, clusterUid);
  }

  /** Puts what a verification found into the conditions. Does not count as a change of the registration. */
  async recordConditions(
    id: string,
    observed: readonly ObservedCondition[],
    versions: { readonly kubernetesVersion?: string; readonly fluxVersion?: string } = {},
  ): Promise<ClusterRecord | 'notFound'> {
    return transaction(this.dataSource, async (manager) => {
      const cluster = await row<Pick<ClusterEntity, 'conditions'>>(
        manager,
        'SELECT conditions FROM cluster WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE',
        [id],
      );
      if (!cluster) return 'notFound';
      await manager.query(
        `UPDATE cluster SET conditions = $2, kubernetes_version = coalesce($3, kubernetes_version),
           flux_version = coalesce($4, flux_version) WHERE id = $1`,
        [
          id,
          toJsonb(mergeConditions(cluster.conditions, observed, new Date().toISOString())),
          versions.kubernetesVersion ?? null,
          versions.fluxVersion ?? null,
        ],
      );
      return (await this.#find(manager, id)) ?? 'notFound';
    });
  }

  /**
   * Deletes a cluster. Its credentials are erased at once; its history stays unless `purge`.
   * `hasRunningAudit`: a run that is not finished still includes it.
   */
  delete(
    id: string,
    expectedVersion: number | null,
    options: { readonly purge?: boolean } = {},
  ): Promise<'deleted' | 'notFound' | 'stale' | 'hasRunningAudit'> {
    return transaction(this.dataSource, async (manager) => {
      const cluster = await this.#locked(manager, id);
      if (!cluster) return 'notFound';
      if (expectedVersion !== null && cluster.version !== expectedVersion) return 'stale';
      const busy = await row(
        manager,
        `SELECT 1 AS yes FROM target WHERE cluster_id = $1 AND state IN ('queued', 'running') LIMIT 1`,
        [id],
      );
      if (busy) return 'hasRunningAudit';
      await manager.query('DELETE FROM credential WHERE cluster_id = $1', [id]);
      await manager.query(
        options.purge
          ? 'DELETE FROM cluster WHERE id = $1'
          : 'UPDATE cluster SET deleted_at = now(), version = version + 1 WHERE id = $1',
        [id],
      );
      return 'deleted';
    });
  }

  /** How many clusters are registered. */
  async count(): Promise<number> {
    const counted = await row<{ count: number }>(
      this.dataSource,
      'SELECT count(*)::int AS count FROM cluster WHERE deleted_at IS NULL',
    );
    return counted?.count ?? 0;
  }

  async #write(
    wanted: { readonly id: string; readonly name: string; readonly clusterUid?: string },
    work: (manager: EntityManager) => Promise<void>,
  ): Promise<WriteResult> {
    try {
      return await transaction(this.dataSource, async (manager) => {
        await work(manager);
        const written = await this.#find(manager, wanted.id);
        if (!written) throw new Error(`Cluster ${wanted.id} was deleted while it was being written.`);
        return written;
      });
    } catch (error) {
      if (violatesUnique(error, 'cluster_name_key')) {
        return { conflict: 'nameTaken', id: await this.#idOf('name', wanted.name) };
      }
      if (violatesUnique(error, 'cluster_uid_key')) {
        return { conflict: 'clusterDuplicate', id: await this.#idOf('cluster_uid', wanted.clusterUid ?? '') };
      }
      if (violatesForeignKey(error)) return { conflict: 'unknownTenant' };
      throw error;
    }
  }

  async #idOf(column: 'name' | 'cluster_uid', value: string): Promise<string> {
    const found = await row<{ id: string }>(
      this.dataSource,
      `SELECT id FROM cluster WHERE ${column} = $1 AND deleted_at IS NULL`,
      [value],
    );
    return found?.id ?? '';
  }

  #find(executor: Executor, ref: string): Promise<ClusterRecord | null> {
    return row(
      executor,
      `SELECT ${clusterColumns(executor)} FROM cluster c WHERE (c.id = $1 OR c.name = $1) AND c.deleted_at IS NULL`,
      [ref],
    );
  }

  #locked(executor: Executor, id: string): Promise<{ readonly name: string; readonly version: number } | null> {
    const lock = executor === this.dataSource ? '' : 'FOR NO KEY UPDATE';
    return row(executor, `SELECT name, version FROM cluster WHERE id = $1 AND deleted_at IS NULL ${lock}`, [id]);
  }
}

async function setTenants(manager: EntityManager, clusterId: string, tenantIds: readonly string[]): Promise<void> {
  await changed(manager, 'DELETE FROM cluster_tenant WHERE cluster_id = $1', [clusterId]);
  await rows(
    manager,
    `INSERT INTO cluster_tenant (cluster_id, tenant_id) SELECT $1, id FROM unnest($2::text[]) AS id GROUP BY id`,
    [clusterId, tenantIds],
  );
}

/** See `ClusterRepository.pinIdentity`. */
export async function pinIdentity(executor: Executor, id: string, clusterUid: string): Promise<PinResult> {
  // Only where nobody else has it, so that a duplicate does not abort the transaction around it.
  const pinned = await changed(
    executor,
    `UPDATE cluster SET cluster_uid = $2 WHERE id = $1 AND cluster_uid IS NULL AND deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM cluster WHERE cluster_uid = $2 AND deleted_at IS NULL)`,
    [id, clusterUid],
  ).catch((error: unknown) => {
    if (violatesUnique(error, 'cluster_uid_key')) return 0;
    throw error;
  });
  if (pinned > 0) return { result: 'pinned' };
  const own = await row<{ clusterUid: string | null }>(
    executor,
    'SELECT cluster_uid AS "clusterUid" FROM cluster WHERE id = $1 AND deleted_at IS NULL',
    [id],
  );
  if (!own) return { result: 'notFound' };
  if (own.clusterUid !== null) {
    return own.clusterUid === clusterUid ? { result: 'same' } : { result: 'mismatch', pinned: own.clusterUid };
  }
  const other = await row<{ id: string; name: string }>(
    executor,
    'SELECT id, name FROM cluster WHERE cluster_uid = $1 AND deleted_at IS NULL',
    [clusterUid],
  );
  return other ? { result: 'duplicate', ...other } : { result: 'notFound' };
}
