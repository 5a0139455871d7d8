import { endNameOf, type EventType } from '#libs/core';
import { newId } from '#libs/platform';
import type { EntityManager } from 'typeorm';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { toJsonb } from '../sql/jsonb.js';
import { changed, row, rows } from '../sql/rows.js';

interface Planned {
  readonly event: string;
  /** One message at most for each channel and key. */
  readonly dedupeKey: string;
  readonly runId?: string;
  readonly eventId?: string;
  readonly isEnd?: boolean;
}

/** Creates a delivery for each channel, with the message that sends it. @returns the ids of those that are new */
async function plan(
  manager: EntityManager,
  channels: readonly { readonly id: string }[],
  { event, dedupeKey, runId, eventId, isEnd }: Planned,
): Promise<readonly string[]> {
  const planned = channels.map(({ id }) => ({ id: newId('dlv'), channel_id: id }));
  const created = await rows<{ id: string }>(
    manager,
    `INSERT INTO delivery (id, channel_id, event, run_id, event_id, is_end, dedupe_key, state, next_attempt_at)
     SELECT p.id, p.channel_id, $2, $3, $4, $5, $6, 'pending', now()
     FROM jsonb_to_recordset($1::jsonb) AS p(id text, channel_id text)
     ON CONFLICT (channel_id, dedupe_key) DO NOTHING RETURNING id`,
    [toJsonb(planned), event, runId ?? null, eventId ?? null, isEnd ?? false, dedupeKey],
  );
  const ids = created.map(({ id }) => id);
  await appendToOutbox(
    manager,
    'delivery.due',
    ids.map((deliveryId) => ({ deliveryId })),
  );
  return ids;
}

/** See `DeliveryRepository.planForRun`. */
export async function planForRun(manager: EntityManager, runId: string): Promise<readonly string[]> {
  const channels = await rows<{ id: string }>(
    manager,
    `SELECT id FROM channel WHERE enabled AND 'run.completed' = ANY(events) ORDER BY id`,
  );
  return plan(manager, channels, { event: 'run.completed', dedupeKey: `run.completed:${runId}`, runId });
}

/** See `DeliveryRepository.planForEvent`. */
export async function planForEvent(manager: EntityManager, eventId: string): Promise<readonly string[]> {
  const event = await row<{ type: EventType }>(
    manager,
    `SELECT type FROM event WHERE id = $1 AND state = 'open' FOR SHARE`,
    [eventId],
  );
  if (!event) return [];
  const channels = await rows<{ id: string }>(
    manager,
    `SELECT h.id FROM channel h JOIN event e ON e.id = $1
     WHERE h.enabled AND e.type = ANY(h.events) AND severity_rank(e.severity) >= severity_rank(h.min_severity)
     ORDER BY h.id`,
    [eventId],
  );
  return plan(manager, channels, { event: event.type, dedupeKey: `event.raised:${eventId}`, eventId });
}

/** See `DeliveryRepository.planForEventEnd`. */
export async function planForEventEnd(manager: EntityManager, eventId: string): Promise<readonly string[]> {
  const event = await row<{ type: EventType }>(
    manager,
    `SELECT type FROM event WHERE id = $1 AND state = 'closed' AND ending ->> 'how' <> 'superseded'`,
    [eventId],
  );
  if (!event) return [];
  const name = endNameOf(event.type);
  await changed(
    manager,
    `UPDATE delivery SET state = 'skipped', next_attempt_at = NULL, last_code = 'overtaken',
       last_hint = 'It was over before it could be told.'
     WHERE event_id = $1 AND NOT is_end AND state IN ('pending', 'retrying')`,
    [eventId],
  );
  const channels = await rows<{ id: string }>(
    manager,
    `SELECT h.id FROM channel h JOIN event e ON e.id = $1
       LEFT JOIN delivery d ON d.event_id = e.id AND d.channel_id = h.id AND NOT d.is_end
     WHERE h.enabled AND $2 = ANY(h.events) AND severity_rank(e.severity) >= severity_rank(h.min_severity)
       AND CASE WHEN d.id IS NULL THEN $2 <> e.type ELSE d.state IN ('sent', 'sending') END
     ORDER BY h.id`,
    [eventId, name],
  );
  return plan(manager, channels, { event: name, dedupeKey: `event.ended:${eventId}`, eventId, isEnd: true });
}
