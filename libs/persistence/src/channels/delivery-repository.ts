import type { Sealed } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { ChannelEntity, DeliveryAttemptEntity, DeliveryEntity } from '../entities/messages.js';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { toJsonb } from '../sql/jsonb.js';
import { listPage, type ListDefinition, type ListPage } from '../sql/list.js';
import { oneOf, Parameters } from '../sql/parameters.js';
import { changed, columns, row, rows, transaction, type Executor } from '../sql/rows.js';
import type { JsonObject } from '../values.js';
import type { ChannelRecord } from './channel-repository.js';
import type {
  AttemptResult,
  DeliveryAttemptRecord,
  DeliveryListRequest,
  DeliveryRecord,
  DeliverySortField,
  DeliveryWork,
} from './delivery.js';
import { planForEvent, planForEventEnd, planForRun } from './plan-deliveries.js';

/** A worker that took a delivery and did not report within this time is taken for dead. */
const SENDING_LIMIT = `interval '2 minutes'`;
/** Slack takes one message a second in a channel (docs.slack.dev, rate limits); other receivers are not hurried either. */
const SPACING = `interval '1 second'`;
const FROM = 'delivery d JOIN channel h ON h.id = d.channel_id';

export class DeliveryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Creates one delivery of `run.completed` for each enabled channel that wants it, with the message that sends it.
   * Harmless to repeat.
   * @returns the ids of the deliveries that are new
   */
  planForRun(runId: string): Promise<readonly string[]> {
    return transaction(this.dataSource, (manager) => planForRun(manager, runId));
  }

  /**
   * Creates one delivery of an open event for each enabled channel that wants its type and severity, with the message
   * that sends it. Harmless to repeat.
   * @returns the ids of the deliveries that are new; none where the event is over
   */
  planForEvent(eventId: string): Promise<readonly string[]> {
    return transaction(this.dataSource, (manager) => planForEvent(manager, eventId));
  }

  /**
   * Creates one delivery of the end of an event for each channel that was told of the event, or that wants to hear of
   * such ends alone. What was not told yet is not told any more. Harmless to repeat.
   * @returns the ids of the deliveries that are new
   */
  planForEventEnd(eventId: string): Promise<readonly string[]> {
    return transaction(this.dataSource, (manager) => planForEventEnd(manager, eventId));
  }

  /**
   * Takes a delivery to send. Null where it is sent, dead or skipped, where another worker is sending it, or where
   * its channel has to wait: then it is due again later. Also spaces the messages of a channel, whichever process
   * sends them: after this one it waits a second.
   */
  claim(id: string): Promise<DeliveryWork | null> {
    return transaction(this.dataSource, async (manager) => {
      const found = await row<{ channelId: string; enabled: boolean; pausedUntil: string | null }>(
        manager,
        `SELECT d.channel_id AS "channelId", h.enabled,
           CASE WHEN h.paused_until > now() THEN h.paused_until END AS "pausedUntil"
         FROM ${FROM} WHERE d.id = $1 AND (d.state IN ('pending', 'retrying')
           OR (d.state = 'sending' AND d.claimed_at < now() - ${SENDING_LIMIT})) FOR UPDATE OF d, h`,
        [id],
      );
      if (!found) return null;
      if (!found.enabled) {
        await this.#skip(manager, id, 'channelDisabled', 'The channel is switched off.');
        return null;
      }
      if (found.pausedUntil !== null) {
        await changed(manager, `UPDATE delivery SET state = 'retrying', next_attempt_at = $2 WHERE id = $1`, [
          id,
          found.pausedUntil,
        ]);
        return null;
      }
      await changed(manager, `UPDATE channel SET paused_until = now() + ${SPACING} WHERE id = $1`, [found.channelId]);
      const delivery = await row<DeliveryWork['delivery']>(
        manager,
        `UPDATE delivery AS d SET state = 'sending', claimed_at = now(), next_attempt_at = now() + ${SENDING_LIMIT}
         WHERE id = $1 RETURNING ${columns(manager, DeliveryEntity, 'd')}`,
        [id],
      );
      const channel = await row<ChannelRecord>(
        manager,
        `SELECT ${columns(manager, ChannelEntity, 'h')} FROM channel h WHERE h.id = $1`,
        [found.channelId],
      );
      const secret = await row<{ sealed: Sealed }>(manager, 'SELECT sealed FROM channel WHERE id = $1', [
        found.channelId,
      ]);
      if (!delivery || !channel || !secret) return null;
      return { delivery, channel, sealed: secret.sealed, replaces: await toldBefore(manager, delivery) };
    });
  }

  /** Writes down what came of an attempt, and what follows from it. */
  record(id: string, attempt: AttemptResult): Promise<void> {
    return transaction(this.dataSource, async (manager) => {
      const retryAfterMs = attempt.outcome === 'retry' ? (attempt.retryAfterMs ?? null) : null;
      const written = await rows(
        manager,
        `INSERT INTO delivery_attempt (delivery_id, outcome, code, http_status, duration_ms, retry_after_ms)
         SELECT id, $2, $3, $4, $5, $6 FROM delivery WHERE id = $1 RETURNING id`,
        [id, attempt.outcome, attempt.code, attempt.httpStatus ?? null, Math.round(attempt.durationMs), retryAfterMs],
      );
      if (written.length === 0) return;
      const next = attempt.outcome === 'retry' ? attempt.nextAttemptAt : null;
      const state = attempt.outcome === 'sent' ? 'sent' : next === null ? 'dead' : 'retrying';
      await changed(
        manager,
        `UPDATE delivery SET state = $2, attempts = attempts + $3, next_attempt_at = $4, claimed_at = NULL,
           last_code = $5, last_hint = $6, message_ref = coalesce($7, message_ref),
           sent_at = CASE WHEN $2 = 'sent' THEN now() ELSE sent_at END WHERE id = $1`,
        [
          id,
          state,
          retryAfterMs === null ? 1 : 0,
          next,
          attempt.code,
          attempt.hint ?? null,
          attempt.outcome === 'sent' && attempt.messageRef ? toJsonb(attempt.messageRef) : null,
        ],
      );
      if (retryAfterMs !== null) {
        await changed(
          manager,
          `UPDATE channel SET paused_until = now() + make_interval(secs => $2::float8 / 1000)
           WHERE id = (SELECT channel_id FROM delivery WHERE id = $1)`,
          [id, retryAfterMs],
        );
      }
      if (attempt.outcome === 'rejected' && attempt.disableChannel !== undefined) {
        await changed(
          manager,
          `UPDATE channel SET enabled = false, disabled_reason = $2, version = version + 1
           WHERE id = (SELECT channel_id FROM delivery WHERE id = $1)`,
          [id, attempt.disableChannel],
        );
      }
    });
  }

  /** Ends a delivery that has nothing to say. @param code such as `noNews` */
  async skip(id: string, code: string, hint: string): Promise<void> {
    await this.#skip(this.dataSource, id, code, hint);
  }

  /** Deliveries whose time has come, or whose worker died, oldest first. */
  async due(now: Date, limit: number): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      this.dataSource,
      `SELECT id FROM delivery WHERE state IN ('pending', 'retrying', 'sending') AND next_attempt_at <= $1
       ORDER BY next_attempt_at LIMIT $2`,
      [now, limit],
    );
    return found.map(({ id }) => id);
  }

  /** Sends a dead or skipped delivery again, from the first attempt on. */
  retry(id: string): Promise<DeliveryRecord | 'notFound' | 'notRetryable'> {
    return transaction(this.dataSource, async (manager) => {
      const reset = await changed(
        manager,
        `UPDATE delivery SET state = 'pending', attempts = 0, next_attempt_at = now(), claimed_at = NULL
         WHERE id = $1 AND state IN ('dead', 'skipped')`,
        [id],
      );
      const delivery = await this.#find(manager, id);
      if (!delivery) return 'notFound';
      if (reset === 0) return 'notRetryable';
      await appendToOutbox(manager, 'delivery.due', [{ deliveryId: id }]);
      return delivery;
    });
  }

  get(id: string): Promise<DeliveryRecord | null> {
    return this.#find(this.dataSource, id);
  }

  list(request: DeliveryListRequest): Promise<ListPage<DeliveryRecord>> {
    const definition: ListDefinition<DeliverySortField> = {
      from: FROM,
      columns: this.#columns(this.dataSource),
      id: { sql: 'd.id', type: 'text' },
      sortable: {
        createdAt: { sql: 'd.created_at', type: 'timestamptz' },
        nextAttemptAt: { sql: `coalesce(d.next_attempt_at, 'infinity')`, type: 'timestamptz' },
      },
      defaultSort: [{ field: 'createdAt', direction: 'desc' }],
    };
    const filter = request.filter ?? {};
    const parameters = new Parameters();
    const channels = filter.channel === undefined ? null : `${parameters.add(filter.channel)}::text[]`;
    const conditions = [
      ...(channels === null ? [] : [`h.id = ANY(${channels}) OR h.name = ANY(${channels})`]),
      ...oneOf(parameters, 'd.state', filter.state),
      ...oneOf(parameters, 'd.event', filter.event),
      ...oneOf(parameters, 'd.run_id', filter.runId),
    ];
    return listPage(this.dataSource, definition, request, conditions, parameters);
  }

  /** Every attempt of a delivery, oldest first. */
  attempts(deliveryId: string): Promise<readonly DeliveryAttemptRecord[]> {
    return rows(
      this.dataSource,
      `SELECT ${columns(this.dataSource, DeliveryAttemptEntity, 'a')} FROM delivery_attempt a
       WHERE a.delivery_id = $1 ORDER BY a.id`,
      [deliveryId],
    );
  }

  async #skip(executor: Executor, id: string, code: string, hint: string): Promise<void> {
    await changed(
      executor,
      `UPDATE delivery SET state = 'skipped', next_attempt_at = NULL, claimed_at = NULL, last_code = $2, last_hint = $3
       WHERE id = $1 AND state <> 'sent'`,
      [id, code, hint],
    );
  }

  #columns(executor: Executor): string {
    return `${columns(executor, DeliveryEntity, 'd')}, h.name AS "channelName"`;
  }

  #find(executor: Executor, id: string): Promise<DeliveryRecord | null> {
    return row(executor, `SELECT ${this.#columns(executor)} FROM ${FROM} WHERE d.id = $1`, [id]);
  }
}

/** Where the message is that told the event whose end is told now. */
async function toldBefore(
  executor: Executor,
  { eventId, channelId, isEnd }: DeliveryWork['delivery'],
): Promise<JsonObject | null> {
  if (!isEnd) return null;
  const told = await row<{ messageRef: JsonObject | null }>(
    executor,
    `SELECT message_ref AS "messageRef" FROM delivery
     WHERE event_id = $1 AND channel_id = $2 AND NOT is_end AND state = 'sent'`,
    [eventId, channelId],
  );
  return told?.messageRef ?? null;
}
