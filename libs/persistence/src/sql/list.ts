import { all, Parameters } from './parameters.js';
import { rows, type Executor } from './rows.js';

/** Position in a list: one text for each sort field, then the id. Opaque to callers; give back what `next` was. */
export type CursorValues = readonly string[];

export interface SortBy<Field extends string> {
  readonly field: Field;
  readonly direction: 'asc' | 'desc';
}

export interface ListRequest<Field extends string, Filter> {
  readonly limit: number;
  /** `next` of the page before, got with the same sort and filter. */
  readonly after?: CursorValues;
  /** Empty = the list's own order. */
  readonly sort?: readonly SortBy<Field>[];
  readonly filter?: Filter;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly next: CursorValues | null;
  /** Counted up to 10,000; `atLeast` beyond. */
  readonly total: { readonly count: number; readonly type: 'exact' | 'atLeast' };
}

/** What a list can be sorted by: an SQL expression that is never null, and its type. */
export interface SortExpression {
  readonly sql: string;
  readonly type: 'text' | 'timestamptz' | 'smallint' | 'integer' | 'real' | 'bigint';
}

/** The fixed part of a list; the texts in it are written in this library, never by a caller. */
export interface ListDefinition<Field extends string> {
  /** `FROM` with its joins. */
  readonly from: string;
  readonly columns: string;
  readonly id: SortExpression;
  readonly sortable: Readonly<Record<Field, SortExpression>>;
  readonly defaultSort: readonly SortBy<Field>[];
}

export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  constructor() {
    super('The page cursor does not belong to this list and sort. Start again from the first page.');
  }
}

const EXACT_UP_TO = 10_000;

interface Key extends SortExpression {
  readonly direction: 'asc' | 'desc';
}

/** Comparable in the default collation of any database, and in the same order as `ORDER BY`. */
const ordered = ({ sql, type }: SortExpression) => (type === 'text' ? `(${sql}) COLLATE "C"` : `(${sql})`);

/**
 * "Comes after the cursor". With one direction throughout, a row comparison, which an index answers; otherwise
 * spelled out: after in the first key, or equal there and after in the second, and so on.
 */
function afterCursor(keys: readonly Key[], values: readonly string[]): string {
  const operator = ({ direction }: Key) => (direction === 'asc' ? '>' : '<');
  const [first] = keys;
  if (first && keys.every(({ direction }) => direction === first.direction)) {
    return `(${keys.map(ordered).join(', ')}) ${operator(first)} (${values.join(', ')})`;
  }
  return keys
    .map((key, index) => {
      const equal = keys.slice(0, index).map((other, at) => `${ordered(other)} = ${values[at]}`);
      return `(${[...equal, `${ordered(key)} ${operator(key)} ${values[index]}`].join(' AND ')})`;
    })
    .join(' OR ');
}

function keysOf<Field extends string>(
  definition: ListDefinition<Field>,
  sort: readonly SortBy<Field>[],
): readonly Key[] {
  const keys = sort.map(({ field, direction }) => ({ ...definition.sortable[field], direction }));
  return [...keys, { ...definition.id, direction: keys[0]?.direction ?? 'asc' }];
}

/**
 * One page of a list: keyset pagination, so that page 1,000 costs what page 1 costs and rows that come or go in
 * between neither repeat nor hide others.
 * @param conditions SQL conditions; their values are in `parameters`
 * @throws {InvalidCursor}
 */
export async function listPage<T, Field extends string>(
  executor: Executor,
  definition: ListDefinition<Field>,
  request: Pick<ListRequest<Field, unknown>, 'limit' | 'after' | 'sort'>,
  conditions: readonly string[],
  parameters: Parameters,
): Promise<ListPage<T>> {
  const total = await countUpTo(executor, definition.from, conditions, parameters.values);
  const sort = request.sort && request.sort.length > 0 ? request.sort : definition.defaultSort;
  const keys = keysOf(definition, sort);
  if (request.after && request.after.length !== keys.length) throw new InvalidCursor();
  const placeholders = request.after?.map((value, index) => `${parameters.add(value)}::text::${keys[index]?.type}`);
  const where = all([...conditions, ...(placeholders ? [afterCursor(keys, placeholders)] : [])]);
  const position = keys.map((key, index) => `(${key.sql})::text AS "$${index}"`).join(', ');
  const order = keys.map((key) => `${ordered(key)} ${key.direction}`).join(', ');
  const found = await rows<Record<string, unknown>>(
    executor,
    `SELECT ${definition.columns}, ${position} FROM ${definition.from}
     WHERE ${where} ORDER BY ${order} LIMIT ${parameters.add(request.limit + 1)}`,
    parameters.values,
  ).catch(asInvalidCursor);
  const page = found.slice(0, request.limit);
  const last = found.length > request.limit ? page.at(-1) : undefined;
  return {
    items: page.map(withoutPosition) as T[],
    next: last ? keys.map((_, index) => String(last[`$${index}`])) : null,
    total,
  };
}

function withoutPosition(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('$')));
}

async function countUpTo(
  executor: Executor,
  from: string,
  conditions: readonly string[],
  values: readonly unknown[],
): Promise<ListPage<never>['total']> {
  const [counted] = await rows<{ count: number }>(
    executor,
    `SELECT count(*)::int AS count FROM (SELECT 1 FROM ${from} WHERE ${all(conditions)} LIMIT ${EXACT_UP_TO + 1}) AS counted`,
    values,
  );
  const count = counted?.count ?? 0;
  return count > EXACT_UP_TO ? { count: EXACT_UP_TO, type: 'atLeast' } : { count, type: 'exact' };
}

/** A cursor value that PostgreSQL cannot read as the type of its field (class 22, data exception). */
function asInvalidCursor(error: unknown): never {
  const code = (error as { readonly driverError?: { readonly code?: string } }).driverError?.code ?? '';
  if (/^22(007|008|P02|003)$/.test(code)) throw new InvalidCursor();
  throw error;
}
