import { expect, it } from 'vitest';
import { dedent } from './dedent.js';

it.each([
  ['', ''],
  ['  \n \n', ''],
  ['a', 'a'],
  ['\n    a:\n      b: 1\n    ---\n    c: 2\n  ', 'a:\n  b: 1\n---\nc: 2'],
  ['\n  a: |\n    x\n\n    y\n', 'a: |\n  x\n\n  y'],
  ['a\n  b', 'a\n  b'],
])('takes the shared indentation from %j', (text, expected) => {
  expect(dedent(text)).toBe(expected);
});
