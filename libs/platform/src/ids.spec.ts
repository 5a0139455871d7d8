import { describe, expect, it } from 'vitest';
import { ID_PREFIXES, isId, newId } from './ids.js';

describe('newId', () => {
  it.each(ID_PREFIXES)('makes ids that start with %s', (prefix) => {
    expect(isId(prefix, newId(prefix))).toBe(true);
  });

  it('never repeats, and sorts by time of making', () => {
    const ids = Array.from({ length: 1000 }, () => newId('run'));
    expect(new Set(ids).size).toBe(1000);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('isId', () => {
  it.each([
    ['cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', true],
    ['run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7', false],
    ['cls_01jd9yz3m6q8r5t7v9x1z3b5d7', false],
    ['cls_81JD9YZ3M6Q8R5T7V9X1Z3B5D7', false],
    ['cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D', false],
    ['cls_01JD9YZ3M6Q8R5T7V9X1Z3B5DU', false],
    ['cls_', false],
    ['', false],
  ])('%s is a cluster id: %s', (text, expected) => {
    expect(isId('cls', text)).toBe(expected);
  });
});
