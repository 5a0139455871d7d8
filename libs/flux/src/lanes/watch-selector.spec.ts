import { describe, expect, it } from 'vitest';
import { matchesLabels } from '#libs/core';
import { parseWatchSelector } from './watch-selector.js';

const matches = (text: string, labels: Record<string, string>) => {
  const { requirements } = parseWatchSelector(text);
  if (!requirements) throw new Error(`"${text}" is no selector.`);
  return matchesLabels(requirements, labels);
};

describe('the value of --watch-label-selector', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['', { a: 'b' }, true],
    ['  ', {}, true],
    ['!sharding.fluxcd.io/key', {}, true],
    ['!sharding.fluxcd.io/key', { 'sharding.fluxcd.io/key': 'shard1' }, false],
    ['sharding.fluxcd.io/key=shard1', { 'sharding.fluxcd.io/key': 'shard1' }, true],
    ['k==a', { k: 'a' }, true],
    ['k in (a, b), !j', { k: 'b' }, true],
    ['k in (a,b),!j', { k: 'b', j: '' }, false],
    ['k notin (a)', {}, true],
    ['k', { k: '' }, true],
    ['k=', { k: '' }, true],
    // The API machinery keeps equalities in a map, where the last one stays.
    ['k=a,k=b', { k: 'b' }, true],
    ['k=a,k=b', { k: 'a' }, false],
    ['k=a,k in (b)', { k: 'a' }, false],
  ])('"%s" and %j: %s', (text, labels, expected) => {
    expect(parseWatchSelector(text).refused).toBeUndefined();
    expect(matches(text, labels)).toBe(expected);
  });

  it.each([
    ['k!=a', /notin/],
    ['k=b,j!=a', /notin/],
    ['k in ()', /empty set/],
    ['k in (a', /no label selector/],
    ['k,,j', /no label selector/],
    ['k>1', /no label selector/],
    ['"k=a"', /no label selector/],
    ['k=a b', /no label selector/],
    [',', /no label selector/],
  ])('controllers exit over "%s"', (text, why) => {
    expect(parseWatchSelector(text).refused).toMatch(why);
  });

  it('still tells what "!=" means where it is accepted', () => {
    expect(matches('k!=a', { k: 'b' })).toBe(true);
    expect(matches('k!=a', { k: 'a' })).toBe(false);
    expect(parseWatchSelector('k>1').requirements).toBeUndefined();
  });
});
