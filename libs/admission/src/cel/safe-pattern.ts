const MAX_PATTERN = 500;
const MAX_TEXT = 80;
/** Each repeat multiplies the time by the length of the text. */
const MAX_REPEATS = 3;
const MAX_OPTIONS = 8;

/**
 * Whether a regular expression of RE2 (https://github.com/google/re2/wiki/Syntax) finds something in a text. The pattern
 * comes from a cluster: only those that the two dialects read alike, and that cannot run long, are tried. Undefined for
 * all others.
 */
export function matchesPattern(text: string, pattern: string): boolean | undefined {
  if (pattern.length > MAX_PATTERN || text.length > MAX_TEXT) return undefined;
  // Flags, named groups and classes that RE2 and ECMAScript write differently.
  if (/\(\?(?!:)|\\[pPQEAzCx]|\[\[:|\[[^\]]*\[/.test(pattern)) return undefined;
  const signs = (of: RegExp): number => pattern.match(of)?.length ?? 0;
  // A group that repeats may hold another repeat: the time would grow without bound.
  if (signs(/[*+{]/g) > MAX_REPEATS || signs(/\?/g) > MAX_OPTIONS || /\)[*+{]/.test(pattern)) return undefined;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return undefined;
  }
}
