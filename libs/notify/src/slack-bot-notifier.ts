import { z } from 'zod';
import { attempt } from './attempt.js';
import type { SlackBotChannel } from './channel.js';
import type { HttpAnswer, HttpPost } from './http-post.js';
import { type Message, SLACK_SIZES } from './message.js';
import type { Notifier, SendContext } from './notifier.js';
import { toSendResult, type Verdict } from './send-result.js';
import { readApiAnswer, TOO_BIG, toVerdict } from './slack-answers.js';
import { SLACK_GRACE_MS, SLACK_JSON_HEADERS, SLACK_MAX_ANSWER_BYTES } from './slack-request.js';

/** Marks our messages in Slack's message metadata (docs.slack.dev/messaging/message-metadata). */
const METADATA_EVENT = 'plimsoll_delivery';

const posted = z.object({ channel: z.string().max(40), ts: z.string().max(40) });
const history = z.object({
  messages: z.array(
    z.object({
      ts: z.string().max(40),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.object({ delivery_id: z.string().optional() }) })
        .optional()
        .catch(undefined),
    }),
  ),
});

/**
 * Posts with a bot token through `chat.postMessage`, or edits an earlier message through `chat.update`. Every message
 * carries the id of the delivery that posted it as metadata.
 */
export function createSlackBotNotifier(channel: SlackBotChannel, post: HttpPost, apiUrl: string): Notifier {
  const { channelId } = channel.settings;
  const authorization = `Bearer ${channel.secret.token}`;

  const call = (
    method: string,
    type: Readonly<Record<string, string>>,
    body: string,
    context: SendContext,
    max?: number,
  ) =>
    post({
      url: new URL(`${apiUrl.replace(/\/+$/, '')}/${method}`),
      headers: { ...type, authorization },
      body,
      allowHttpLoopback: true,
      maxBodyBytes: max ?? SLACK_MAX_ANSWER_BYTES,
      signal: context.signal,
      graceMs: SLACK_GRACE_MS,
    });

  /**
   * Looks for the message of an earlier attempt whose answer was lost. Needs the scope `channels:history`; without it
   * the message is posted again, which is the lesser evil.
   */
  const findEarlier = async (context: SendContext): Promise<Verdict | null> => {
    const oldest = Math.floor(Date.parse(context.createdAt) / 1000) - 60;
    const query = new URLSearchParams({
      channel: channelId,
      include_all_metadata: 'true',
      limit: '15',
      ...(Number.isFinite(oldest) && { oldest: String(oldest) }),
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call('conversations.history', form, query.toString(), context, 1024 * 1024);
    const { meaning, body } = readApiAnswer(answer);
    if (meaning === 'rateLimited') return toVerdict(meaning, answer);
    const earlier = history
      .safeParse(body)
      .data?.messages.find(
        ({ metadata }) =>
          metadata?.event_type === METADATA_EVENT && metadata.event_payload.delivery_id === context.deliveryId,
      );
    return earlier === undefined
      ? null
      : { code: 'alreadySent', httpStatus: answer.status, messageRef: { channel: channelId, ts: earlier.ts } };
  };

  /**
   * Edits the message that this one takes the place of. Doing it twice does no harm. Null where it is gone, too old to
   * be edited, or in another channel: then the message is posted anew.
   */
  const updateEarlier = async (message: Message, context: SendContext): Promise<Verdict | null> => {
    const earlier = posted.safeParse(context.replaces).data;
    if (earlier?.channel !== channelId) return null;
    for (const size of SLACK_SIZES) {
      const { text, blocks = [] } = message.slack[size];
      // Blocks that are left out would stay as they were.
      const body = JSON.stringify({ ...earlier, text, blocks, link_names: false, parse: 'none' });
      const answer = await call('chat.update', SLACK_JSON_HEADERS, body, context);
      const { meaning } = readApiAnswer(answer);
      if (meaning === TOO_BIG) continue;
      const verdict: Verdict =
        meaning === 'ok' ? { code: 'ok', httpStatus: answer.status, messageRef: earlier } : toVerdict(meaning, answer);
      return toSendResult(verdict, 0).outcome === 'rejected' ? null : verdict;
    }
    return null;
  };

  return {
    send: (message, context) =>
      attempt(async () => {
        const updated = await updateEarlier(message, context);
        if (updated !== null) return updated;
        if (mayBeRepeat(context)) {
          const earlier = await findEarlier(context);
          if (earlier !== null) return earlier;
        }
        for (const size of SLACK_SIZES) {
          const body = JSON.stringify({
            channel: channelId,
            ...message.slack[size],
            unfurl_links: false,
            unfurl_media: false,
            link_names: false,
            parse: 'none',
            metadata: { event_type: METADATA_EVENT, event_payload: { delivery_id: context.deliveryId } },
          });
          const answer = await call('chat.postMessage', SLACK_JSON_HEADERS, body, context);
          const { meaning, body: answered } = readApiAnswer(answer);
          if (meaning === 'ok') return sent(answer, answered);
          if (meaning !== TOO_BIG) return toVerdict(meaning, answer);
        }
        return { code: 'messageRefused' };
      }),
  };
}

/** A first attempt follows its plan at once. One that comes late may follow a process that died while it was sending. */
const PROMPT_MS = 15_000;

function mayBeRepeat({ attempt, createdAt }: SendContext): boolean {
  return attempt > 1 || Date.now() - Date.parse(createdAt) > PROMPT_MS;
}

function sent(answer: HttpAnswer, body: Readonly<Record<string, unknown>>): Verdict {
  const reference = posted.safeParse(body).data;
  return { code: 'ok', httpStatus: answer.status, ...(reference && { messageRef: reference }) };
}
