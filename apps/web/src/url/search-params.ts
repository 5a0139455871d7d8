/**
 * Screens keep their filters, order and position in the query of the address, in the same form that the REST API
 * takes: one `key=value` for each value, repeated for "any of". So an address can be shared, and turned into a request.
 */
export type RawSearch = Readonly<Record<string, unknown>>;

export function parseSearch(query: string): RawSearch {
  const search: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const before = search[key];
    search[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return search;
}

/** Undefined and empty members are left out, so that the plain screen has the plain address. */
export function stringifySearch(search: RawSearch): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(key, String(one));
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

const valuesOf = (raw: unknown): string[] =>
  (Array.isArray(raw) ? raw : [raw]).filter((value) => value !== undefined && value !== null).map(String);

/** Free text; the first where there are several. */
export function textOf(raw: unknown, longest = 500): string | undefined {
  const value = valuesOf(raw)[0]?.slice(0, longest);
  return value === undefined || value === '' ? undefined : value;
}

/** One of some words, or undefined. */
export function oneOf<const T extends string>(raw: unknown, allowed: readonly T[]): T | undefined {
  const value = valuesOf(raw)[0];
  return allowed.find((word) => word === value);
}

/** Those that are allowed, in the order of `allowed`; undefined where there are none. */
export function someOf<const T extends string>(raw: unknown, allowed: readonly T[]): T[] | undefined {
  const wanted = valuesOf(raw);
  const some = allowed.filter((word) => wanted.includes(word));
  return some.length === 0 ? undefined : some;
}

/** Any texts. */
export function textsOf(raw: unknown): string[] | undefined {
  const texts = [...new Set(valuesOf(raw).filter((value) => value !== ''))].slice(0, 50);
  return texts.length === 0 ? undefined : texts;
}

export function flagOf(raw: unknown): boolean | undefined {
  const value = oneOf(raw, ['true', 'false']);
  return value === undefined ? undefined : value === 'true';
}

/** What every list has. */
export interface ListSearch<K extends string> {
  readonly sort?: K | `-${K}`;
  /** Where the page starts; absent: at the beginning. */
  readonly cursor?: string;
}

export function listSearch<const K extends string>(raw: RawSearch, keys: readonly K[]): ListSearch<K> {
  const orders = keys.flatMap((key): (K | `-${K}`)[] => [key, `-${key}`]);
  return defined({ sort: oneOf(raw['sort'], orders), cursor: textOf(raw['cursor'], 2_048) });
}

/** Without the members that are undefined, so that equal searches have equal keys. */
export function defined<T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
