import type { Sealed } from '#libs/platform';
import type { DeliveryAttemptEntity, DeliveryEntity } from '../entities/messages.js';
import type { ListRequest } from '../sql/list.js';
import type { JsonObject } from '../values.js';
import type { ChannelRecord } from './channel-repository.js';

export type DeliveryRecord = Readonly<DeliveryEntity> & { readonly channelName: string };
export type DeliveryAttemptRecord = Readonly<DeliveryAttemptEntity>;

/** What a worker needs to send one message. */
export interface DeliveryWork {
  readonly delivery: Omit<DeliveryRecord, 'channelName'>;
  readonly channel: ChannelRecord;
  /** To be opened with `channelAad(channel.id)`. */
  readonly sealed: Sealed;
  /** Where the message is that this one takes the place of, for a receiver that can update it. */
  readonly replaces: JsonObject | null;
}

interface Attempt {
  /** Class of the answer, such as `sent`, `rateLimited` or `http500`. */
  readonly code: string;
  readonly durationMs: number;
  readonly httpStatus?: number;
  /** For people; our own words. */
  readonly hint?: string;
}

/** What came of one attempt to send. */
export type AttemptResult = Attempt &
  (
    | { readonly outcome: 'sent'; readonly messageRef?: JsonObject }
    | {
        readonly outcome: 'retry';
        /** Null = no more tries: the delivery is dead. */
        readonly nextAttemptAt: Date | null;
        /** What the receiver asked for. The whole channel waits that long, and the attempt does not count. */
        readonly retryAfterMs?: number;
      }
    | {
        readonly outcome: 'rejected';
        /** Switches the channel off, with this reason. */
        readonly disableChannel?: string;
      }
  );

export type DeliverySortField = 'createdAt' | 'nextAttemptAt';
export interface DeliveryFilter {
  readonly state?: readonly string[];
  readonly event?: readonly string[];
  /** Ids or names. */
  readonly channel?: readonly string[];
  readonly runId?: readonly string[];
}

export type DeliveryListRequest = ListRequest<DeliverySortField, DeliveryFilter>;
