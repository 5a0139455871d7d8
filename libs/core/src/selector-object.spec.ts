import { describe, expect, it } from 'vitest';
import { matchesSelectorObject, type SelectorObject } from './selector-object.js';

describe('matchesSelectorObject', () => {
  const labels = { app: 'source-controller', tier: '' };
  const expression = (key: string, operator: string, ...values: string[]): SelectorObject => ({
    matchExpressions: [{ key, operator, values }],
  });

  it.each<[string, SelectorObject | undefined, boolean]>([
    ['absent matches nothing', undefined, false],
    ['empty matches everything', {}, true],
    ['empty lists match everything', { matchLabels: {}, matchExpressions: [] }, true],
    ['a label', { matchLabels: { app: 'source-controller' } }, true],
    ['a label with another value', { matchLabels: { app: 'Source-controller' } }, false],
    ['an empty label value is a value', { matchLabels: { tier: '' } }, true],
    ['a name of every object is no label', { matchLabels: { constructor: '' } }, false],
    ['In', expression('app', 'In', 'a', 'source-controller'), true],
    ['In, another', expression('app', 'In', 'a'), false],
    ['NotIn', expression('app', 'NotIn', 'a'), true],
    ['NotIn, the key is absent', expression('zone', 'NotIn', 'a'), true],
    ['Exists', expression('tier', 'Exists'), true],
    ['Exists, absent', expression('zone', 'Exists'), false],
    ['DoesNotExist', expression('zone', 'DoesNotExist'), true],
    ['DoesNotExist, present', expression('tier', 'DoesNotExist'), false],
    ['an unknown operator matches nothing', expression('tier', 'exists'), false],
    ['a name of every object is no operator', expression('tier', 'toString'), false],
    [
      'both parts must hold',
      { matchLabels: { app: 'source-controller' }, ...expression('tier', 'DoesNotExist') },
      false,
    ],
  ])('%s', (_, selector, expected) => {
    expect(matchesSelectorObject(selector, labels)).toBe(expected);
  });
});
