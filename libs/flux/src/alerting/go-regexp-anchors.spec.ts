import { expect, it } from 'vitest';
import { anchorsOf } from './go-regexp-anchors.js';

it.each([
  ['^https://github.com/org/repo$', true, true],
  ['https://github.com/org/repo', false, false],
  ['^https://github.com/org/repo', true, false],
  ['^https://github.com/org/.*', true, true],
  ['^https://github.com/org/.+$', true, true],
  ['^https://github.com/org/[a-z]+', true, false],
  ['^a|b$', false, false],
  ['^(a|b)$', true, true],
  ['^a$|^b$', true, true],
  [String.raw`\Aa\z`, true, true],
  ['(?i)^a$', true, true],
  ['(^a)?$', false, true],
  ['.*a', false, false],
  [String.raw`^a\$`, true, false],
  ['', false, false],
])('%s', (pattern, start, end) => {
  expect(anchorsOf(pattern)).toEqual({ start, end });
});

it('says nothing of what Go refuses', () => {
  expect(anchorsOf('(')).toBeUndefined();
});
