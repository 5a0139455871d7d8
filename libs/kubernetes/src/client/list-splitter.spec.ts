import { describe, expect, it } from 'vitest';
import { ClusterError } from '../cluster-error.js';
import { ListSplitter } from './list-splitter.js';

/** Splits a text that arrives in pieces of `size` bytes. */
function split(text: string, size = Number.POSITIVE_INFINITY): { items: unknown[]; envelope: unknown } {
  const items: unknown[] = [];
  const splitter = new ListSplitter((item) => items.push(item));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, Math.min(at + size, bytes.length)));
  return { envelope: splitter.end(), items };
}

const NASTY = [
  { name: 'a', text: 'quote " backslash \\ brace } bracket ] \\" end\\' },
  { items: [{ items: [] }, ['items']], empty: {}, list: [], nested: { a: [{ b: [[]] }] } },
  { items: '"items":[', unicode: '\u00e4\u20ac\u{1f600}\u2028', number: -1.5e10, nothing: null, yes: true },
];
const ENVELOPE = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1', continue: '"items":[{' } };

describe('a list', () => {
  const compact = JSON.stringify({ ...ENVELOPE, items: NASTY });
  const pretty = JSON.stringify({ ...ENVELOPE, items: NASTY }, null, 2);
  const reversed = JSON.stringify({ items: NASTY, ...ENVELOPE });

  it.each([
    ['compact', compact],
    ['with spaces', pretty],
    ['with the items first', reversed],
  ])('%s is the same in pieces of any size', (_title, text) => {
    for (const size of [1, 2, 3, 5, 7, 16, 64, 1024]) {
      expect(split(text, size)).toEqual({ items: NASTY, envelope: { ...ENVELOPE, items: [] } });
    }
  });

  it.each([
    ['no items', '{"kind":"PodList","metadata":{}}', {}],
    ['null items', '{"kind":"PodList","metadata":{},"items":null}', { items: null }],
    ['empty items', '{"kind":"PodList","metadata":{},"items":[]}', { items: [] }],
    ['spaces around', ' \n{"kind":"PodList","metadata":{},"items" : [ ] }\n ', { items: [] }],
    ['"items" as a value', '{"kind":"items","metadata":{"items":[1]}}', { kind: 'items', metadata: { items: [1] } }],
  ])('may have %s', (_title, text, envelope) => {
    for (const size of [1, 4, 1000]) {
      expect(split(text, size)).toEqual({ items: [], envelope: { kind: 'PodList', metadata: {}, ...envelope } });
    }
  });

  it('hands each item on as soon as it is complete', () => {
    const items: unknown[] = [];
    const splitter = new ListSplitter((item) => items.push(item));
    splitter.push(Buffer.from('{"items":[{"a":1},{"b"'));
    expect(items).toEqual([{ a: 1 }]);
    splitter.push(Buffer.from(':2}'));
    expect(items).toEqual([{ a: 1 }, { b: 2 }]);
  });
});

describe('what is no list is malformed, as soon as it can be told', () => {
  const MALFORMED: [string, string][] = [
    ['HTML', '<html><body>"items":[{}]</body></html>'],
    ['text', 'hello'],
    ['a JSON text', '"items"'],
    ['a JSON list', '[{}]'],
    ['nothing', ''],
    ['two objects', '{"items":[]}{"items":[]}'],
    ['something behind', '{"items":[]} x'],
    ['a mark in front', '\ufeff{"items":[]}'],
    ['a number among the items', '{"items":[{},1]}'],
    ['a list among the items', '{"items":[[]]}'],
    ['a text among the items', '{"items":["a"]}'],
    ['items twice', '{"items":[{}],"items":[{}]}'],
    ['items under an escaped key', '{"\\u0069tems":[{"a":1}]}'],
    ['items that are a map', '{"items":{"a":1}}'],
    ['a broken item', '{"items":[{"a":}]}'],
    ['brackets that do not match', '{"items":[{"a":[}]}'],
    ['an end in an item', '{"items":[{"a":1'],
    ['an end in a text', '{"items":[{"a":"b'],
    ['an end behind an item', '{"items":[{}'],
    ['an end of the items only', '{"items":[{}]'],
    ['too many closing braces', '{"items":[]}}'],
    ['a depth of 300', `{"items":[${'{"a":'.repeat(300)}1${'}'.repeat(300)}]}`],
    ['an envelope of a megabyte', `{"metadata":{"x":"${'a'.repeat(1024 ** 2)}"},"items":[]}`],
    ['an item of nine megabytes', `{"items":[{"x":"${'a'.repeat(9 * 1024 ** 2)}"}]}`],
  ];
  it.each(MALFORMED)('%s', (_title, text) => {
    for (const size of [1, 65_536, Number.POSITIVE_INFINITY]) {
      if (text.length > 1e6 && size === 1) continue;
      expect(() => split(text, size)).toThrow(ClusterError);
    }
  });

  it('does not wait for the end of what cannot become a list', () => {
    const splitter = new ListSplitter(() => {});
    expect(() => splitter.push(Buffer.from('<!doctype html>'))).toThrow(ClusterError);
  });
});
