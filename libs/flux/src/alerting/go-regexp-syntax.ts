/**
 * The syntax of Go's `regexp` (https://github.com/google/re2/wiki/Syntax), as far as it is used here: everything but
 * Unicode classes (`\pN`), which are answered with `notUnderstood`.
 */
export type PatternNode =
  | { readonly kind: 'set'; readonly ranges: readonly Range[]; readonly negated: boolean; readonly fold: boolean }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'cat' | 'alt'; readonly nodes: readonly PatternNode[] }
  /** `max` null = no limit. */
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number | null };

export type Assertion = 'begin' | 'end' | 'beginLine' | 'endLine' | 'wordBoundary' | 'noWordBoundary';
/** First and last code point. */
export type Range = readonly [number, number];

/** Go refuses the pattern, or we do not know what it means. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  constructor(
    readonly state: 'invalid' | 'notUnderstood',
    message: string,
  ) {
    super(message);
  }
}

export const code = (char: string): number => char.codePointAt(0) ?? 0;
export const range = (first: string, last = first): Range => [code(first), code(last)];

const DIGIT: readonly Range[] = [range('0', '9')];
const WORD: readonly Range[] = [range('0', '9'), range('A', 'Z'), range('_'), range('a', 'z')];
const SPACE: readonly Range[] = [range('\t', '\n'), range('\f', '\r'), range(' ')];
export const PERL: Readonly<Record<string, readonly Range[]>> = { d: DIGIT, w: WORD, s: SPACE };
export const POSIX: Readonly<Record<string, readonly Range[]>> = {
  alnum: [range('0', '9'), range('A', 'Z'), range('a', 'z')],
  alpha: [range('A', 'Z'), range('a', 'z')],
  ascii: [[0, 0x7f]],
  blank: [range('\t'), range(' ')],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: DIGIT,
  graph: [range('!', '~')],
  lower: [range('a', 'z')],
  print: [range(' ', '~')],
  punct: [range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')],
  space: [range('\t', '\r'), range(' ')],
  upper: [range('A', 'Z')],
  word: WORD,
  xdigit: [range('0', '9'), range('A', 'F'), range('a', 'f')],
};
export const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
export const MAX_CODE_POINT = 0x10ffff;

/** What is not in the ranges. */
export function complement(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  const result: Range[] = [];
  let next = 0;
  for (const [first, last] of sorted) {
    if (first > next) result.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= MAX_CODE_POINT) result.push([next, MAX_CODE_POINT]);
  return result;
}

export function single(point: number): Range {
  return [point, point];
}
