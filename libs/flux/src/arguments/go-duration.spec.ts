import { describe, expect, it } from 'vitest';
import { parseFluxDuration } from './go-duration.js';

describe('durations of Flux objects', () => {
  it.each([
    ['10m0s', 600_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['90s', 90_000],
    ['500ms', 500],
    ['1500us', 1.5],
    ['0', 0],
    ['0s', 0],
    ['1h30m15s', 5_415_000],
    ['', undefined],
    ['10', undefined],
    ['-10m', undefined],
    ['1d', undefined],
    ['10 m', undefined],
    [undefined, undefined],
    ['9999999h', undefined],
  ])('%s', (text, expected) => {
    expect(parseFluxDuration(text)).toBe(expected);
  });
});
