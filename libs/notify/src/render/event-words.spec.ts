import { expect, it } from 'vitest';
import { lasting, untilThen } from './event-words.js';

const MINUTE = 60_000;

it.each([
  [-5, '0 min'],
  [Number.NaN, '0 min'],
  [59_999, '0 min'],
  [12 * MINUTE, '12 min'],
  [60 * MINUTE, '1 h'],
  [312 * MINUTE, '5 h 12 min'],
  [1_440 * MINUTE, '1 d'],
  [1_501 * MINUTE, '1 d 1 h'],
])('%i ms last %s', (ms, words) => {
  expect(lasting(ms)).toBe(words);
});

it.each([
  ['2026-11-30T12:00:00Z', 'in 6 days'],
  ['2026-11-25T14:00:00Z', 'in 1 d 12 h'],
  ['2026-11-24T02:00:00Z', '0 min ago'],
  ['2026-11-23T20:00:00Z', '6 h ago'],
  ['2026-11-01T00:00:00Z', '23 days ago'],
])('%s is %s', (at, words) => {
  expect(untilThen(at, '2026-11-24T02:00:00Z')).toBe(words);
});
