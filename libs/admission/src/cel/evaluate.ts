import {
  ABSENT,
  and,
  CHOICE,
  contains,
  doubtOf,
  equal,
  ERROR,
  FALSE,
  fieldOf,
  isDoubt,
  list,
  not,
  OPAQUE,
  or,
  POSITIVE,
  scalar,
  TRUE,
  type Value,
} from '../values.js';
import { callFunction } from './functions.js';
import { parseCel } from './parse.js';
import type { Expression } from './syntax.js';

/** What names stand for. A name that is not here is not understood. */
export interface Scope {
  get(name: string): Value | undefined;
}

const MAX_STEPS = 20_000;

/**
 * What an expression says about a value of which only a part is known: `TRUE` or `FALSE` where that holds whatever the
 * rest is.
 */
export function evaluateCel(text: string, scope: Scope): Value {
  const expression = parsed(text);
  return expression ? new Evaluation().of(expression, scope) : OPAQUE;
}

const cache = new Map<string, Expression | null>();
const MAX_CACHED = 2000;

/** Policies are asked about many namespaces; each text is parsed once. */
function parsed(text: string): Expression | null {
  let expression = cache.get(text);
  if (expression === undefined) {
    if (cache.size >= MAX_CACHED) cache.clear();
    expression = parseCel(text) ?? null;
    cache.set(text, expression);
  }
  return expression;
}

class Evaluation {
  private steps = 0;

  of(expression: Expression, scope: Scope): Value {
    this.steps += 1;
    if (this.steps > MAX_STEPS) return OPAQUE;
    switch (expression.kind) {
      case 'literal':
        return scalar(expression.value);
      case 'name':
        return scope.get(expression.name) ?? OPAQUE;
      case 'field':
        return this.field(this.of(expression.of, scope), expression.name, expression.optional);
      case 'index':
        return this.index(this.of(expression.of, scope), this.of(expression.at, scope), expression.optional);
      case 'list':
        return list(...expression.items.map((item) => this.of(item, scope)));
      case 'map':
        return this.mapOf(expression.entries, scope);
      case 'not':
        return not(this.of(expression.of, scope));
      case 'minus': {
        const value = this.of(expression.of, scope);
        return value.type === 'scalar' && typeof value.value === 'number' ? scalar(-value.value) : doubtOf(value);
      }
      case 'binary':
        return this.binary(expression, scope);
      case 'choose': {
        const test = this.of(expression.test, scope);
        if (test === TRUE) return this.of(expression.whenTrue, scope);
        if (test === FALSE) return this.of(expression.whenFalse, scope);
        const [one, other] = [this.of(expression.whenTrue, scope), this.of(expression.whenFalse, scope)];
        return equal(one, other) === TRUE ? one : doubtOf(test, one, other);
      }
      default:
        return this.call(expression, scope);
    }
  }

  private field(of: Value, name: string, optional: boolean): Value {
    if (of.type === 'absent') return optional ? ABSENT : ERROR;
    const value = fieldOf(of, name);
    return value.type === 'absent' && !optional ? ERROR : value;
  }

  private index(of: Value, at: Value, optional: boolean): Value {
    if (of.type === 'absent') return optional ? ABSENT : ERROR;
    if (isDoubt(of) || isDoubt(at)) return doubtOf(of, at);
    if (at.type !== 'scalar') return OPAQUE;
    if (typeof at.value === 'string') return this.field(of, at.value, optional);
    if (of.type !== 'list' || typeof at.value !== 'number') return OPAQUE;
    return of.items[at.value] ?? (optional ? ABSENT : ERROR);
  }

  private mapOf(entries: readonly (readonly [Expression, Expression])[], scope: Scope): Value {
    const fields = new Map<string, Value>();
    for (const [key, value] of entries) {
      const name = this.of(key, scope);
      if (name.type !== 'scalar') return OPAQUE;
      fields.set(String(name.value), this.of(value, scope));
    }
    return { type: 'map', fields, rest: ABSENT };
  }

  private binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const { operator } = expression;
    const left = this.of(expression.left, scope);
    if (operator === '&&') return left === FALSE ? FALSE : and(left, this.of(expression.right, scope));
    if (operator === '||') return left === TRUE ? TRUE : or(left, this.of(expression.right, scope));
    const right = this.of(expression.right, scope);
    if (operator === '==') return equal(left, right);
    if (operator === '!=') return not(equal(left, right));
    if (operator === 'in') return isIn(left, right);
    return arithmetic(operator, left, right);
  }

  private call({ on, name, args }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
    const [first, second] = args;
    if (on === undefined && name === 'has' && first) return this.has(first, scope);
    if (on !== undefined && MACROS.has(name) && first?.kind === 'name' && second && args.length === 2) {
      return this.macro(name, this.of(on, scope), first.name, second, scope);
    }
    const receiver = on && this.of(on, scope);
    return callFunction(
      name,
      receiver,
      args.map((arg) => this.of(arg, scope)),
    );
  }

  private has(expression: Expression, scope: Scope): Value {
    if (expression.kind !== 'field') return OPAQUE;
    const of = this.of(expression.of, scope);
    if (isDoubt(of)) return of;
    if (of.type !== 'map') return of.type === 'absent' ? FALSE : ERROR;
    const value = fieldOf(of, expression.name);
    if (value.type === 'choice' || value.type === 'opaque' || value.type === 'parameter') {
      return of.fields.has(expression.name) ? TRUE : value;
    }
    return scalar(value.type !== 'absent');
  }

  private macro(name: string, over: Value, variable: string, body: Expression, scope: Scope): Value {
    const bound = (value: Value): Scope => ({ get: (each) => (each === variable ? value : scope.get(each)) });
    if (over.type === 'parameter') {
      const said = this.of(body, bound(over));
      // The list may be empty, so that only "none" is sure.
      if (name === 'exists' && said === FALSE) return FALSE;
      if (name === 'all' && said === TRUE) return TRUE;
      return said.type === 'scalar' ? over : said;
    }
    const items = itemsOf(over);
    if (!items) return doubtOf(over);
    const said = items.map((item) => this.of(body, bound(item)));
    if (name === 'all') return and(...said);
    if (name === 'exists') return or(...said);
    if (name === 'map') return list(...said);
    if (said.some((value) => value !== TRUE && value !== FALSE)) return doubtOf(...said);
    const kept = items.filter((_, index) => said[index] === TRUE);
    return name === 'filter' ? list(...kept) : scalar(kept.length === 1);
  }
}

const MACROS = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map']);

/** What a macro walks over: items of a list, or keys of a map that is known as a whole. */
function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.type === 'list') return value.items;
  if (value.type !== 'map' || value.rest.type !== 'absent') return undefined;
  return [...value.fields].flatMap(([key, field]) => (field.type === 'absent' ? [] : [scalar(key)]));
}

function isIn(value: Value, container: Value): Value {
  if (isDoubt(value) || isDoubt(container)) return doubtOf(value, container);
  if (container.type === 'list') return contains(container.items, value);
  if (container.type !== 'map') return ERROR;
  if (value.type !== 'scalar') return CHOICE;
  const key = String(value.value);
  const found = fieldOf(container, key);
  if (isDoubt(found)) return container.fields.has(key) ? TRUE : found;
  return scalar(found.type !== 'absent');
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (left.type === 'scalar' && right.type === 'scalar') return withPlain(operator, left.value, right.value);
  if (operator === '+' && left.type === 'list' && right.type === 'list') return list(...left.items, ...right.items);
  if (left === POSITIVE && right.type === 'scalar' && typeof right.value === 'number') {
    if (operator === '>' && right.value < 1) return TRUE;
    if (operator === '>=' && right.value <= 1) return TRUE;
    if (operator === '<' && right.value <= 1) return FALSE;
    if (operator === '<=' && right.value < 1) return FALSE;
  }
  return doubtOf(left, right);
}

function withPlain(operator: string, left: unknown, right: unknown): Value {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return scalar(left + right);
  if (typeof left !== 'number' || typeof right !== 'number') {
    if (typeof left !== 'string' || typeof right !== 'string') return ERROR;
    return compare(operator, left, right);
  }
  if (operator === '+') return scalar(left + right);
  if (operator === '-') return scalar(left - right);
  if (operator === '*') return scalar(left * right);
  return compare(operator, left, right);
}

function compare(operator: string, left: number | string, right: number | string): Value {
  if (operator === '<') return scalar(left < right);
  if (operator === '<=') return scalar(left <= right);
  if (operator === '>') return scalar(left > right);
  return operator === '>=' ? scalar(left >= right) : OPAQUE;
}
