export {
  acceptChannel,
  CHANNEL_KINDS,
  CHANNEL_SECRETS,
  CHANNEL_SETTINGS,
  ChannelRejected,
  parseChannel,
  type ChannelConfig,
  type ChannelError,
  type ChannelErrorCode,
  type ChannelKind,
  type ChannelParts,
  type ChannelRules,
} from './channel.js';
export { createNotifier, type NotifierSettings } from './create-notifier.js';
export type { Message, MessageType, SlackContent } from './message.js';
export type { Notifier, SendContext } from './notifier.js';
export { renderChannelTest, type ChannelTest } from './render/channel-test.js';
export { renderDigest, type DigestView } from './render/digest.js';
export { renderEvent } from './render/event.js';
export type { EventView } from './render/event-layout.js';
export { hintOf, type SendCode, type SendResult } from './send-result.js';
export { newSigningSecret } from './standard-webhooks.js';
