import { type EventEnd, type EventFacts, type EventType, type FleetEvent, eventSeverity } from '#libs/core';
import { newId } from '#libs/platform';
import type { EntityManager } from 'typeorm';
import { appendToOutbox } from '../outbox/outbox-repository.js';
import { toJsonb } from '../sql/jsonb.js';
import { row, rows } from '../sql/rows.js';

interface Raised<T extends EventType> {
  readonly type: T;
  readonly clusterId: string;
  /** What it is about within the cluster, such as the name of a tenant. A newer event of it supersedes an open one. */
  readonly subject: string;
  /** What makes it this event and no other, such as `<drillId>`; no texts, no times that move. */
  readonly dedupeKey: string;
  /** Ids, names and words for people; never a secret. */
  readonly facts: EventFacts[T];
  /** Since when it is so, RFC 3339. */
  readonly since: string;
}
export type RaisedEvent = { [T in EventType]: Raised<T> }[EventType];

/** Which open event is over. */
export interface EventSubject {
  readonly type: EventType;
  readonly clusterId: string;
  readonly subject: string;
}

type Typed = Pick<Extract<FleetEvent, { type: 'tenant.canRevoke' }>, 'type' | 'facts'>;

/**
 * Tells people of something, in the transaction that makes it true: every enabled channel that wants the type and the
 * severity gets one message about it, and none if the transaction rolls back. An open event of the same subject is
 * superseded without a word. Harmless to repeat: an event whose key was raised before is not raised again.
 *
 * A drill that failed, in the transaction that saves its outcome:
 * `await raiseEvent(manager, { type: 'drill.failed', clusterId, subject: entry, dedupeKey: drillId, since, facts })`;
 * and one that passed: `await endEvent(manager, { type: 'drill.failed', clusterId, subject: entry },
 * { how: 'passed', drillId }, at)`, which tells `drill.recovered` where an earlier one had failed.
 * @returns the id of the event, or null where it had been raised before
 */
export async function raiseEvent(manager: EntityManager, event: RaisedEvent): Promise<string | null> {
  const { type, clusterId, subject, facts, since } = event;
  const dedupeKey = `${type}:${clusterId}:${event.dedupeKey}`;
  const known = await row(manager, 'SELECT id FROM event WHERE dedupe_key = $1', [dedupeKey]);
  if (known) return null;
  await rows(
    manager,
    `UPDATE event SET state = 'closed', closed_at = $4, ending = '{"how": "superseded"}'
     WHERE cluster_id = $1 AND type = $2 AND subject = $3 AND state = 'open'`,
    [clusterId, type, subject, since],
  );
  // The union pairs types with facts; destructuring lost that.
  const severity = eventSeverity({ type, facts } as Typed);
  const id = newId('evt');
  const created = await rows<{ id: string }>(
    manager,
    `INSERT INTO event (id, type, cluster_id, subject, dedupe_key, severity, facts, since)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dedupe_key) DO NOTHING RETURNING id`,
    [id, type, clusterId, subject, dedupeKey, severity, toJsonb(facts), since],
  );
  await appendToOutbox(
    manager,
    'event.raised',
    created.map((each) => ({ eventId: each.id })),
  );
  return created[0]?.id ?? null;
}

/**
 * Closes the open event of a subject, where there is one, and tells those who were told of it that it is over; in the
 * transaction that makes it so.
 * @param at RFC 3339
 * @returns the id of the event that is over, or null where none was open
 */
export async function endEvent(
  manager: EntityManager,
  { type, clusterId, subject }: EventSubject,
  ending: EventEnd,
  at: string,
): Promise<string | null> {
  const closed = await rows<{ id: string }>(
    manager,
    `UPDATE event SET state = 'closed', closed_at = $4, ending = $5
     WHERE cluster_id = $1 AND type = $2 AND subject = $3 AND state = 'open' RETURNING id`,
    [clusterId, type, subject, at, toJsonb(ending)],
  );
  await appendToOutbox(
    manager,
    'event.ended',
    closed.map((each) => ({ eventId: each.id })),
  );
  return closed[0]?.id ?? null;
}
