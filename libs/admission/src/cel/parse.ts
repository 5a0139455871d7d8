import { type Expression, type Token, tokensOf } from './syntax.js';

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 60;

class NotUnderstood extends Error {}

/**
 * Parses an expression of the Common Expression Language (https://github.com/google/cel-spec/blob/master/doc/langdef.md):
 * the whole grammar but for bytes, comprehensions written out and message literals. Undefined where it is not understood.
 */
export function parseCel(text: string): Expression | undefined {
  const tokens = text.length > MAX_LENGTH ? undefined : tokensOf(text);
  if (!tokens) return undefined;
  try {
    return new Parser(tokens).whole();
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

/** From what binds least to what binds most. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];
const WORDS: Readonly<Record<string, null | boolean>> = { true: true, false: false, null: null };

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Expression {
    const expression = this.expression();
    if (this.next.type !== 'end') throw new NotUnderstood();
    return expression;
  }

  private get next(): Token {
    return this.tokens[this.at] ?? { type: 'end', text: '' };
  }

  private accept(...signs: readonly string[]): string | undefined {
    const { type, text } = this.next;
    if ((type !== 'sign' && text !== 'in') || type === 'text' || !signs.includes(text)) return undefined;
    this.at += 1;
    return text;
  }

  private expect(sign: string): void {
    if (this.accept(sign) === undefined) throw new NotUnderstood();
  }

  private name(): string {
    const { type, text } = this.next;
    if (type !== 'name') throw new NotUnderstood();
    this.at += 1;
    return text;
  }

  private expression(): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new NotUnderstood();
    const test = this.binary(0);
    let result = test;
    if (this.accept('?') !== undefined) {
      const whenTrue = this.expression();
      this.expect(':');
      result = { kind: 'choose', test, whenTrue, whenFalse: this.expression() };
    }
    this.depth -= 1;
    return result;
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (let operator = this.accept(...operators); operator !== undefined; operator = this.accept(...operators)) {
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new NotUnderstood();
    const sign = this.accept('!', '-');
    const result: Expression =
      sign === undefined ? this.member() : { kind: sign === '!' ? 'not' : 'minus', of: this.unary() };
    this.depth -= 1;
    return result;
  }

  private member(): Expression {
    let result = this.primary();
    for (;;) {
      const sign = this.accept('.', '.?', '[', '[?');
      if (sign === undefined) return result;
      const optional = sign.endsWith('?') || followsOptional(result);
      if (sign.startsWith('[')) {
        const at = this.expression();
        this.expect(']');
        result = { kind: 'index', of: result, at, optional };
        continue;
      }
      const name = this.name();
      result =
        sign === '.' && this.accept('(') !== undefined
          ? { kind: 'call', on: result, name, args: this.list(')') }
          : { kind: 'field', of: result, name, optional };
    }
  }

  private primary(): Expression {
    const { type, text } = this.next;
    if (type === 'text' || type === 'number') {
      this.at += 1;
      return { kind: 'literal', value: type === 'text' ? text : Number(text.replace(/u$/, '')) };
    }
    if (type === 'name') {
      this.at += 1;
      if (Object.hasOwn(WORDS, text)) return { kind: 'literal', value: WORDS[text] ?? null };
      if (this.accept('(') !== undefined) return { kind: 'call', name: text, args: this.list(')') };
      return { kind: 'name', name: text };
    }
    if (this.accept('(') !== undefined) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.accept('[') !== undefined) return { kind: 'list', items: this.list(']') };
    if (this.accept('{') !== undefined) return this.mapLiteral();
    throw new NotUnderstood();
  }

  private list(end: string): readonly Expression[] {
    const items: Expression[] = [];
    while (this.accept(end) === undefined) {
      items.push(this.expression());
      if (this.accept(',') === undefined) {
        this.expect(end);
        break;
      }
    }
    return items;
  }

  private mapLiteral(): Expression {
    const entries: [Expression, Expression][] = [];
    while (this.accept('}') === undefined) {
      const key = this.expression();
      this.expect(':');
      entries.push([key, this.expression()]);
      if (this.accept(',') === undefined) {
        this.expect('}');
        break;
      }
    }
    return { kind: 'map', entries };
  }
}

/** `a.?b.c`: once optional, the rest of the path is. */
function followsOptional(expression: Expression): boolean {
  return (expression.kind === 'field' || expression.kind === 'index') && expression.optional;
}
