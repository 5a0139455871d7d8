import type { EventType, FleetEvent } from '#libs/core';
import type { KnownBlock } from '@slack/types';
import type { Message } from '../message.js';
import type { Links } from './links.js';
import type { Mrkdwn } from './mrkdwn.js';

/** Where a message is going, and what its words need. */
export interface EventView {
  /** `PLIMSOLL_PUBLIC_URL`. */
  readonly publicUrl: string;
  readonly channelId: string;
  /** Title of a control for people. */
  readonly titleOf: (controlId: string) => string;
}

export interface LayoutContext {
  readonly links: Links;
  readonly view: EventView;
}

export type EventNamed<T extends EventType> = Extract<FleetEvent, { type: T }>;

/** What is particular to one type of event; the rest is the same for all. */
export interface EventLayout {
  /** The header; plain text, also with names from outside. */
  readonly title: string;
  /** One sentence for notifications and screen readers; the whole message where there are no blocks. */
  readonly summary: string;
  /** @param lines how many items of each list are told */
  readonly body: (lines: number) => readonly KnownBlock[];
  /** Small print, before what all messages say. */
  readonly notes: readonly Mrkdwn[];
  /** The page to go to. */
  readonly url: string;
  /** For generic webhooks, beside what all events have. */
  readonly data: Message['data'];
}
