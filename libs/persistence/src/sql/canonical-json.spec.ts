import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalSha256 } from './canonical-json.js';

describe('canonicalJson', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'null'],
    [[1, undefined, 'a'], '[1,null,"a"]'],
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: undefined, b: { d: [], c: {} } }, '{"b":{"c":{},"d":[]}}'],
    [{ '€': 1, '\r': 2, '1': 3, '\u0080': 4, ö: 5 }, '{"\\r":2,"1":3,"\u0080":4,"ö":5,"€":1}'],
    ['a"\n', '"a\\"\\n"'],
    [1e21, '1e+21'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('gives one hash to equal values', () => {
    expect(canonicalSha256({ a: 1, b: [2] })).toBe(canonicalSha256({ b: [2], a: 1 }));
    expect(canonicalSha256({ a: 1 })).not.toBe(canonicalSha256({ a: '1' }));
  });
});
