import type { Range } from './go-regexp-syntax.js';

const ASCII_LETTER = /^[a-z]$/i;
const CASED = /\p{Changes_When_Casemapped}/u;
/** No letter with a case comes later. */
const LAST_CASED = 0x1e943;

/** Foreign letters that fold to one of ASCII. */
const LONG_S = 0x17f;
const KELVIN = 0x212a;

/**
 * The code points that Go's `(?i)` takes for the same as this one, itself included: simple case folding of Unicode
 * (https://www.unicode.org/reports/tr44/#CaseFolding.txt).
 */
export function foldings(point: number): readonly number[] {
  if (point >= 0x80) return foreignFoldings().get(point) ?? [point];
  const char = String.fromCodePoint(point);
  if (!ASCII_LETTER.test(char)) return [point];
  const both = [char.toLowerCase(), char.toUpperCase()].map((each) => each.codePointAt(0) ?? point);
  if (/^k$/i.test(char)) both.push(KELVIN);
  if (/^s$/i.test(char)) both.push(LONG_S);
  return both;
}

/** A class of ASCII characters with all that folds to one of them. */
export function foldedClass(ranges: readonly Range[]): readonly Range[] {
  const points = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  return [...new Set(points.flatMap(foldings))].map((point): Range => [point, point]);
}

let known: ReadonlyMap<number, readonly number[]> | undefined;

/** Made when a text first holds a letter beyond ASCII, in some tens of milliseconds. */
function foreignFoldings(): ReadonlyMap<number, readonly number[]> {
  known ??= allFoldings();
  return known;
}

function allFoldings(): ReadonlyMap<number, readonly number[]> {
  const alike = new Map<string, string[]>();
  for (let point = 0; point <= LAST_CASED; point += 1) {
    const char = String.fromCodePoint(point);
    if (!CASED.test(char)) continue;
    const key = single(single(char.toUpperCase(), char).toLowerCase(), char);
    alike.set(key, [...(alike.get(key) ?? []), char]);
  }
  const found = new Map<number, readonly number[]>();
  for (const chars of alike.values()) {
    for (const char of chars) {
      // Full mappings and folding differ for some, such as the dotless i. JavaScript folds as Unicode says with `iu`.
      const same = new RegExp(`^${char}$`, 'iu');
      const points = chars.filter((other) => same.test(other)).map((other) => other.codePointAt(0) ?? 0);
      found.set(char.codePointAt(0) ?? 0, points);
    }
  }
  return found;
}

/** A mapping to several characters is none here. */
function single(mapped: string, otherwise: string): string {
  return Array.from(mapped).length === 1 ? mapped : otherwise;
}
