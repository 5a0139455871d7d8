import { describe, expect, it } from 'vitest';
import { absoluteTime, duration, elapsed, relativeTime } from './time.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-24T12:00:00Z', 'just now'],
    ['2026-11-24T11:59:01Z', 'just now'],
    ['2026-11-24T11:59:00Z', '1 min ago'],
    ['2026-11-24T10:00:01Z', '1 h ago'],
    ['2026-11-22T12:00:00Z', '2 d ago'],
    ['2026-09-01T12:00:00Z', '2 mo ago'],
    ['2024-11-01T12:00:00Z', '2 y ago'],
    ['2026-11-24T12:00:30Z', 'in a moment'],
    ['2026-11-27T12:00:00Z', 'in 3 d'],
    ['nonsense', 'unknown'],
  ])('%s → %s', (time, expected) => {
    expect(relativeTime(time, NOW)).toBe(expected);
  });
});

describe('absoluteTime', () => {
  it('names the time zone', () => {
    expect(absoluteTime('2026-11-24T02:00:06Z', 'UTC')).toBe('24 Nov 2026, 02:00 UTC');
    expect(absoluteTime('2026-11-24T02:00:06Z', 'Asia/Kolkata')).toBe('24 Nov 2026, 07:30 GMT+5:30');
    expect(absoluteTime('nonsense')).toBe('unknown');
  });
});

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [72, '72 ms'],
    [8_240, '8.2 s'],
    [9_999, '10 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [72_000, '1 min 12 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms → %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });
});

describe('elapsed', () => {
  it.each([
    [null, null, null],
    ['2026-11-24T11:59:00Z', null, '1 min'],
    ['2026-11-24T11:58:00Z', '2026-11-24T11:59:00Z', '1 min'],
    ['2026-11-24T12:00:10Z', null, '0 ms'],
  ])('%j to %j → %j', (from, to, expected) => {
    expect(elapsed(from, to, NOW)).toBe(expected);
  });
});
