import { describe, expect, it } from 'vitest';
import { cleanText, plainText } from './plain-text.js';

describe('cleanText', () => {
  it.each([
    ['pay-eu-3', 'pay-eu-3'],
    ['  two\n lines\t', 'two lines'],
    ['a\u0000b\u001B[31mc\u0085d', 'a b [31mc d'],
    ['user\u202Egnp.exe', 'usergnp.exe'],
    ['\u2066a\u2069\u200Fb\u061Cc', 'abc'],
    ['zero\u200Bwidth\uFEFF\u2060\u00AD', 'zerowidth'],
    ['\u{E0041}\u{E0042}tag', 'tag'],
    ['line\u2028sep\u2029end', 'line sep end'],
    ['half \uD83D pair', 'half \uFFFD pair'],
    ['👩\u200D🚀 ❤\uFE0F', '👩\u200D🚀 ❤\uFE0F'],
    ['نص عربي', 'نص عربي'],
    ['é', 'é'],
    [`z${'\u0301'.repeat(500)}`, `z${'\u0301'.repeat(4)}`],
    ['', ''],
  ])('%j → %j', (value, expected) => {
    expect(cleanText(value)).toBe(expected);
  });
});

describe('plainText', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    // A flag, a family and an accent are one character each, and are kept or cut as a whole.
    ['ab🇫🇷cd', 5, 'ab…'],
    ['ab🇫🇷cd', 7, 'ab🇫🇷…'],
    ['👨\u200D👩\u200D👧x', 8, '…'],
    ['e\u0301e\u0301e\u0301', 5, 'e\u0301e\u0301…'],
  ])('%j within %i → %j', (value, limit, expected) => {
    expect(plainText(value, limit)).toBe(expected);
  });
});
