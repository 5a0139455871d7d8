import { array, assert, constantFrom, oneof, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelRequirement, type LabelSelector, matchesLabels, parseLabelSelector } from '#libs/core';
import { isSatisfiable, labelsMatching, selectorImplies, selectorsOverlap } from './selector-algebra.js';

const KEYS = ['k', 'j'];
const VALUES = ['a', 'b'];
/** Every value of a key that selectors over `VALUES` can tell apart: none, each of them, and another one. */
const UNIVERSE = KEYS.reduce<Record<string, string>[]>(
  (labels, key) =>
    labels.flatMap((each) => [each, ...[...VALUES, 'other'].map((value) => ({ ...each, [key]: value }))]),
  [{}],
);

const requirement = oneof(
  record({
    key: constantFrom(...KEYS),
    operator: constantFrom('in' as const, 'notIn' as const),
    values: uniqueArray(constantFrom(...VALUES), { minLength: 1 }),
  }),
  record({
    key: constantFrom(...KEYS),
    operator: constantFrom('exists' as const, 'notExists' as const),
    values: constantFrom<string[]>([]),
  }),
);
const selector = array(requirement, { maxLength: 4 });
const runs = { seed: 20_261_124, numRuns: 3_000 };
const some = (...selectors: LabelSelector[]) =>
  UNIVERSE.some((labels) => selectors.every((each) => matchesLabels(each, labels)));

describe('the algebra of label selectors', () => {
  it('has a universe of 16 label sets', () => expect(UNIVERSE).toHaveLength(16));

  it('finds the selectors that something can match, and labels that do', () => {
    const seen = { yes: 0, no: 0 };
    assert(
      property(selector, (one) => {
        const labels = labelsMatching(one);
        seen[labels ? 'yes' : 'no'] += 1;
        expect(isSatisfiable(one)).toBe(some(one));
        expect(labels === undefined || matchesLabels(one, labels)).toBe(true);
      }),
      runs,
    );
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
  });

  it('finds the pairs that one object can match', () => {
    assert(
      property(selector, selector, (one, other) => {
        expect(selectorsOverlap(one, other)).toBe(some(one, other));
      }),
      runs,
    );
  });

  it('finds the selectors that lie inside others', () => {
    const seen = { yes: 0, no: 0 };
    assert(
      property(selector, selector, (inner, outer) => {
        const expected = UNIVERSE.every((labels) => !matchesLabels(inner, labels) || matchesLabels(outer, labels));
        seen[expected ? 'yes' : 'no'] += 1;
        expect(selectorImplies(inner, outer)).toBe(expected);
      }),
      runs,
    );
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
  });

  it.each<[string, string, boolean]>([
    ['', '', true],
    ['', 'k=b', true],
    ['!k', 'k=b', false],
    ['k in (a,b)', 'k=b', true],
    ['k notin (a)', 'k=b', true],
    ['k notin (a)', 'k=a', false],
    ['k=a', '!k', false],
    ['k=a', 'j=b', true],
    ['k', 'k notin (a,b)', true],
    ['k=', '!k', false],
  ])('"%s" and "%s": %s', (left, right, expected) => {
    expect(selectorsOverlap(parseLabelSelector(left), parseLabelSelector(right))).toBe(expected);
  });

  it('invents a value that the selector does not name', () => {
    const labels = labelsMatching([
      { key: 'k', operator: 'exists', values: [] },
      { key: 'k', operator: 'notIn', values: ['any', 'any-1'] },
    ] satisfies LabelRequirement[]);
    expect(labels).toEqual({ k: 'any-2' });
  });
});
