import type { Message } from './message.js';
import type { SendResult } from './send-result.js';

export interface SendContext {
  /** Names the delivery in every attempt, so that a receiver can recognise a repeat. */
  readonly deliveryId: string;
  /** 1 = the first. */
  readonly attempt: number;
  /** When the delivery was planned, RFC 3339. */
  readonly createdAt: string;
  /** Where the message is that this one takes the place of: `messageRef` of its result. Receivers that cannot update ignore it. */
  readonly replaces?: unknown;
  /** Ends the attempt early, such as at shutdown. */
  readonly signal?: AbortSignal;
}

/** Sends messages to one channel. Never throws for anything that a receiver does; waits for nothing. */
export interface Notifier {
  send(message: Message, context: SendContext): Promise<SendResult>;
}
