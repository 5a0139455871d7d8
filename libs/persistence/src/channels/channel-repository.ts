import type { Sealed } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { ChannelEntity } from '../entities/messages.js';
import { violatesUnique } from '../sql/database-error.js';
import { listPage, type ListDefinition, type ListPage, type ListRequest } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row } from '../sql/rows.js';
import { insertRow, updateVersioned } from '../sql/versioned.js';

/** A channel without its secret. */
export type ChannelRecord = Readonly<Omit<ChannelEntity, 'sealed'>>;

type Settable = Pick<ChannelEntity, 'name' | 'settings' | 'events' | 'minSeverity' | 'enabled' | 'sealed'>;
/** `id` is part of what the secret is sealed to, so the caller makes both. */
export type NewChannel = Readonly<Pick<ChannelEntity, 'id' | 'kind'> & Omit<Settable, 'enabled'>> & {
  readonly enabled?: boolean;
};
export type ChannelChanges = Readonly<Partial<Settable>>;

export type ChannelSortField = 'name' | 'createdAt';
export interface ChannelFilter {
  readonly name?: readonly string[];
  readonly kind?: readonly string[];
  readonly enabled?: boolean;
}

export class ChannelRepository {
  constructor(private readonly dataSource: DataSource) {}

  async create(input: NewChannel): Promise<ChannelRecord | 'nameTaken'> {
    try {
      await insertRow(this.dataSource, ChannelEntity, input);
    } catch (error) {
      if (violatesUnique(error, 'channel_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(input.id);
  }

  /** Enabling a channel clears why it was disabled. @param expectedVersion null = whatever it is now */
  async update(
    id: string,
    expectedVersion: number | null,
    changes: ChannelChanges,
  ): Promise<ChannelRecord | 'notFound' | 'stale' | 'nameTaken'> {
    const cleared = changes.enabled === true ? { disabledReason: null, pausedUntil: null } : {};
    try {
      const updated = await updateVersioned(this.dataSource, ChannelEntity, id, expectedVersion, {
        ...changes,
        ...cleared,
      });
      if (!updated) return (await this.get(id)) ? 'stale' : 'notFound';
    } catch (error) {
      if (violatesUnique(error, 'channel_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(id);
  }

  /** @param ref id or name */
  get(ref: string): Promise<ChannelRecord | null> {
    return row(this.dataSource, `SELECT ${this.#columns()} FROM channel h WHERE h.id = $1 OR h.name = $1`, [ref]);
  }

  list(request: ListRequest<ChannelSortField, ChannelFilter>): Promise<ListPage<ChannelRecord>> {
    const definition: ListDefinition<ChannelSortField> = {
      from: 'channel h',
      columns: this.#columns(),
      id: { sql: 'h.id', type: 'text' },
      sortable: { name: { sql: 'h.name', type: 'text' }, createdAt: { sql: 'h.created_at', type: 'timestamptz' } },
      defaultSort: [{ field: 'name', direction: 'asc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const conditions = [
      ...oneOf(parameters, 'h.name', filter.name),
      ...oneOf(parameters, 'h.kind', filter.kind),
      ...(filter.enabled === undefined ? [] : [`h.enabled = ${parameters.add(filter.enabled)}::boolean`]),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** The only way to the secret: still sealed, to be opened with `channelAad(id)`. */
  async sealedFor(id: string): Promise<Sealed | null> {
    const found = await row<{ sealed: Sealed }>(this.dataSource, 'SELECT sealed FROM channel WHERE id = $1', [id]);
    return found?.sealed ?? null;
  }

  /** Switches a channel off because its receiver said so. @param reason for people */
  async disable(id: string, reason: string): Promise<void> {
    await changed(
      this.dataSource,
      'UPDATE channel SET enabled = false, disabled_reason = $2, version = version + 1 WHERE id = $1 AND enabled',
      [id, reason],
    );
  }

  /** Its deliveries go with it. */
  async delete(id: string, expectedVersion: number | null): Promise<'deleted' | 'notFound' | 'stale'> {
    const deleted = await changed(
      this.dataSource,
      'DELETE FROM channel WHERE id = $1 AND version = coalesce($2::integer, version)',
      [id, expectedVersion],
    );
    if (deleted > 0) return 'deleted';
    return (await this.get(id)) ? 'stale' : 'notFound';
  }

  #columns(): string {
    return columns(this.dataSource, ChannelEntity, 'h');
  }

  async #required(id: string): Promise<ChannelRecord> {
    const channel = await this.get(id);
    if (!channel) throw new Error(`Channel ${id} was deleted while it was being written.`);
    return channel;
  }
}
