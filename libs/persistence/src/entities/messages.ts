import type { EventEnd, EventFacts, EventType, Severity } from '#libs/core';
import type { Sealed } from '#libs/platform';
import { Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../values.js';
import {
  Flag,
  Hidden,
  Integer,
  Json,
  OptionalInteger,
  OptionalJson,
  OptionalText,
  OptionalTime,
  Text,
  TextArray,
  Time,
} from './columns.js';

export type ChannelKind = 'slackWebhook' | 'slackBot' | 'webhook';

@Entity('channel')
export class ChannelEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  @Text() kind: ChannelKind;
  /** What is not secret, such as a Slack channel id or the origin of a webhook. */
  @Json() settings: JsonObject;
  @Json(Hidden) sealed: Sealed;
  @TextArray() events: readonly string[];
  @Text() minSeverity: Severity;
  @Flag() enabled: boolean;
  @OptionalText() disabledReason: string | null;
  /** The receiver asked to be left alone until then. */
  @OptionalTime() pausedUntil: string | null;
  @Integer() version: number;
  @Time() createdAt: string;
  @Time() updatedAt: string;
}

export type DeliveryState = 'pending' | 'sending' | 'sent' | 'retrying' | 'dead' | 'skipped';

@Entity('delivery')
export class DeliveryEntity {
  @PrimaryColumn('text') id: string;
  @Text() channelId: string;
  @Text() event: string;
  @OptionalText() runId: string | null;
  @OptionalText() eventId: string | null;
  /** It tells that the event is over. */
  @Flag() isEnd: boolean;
  /** One message at most for each channel and key. */
  @Text() dedupeKey: string;
  @Text() state: DeliveryState;
  @Integer() attempts: number;
  @OptionalTime() nextAttemptAt: string | null;
  @OptionalTime() claimedAt: string | null;
  /** Where the message is, for a receiver that can update it. */
  @OptionalJson() messageRef: JsonObject | null;
  @OptionalText() lastCode: string | null;
  @OptionalText() lastHint: string | null;
  @Time() createdAt: string;
  @OptionalTime() sentAt: string | null;
}

@Entity('delivery_attempt')
export class DeliveryAttemptEntity {
  @PrimaryColumn('bigint') id: string;
  @Text() deliveryId: string;
  @Time() at: string;
  @Text() outcome: 'sent' | 'retry' | 'rejected';
  @Text() code: string;
  @OptionalInteger() httpStatus: number | null;
  @Integer() durationMs: number;
  @OptionalInteger() retryAfterMs: number | null;
}

/** See `raiseEvent`. */
@Entity('event')
export class EventEntity {
  @PrimaryColumn('text') id: string;
  @Text() type: EventType;
  @Text() clusterId: string;
  /** What it is about, within its cluster and type: a tenant, a target, a credential. At most one is open of each. */
  @Text() subject: string;
  /** An event is raised once for each key, ever. */
  @Text() dedupeKey: string;
  @Text() severity: Severity;
  /** Ids, names and words for people; never a secret. */
  @Json() facts: EventFacts[EventType];
  @Text() state: 'open' | 'closed';
  @Time() since: string;
  @Time() createdAt: string;
  @OptionalTime() closedAt: string | null;
  @OptionalJson() ending: EventEnd | null;
}

export type OutboxKind =
  | 'run.planned'
  | 'run.completed'
  | 'event.raised'
  | 'event.ended'
  | 'delivery.due'
  | 'drill.planned'
  | 'source.syncRequested';

@Entity('outbox')
export class OutboxEntity {
  @PrimaryColumn('bigint') id: string;
  @Text() kind: OutboxKind;
  /** Ids only. */
  @Json() payload: Readonly<Record<string, string>>;
  @Time() createdAt: string;
  @OptionalTime() dispatchedAt: string | null;
}
