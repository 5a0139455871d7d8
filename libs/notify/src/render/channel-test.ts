import type { Message, SlackContent } from '../message.js';
import { context, header, section } from './block-kit.js';
import { Links } from './links.js';
import { code, link, md, text } from './mrkdwn.js';

/** The message behind the test button of a channel. */
export interface ChannelTest {
  readonly channelId: string;
  readonly channelName: string;
  /** Who pressed the button, such as the name of an API token. */
  readonly requestedBy: string;
  /** RFC 3339. */
  readonly at: string;
}

export function renderChannelTest(test: ChannelTest, publicUrl: string): Message {
  const url = new Links(publicUrl).channel(test.channelId);
  const words = md`Test message: the channel ${code(test.channelName)} works.`;
  const signature = [md`Sent by ${text(test.requestedBy, 100)}`, link(url, 'channel settings')];
  const content: SlackContent = {
    text: text(`Test message from Plimsoll for the channel ${test.channelName}`),
    blocks: [
      header('Test message from Plimsoll'),
      section(
        md`${words} Audits are told here in one message per run, and only when something changed or could not be judged.`,
      ),
      context(signature),
    ],
  };
  return {
    type: 'channel.test',
    timestamp: test.at,
    data: { test: true, channel: { id: test.channelId, url } },
    slack: { full: content, compact: content, plain: { text: md`${words} ${link(url, 'channel settings')}` } },
  };
}
