import { describe, expect, it } from 'vitest';
import { LabelSelectorError, matchesLabels, parseLabelSelector } from './label-selector.js';

describe('parseLabelSelector', () => {
  it.each([
    ['', []],
    ['env=prod', [{ key: 'env', operator: 'in', values: ['prod'] }]],
    ['env==prod', [{ key: 'env', operator: 'in', values: ['prod'] }]],
    ['env = prod', [{ key: 'env', operator: 'in', values: ['prod'] }]],
    ['env!=prod', [{ key: 'env', operator: 'notIn', values: ['prod'] }]],
    ['env=', [{ key: 'env', operator: 'in', values: [''] }]],
    ['env in (a, b,a)', [{ key: 'env', operator: 'in', values: ['a', 'b'] }]],
    ['env notin (a)', [{ key: 'env', operator: 'notIn', values: ['a'] }]],
    ['env', [{ key: 'env', operator: 'exists', values: [] }]],
    ['!env', [{ key: 'env', operator: 'notExists', values: [] }]],
    [
      'example.com/tier in (x,y),!lab',
      [
        { key: 'example.com/tier', operator: 'in', values: ['x', 'y'] },
        { key: 'lab', operator: 'notExists', values: [] },
      ],
    ],
  ])('reads %j', (text, expected) => {
    expect(parseLabelSelector(text)).toEqual(expected);
  });

  it.each(['a,,b', 'a=b=c', 'a in b', '-a=b', "a='b'", 'a>1', 'a in (b', '!', 'a=b;drop', `${'k'.repeat(64)}=v`])(
    'refuses %j',
    (text) => {
      expect(() => parseLabelSelector(text)).toThrow(LabelSelectorError);
    },
  );
});

describe('matchesLabels', () => {
  it.each([
    ['env=prod', { env: 'prod' }, true],
    ['env=prod', {}, false],
    ['env!=prod', {}, true],
    ['env!=prod', { env: 'prod' }, false],
    ['env notin (prod)', { env: 'lab' }, true],
    ['env', { env: '' }, true],
    ['!env', { env: '' }, false],
    ['toString', {}, false],
    ['', {}, true],
    ['a=1,b=2', { a: '1', b: '3' }, false],
  ])('%j on %j is %s', (text, labels, expected) => {
    expect(matchesLabels(parseLabelSelector(text), labels)).toBe(expected);
  });
});
