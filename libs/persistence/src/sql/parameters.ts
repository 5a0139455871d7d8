/** Collects the values of a statement while its text is put together; values never become text. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Takes a value and answers its placeholder, such as `$3`. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** Joins conditions; no condition is true. */
export function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.map((condition) => `(${condition})`).join(' AND ');
}

/** `column` has one of the values; no condition where none are given. An empty list matches nothing. */
export function oneOf(
  parameters: Parameters,
  column: string,
  values: readonly string[] | undefined,
): readonly string[] {
  return values === undefined ? [] : [`${column} = ANY(${parameters.add(values)}::text[])`];
}

/** `column` contains the text, in any case; `%` and `_` in it mean themselves. */
export function contains(parameters: Parameters, expression: string, text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  const escaped = text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
  return [`${expression} ILIKE ${parameters.add(`%${escaped}%`)}`];
}
