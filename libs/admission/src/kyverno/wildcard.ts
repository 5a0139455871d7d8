import { CHOICE, doubtOf, FALSE, scalar, TRUE, type Value } from '../values.js';

/** `*` any text, `?` one sign: https://kyverno.io/docs/policy-types/cluster-policy/validate/#wildcards */
function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** In time of length × length at most, whatever the pattern. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      p += 1;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Whether a value of an object matches a text with wildcards. */
export function valueMatches(pattern: string, value: Value): Value {
  if (value.type === 'scalar') return scalar(value.value !== null && matchesWildcard(pattern, String(value.value)));
  if (value.type === 'positive') return /^\*+$/.test(pattern) ? TRUE : CHOICE;
  if (value.type !== 'text') return doubtOf(value);
  if (/^\*+$/.test(pattern)) return TRUE;
  if (/^\*?\?\*?$/.test(pattern) && pattern.includes('*') && value.not.includes('')) return TRUE;
  return !hasWildcard(pattern) && value.not.includes(pattern) ? FALSE : CHOICE;
}
