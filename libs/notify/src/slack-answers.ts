import type { HttpAnswer } from './http-post.js';
import type { SendCode, Verdict } from './send-result.js';

/** Slack cannot show this form of the message; a smaller one may pass. */
export const TOO_BIG = 'tooBig';
type SlackMeaning = SendCode | typeof TOO_BIG;

/**
 * Error words of incoming webhooks and of the Web API (docs.slack.dev: "Sending messages using incoming webhooks",
 * "chat.postMessage"). Only these are recognised: what a receiver says is never stored or shown.
 */
const WORDS: Readonly<Record<string, SlackMeaning>> = {
  ratelimited: 'rateLimited',
  rate_limited: 'rateLimited',
  message_limit_exceeded: 'rateLimited',
  internal_error: 'serverError',
  fatal_error: 'serverError',
  service_unavailable: 'serverError',
  request_timeout: 'serverError',
  rollup_error: 'serverError',
  invalid_blocks: TOO_BIG,
  invalid_blocks_format: TOO_BIG,
  msg_blocks_too_long: TOO_BIG,
  msg_too_long: TOO_BIG,
  invalid_payload: TOO_BIG,
  invalid_attachments: TOO_BIG,
  too_many_attachments: TOO_BIG,
  no_text: TOO_BIG,
  channel_not_found: 'channelNotFound',
  user_not_found: 'channelNotFound',
  is_archived: 'channelArchived',
  channel_is_archived: 'channelArchived',
  not_in_channel: 'notInChannel',
  invalid_auth: 'invalidAuth',
  not_authed: 'invalidAuth',
  invalid_token: 'invalidAuth',
  token_expired: 'invalidAuth',
  token_revoked: 'tokenRevoked',
  account_inactive: 'accountInactive',
  team_disabled: 'accountInactive',
  no_team: 'accountInactive',
  missing_scope: 'missingScope',
  not_allowed_token_type: 'missingScope',
  no_permission: 'missingScope',
  no_service: 'noService',
  no_service_id: 'noService',
  no_active_hooks: 'noService',
  action_prohibited: 'actionProhibited',
  posting_to_general_channel_denied: 'actionProhibited',
  restricted_action: 'actionProhibited',
  restricted_action_read_only_channel: 'actionProhibited',
  restricted_action_thread_only_channel: 'actionProhibited',
  restricted_action_non_threadable_channel: 'actionProhibited',
  ekm_access_denied: 'actionProhibited',
  access_denied: 'actionProhibited',
};

const meaningOfWord = (word: string): SlackMeaning | undefined =>
  Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;

/** What the status alone says; undefined where the body decides. */
function meaningOfStatus({ status }: HttpAnswer): SendCode | undefined {
  if (status === 429) return 'rateLimited';
  if (status === 410) return 'gone';
  if (status >= 500 || status === 408) return 'serverError';
  if (status >= 300 && status < 400) return 'redirected';
  if (status < 200) return 'unreadableAnswer';
  return undefined;
}

/** An incoming webhook answers the text `ok`, or an error word with a 4xx or 5xx status. */
export function readWebhookAnswer(answer: HttpAnswer): SlackMeaning {
  const word = answer.body?.trim() ?? '';
  if (answer.status === 200 && word === 'ok') return 'ok';
  const meaning = meaningOfWord(word);
  // A known word says more than its status: Slack sends `channel_is_archived` with 410, but the hook is not gone.
  if (answer.status >= 400 && meaning !== undefined && answer.status !== 429) return meaning;
  return meaningOfStatus(answer) ?? (answer.status >= 400 ? 'refused' : 'unreadableAnswer');
}

export interface SlackApiAnswer {
  readonly meaning: SlackMeaning;
  /** The parsed body of a success. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The Web API answers HTTP 200 with `{"ok": true, …}` or `{"ok": false, "error": word}`. */
export function readApiAnswer(answer: HttpAnswer): SlackApiAnswer {
  const body = parseObject(answer.body);
  const word = body !== null && body['ok'] === false && typeof body['error'] === 'string' ? body['error'] : null;
  const status = meaningOfStatus(answer);
  if (status === 'rateLimited' || (status !== undefined && word === null)) return { meaning: status, body: {} };
  if (word !== null) return { meaning: meaningOfWord(word) ?? status ?? 'refused', body: {} };
  if (body !== null && body['ok'] === true && answer.status < 300) return { meaning: 'ok', body };
  return { meaning: answer.status >= 400 ? 'refused' : 'unreadableAnswer', body: {} };
}

export function toVerdict(code: SendCode, answer: HttpAnswer): Verdict {
  return { code, httpStatus: answer.status, retryAfterMs: answer.retryAfterMs };
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
