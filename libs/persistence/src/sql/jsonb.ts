/** What PostgreSQL does not store: U+0000, and halves of surrogate pairs. Both can stand in what a hostile cluster sends. */
const UNSTORABLE = /\p{Surrogate}|\0/gu;
/** How JSON spells them; also matches whole surrogate pairs that are escaped, which costs only the second look. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** A value in which characters that PostgreSQL cannot store are replaced by U+FFFD, in keys too. */
export function storable<T>(value: T): T {
  return (SUSPICIOUS.test(JSON.stringify(value) ?? '') ? clean(value) : value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(UNSTORABLE, '\uFFFD');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), clean(item)]));
}

/** A storable value as the parameter of a jsonb column or of `jsonb_to_recordset`. */
export function toJsonb(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPICIOUS.test(text) ? JSON.stringify(clean(value)) : text;
}
