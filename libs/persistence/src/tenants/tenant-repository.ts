import type { LabelSelector } from '#libs/core';
import { newId } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { TenantEntity } from '../entities/registry.js';
import { violatesForeignKey, violatesUnique } from '../sql/database-error.js';
import { labelSelectorSql } from '../sql/label-selector-sql.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { contains, oneOf, Parameters } from '../sql/parameters.js';
import { columns, row, type Executor } from '../sql/rows.js';
import { insertRow, updateVersioned } from '../sql/versioned.js';

export type TenantRecord = Readonly<TenantEntity> & {
  /** How many clusters it has. */
  readonly clusters: number;
};

type Settable = Pick<
  TenantEntity,
  'displayName' | 'isolation' | 'criticality' | 'owners' | 'namespaces' | 'principals' | 'gitPaths' | 'labels'
>;
/** Absent fields take their defaults; `displayName` takes the name. */
export type NewTenant = Readonly<Partial<Settable>> & { readonly id?: string; readonly name: string };
export type TenantChanges = Readonly<Partial<Settable>> & { readonly name?: string };

export type TenantSortField = 'name' | 'createdAt';
export interface TenantFilter {
  readonly name?: readonly string[];
  readonly isolation?: readonly string[];
  readonly labelSelector?: LabelSelector;
  /** Part of the name or display name. */
  readonly q?: string;
}

const CLUSTERS = `(SELECT count(*)::int FROM cluster_tenant ct JOIN cluster c ON c.id = ct.cluster_id
  WHERE ct.tenant_id = t.id AND c.deleted_at IS NULL) AS clusters`;

export class TenantRepository {
  constructor(private readonly dataSource: DataSource) {}

  async create(input: NewTenant): Promise<TenantRecord | 'nameTaken'> {
    const id = input.id ?? newId('tnt');
    try {
      await insertRow(this.dataSource, TenantEntity, { displayName: input.name, ...input, id });
    } catch (error) {
      if (violatesUnique(error, 'tenant_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(id);
  }

  /** @param expectedVersion null = whatever it is now */
  async update(
    id: string,
    expectedVersion: number | null,
    changes: TenantChanges,
  ): Promise<TenantRecord | 'notFound' | 'stale' | 'nameTaken'> {
    try {
      const updated = await updateVersioned(this.dataSource, TenantEntity, id, expectedVersion, changes);
      if (!updated) return (await this.get(id)) ? 'stale' : 'notFound';
    } catch (error) {
      if (violatesUnique(error, 'tenant_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(id);
  }

  /** @param ref id or name */
  get(ref: string): Promise<TenantRecord | null> {
    return row<TenantRecord>(
      this.dataSource,
      `SELECT ${this.#columns()} FROM tenant t WHERE t.id = $1 OR t.name = $1`,
      [ref],
    );
  }

  list(request: ListRequest<TenantSortField, TenantFilter>): Promise<ListPage<TenantRecord>> {
    const definition: ListDefinition<TenantSortField> = {
      from: 'tenant t',
      columns: this.#columns(),
      id: { sql: 't.id', type: 'text' },
      sortable: { name: { sql: 't.name', type: 'text' }, createdAt: { sql: 't.created_at', type: 'timestamptz' } },
      defaultSort: [{ field: 'name', direction: 'asc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 't.name', filter.name),
      ...oneOf(parameters, 't.isolation', filter.isolation),
      ...labelSelectorSql('t.labels', filter.labelSelector, parameters),
      ...contains(parameters, `t.name || ' ' || t.display_name`, filter.q),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** `notEmpty`: clusters, also deleted ones whose history is kept, still belong to it. */
  async delete(id: string, expectedVersion: number | null): Promise<'deleted' | 'notFound' | 'stale' | 'notEmpty'> {
    const tenant = await this.get(id);
    if (!tenant || tenant.id !== id) return 'notFound';
    try {
      const result = await this.dataSource
        .getRepository(TenantEntity)
        .delete({ id, version: expectedVersion ?? tenant.version });
      return result.affected === 0 ? 'stale' : 'deleted';
    } catch (error) {
      if (violatesForeignKey(error)) return 'notEmpty';
      throw error;
    }
  }

  #columns(executor: Executor = this.dataSource): string {
    return `${columns(executor, TenantEntity, 't')}, ${CLUSTERS}`;
  }

  async #required(id: string): Promise<TenantRecord> {
    const tenant = await this.get(id);
    if (!tenant) throw new Error(`Tenant ${id} was deleted while it was being written.`);
    return tenant;
  }
}
