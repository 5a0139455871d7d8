import { attempt } from './attempt.js';
import type { WebhookChannel } from './channel.js';
import type { HttpAnswer, HttpPost } from './http-post.js';
import type { Notifier } from './notifier.js';
import type { SendCode } from './send-result.js';
import { signatureHeaders } from './standard-webhooks.js';

/** Sends signed JSON as Standard Webhooks 1.0.0 describes (standardwebhooks.com). */
export function createWebhookNotifier(channel: WebhookChannel, post: HttpPost): Notifier {
  const { url, signingSecrets } = channel.secret;
  return {
    send: ({ type, timestamp, data }, context) =>
      attempt(async () => {
        const body = JSON.stringify({ type, timestamp, data });
        const answer = await post({
          url: new URL(url),
          headers: {
            'content-type': 'application/json',
            ...signatureHeaders(context.deliveryId, Date.now(), body, signingSecrets),
          },
          body,
          // The status says it all; what a receiver writes is not read.
          maxBodyBytes: 0,
          signal: context.signal,
        });
        return { code: codeOf(answer), httpStatus: answer.status, retryAfterMs: answer.retryAfterMs };
      }),
  };
}

/**
 * "Any 2xx is a success; 410 means disable; redirects are failures; everything else is tried again" (Standard Webhooks,
 * "Operational considerations"). So a receiver that is repaired within a day loses nothing.
 */
function codeOf({ status }: HttpAnswer): SendCode {
  if (status >= 200 && status < 300) return 'ok';
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 410) return 'gone';
  if (status === 429) return 'rateLimited';
  return status >= 500 ? 'serverError' : 'refusedForNow';
}
