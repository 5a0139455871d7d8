import { monotonicFactory } from 'ulid';

/** The kind of thing an id names; the id starts with it. */
export const ID_PREFIXES = [
  'cls',
  'crd',
  'tnt',
  'sch',
  'run',
  'tgt',
  'fnd',
  'fch',
  'evd',
  'wvr',
  'prf',
  'rap',
  'evt',
  'chn',
  'dlv',
  'drl',
  'src',
  'cnd',
  'tok',
  'ses',
] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

const next = monotonicFactory();

/** A new id such as `run_01JD9YZ3M6Q8R5T7V9X1Z3B5D7`. Ids of one process sort by the time they were made. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${next()}`;
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether a text has the form of an id of that kind. Says nothing about whether the thing exists. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && ULID.test(text.slice(prefix.length + 1));
}
