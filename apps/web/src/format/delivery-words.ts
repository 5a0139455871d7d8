import type { Channel, Delivery } from '../api/types.js';

export const KIND_WORDS = { slackWebhook: 'Slack webhook', slackBot: 'Slack bot', webhook: 'signed webhook' } as const;

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
