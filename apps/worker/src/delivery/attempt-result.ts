import type { SendResult } from '#libs/notify';
import type { AttemptResult } from '#libs/persistence';
import { retryWaitMs } from './retry-schedule.js';

/**
 * What an answer means for the delivery.
 *
 * @param attempts that counted before this one
 * @param disabledReason why a channel is switched off whose receiver is gone, for people
 * @param now milliseconds since the epoch
 * @param random a number from 0 to below 1
 */
export function attemptResult(
  sent: SendResult,
  attempts: number,
  disabledReason: string,
  now: number,
  random: number,
): AttemptResult {
  const { code, hint, durationMs } = sent;
  const attempt = { code, hint, durationMs, ...(sent.httpStatus !== null && { httpStatus: sent.httpStatus }) };
  if (sent.outcome === 'sent') {
    return { ...attempt, outcome: 'sent', ...(sent.messageRef && { messageRef: { ...sent.messageRef } }) };
  }
  if (sent.outcome === 'rejected') {
    return { ...attempt, outcome: 'rejected', ...(sent.disableChannel && { disableChannel: disabledReason }) };
  }
  if (!sent.consumesAttempt) {
    // A pause of the whole channel, or none where only this process stops.
    const retryAfterMs = sent.wholeChannel ? (sent.retryAfterMs ?? 0) : 0;
    return { ...attempt, outcome: 'retry', nextAttemptAt: new Date(now + retryAfterMs), retryAfterMs };
  }
  const waitMs = retryWaitMs(attempts + 1, random);
  const nextAttemptAt = waitMs === null ? null : new Date(now + Math.max(waitMs, sent.retryAfterMs ?? 0));
  return { ...attempt, outcome: 'retry', nextAttemptAt };
}
