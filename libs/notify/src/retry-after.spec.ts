import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.js';

const NOW = Date.parse('2026-11-24T02:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    ['30', 30_000],
    [' 2 ', 2_000],
    ['0', 1_000],
    ['Tue, 24 Nov 2026 02:01:00 GMT', 60_000],
    ['Tue, 24 Nov 2026 01:00:00 GMT', 1_000],
    ['999999999', 21_600_000],
    ['99999999999999999999999999', 21_600_000],
    ['', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    [undefined, null],
  ])('%j → %j', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
