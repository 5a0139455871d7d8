import { expect, it } from 'vitest';
import { CHOICE, list, map, PARAMETER, scalar, type Value } from '../values.js';
import { evaluateCel } from './evaluate.js';
import { matchesPattern } from './safe-pattern.js';

const names: Readonly<Record<string, Value>> = {
  known: map({ a: scalar('x'), n: scalar(3), empty: list() }),
  open: map({ a: scalar('x') }, CHOICE),
  items: list(scalar('a'), scalar('b')),
  name: { type: 'text', not: ['', 'home'] },
  params: PARAMETER,
};

function say(expression: string): unknown {
  const value = evaluateCel(expression, { get: (name) => (Object.hasOwn(names, name) ? names[name] : undefined) });
  return value.type === 'scalar' ? value.value : value.type;
}

it.each<[string, unknown]>([
  ["known.a == 'x' && known.n > 2", true],
  ['known.n + 1 == 4', true],
  ["'a' + 'b' == \"ab\"", true],
  ['!(known.n >= 4)', true],
  ['known.b', 'error'],
  ['has(known.b)', false],
  ['has(known.b.c)', 'error'],
  ['has(open.b)', 'choice'],
  ['has(open.a)', true],
  ["known.?b.c.orValue('d')", 'd'],
  ['known.?a.hasValue()', true],
  ["known['a']", 'x'],
  ["known[?'b'].orValue(7)", 7],
  ['items[1]', 'b'],
  ['items[2]', 'error'],
  ["'a' in items", true],
  ["'c' in items", false],
  ["'a' in known", true],
  ["name == 'home'", false],
  ["name == 'other'", 'choice'],
  ["name in ['home', '']", false],
  ['size(name) > 0', true],
  ['name.size() == 0', false],
  ["items.all(i, i != 'c')", true],
  ["items.exists(i, i == 'b')", true],
  ["items.exists_one(i, i == 'b')", true],
  ["items.filter(i, i != 'a').size()", 1],
  ["items.map(i, i + '!')[0]", 'a!'],
  ['known.empty.all(i, false)', true],
  // An error is forgiven where the other side decides.
  ['known.b == 1 || true', true],
  ['known.b == 1 && false', false],
  ['known.b == 1 || false', 'error'],
  // The same for what is not known.
  ['open.b || true', true],
  ['open.b && known.unheard()', 'opaque'],
  ['open.b ? false : false', false],
  ['open.b ? true : false', 'choice'],
  ['params.list.exists(p, known.a.startsWith(p))', 'parameter'],
  ['params.list.exists(p, false)', false],
  ["known.a.matches('^x$')", true],
  ["r'\\d' == '\\\\d'", true],
  ['// a remark\ntrue', true],
  ['unknown', 'opaque'],
  ['1 2', 'opaque'],
  ['', 'opaque'],
  ['"a', 'opaque'],
  [`${'('.repeat(200)}true${')'.repeat(200)}`, 'opaque'],
  [`${'!'.repeat(5000)}true`, 'opaque'],
  ['constructor', 'opaque'],
  ['known.__proto__', 'error'],
  ["known.a.constructor('x')", 'opaque'],
])('%s', (expression, expected) => {
  expect(say(expression)).toBe(expected);
});

it('does not work without end', () => {
  const long = `[${Array.from({ length: 60 }, () => '1').join(',')}]`;
  expect(say(`${long}.all(a, ${long}.all(b, ${long}.all(c, a == b)))`)).not.toBe(true);
  expect(say(`${long}.all(a, ${long}.all(b, ${long}.all(c, true)))`)).toBe('opaque');
});

it.each([
  ['^https://git\\.example\\.com/', 'https://git.example.com/a', true],
  ['example', 'https://git.example.com/a', true],
  ['^(a|b)c?$', 'bc', true],
  ['(a+)+$', 'aaaa', undefined],
  ['(a*)*b', 'aaaa', undefined],
  ['.*.*.*.*x', 'aaaa', undefined],
  ['(?i)HTTPS', 'https', undefined],
  ['[[:alpha:]]', 'a', undefined],
  ['(', 'a', undefined],
])('%s in %s: %s', (pattern, text, expected) => {
  expect(matchesPattern(text, pattern)).toBe(expected);
});
