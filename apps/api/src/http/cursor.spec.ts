import { describe, expect, it } from 'vitest';
import { CursorCodec, listDigest } from './cursor.js';
import { Problem } from './problem.js';

const key = Buffer.alloc(32, 1);
const START = Date.parse('2026-11-24T02:00:00Z');
const HOUR = 60 * 60_000;

const codec = (now = START, k = key) => new CursorCodec(k, () => now);
const DIGEST = listDigest('/clusters', { sort: 'name', role: ['tenant'] });
const position = ['edge-001', 'cls_1'];

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'none';
}

describe('CursorCodec', () => {
  it.each([[position], [['0.5', 'é"\\', '']], [[]]])('gives back what it was given: %j', (it) => {
    expect(codec().decode(DIGEST, codec().encode(DIGEST, it))).toEqual(it);
  });

  it('holds for an hour', () => {
    const cursor = codec().encode(DIGEST, position);
    expect(codec(START + HOUR).decode(DIGEST, cursor)).toEqual(position);
    expect(codeOf(() => codec(START + HOUR + 1).decode(DIGEST, cursor))).toBe('cursor-expired');
  });

  it('belongs to one list and one installation', () => {
    const cursor = codec().encode(DIGEST, position);
    expect(codeOf(() => codec().decode(listDigest('/clusters', { sort: '-name' }), cursor))).toBe('cursor-mismatch');
    expect(codeOf(() => codec(START, Buffer.alloc(32, 2)).decode(DIGEST, cursor))).toBe('cursor-mismatch');
  });

  it('notices every changed character', () => {
    const cursor = codec().encode(DIGEST, position);
    const changed = Array.from(cursor.slice(0, -1)).map(
      (character, i) => cursor.slice(0, i) + (character === 'A' ? 'B' : 'A') + cursor.slice(i + 1),
    );
    const codes = new Set(changed.map((other) => codeOf(() => codec().decode(DIGEST, other))));
    expect(changed.length).toBeGreaterThan(50);
    expect([...codes]).toEqual(['cursor-mismatch']);
  });

  it.each(['', '.', 'x', 'a.b.c', '..'])('refuses %j', (cursor) => {
    expect(codeOf(() => codec().decode(DIGEST, cursor))).toBe('cursor-mismatch');
  });
});

describe('listDigest', () => {
  it('ignores the page and the order of filters', () => {
    expect(listDigest('/clusters', { role: ['a', 'b'], sort: 'name', limit: 5, cursor: 'x' })).toBe(
      listDigest('/clusters', { sort: 'name', role: ['b', 'a'], limit: 50, q: undefined }),
    );
  });

  it.each([
    ['/tenants', { sort: 'name' }],
    ['/clusters', { sort: '-name' }],
    ['/clusters', { sort: 'name', q: 'a' }],
  ])('tells %s %j apart', (path, parameters) => {
    expect(listDigest(path, parameters)).not.toBe(listDigest('/clusters', { sort: 'name' }));
  });
});
