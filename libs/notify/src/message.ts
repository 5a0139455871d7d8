import type { ChannelEvent, JsonValue } from '#libs/core';
import type { KnownBlock } from '@slack/types';

/** Largest first. Slack sometimes refuses a message below its documented limits; the next size is then tried. */
export const SLACK_SIZES = ['full', 'compact', 'plain'] as const;
export type SlackSize = (typeof SLACK_SIZES)[number];

/** The part of a Slack message that does not depend on how it is sent. */
export interface SlackContent {
  /** What notifications and screen readers read; the whole message where there are no blocks. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

export type MessageType = ChannelEvent | 'channel.test';

/** One message in every form that a channel may need. */
export interface Message {
  readonly type: MessageType;
  /** When the thing happened, RFC 3339. */
  readonly timestamp: string;
  /** For generic webhooks: ids, names, counts and links, below 20 kB; no texts from clusters. */
  readonly data: { readonly [key: string]: JsonValue };
  readonly slack: Readonly<Record<SlackSize, SlackContent>>;
}
