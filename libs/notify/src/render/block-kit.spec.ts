import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { DIVIDER, fields, header, list, section, withinLimits } from './block-kit.js';
import { md, text, trusted } from './mrkdwn.js';

const long = (length: number) => text('x'.repeat(length), length);

describe('withinLimits', () => {
  it.each<[string, readonly KnownBlock[], boolean]>([
    ['a header', [header('Title')], true],
    ['50 blocks', Array.from({ length: 50 }, () => DIVIDER), true],
    ['51 blocks', Array.from({ length: 51 }, () => DIVIDER), false],
    ['a section of 3,000', [section(long(3_000))], true],
    ['a section of 3,001', [section(long(3_001))], false],
    ['a field over 2,000', [fields([[trusted('a'), long(2_000)]])], false],
    ['12,000 in all, with every block in order', Array.from({ length: 5 }, () => section(long(2_500))), false],
  ])('%s: %s', (_what, blocks, expected) => {
    expect(withinLimits({ text: 'x', blocks })).toBe(expected);
  });

  it('measures the fallback text too', () => {
    expect(withinLimits({ text: 'x'.repeat(3_001) })).toBe(false);
  });
});

describe('list', () => {
  const more = (hidden: number) => md`+${hidden} more`;
  const textOf = (lines: readonly number[], most: number): string =>
    list(trusted('*Title*'), lines.map(long), most, more).text?.text ?? '';

  it('shows whole lines, and says how many are left out', () => {
    expect(textOf([1, 2], 10)).toBe('*Title*\nx\nxx');
    expect(textOf([1, 2, 3, 4], 2)).toBe('*Title*\nx\nxx\n+2 more');
    expect(textOf([1, 2], 0)).toBe('*Title*\n+2 more');
  });

  it('shows fewer lines where the section would grow too long', () => {
    const shown = textOf([1_000, 1_000, 1_000, 1_000], 4);
    expect(shown.split('\n').map((line) => line.length)).toEqual([7, 1_000, 1_000, 7]);
    expect(shown).toMatch(/\+2 more$/);
  });
});

describe('header', () => {
  it('is cut to 150', () => {
    expect(header('x'.repeat(200)).text.text).toBe(`${'x'.repeat(149)}…`);
  });
});
