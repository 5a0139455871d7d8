/**
 * Values of an object that nobody has written yet. A question such as "may a tenant leave out the service account?" is
 * about every object that does, so an expression is worked out over one in which only the fields of the question are
 * known. What is true of it, is true of all of them.
 */
export type Value =
  /** A plain value. */
  | { readonly type: 'scalar'; readonly value: null | boolean | number | string }
  /** A text that its author chooses, but none of these. */
  | { readonly type: 'text'; readonly not: readonly string[] }
  /** A number of at least 1. */
  | { readonly type: 'positive' }
  | { readonly type: 'list'; readonly items: readonly Value[] }
  /** `rest` stands for every field that is not named. */
  | { readonly type: 'map'; readonly fields: ReadonlyMap<string, Value>; readonly rest: Value }
  /** The field is not there. */
  | { readonly type: 'absent' }
  /** Reading it ends the evaluation with an error. */
  | { readonly type: 'error' }
  /** Set by the platform in an object that is not looked at, such as the parameters of a policy. */
  | { readonly type: 'parameter' }
  /** Whoever writes the object chooses it. */
  | { readonly type: 'choice' }
  /** Not understood. */
  | { readonly type: 'opaque' };

export const ABSENT: Value = { type: 'absent' };
export const ERROR: Value = { type: 'error' };
export const PARAMETER: Value = { type: 'parameter' };
export const CHOICE: Value = { type: 'choice' };
export const OPAQUE: Value = { type: 'opaque' };
export const POSITIVE: Value = { type: 'positive' };
export const TRUE: Value = { type: 'scalar', value: true };
export const FALSE: Value = { type: 'scalar', value: false };

export function scalar(value: null | boolean | number | string): Value {
  if (value === true) return TRUE;
  return value === false ? FALSE : { type: 'scalar', value };
}

export function list(...items: readonly Value[]): Value {
  return { type: 'list', items };
}

export function map(fields: Readonly<Record<string, Value>>, rest: Value = ABSENT): Value {
  return { type: 'map', fields: new Map(Object.entries(fields)), rest };
}

/** Plain JSON as a value. */
export function valueOf(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string')
    return scalar(json);
  if (Array.isArray(json)) return list(...json.map(valueOf));
  if (typeof json !== 'object') return OPAQUE;
  return {
    type: 'map',
    fields: new Map(Object.entries(json).map(([key, value]) => [key, valueOf(value)])),
    rest: ABSENT,
  };
}

/** A field of a map; what is not known stays so. */
export function fieldOf(value: Value, key: string): Value {
  if (value.type === 'map') return value.fields.get(key) ?? value.rest;
  if (value.type === 'list' || value.type === 'scalar' || value.type === 'text' || value.type === 'positive')
    return ERROR;
  return value;
}

const DOUBTS = ['opaque', 'choice', 'parameter', 'error'] as const;
type Doubt = (typeof DOUBTS)[number];

export function isDoubt(value: Value): value is Extract<Value, { readonly type: Doubt }> {
  return (DOUBTS as readonly string[]).includes(value.type);
}

/** What is said where several values do not decide it: the doubt that weighs most. */
export function doubtOf(...values: readonly Value[]): Value {
  for (const type of DOUBTS) {
    const found = values.find((value) => value.type === type);
    if (found) return found;
  }
  return values.some(({ type }) => type === 'absent') ? ERROR : CHOICE;
}

export function not(value: Value): Value {
  if (value.type === 'scalar' && typeof value.value === 'boolean') return scalar(!value.value);
  return isDoubt(value) ? value : value.type === 'absent' ? ERROR : OPAQUE;
}

/** True where one is; an error beside it is forgiven (https://github.com/google/cel-spec, logical operators). */
export function or(...values: readonly Value[]): Value {
  if (values.includes(TRUE)) return TRUE;
  const open = values.filter((value) => value !== FALSE);
  return open.length === 0 ? FALSE : doubtOf(...open.map(asTruth));
}

export function and(...values: readonly Value[]): Value {
  if (values.includes(FALSE)) return FALSE;
  const open = values.filter((value) => value !== TRUE);
  return open.length === 0 ? TRUE : doubtOf(...open.map(asTruth));
}

function asTruth(value: Value): Value {
  if (value === TRUE || value === FALSE || isDoubt(value)) return value;
  return value.type === 'absent' ? ERROR : OPAQUE;
}

/** `TRUE`, `FALSE`, or why it cannot be told. */
export function equal(a: Value, b: Value): Value {
  if (isDoubt(a) || isDoubt(b)) return doubtOf(a, b);
  if (a.type === 'absent' || b.type === 'absent') return ERROR;
  if (a.type === 'text' || b.type === 'text') return textEquals(a, b);
  if (a.type === 'positive' || b.type === 'positive') {
    const other = a.type === 'positive' ? b : a;
    return other.type === 'scalar' && (typeof other.value !== 'number' || other.value < 1) ? FALSE : CHOICE;
  }
  if (a.type === 'scalar' && b.type === 'scalar') return scalar(a.value === b.value);
  if (a.type === 'list' && b.type === 'list') {
    if (a.items.length !== b.items.length) return FALSE;
    return and(...a.items.map((item, index) => equal(item, b.items[index] ?? ABSENT)));
  }
  return a.type === b.type ? OPAQUE : FALSE;
}

function textEquals(a: Value, b: Value): Value {
  const [text, other] = a.type === 'text' ? [a, b] : [b, a];
  if (text.type !== 'text') return OPAQUE;
  if (other.type === 'text') return CHOICE;
  if (other.type !== 'scalar' || typeof other.value !== 'string') return FALSE;
  return text.not.includes(other.value) ? FALSE : CHOICE;
}

/** Whether any item equals it. */
export function contains(items: readonly Value[], value: Value): Value {
  return or(...items.map((item) => equal(item, value)));
}
