import { describe, expect, it } from 'vitest';
import { compileGoPattern, matchesGoPattern } from './go-regexp.js';

function matches(pattern: string, text: string, whole = false): boolean | string | undefined {
  const compiled = compileGoPattern(pattern);
  if (compiled.state !== 'valid') return compiled.state;
  return matchesGoPattern(compiled.program, text, { left: 1_000_000 }, whole);
}

describe('what matches, as in Go', () => {
  it.each([
    ['', 'anything', true],
    ['.*', '', true],
    ['^.*$', 'one line', true],
    // `$` is the end of the text only, and `.` no line break.
    ['^.*$', 'one line\n', false],
    ['(?m)^.*$', 'one line\n', true],
    ['(?s)^.*$', 'one line\n', true],
    ['line$', 'one line\n', false],
    ['line\\z', 'one line', true],
    ['\\Aone', 'one', true],
    ['a|b|c', 'xcx', true],
    ['ab+c', 'abbbc', true],
    ['ab+c', 'ac', false],
    ['^a{2,3}$', 'aaaa', false],
    ['^a{2,3}$', 'aaa', true],
    ['^a{2}$', 'aa', true],
    ['^a{2,}$', 'aaaaa', true],
    ['a{,3}', 'a{,3}', true],
    ['x{1', 'x{1', true],
    ['(?i)FORBIDDEN', 'is forbidden', true],
    ['(?i:F)ORBIDDEN', 'fORBIDDEN', true],
    ['(?i:F)ORBIDDEN', 'forbidden', false],
    ['(a(?i)b|c)D', 'CD', true],
    ['(a(?i)b|c)D', 'Cd', false],
    ['(?i)[^k]', 'K', false],
    ['(?i)\u212a', 'k', true],
    ['(?i)k', '\u212a', true],
    ['(?i)s', '\u017f', true],
    ['(?i)[r-t]', '\u017f', true],
    ['(?i)\\w', '\u017f', true],
    ['(?i)\\W', '\u017f', false],
    ['(?i)[\\W]', '\u017f', false],
    ['(?i)\u00e4', '\u00c4', true],
    ['(?i)\u03c3', '\u03c2', true],
    // Neither the dotless i nor the sharp s has a letter in ASCII that Go takes for the same.
    ['(?i)i', '\u0131', false],
    ['(?i)ss', '\u00df', false],
    ['(?P<a>x)(?P<a>y)', 'xy', true],
    ['[[:a]lpha]', ':lpha]', true],
    ['a{01}', 'a{01}', true],
    ['\\x{0000000000000000000041}', 'A', true],
    ['[[:alpha:]]+\\d', 'abc1', true],
    ['[[:^digit:]]', '123', false],
    ['[^\\w]', 'a_9', false],
    ['[]a]', ']', true],
    ['[^]a]', ']a', false],
    ['[a-]', '-', true],
    ['[\\d-z]', '-', true],
    ['\\s', '\v', false],
    ['[[:space:]]', '\v', true],
    ['\\bdenied\\b', 'was denied.', true],
    ['\\Bdenied', 'was denied', false],
    ['\\Qa.b*\\E+', 'a.b**', true],
    ['\\x41\\x{42}\\103', 'ABC', true],
    ['\\.', 'a', false],
    ['(?P<name>a)(?:b)(?<other>c)', 'abc', true],
    ['(?:)', '', true],
    ['(?)a', 'a', true],
    ['^*a', 'a', true],
    ['a*?b', 'aab', true],
    ['()*', '', true],
    ['🚀', 'go 🚀', true],
  ])('%j and %j: %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });
});

it.each([
  ['Kustomization|HelmRelease', 'HelmRelease', true],
  ['Kustomization|HelmRelease', 'HelmReleases', false],
  ['Helm', 'HelmRelease', false],
  ['.*', '', true],
  ['', 'x', false],
])('the whole text, as Prometheus matches labels: %j and %j: %j', (pattern, text, expected) => {
  expect(matches(pattern, text, true)).toBe(expected);
});

it.each([
  '[',
  '(',
  ')',
  'a)',
  '*',
  '+a',
  '|*',
  '(*)',
  'a**',
  'a*??',
  'a{2}{3}',
  'a{1001}',
  'a{3,2}',
  '(a{100}){11}',
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '(?<=a)b',
  '(?i-)a',
  '(?P<a-b>x)',
  'a{99999999999999999999}',
  '[[:a:b:]]',
  '(a)\\1',
  '\\8',
  '\\y',
  '\\C',
  '\\Z',
  '\\',
  '[z-a]',
  '[a-\\d]',
  '[[:nothing:]]',
  '\\x4',
  '\\x{110000}',
])('Go refuses %j', (pattern) => {
  expect(compileGoPattern(pattern).state).toBe('invalid');
});

it.each([
  '\\pN',
  '\\p{Greek}',
  '[\\p{L}]',
  'a'.repeat(1001),
  '('.repeat(200) + ')'.repeat(200),
  '(a{100}){10}(b{100}){10}(c{100}){20}',
])('is not understood, and so never taken for a match: %#', (pattern) => {
  expect(compileGoPattern(pattern).state).not.toBe('valid');
});

describe('hostile patterns', () => {
  it.each(['(a+)+$', '(a|a)*b', '(.*)*x', '(a?){30}a{30}', '((a*)*)*b'])('%s takes linear time', (pattern) => {
    const compiled = compileGoPattern(pattern);
    expect(compiled.state).toBe('valid');
    if (compiled.state !== 'valid') return;
    const costs = [100, 200].map((length) => {
      const budget = { left: 10_000_000 };
      expect(matchesGoPattern(compiled.program, 'a'.repeat(length).concat('!'), budget)).toBeDefined();
      return 10_000_000 - budget.left;
    });
    expect((costs[1] ?? Infinity) / (costs[0] ?? 1)).toBeLessThan(2.5);
  });

  it('gives no answer when the budget is spent, for this pattern and the next', () => {
    const compiled = compileGoPattern('(a{0,30}){30}b');
    if (compiled.state !== 'valid') throw new Error(compiled.state);
    const budget = { left: 5000 };
    expect(matchesGoPattern(compiled.program, 'a'.repeat(300), budget)).toBeUndefined();
    expect(matchesGoPattern(compiled.program, 'a', budget)).toBeUndefined();
  });
});
