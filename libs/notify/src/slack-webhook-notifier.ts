import { attempt } from './attempt.js';
import type { SlackWebhookChannel } from './channel.js';
import type { HttpPost } from './http-post.js';
import { SLACK_SIZES } from './message.js';
import type { Notifier } from './notifier.js';
import { SLACK_GRACE_MS, SLACK_JSON_HEADERS, SLACK_MAX_ANSWER_BYTES } from './slack-request.js';
import { readWebhookAnswer, TOO_BIG, toVerdict } from './slack-answers.js';
import { checkSlackWebhookUrl } from './slack-webhook-url.js';

/** Posts through a Slack incoming webhook. Such a hook cannot edit its messages, nor say where they went. */
export function createSlackWebhookNotifier(
  channel: SlackWebhookChannel,
  post: HttpPost,
  webhookHosts: readonly string[],
): Notifier {
  return {
    send: (message, context) =>
      attempt(async () => {
        // Checked again at every send: the list of hosts may have become shorter since the channel was made.
        const target = checkSlackWebhookUrl(channel.secret.url, webhookHosts);
        if ('problem' in target) return { code: 'egressDenied' };
        for (const size of SLACK_SIZES) {
          const answer = await post({
            ...target,
            headers: SLACK_JSON_HEADERS,
            body: JSON.stringify({ ...message.slack[size], unfurl_links: false, unfurl_media: false }),
            maxBodyBytes: SLACK_MAX_ANSWER_BYTES,
            signal: context.signal,
            graceMs: SLACK_GRACE_MS,
          });
          const meaning = readWebhookAnswer(answer);
          if (meaning !== TOO_BIG) return toVerdict(meaning, answer);
        }
        return { code: 'messageRefused' };
      }),
  };
}
