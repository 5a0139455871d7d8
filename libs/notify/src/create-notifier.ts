import type { ChannelConfig } from './channel.js';
import { createHttpPost, type HttpPostSettings } from './http-post.js';
import type { Notifier } from './notifier.js';
import { createSlackBotNotifier } from './slack-bot-notifier.js';
import { createSlackWebhookNotifier } from './slack-webhook-notifier.js';
import { createWebhookNotifier } from './webhook-notifier.js';

export interface NotifierSettings extends HttpPostSettings {
  /** `PLIMSOLL_SLACK_API_URL`. */
  readonly slackApiUrl: string;
  /** `PLIMSOLL_SLACK_WEBHOOK_HOSTS`. */
  readonly slackWebhookHosts: readonly string[];
}

/** The notifier for one channel. It holds the channel's secret, so make it for one delivery and let it go. */
export function createNotifier(channel: ChannelConfig, settings: NotifierSettings): Notifier {
  const post = createHttpPost(settings);
  if (channel.kind === 'slackWebhook') return createSlackWebhookNotifier(channel, post, settings.slackWebhookHosts);
  if (channel.kind === 'slackBot') return createSlackBotNotifier(channel, post, settings.slackApiUrl);
  return createWebhookNotifier(channel, post);
}
