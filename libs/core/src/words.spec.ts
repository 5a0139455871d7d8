import { describe, expect, it } from 'vitest';
import { count, nameList, percent } from './words.js';

describe('percent', () => {
  it.each([
    [1, '100 %'],
    [0.9999, '99.9 %'],
    [0.986, '98.6 %'],
    [0.29, '29 %'],
    [0.5, '50 %'],
    [0, '0 %'],
    [1.2, '100 %'],
    [-1, '0 %'],
  ])('%d → %s', (ratio, expected) => {
    expect(percent(ratio)).toBe(expected);
  });
});

describe('count', () => {
  it.each([
    [0, '0 clusters'],
    [1, '1 cluster'],
    [2, '2 clusters'],
    [10_000, '10,000 clusters'],
  ])('%d → %s', (n, expected) => {
    expect(count(n, 'cluster')).toBe(expected);
  });
});

describe('nameList', () => {
  it.each<[string[], string]>([
    [[], ''],
    [['b', 'a', 'b'], 'a, b'],
    [['d', 'c', 'b', 'a'], 'a, b and 2 more'],
  ])('%j → %s', (names, expected) => {
    expect(nameList(names, 2)).toBe(expected);
  });
});
