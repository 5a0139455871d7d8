import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstMatch, matchesPath } from './path-pattern.js';

describe('matchesPath', () => {
  it.each<[string, string, boolean | undefined]>([
    ['.*', 'a/b.yaml', true],
    ['', 'a', true],
    ['^a/', 'b/a/x', false],
    ['a/', 'b/a/x', true],
    [String.raw`\.ya?ml$`, 'a/b.yml', true],
    [String.raw`\.ya?ml$`, 'a/b.yaml.bak', false],
    [String.raw`secrets/[^/]+\.yaml`, 'secrets/a/b.yaml', false],
    [String.raw`secrets/[^/]+\.yaml`, 'x/secrets/b.yaml', true],
    ['(dev|prod)/', 'x/prod/y', true],
    ['(?:dev|prod)/(a|b)$', 'prod/b', true],
    ['(?:dev|prod)/(a|b)$', 'prod/c', false],
    ['a+b', 'caab', true],
    ['^a+b', 'b', false],
    ['^$', '', true],
    ['^$', 'a', false],
    ['a$', 'ba', true],
    [String.raw`a\$`, 'a$', true],
    ['(a+)+$', 'aaaa', undefined],
    ['((a|b)|c)', 'a', undefined],
    [String.raw`\d+`, '1', undefined],
    ['[a-z]', 'x', undefined],
    ['a{2}', 'aa', undefined],
    ['(?i)a', 'A', undefined],
    ['a|b', 'a', undefined],
    ['a'.repeat(501), 'a', undefined],
    ['(a|b)'.repeat(9), 'a', undefined],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  it('says what a regular expression says, wherever it says anything', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '/',
      '.',
      '.*',
      'a+',
      'b?',
      '[^/]*',
      '[^/]+',
      String.raw`\.`,
      '(a|b)',
      '(ab|/)',
    );
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 6 }), fc.constantFrom('', '$'))
      .map(([start, pieces, end]) => start + pieces.join('') + end);
    const path = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 }).map((parts) => parts.join(''));
    const property = fc.property(pattern, path, (regex, text) => {
      const answer = matchesPath(regex, text);
      return answer === undefined || answer === new RegExp(regex).test(text);
    });
    expect(fc.check(property, { numRuns: 2000 })).toMatchObject({ failed: false });
  });

  it('is not held up by patterns that hold up others', () => {
    const started = performance.now();
    matchesPath(`${'a?'.repeat(100)}${'a'.repeat(100)}`, 'a'.repeat(99));
    matchesPath(`${'.*a'.repeat(100)}b`, 'a'.repeat(400));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

it.each<[readonly (string | undefined)[], string, number | undefined]>([
  [['^a/', '^b/', undefined], 'b/x', 1],
  [['^a/', '^b/', undefined], 'c/x', 2],
  [['^a/'], 'c/x', undefined],
  [[String.raw`\d`, undefined], 'c/x', undefined],
  [['^c/', String.raw`\d`], 'c/x', 0],
])('of the rules %j the one for %s is %s', (patterns, path, expected) => {
  expect(
    firstMatch(
      patterns.map((pathRegex) => (pathRegex === undefined ? {} : { pathRegex })),
      path,
    ),
  ).toBe(expected);
});
