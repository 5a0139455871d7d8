import { expect, it } from 'vitest';
import { expiryThreshold } from './event.js';

const NOW = Date.parse('2026-11-01T12:00:00Z');

it.each([
  ['2026-12-02T12:00:00Z', undefined],
  ['2026-12-01T12:00:00Z', 30],
  ['2026-11-08T12:00:01Z', 30],
  ['2026-11-08T12:00:00Z', 7],
  ['2026-11-02T12:00:00Z', 1],
  ['2026-11-01T12:00:01Z', 1],
  ['2026-11-01T12:00:00Z', 0],
  ['2020-01-01T00:00:00Z', 0],
  ['never', undefined],
])('a credential that ends at %s has passed %s', (expiresAt, threshold) => {
  expect(expiryThreshold(expiresAt, NOW)).toBe(threshold);
});
