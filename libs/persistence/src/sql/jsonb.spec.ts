import { describe, expect, it } from 'vitest';
import { storable, toJsonb } from './jsonb.js';

describe('toJsonb', () => {
  it.each<[unknown, unknown]>([
    [{ a: 'x\u0000y' }, { a: 'x\ufffdy' }],
    [{ 'k\u0000': 1 }, { 'k\ufffd': 1 }],
    [
      ['\ud83d', '\ude00 tail'],
      ['\ufffd', '\ufffd tail'],
    ],
    [
      { emoji: '😀', nested: [{ deep: '😀\u0000' }] },
      { emoji: '😀', nested: [{ deep: '😀\ufffd' }] },
    ],
    [{ text: 'a literal \\u0000 stays' }, { text: 'a literal \\u0000 stays' }],
    [null, null],
    [[], []],
  ])('%j', (value, stored) => {
    expect(JSON.parse(toJsonb(value))).toEqual(stored);
  });
});

describe('storable', () => {
  it('answers the same value where there is nothing to replace', () => {
    const value = { a: ['ü', 1, null] };
    expect(storable(value)).toBe(value);
  });

  it('keeps times', () => {
    const at = new Date(0);
    expect(storable({ at, text: '\u0000' })).toEqual({ at, text: '\ufffd' });
  });
});
