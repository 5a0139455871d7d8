import type { ChannelEvent } from '#libs/core';
import type { Channel, Delivery } from '../api/types.js';

export const KIND_WORDS = { slackWebhook: 'Slack webhook', slackBot: 'Slack bot', webhook: 'signed webhook' } as const;

/** What a channel is told, in a clause. */
const EVENT_WORDS: Readonly<Record<ChannelEvent, string>> = {
  'run.completed': 'an audit finished, and something changed or could not be judged',
  'tenant.canRevoke': 'a tenant can take away the access of the platform',
  'remoteApply.silent': 'Flux fails to apply to another cluster, and nobody is told',
  'credential.expiring': 'a credential ends in 30, 7 or 1 days, or has ended',
  'drill.failed': 'a break-glass drill failed',
  'drill.recovered': 'a break-glass drill passes again',
};

export function eventWords(event: string): string {
  const words: Readonly<Record<string, string>> = EVENT_WORDS;
  return words[event] ?? event;
}

/** Where a channel leads, as far as that is no secret. */
export function addressWords({ kind, settings }: Pick<Channel, 'kind' | 'settings'>): string {
  return (kind === 'slackBot' ? settings.channelId : settings.host) ?? 'address stored';
}

/** The mark of a delivery's state. */
export const DELIVERY_MARKS = {
  pending: { state: 'notApplicable', word: 'waiting' },
  sending: { state: 'notApplicable', word: 'being sent' },
  sent: { state: 'pass', word: 'sent' },
  retrying: { state: 'warn', word: 'will be tried again' },
  dead: { state: 'fail', word: 'given up' },
  skipped: { state: 'notApplicable', word: 'nothing to tell' },
} as const satisfies Record<Delivery['state'], { readonly state: string; readonly word: string }>;

export function canRetry({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'dead' || state === 'retrying';
}
