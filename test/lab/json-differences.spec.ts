import { expect, it } from 'vitest';
import { jsonDifferences } from './json-differences.js';

it.each([
  [
    'the same',
    { kind: 'List', items: [{ metadata: { name: 'a' } }] },
    { kind: 'List', items: [{ metadata: { name: 'a' } }] },
    [],
  ],
  ['other values', { message: 'one', count: 1 }, { message: 'two', count: 2 }, []],
  ['both lists are empty', { items: [] }, { items: [] }, []],
  ['bookkeeping', { metadata: {} }, { metadata: { managedFields: [] } }, []],
  ['a field is missing', {}, { status: {} }, ['.status is missing']],
  ['a field too many', { spec: 1 }, {}, ['.spec is only simulated']],
  ['another type', { code: '404' }, { code: 404 }, ['.code is string, not number']],
  ['another kind', { kind: 'PodList' }, { kind: 'List' }, ['.kind is PodList, not List']],
  ['a list that should not be empty', { items: [] }, { items: [{ name: 'a' }] }, ['.items has no element in common']],
  [
    'elements are compared by name',
    { items: [{ name: 'a' }, { name: 'b', x: 1 }] },
    { items: [{ name: 'c' }, { name: 'b' }] },
    ['.items[].x is only simulated'],
  ],
])('%s', (_, simulated, real, expected) => {
  expect(jsonDifferences(simulated, real)).toEqual(expected);
});
