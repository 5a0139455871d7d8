import { describe, expect, it } from 'vitest';
import { retryWaitMs } from './retry-schedule.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('retryWaitMs', () => {
  it.each([
    [1, 5 * SECOND],
    [2, 30 * SECOND],
    [3, 2 * MINUTE],
    [4, 10 * MINUTE],
    [5, HOUR],
    [6, 6 * HOUR],
    [7, 24 * HOUR],
  ])('after %i attempts', (attempts, wait) => {
    expect(retryWaitMs(attempts, 0)).toBe(wait);
    expect(retryWaitMs(attempts, 0.999)).toBeGreaterThan(wait);
    expect(retryWaitMs(attempts, 0.999)).toBeLessThanOrEqual(wait * 1.2);
  });

  it('gives up after the eighth attempt', () => {
    expect(retryWaitMs(8, 0)).toBeNull();
    expect(retryWaitMs(100, 0)).toBeNull();
  });

  it('waits shortest where no attempt counted', () => {
    expect(retryWaitMs(0, 0)).toBe(5 * SECOND);
  });
});
