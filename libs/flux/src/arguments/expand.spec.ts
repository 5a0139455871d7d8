import { describe, expect, it } from 'vitest';
import { expand } from './expand.js';

const lookup = (name: string) =>
  name === 'A'
    ? ({ state: 'known', value: 'alpha' } as const)
    : name === 'S'
      ? ({ state: 'unresolved', why: 'it comes from a Secret', missing: [] } as const)
      : undefined;

describe('expansion of $(NAME)', () => {
  it.each([
    ['--x=$(A)', '--x=alpha'],
    ['$(A)$(A)', 'alphaalpha'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$alpha'],
    ['$(B)', '$(B)'],
    ['$A ${A}', '$A ${A}'],
    ['$(A', '$(A'],
    ['a$', 'a$'],
    ['$()', '$()'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(expand(text, lookup)).toEqual({ text: expected, certain: expected.length, unresolved: [] });
  });

  it('knows how far the text is certain', () => {
    expect(expand('$(A)=$(S)-$(A)', lookup)).toEqual({
      text: 'alpha=$(S)-alpha',
      certain: 6,
      unresolved: [{ name: 'S', why: 'it comes from a Secret', missing: [] }],
    });
  });
});
