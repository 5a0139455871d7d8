import { describe, expect, it } from 'vitest';
import type { RunDigest } from '#libs/core';
import { EXAMPLE_DIGEST } from '../../../../test/support/example-digest.js';
import { headline } from './digest-words.js';

const QUIET: RunDigest = { ...EXAMPLE_DIGEST, openedCount: 0, reopenedCount: 0, escalatedCount: 0, resolvedCount: 0 };

describe('headline', () => {
  it.each([
    [{ notEvaluated: 0, lost: 0, regained: 0 }, 'no changes'],
    [{ notEvaluated: 2, lost: 0, regained: 0 }, 'no changes, 2 clusters not judged'],
    [{ notEvaluated: 2, lost: 2, regained: 0 }, 'coverage lost, 2 clusters no longer judged'],
    [{ notEvaluated: 5, lost: 1, regained: 0 }, 'coverage lost, 5 clusters not judged, 1 of them newly'],
    [{ notEvaluated: 0, lost: 0, regained: 3 }, '3 judged again'],
    [{ notEvaluated: 1, lost: 1, regained: 3 }, '3 judged again, 1 cluster no longer judged'],
  ])('of clusters %j', (reach, words) => {
    const clusters = { total: 214, evaluated: 209, ...reach };
    expect(headline({ ...QUIET, clusters })).toBe(`Flux fleet audit: ${words}`);
  });
});
