import { describe, expect, it } from 'vitest';
import { pollUntil, preferredWait } from './prefer.js';

describe('preferredWait', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['wait=30', 30_000],
    ['respond-async, wait=20', 20_000],
    ['wait=10; x', 10_000],
    ['Wait=5', 5_000],
    ['wait=100000', 60_000],
    ['wait=-1', 0],
    ['await=7', 0],
    ['wait=7s', 0],
    [['respond-async', 'wait=3'], 3_000],
  ])('%j → %i ms', (header, ms) => {
    expect(preferredWait(header)).toBe(ms);
  });
});

describe('pollUntil', () => {
  const never = new AbortController().signal;

  it('asks until the answer is enough', async () => {
    let asked = 0;
    const ask = async () => (asked += 1);
    expect(await pollUntil(ask, (n) => n === 3, { waitMs: 60_000, pauseMs: 1, signal: never })).toBe(3);
  });

  it('gives the last answer when time is up', async () => {
    expect(
      await pollUntil(
        async () => 'queued',
        () => false,
        { waitMs: 5, pauseMs: 1, signal: never },
      ),
    ).toBe('queued');
  });

  it('stops when the caller is gone', async () => {
    const gone = new AbortController();
    const answer = pollUntil(
      async () => 'queued',
      () => false,
      { waitMs: 3_600_000, pauseMs: 3_600_000, signal: gone.signal },
    );
    gone.abort();
    expect(await answer).toBe('queued');
  });
});
