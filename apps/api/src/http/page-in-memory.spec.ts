import { expect, it } from 'vitest';
import { pageInMemory } from './page-in-memory.js';

const ITEMS = [
  { id: '1', title: 'b' },
  { id: '2', title: 'a' },
  { id: '3', title: 'b' },
  { id: '4', title: 'c' },
];
type Sort = { readonly field: 'id' | 'title'; readonly direction: 'asc' | 'desc' }[];

function walk(sort: Sort, limit: number): string[] {
  const seen: string[] = [];
  let after: readonly string[] | null = [];
  while (after !== null) {
    const page: ReturnType<typeof pageInMemory<'id' | 'title', (typeof ITEMS)[number]>> = pageInMemory(ITEMS, {
      limit,
      sort,
      ...(after.length > 0 && { after }),
    });
    seen.push(...page.items.map(({ id }) => id));
    expect(page.total).toEqual({ count: 4, type: 'exact' });
    after = page.next;
  }
  return seen;
}

it.each<[Sort, string]>([
  [[{ field: 'id', direction: 'asc' }], '1234'],
  [[{ field: 'id', direction: 'desc' }], '4321'],
  [[{ field: 'title', direction: 'asc' }], '2134'],
  [[{ field: 'title', direction: 'desc' }], '4132'],
  [
    [
      { field: 'title', direction: 'desc' },
      { field: 'id', direction: 'desc' },
    ],
    '4312',
  ],
])('walks %j as %s, whatever the page size', (sort, order) => {
  for (const limit of [1, 2, 3, 4, 5]) expect(walk(sort, limit).join('')).toBe(order);
});
