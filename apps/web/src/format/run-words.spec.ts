import { describe, expect, it } from 'vitest';
import { targetWords } from './run-words.js';

describe('targetWords', () => {
  it.each([
    [{}, 'all clusters'],
    [{ clusters: ['a'] }, 'a'],
    [{ clusters: ['a', 'b'] }, 'a, b'],
    [{ clusters: ['a', 'b', 'c'] }, '3 named clusters'],
    [{ labelSelector: 'env=prod', tenant: 'team-a' }, 'env=prod, tenant team-a'],
  ])('%j → %s', (target, expected) => {
    expect(targetWords(target)).toBe(expected);
  });
});
