/** An expression of the Common Expression Language, as far as policies use it. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'name'; readonly name: string }
  /** `optional`: written `.?`, or follows one that is. */
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string; readonly optional: boolean }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression; readonly optional: boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'call'; readonly on?: Expression; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not' | 'minus'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'choose';
      readonly test: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    };

export interface Token {
  readonly type: 'name' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+\.\d+|\d+)u?/y;
const SPACE = /(?:\s+|\/\/[^\n]*)/y;
const SIGNS = [
  '.?',
  '[?',
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '.',
  ',',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '?',
  ':',
  '!',
  '-',
  '+',
  '*',
  '/',
  '%',
  '<',
  '>',
];
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
};

/** Undefined where the text is not one that is understood. */
export function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < text.length) {
    if (take(SPACE) !== undefined) continue;
    const raw = /^r["']/.test(text.slice(at, at + 2));
    const quote = text[raw ? at + 1 : at];
    if (raw || quote === '"' || quote === "'") {
      const read = readText(text, raw ? at + 1 : at, raw);
      if (!read) return undefined;
      tokens.push({ type: 'text', text: read.value });
      at = read.end;
      continue;
    }
    const name = take(NAME);
    if (name !== undefined) {
      tokens.push({ type: 'name', text: name });
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      tokens.push({ type: 'number', text: number });
      continue;
    }
    const sign = SIGNS.find((each) => text.startsWith(each, at));
    if (sign === undefined) return undefined;
    tokens.push({ type: 'sign', text: sign });
    at += sign.length;
  }
  return [...tokens, { type: 'end', text: '' }];
}

/** A text in single or double quotes; texts in three quotes and escapes by number are not understood. */
function readText(text: string, start: number, raw: boolean): { value: string; end: number } | undefined {
  const quote = text[start] ?? '';
  if (text.startsWith(quote.repeat(3), start)) return undefined;
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === quote) return { value, end: at + 1 };
    if (sign === '\\' && !raw) {
      at += 1;
      const escaped = ESCAPES[text[at] ?? ''];
      if (escaped === undefined) return undefined;
      value += escaped;
    } else value += sign;
  }
  return undefined;
}
