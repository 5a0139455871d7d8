import { describe, expect, it } from 'vitest';
import { entityTag, isFresh, requireMatch } from './entity-tag.js';

describe('entityTag', () => {
  it('changes with the version and with what is shown', () => {
    const tags = [entityTag(3, { a: 1 }), entityTag(3, { a: 2 }), entityTag(4, { a: 1 })];
    expect(new Set(tags).size).toBe(3);
    expect(tags[0]).toMatch(/^"3-[\w-]{12}"$/);
    expect(entityTag(3, { a: 1 })).toBe(tags[0]);
  });
});

describe('requireMatch', () => {
  it.each(['"3"', '*', '"2", "3"', ' "3" ', entityTag(3, {}), entityTag(3, { other: 'audit' })])(
    'accepts %s for version 3',
    (header) => {
      expect(() => requireMatch(header, 3)).not.toThrow();
    },
  );

  // A weak tag never matches here (RFC 9110 13.1.1).
  it.each(['"2"', '3', 'W/"3"', '', '"33"', '"3', entityTag(2, {})])('refuses %s for version 3', (header) => {
    expect(() => requireMatch(header, 3)).toThrow(expect.objectContaining({ code: 'etag-mismatch' }));
  });

  it('insists on the header', () => {
    expect(() => requireMatch(undefined, 3)).toThrow(expect.objectContaining({ code: 'if-match-required' }));
  });

  it('tells the current version', () => {
    expect(() => requireMatch('"2"', 3)).toThrow(
      expect.objectContaining({ extensions: { currentETag: '"3"' }, headers: { etag: '"3"' } }),
    );
  });
});

describe('isFresh', () => {
  it.each([
    ['"3-x"', true],
    ['W/"3-x"', true],
    ['"1", W/"3-x"', true],
    ['*', true],
    ['"3"', false],
    ['"3-y"', false],
    ['', false],
    [undefined, false],
  ])('%s → %s', (header, fresh) => {
    expect(isFresh(header, '"3-x"')).toBe(fresh);
  });
});
