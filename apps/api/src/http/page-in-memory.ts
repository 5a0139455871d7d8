import type { Position } from './cursor.js';
import type { Window } from './lists.js';

/** A page of a short list that is held in memory, such as the catalog. Sorts by text, then by id. */
export function pageInMemory<K extends string, T extends { readonly id: string } & Readonly<Record<K, string>>>(
  items: readonly T[],
  { limit, after, sort }: Window<K>,
): { items: T[]; next: Position | null; total: { count: number; type: 'exact' } } {
  const keysOf = (item: T): Position => [...sort.map(({ field }) => item[field]), item.id];
  const compare = (a: Position, b: Position): number => {
    for (const [index, value] of a.entries()) {
      const other = b[index] ?? '';
      if (value === other) continue;
      return (value < other ? -1 : 1) * (sort[index]?.direction === 'desc' ? -1 : 1);
    }
    return 0;
  };
  const ordered = items.toSorted((a, b) => compare(keysOf(a), keysOf(b)));
  const rest = after ? ordered.filter((item) => compare(keysOf(item), after) > 0) : ordered;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page,
    next: last && rest.length > limit ? keysOf(last) : null,
    total: { count: items.length, type: 'exact' },
  };
}
