import { describe, expect, it } from 'vitest';
import { paint, printable, table, wantsColour, wrap } from './terminal.js';

describe('printable', () => {
  it.each([
    ['plain', 'plain'],
    ['a\u001B[31mred', 'a[31mred'],
    ['line\nbreak', 'line\nbreak'],
    ['tab\tok', 'tab\tok'],
    ['bell\u0007', 'bell'],
    ['c1\u009B31m', 'c131m'],
    ['rtl\u202Eevil', 'rtlevil'],
  ])('%j becomes %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe('wantsColour', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: false }, {}, false],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { CI: 'true' }, false],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
  ])('%j with %j is %s', (stream, env, expected) => {
    expect(wantsColour(stream, env)).toBe(expected);
  });
});

it('aligns columns by characters, not bytes', () => {
  expect(
    table([
      ['✓', 'pass', 'x'],
      ['?', 'no', 'y'],
    ]),
  ).toBe('✓  pass  x\n?  no    y');
});

it('wraps at words and never loses one', () => {
  const text = 'one two three four five';
  const wrapped = wrap(text, 9, '  ');
  expect(wrapped).toBe('one two\n  three\n  four five');
  expect(wrapped.split(/\s+/)).toEqual(text.split(' '));
});

it('paints only where colour is wanted', () => {
  expect(paint('x', 31, false)).toBe('x');
  expect(paint('x', 31, true)).toBe('\u001B[31mx\u001B[0m');
});
