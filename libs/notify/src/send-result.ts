/** Why a message was sent, will be tried again, or never will. Stable: stored with every attempt. */
export type SendCode =
  | 'ok'
  | 'alreadySent'
  | 'rateLimited'
  | 'serverError'
  | 'timeout'
  | 'connectionFailed'
  | 'tlsFailed'
  | 'unresolvable'
  | 'unreadableAnswer'
  | 'refusedForNow'
  | 'stopped'
  | 'egressDenied'
  | 'redirected'
  | 'gone'
  | 'refused'
  | 'messageRefused'
  | 'channelNotFound'
  | 'channelArchived'
  | 'notInChannel'
  | 'invalidAuth'
  | 'tokenRevoked'
  | 'accountInactive'
  | 'missingScope'
  | 'noService'
  | 'actionProhibited';

type Outcome = 'sent' | 'retry' | 'rejected';

/** What each code means for the delivery, and what a person can do about it. Never contains what the other side said. */
const CODES = {
  ok: { outcome: 'sent', hint: 'The message was accepted.' },
  alreadySent: {
    outcome: 'sent',
    hint: 'An earlier attempt had arrived although its answer was lost; nothing was sent twice.',
  },
  rateLimited: {
    outcome: 'retry',
    hint: 'The receiver asked to slow down; the whole channel waits as long as it asked.',
  },
  serverError: { outcome: 'retry', hint: 'The receiver has a problem of its own (HTTP 5xx); it is tried again later.' },
  timeout: {
    outcome: 'retry',
    hint: 'The receiver did not answer in time; it is tried again later. A receiver should answer first and work after.',
  },
  connectionFailed: {
    outcome: 'retry',
    hint: 'No connection, or it broke off. Check the address, the port and the firewall between Plimsoll and the receiver.',
  },
  tlsFailed: {
    outcome: 'retry',
    hint: 'The TLS certificate of the receiver was not accepted. Check its expiry and host name; give a private authority with NODE_EXTRA_CA_CERTS.',
  },
  unresolvable: { outcome: 'retry', hint: 'The host name could not be resolved. Check its spelling and the DNS.' },
  unreadableAnswer: {
    outcome: 'retry',
    hint: 'The answer was not one that the receiver gives, such as a web page or half an answer. Look for a proxy in between.',
  },
  refusedForNow: {
    outcome: 'retry',
    hint: 'The receiver refused the message (HTTP 4xx); it is tried again later. Check that it accepts this address and signature.',
  },
  stopped: { outcome: 'retry', hint: 'The sending process was stopped; the message is sent by the next one.' },
  egressDenied: {
    outcome: 'rejected',
    hint: 'The address is not allowed. Private addresses are allowed with PLIMSOLL_EGRESS_ALLOW_CIDRS and ports with PLIMSOLL_EGRESS_ALLOW_PORTS; Slack webhook hosts with PLIMSOLL_SLACK_WEBHOOK_HOSTS.',
  },
  redirected: {
    outcome: 'rejected',
    hint: 'The receiver redirects to another address. Redirects are not followed; store the final address in the channel.',
  },
  gone: {
    outcome: 'rejected',
    hint: 'The receiver says that it is gone for good (HTTP 410); the channel was switched off. Store a new address, then switch it on.',
  },
  refused: {
    outcome: 'rejected',
    hint: 'Slack refused the message for a reason that trying again would not change. Send a test after checking the channel and the app.',
  },
  messageRefused: {
    outcome: 'rejected',
    hint: 'Slack refused every form of this message, even plain text. Please report this with the delivery id.',
  },
  channelNotFound: {
    outcome: 'rejected',
    hint: 'Slack knows no such channel, or the app may not see it. Check the channel id; invite the app to a private channel.',
  },
  channelArchived: {
    outcome: 'rejected',
    hint: 'The Slack channel is archived. Unarchive it, or choose another one.',
  },
  notInChannel: { outcome: 'rejected', hint: 'The Slack app is not in the channel. Invite it: /invite @plimsoll' },
  invalidAuth: { outcome: 'rejected', hint: 'Slack does not accept the token. Store a new bot token (xoxb-…).' },
  tokenRevoked: {
    outcome: 'rejected',
    hint: 'The Slack token was revoked. Install the app again and store the new bot token.',
  },
  accountInactive: {
    outcome: 'rejected',
    hint: 'The Slack app was removed or its workspace closed. Install it again and store the new token.',
  },
  missingScope: {
    outcome: 'rejected',
    hint: 'The Slack app lacks a permission. Add the bot scope chat:write, then install it again.',
  },
  noService: {
    outcome: 'rejected',
    hint: 'The Slack webhook was deleted or switched off. Create a new one and store its address.',
  },
  actionProhibited: {
    outcome: 'rejected',
    hint: 'The Slack workspace forbids this post. Ask an administrator of the workspace to allow the app in this channel.',
  },
} as const satisfies Readonly<Record<SendCode, { readonly outcome: Outcome; readonly hint: string }>>;

/** The sentence of a code, for stored attempts. */
export function hintOf(code: SendCode): string {
  return CODES[code].hint;
}

type CodeOf<O extends Outcome> = {
  [C in SendCode]: (typeof CODES)[C]['outcome'] extends O ? C : never;
}[SendCode];

interface Attempt {
  /** For people: what is so and what to do. */
  readonly hint: string;
  readonly httpStatus: number | null;
  readonly durationMs: number;
}

/** Answer of one attempt. The caller decides about time (style: the queue waits, the notifier does not). */
export type SendResult =
  | (Attempt & {
      readonly outcome: 'sent';
      readonly code: CodeOf<'sent'>;
      /** Where the message is, so that it can be edited later; only a Slack bot learns it. */
      readonly messageRef: { readonly channel: string; readonly ts: string } | null;
    })
  | (Attempt & {
      readonly outcome: 'retry';
      readonly code: CodeOf<'retry'>;
      /** Not before this many milliseconds from now; null = the caller's own schedule. */
      readonly retryAfterMs: number | null;
      /** True for a rate limit: no delivery of the channel may be sent before `retryAfterMs`. */
      readonly wholeChannel: boolean;
      /** False where the attempt says nothing about the receiver: it does not bring the delivery closer to giving up. */
      readonly consumesAttempt: boolean;
    })
  | (Attempt & {
      readonly outcome: 'rejected';
      readonly code: CodeOf<'rejected'>;
      /** Standard Webhooks: 410 means that the endpoint wants no message ever again. */
      readonly disableChannel: boolean;
    });

/** What an attempt ended with, before it is timed and worded. */
export interface Verdict {
  readonly code: SendCode;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number | null;
  readonly messageRef?: { readonly channel: string; readonly ts: string };
}

/** Waited where a receiver says "slow down" without saying how long. */
const DEFAULT_RATE_LIMIT_MS = 30_000;

export function toSendResult(verdict: Verdict, durationMs: number): SendResult {
  const { code } = verdict;
  const attempt = {
    hint: CODES[code].hint,
    httpStatus: verdict.httpStatus ?? null,
    durationMs: Math.round(durationMs),
  };
  if (isCode('sent', code)) return { outcome: 'sent', code, ...attempt, messageRef: verdict.messageRef ?? null };
  if (isCode('rejected', code)) {
    return { outcome: 'rejected', code, ...attempt, disableChannel: verdict.httpStatus === 410 };
  }
  const wholeChannel = code === 'rateLimited';
  return {
    outcome: 'retry',
    code,
    ...attempt,
    retryAfterMs: verdict.retryAfterMs ?? (wholeChannel ? DEFAULT_RATE_LIMIT_MS : null),
    wholeChannel,
    consumesAttempt: !wholeChannel && code !== 'stopped',
  };
}

function isCode<O extends Outcome>(outcome: O, code: SendCode): code is CodeOf<O> {
  return CODES[code].outcome === outcome;
}
