import { Injectable } from '@nestjs/common';
import { ok, type Answer } from './answer.js';
import { CursorCodec, listDigest, type Position } from './cursor.js';
import { sortKeys, type Page, type SortKey, type SortText } from './page.js';
import { Problem } from './problem.js';

interface ListQuery<K extends string> {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: SortText<K>;
}

/** As the schemas of queries leave them. */
type QueryValue = string | number | boolean | undefined;

/** What the store is asked for. */
export interface Window<K extends string> {
  readonly limit: number;
  readonly after?: Position;
  readonly sort: readonly SortKey<K>[];
}

interface StoredPage<Row> {
  readonly items: readonly Row[];
  readonly next: Position | null;
  readonly total: { readonly count: number; readonly type: 'exact' | 'atLeast' };
}

/** Answers lists: reads the cursor, asks the store for one page, and makes the next cursor. */
@Injectable()
export class Lists {
  constructor(private readonly cursors: CursorCodec) {}

  /**
   * @param path of the list, for the `Link` header and as part of what a cursor belongs to
   * @param fetch asks the store
   * @param present what a row looks like in the answer
   */
  async answer<K extends string, Row, Item>(
    path: string,
    query: ListQuery<K>,
    fetch: (window: Window<K>) => Promise<StoredPage<Row>>,
    present: (row: Row) => Item,
  ): Promise<Answer<Page<Item>>> {
    const digest = listDigest(path, { ...query });
    const after = query.cursor === undefined ? undefined : this.cursors.decode(digest, query.cursor);
    const window = { limit: query.limit, sort: sortKeys(query.sort), ...(after && { after }) };
    const found = await fetch(window).catch(asMismatch);
    const next = found.next === null ? null : this.cursors.encode(digest, found.next);
    const page = { next, limit: query.limit, total: found.total };
    return ok(
      { items: found.items.map(present), page },
      next === null ? {} : { link: `<${linkTo(path, query, next)}>; rel="next"` },
    );
  }
}

/** A cursor that is ours but whose values the store cannot read: it was made by another version. */
function asMismatch(error: unknown): never {
  if (error instanceof Error && error.name === 'InvalidCursor') {
    throw new Problem('cursor-mismatch', 'The cursor was made by another version of this service.');
  }
  throw error;
}

function linkTo(path: string, query: ListQuery<string>, cursor: string): string {
  const parameters = new URLSearchParams();
  const entries = Object.entries({ ...query, cursor }) as [string, QueryValue | readonly QueryValue[]][];
  for (const [name, value] of entries) {
    for (const one of [value].flat()) if (one !== undefined) parameters.append(name, `${one}`);
  }
  return `/api/v1${path}?${parameters.toString()}`;
}
