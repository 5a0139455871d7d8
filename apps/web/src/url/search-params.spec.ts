import { describe, expect, it } from 'vitest';
import { flagOf, listSearch, oneOf, parseSearch, someOf, stringifySearch, textOf, textsOf } from './search-params.js';

describe('parseSearch and stringifySearch', () => {
  it.each([
    ['', {}],
    ['?severity=high', { severity: 'high' }],
    ['?severity=critical&severity=high', { severity: ['critical', 'high'] }],
    ['?q=a+%26+b', { q: 'a & b' }],
    ['?labelSelector=env%3Dprod%2Ctier%21%3Dlab', { labelSelector: 'env=prod,tier!=lab' }],
  ])('%s is read and written alike', (query, search) => {
    expect(parseSearch(query)).toEqual(search);
    expect(stringifySearch(search)).toBe(query);
  });

  it('leaves out what says nothing', () => {
    expect(stringifySearch({ q: '', severity: [], cursor: undefined, state: null })).toBe('');
    expect(stringifySearch({ stale: true, waived: false })).toBe('?stale=true&waived=false');
  });
});

describe('readers', () => {
  it('take what is allowed, and nothing else', () => {
    expect(oneOf('high', ['high', 'low'])).toBe('high');
    expect(oneOf('HIGH', ['high', 'low'])).toBeUndefined();
    expect(oneOf(['low', 'high'], ['high', 'low'])).toBe('low');
    expect(someOf(['low', 'nonsense', 'high'], ['high', 'low'])).toEqual(['high', 'low']);
    expect(someOf('high', ['high', 'low'])).toEqual(['high']);
    expect(someOf(undefined, ['high'])).toBeUndefined();
    expect(textOf('')).toBeUndefined();
    expect(textOf('x'.repeat(600))).toHaveLength(500);
    expect(textOf(7)).toBe('7');
    expect(textsOf(['a', '', 'a', 'b'])).toEqual(['a', 'b']);
    expect(flagOf('true')).toBe(true);
    expect(flagOf('yes')).toBeUndefined();
    expect(flagOf('false')).toBe(false);
  });

  it('read what every list has', () => {
    expect(listSearch({ sort: '-name', cursor: 'abc', other: 1 }, ['name'])).toEqual({
      sort: '-name',
      cursor: 'abc',
    });
    expect(listSearch({ sort: 'password' }, ['name'])).toEqual({});
  });
});
