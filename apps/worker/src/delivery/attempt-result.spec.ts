import { describe, expect, it } from 'vitest';
import type { SendResult } from '#libs/notify';
import { attemptResult } from './attempt-result.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const base = { hint: 'Said so.', httpStatus: null, durationMs: 12 };
const retry = {
  ...base,
  outcome: 'retry',
  code: 'serverError',
  httpStatus: 503,
  retryAfterMs: null,
  wholeChannel: false,
  consumesAttempt: true,
} as const satisfies SendResult;

const result = (sent: SendResult, attempts = 0) => attemptResult(sent, attempts, 'It is gone.', NOW, 0);
const inMs = (ms: number) => new Date(NOW + ms);

describe('attemptResult', () => {
  it('is sent, with the place of the message where it is known', () => {
    const messageRef = { channel: 'C1', ts: '1.2' };
    expect(result({ ...base, outcome: 'sent', code: 'ok', httpStatus: 200, messageRef })).toEqual({
      outcome: 'sent',
      code: 'ok',
      hint: 'Said so.',
      httpStatus: 200,
      durationMs: 12,
      messageRef,
    });
    expect(result({ ...base, outcome: 'sent', code: 'ok', messageRef: null })).not.toHaveProperty('messageRef');
  });

  it.each([
    ['the first time', retry, 0, inMs(5_000)],
    ['the second time', retry, 1, inMs(30_000)],
    ['the seventh time', retry, 6, inMs(86_400_000)],
    ['the eighth time: given up', retry, 7, null],
    ['a receiver that asks for longer', { ...retry, retryAfterMs: 60_000 }, 0, inMs(60_000)],
    ['a receiver that asks for less', { ...retry, retryAfterMs: 1_000 }, 1, inMs(30_000)],
  ] as const)('is tried again, %s', (_, sent, attempts, nextAttemptAt) => {
    const answer = result(sent, attempts);
    expect(answer).toMatchObject({ outcome: 'retry', nextAttemptAt });
    expect(answer).not.toHaveProperty('retryAfterMs');
  });

  it('pauses the channel without counting the attempt where the receiver limits the rate', () => {
    const limited = {
      ...retry,
      code: 'rateLimited',
      retryAfterMs: 7_000,
      wholeChannel: true,
      consumesAttempt: false,
    } as const;
    expect(result(limited, 7)).toMatchObject({ outcome: 'retry', retryAfterMs: 7_000, nextAttemptAt: inMs(7_000) });
  });

  it('comes back at once, uncounted, where this process stops', () => {
    const stopped = { ...retry, code: 'stopped', consumesAttempt: false } as const;
    expect(result(stopped, 7)).toMatchObject({ outcome: 'retry', retryAfterMs: 0, nextAttemptAt: inMs(0) });
  });

  it('is rejected; only a receiver that is gone switches the channel off', () => {
    const rejected = { ...base, outcome: 'rejected', code: 'invalidAuth', disableChannel: false } as const;
    expect(result(rejected)).not.toHaveProperty('disableChannel');
    expect(result({ ...rejected, code: 'gone', httpStatus: 410, disableChannel: true })).toMatchObject({
      outcome: 'rejected',
      disableChannel: 'It is gone.',
    });
  });
});
