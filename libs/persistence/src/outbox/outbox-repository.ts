import type { DataSource, EntityManager } from 'typeorm';
import type { OutboxEntity, OutboxKind } from '../entities/messages.js';
import { toJsonb } from '../sql/jsonb.js';
import { changed, row, rows, transaction } from '../sql/rows.js';

/**
 * A message that a change of state caused: `run.planned` and `run.completed` hold `runId`, `event.raised` and
 * `event.ended` `eventId`, `delivery.due` `deliveryId`, `drill.planned` `drillId`.
 */
export type OutboxMessage = Readonly<Pick<OutboxEntity, 'id' | 'kind' | 'payload' | 'createdAt'>>;

/** Writes messages in the transaction that makes their cause true. */
export async function appendToOutbox(
  manager: EntityManager,
  kind: OutboxKind,
  payloads: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  if (payloads.length === 0) return;
  await rows(
    manager,
    'INSERT INTO outbox (kind, payload) SELECT $1, payload FROM jsonb_array_elements($2::jsonb) AS payload',
    [kind, toJsonb(payloads)],
  );
}

export class OutboxRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Hands over up to `limit` waiting messages, oldest first, and marks them as dispatched where `send` succeeds;
   * where it throws, they stay and the error goes on. Several processes may dispatch at once; none sees another's.
   * A crash between the two hands a message over twice, so `send` must be harmless to repeat.
   * @returns how many were dispatched
   */
  dispatch(limit: number, send: (messages: readonly OutboxMessage[]) => Promise<void>): Promise<number> {
    return transaction(this.dataSource, async (manager) => {
      const messages = await rows<OutboxMessage>(
        manager,
        `SELECT id, kind, payload, created_at AS "createdAt" FROM outbox
         WHERE dispatched_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
      if (messages.length === 0) return 0;
      await send(messages);
      await changed(manager, 'UPDATE outbox SET dispatched_at = now() WHERE id = ANY($1::bigint[])', [
        messages.map(({ id }) => id),
      ]);
      return messages.length;
    });
  }

  /** How many messages wait, and since when the oldest does. */
  async waiting(): Promise<{ readonly count: number; readonly oldestAt: string | null }> {
    const found = await row<{ count: number; oldestAt: string | null }>(
      this.dataSource,
      'SELECT count(*)::int AS count, min(created_at) AS "oldestAt" FROM outbox WHERE dispatched_at IS NULL',
    );
    return found ?? { count: 0, oldestAt: null };
  }

  /** Removes messages that were dispatched before that time. */
  prune(before: Date): Promise<number> {
    return changed(this.dataSource, 'DELETE FROM outbox WHERE dispatched_at < $1', [before]);
  }
}
