import { parseGoDuration } from './go-duration.js';

/** The value types of spf13/pflag that the Flux controllers use, by the names that `--help` prints. */
export type FlagType =
  | 'bool'
  | 'string'
  | 'int'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'float32'
  | 'duration'
  | 'stringSlice'
  | 'stringArray'
  | 'mapStringBool';

/** Whole numbers and durations (in nanoseconds) are bigint, because Go's are 64 bits wide. */
export type FlagValue = boolean | string | number | bigint | readonly string[] | { readonly [name: string]: boolean };

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Exactly the spellings of Go's `strconv.ParseBool`; undefined for all others. */
function parseGoBool(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

type Setter = (text: string, previous: FlagValue | undefined) => FlagValue | undefined;

const OUT_OF_RANGE = 1n << 64n;
const INT64 = [-(1n << 63n), (1n << 63n) - 1n] as const;

const SETTERS: Record<FlagType, Setter> = {
  bool: parseGoBool,
  string: (text) => text,
  int: (text) => integer(text, ...INT64),
  int64: (text) => integer(text, ...INT64),
  uint8: (text) => unsigned(text, 255n),
  uint16: (text) => unsigned(text, 65_535n),
  float32,
  duration: parseGoDuration,
  stringArray: (text, previous) => append(previous, [text]),
  stringSlice: (text, previous) => {
    const values = readCsvLine(text);
    return values && append(previous, values);
  },
  mapStringBool: gates,
};

/**
 * Sets a flag as pflag does: scalars are replaced, lists grow (the first occurrence replaces the default), and feature
 * gates merge. `previous` is the value of an earlier occurrence, which is used up; undefined at the first. Undefined =
 * pflag refuses it.
 */
export function setFlag(type: FlagType, text: string, previous: FlagValue | undefined): FlagValue | undefined {
  return SETTERS[type](text, previous);
}

/** Grows the list in place, because a hostile command line may be very long. */
function append(previous: FlagValue | undefined, values: readonly string[]): FlagValue {
  const list = Array.isArray(previous) ? (previous as string[]) : [];
  for (const value of values) list.push(value);
  return list;
}

const DIGITS: readonly (readonly [RegExp, string])[] = [
  [/^0[xX](_?[0-9a-fA-F])+$/, '0x'],
  [/^0[bB](_?[01])+$/, '0b'],
  [/^0[oO](_?[0-7])+$/, '0o'],
  [/^0(_?[0-7])+$/, '0o'], // a leading zero means octal, as in C
  [/^(0|[1-9](_?\d)*)$/, ''],
];

/** Digits as Go's `strconv.ParseInt` reads them with base 0, without the sign. */
function magnitude(text: string): bigint | undefined {
  for (const [pattern, prefix] of DIGITS) {
    if (!pattern.test(text)) continue;
    const digits = text
      .replaceAll('_', '')
      .slice(prefix === '' ? 0 : /^0[xXbBoO]/.test(text) ? 2 : 1)
      .replace(/^0+(?=.)/, '');
    // More than 64 binary digits are out of range, and reading very many would take long.
    return digits.length > 64 ? OUT_OF_RANGE : BigInt(prefix + digits);
  }
  return undefined;
}

function integer(text: string, min: bigint, max: bigint): bigint | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const digits = magnitude(text.slice(sign.length));
  if (digits === undefined) return undefined;
  const value = sign === '-' ? -digits : digits;
  return value < min || value > max ? undefined : value;
}

function unsigned(text: string, max: bigint): bigint | undefined {
  return /^[+-]/.test(text) ? undefined : integer(text, 0n, max);
}

function float32(text: string): number | undefined {
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  // Go's hexadecimal notation is left out: nobody writes a request rate so, and refusing it errs on the loud side.
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Math.fround(Number(text));
  return Number.isFinite(value) ? value : undefined;
}

/**
 * One line of comma-separated values as Go's `encoding/csv` reads it: a field in double quotes may hold commas, line
 * breaks and doubled quotes; a quote inside a bare field is an error. Only the first line counts, as in pflag.
 */
function readCsvLine(text: string): readonly string[] | undefined {
  if (text === '') return [];
  // encoding/csv reads "\r\n" as one line break, drops a "\r" at the end, and skips empty lines.
  let rest = text.replaceAll('\r\n', '\n').replace(/\r$/, '').replace(/^\n+/, '');
  if (rest === '') return undefined;
  const fields: string[] = [];
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(?=,|\n|$)/.exec(rest);
    const field = quoted ?? (rest.startsWith('"') ? null : /^[^",\n]*(?=,|\n|$)/.exec(rest));
    if (!field) return undefined;
    fields.push(quoted?.[1] === undefined ? field[0] : quoted[1].replaceAll('""', '"'));
    rest = rest.slice(field[0].length);
    if (!rest.startsWith(',')) return fields;
    rest = rest.slice(1);
  }
}

function isGates(value: FlagValue | undefined): value is Record<string, boolean> {
  return typeof value === 'object' && !Array.isArray(value);
}

/** `MapStringBool` of k8s.io/component-base: `A=true,B=false`; empty parts are skipped, later values win. */
function gates(text: string, previous: FlagValue | undefined): FlagValue | undefined {
  const merged: Record<string, boolean> = isGates(previous) ? previous : {};
  for (const pair of text.split(',')) {
    if (pair === '') continue;
    const [name, value] = splitOnce(pair, '=');
    const enabled = value === undefined ? undefined : parseGoBool(value.trim());
    if (enabled === undefined) return undefined;
    merged[name.trim()] = enabled;
  }
  return merged;
}

/** Splits at the first separator; the second part is undefined where there is none. */
export function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
