import { z } from 'zod';
import { exampleOf, whole } from './schema.js';

/** The answer of a list: one page and how to get the next. */
export function pageOf<S extends z.ZodType>(id: string, item: S) {
  const page = z.object({
    items: z.array(item),
    page: z.object({
      next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
      limit: z.int(),
      total: z.object({
        count: z.int(),
        type: z.enum(['exact', 'atLeast']).describe('`atLeast`: there are more than were counted.'),
      }),
    }),
  });
  const example = { items: [exampleOf(item)], page: { next: null, limit: 50, total: { count: 1, type: 'exact' } } };
  return page.meta({ id, description: 'One page of a list.', examples: [example] });
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly page: {
    readonly next: string | null;
    readonly limit: number;
    readonly total: { readonly count: number; readonly type: 'exact' | 'atLeast' };
  };
}

export interface SortKey<K extends string> {
  readonly field: K;
  readonly direction: 'asc' | 'desc';
}

/** Text such as `-severity,name`, known to name only fields `K`. */
export type SortText<K extends string> = string & { readonly fields?: K };

/** Reads `-severity,name`. */
export function sortKeys<K extends string>(sort: SortText<K>): SortKey<K>[] {
  return sort.split(',').map((part) => ({
    field: part.replace(/^-/, '') as K,
    direction: part.startsWith('-') ? 'desc' : 'asc',
  }));
}

function sortText<K extends string>(keys: readonly K[], standard: string): z.ZodType<SortText<K>> {
  const key = `-?(?:${keys.join('|')})`;
  const schema: z.ZodType<string> = z
    .string()
    .regex(
      new RegExp(`^${key}(?:,${key}){0,2}$`),
      `Sort by ${keys.join(', ')}; at most three, "-" in front for descending.`,
    )
    .default(standard)
    .describe(
      `Sort keys: ${keys.map((name) => `\`${name}\``).join(', ')}. \`-\` in front: descending. Up to three, with commas.`,
    );
  return schema as z.ZodType<SortText<K>>;
}

/**
 * The query of a list.
 * @param keys what it can be sorted by
 * @param standard the order where none is asked for
 */
export function listQuery<const K extends string, F extends z.ZodRawShape>(
  keys: readonly K[],
  standard: K | `-${K}`,
  filters: F,
) {
  return z.strictObject({
    limit: whole(1, 1000, 50).describe('Items on a page.'),
    cursor: z.string().max(2048).optional().describe('`page.next` of the page before.'),
    sort: sortText(keys, standard),
    ...filters,
  });
}
