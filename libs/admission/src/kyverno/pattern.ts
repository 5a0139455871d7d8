import type { JsonValue } from '#libs/core';
import { isObject } from '../json-access.js';
import type { Situation } from '../situation.js';
import {
  and,
  CHOICE,
  doubtOf,
  equal,
  FALSE,
  fieldOf,
  isDoubt,
  not,
  OPAQUE,
  or,
  scalar,
  TRUE,
  type Value,
  valueOf,
} from '../values.js';
import { fillIn } from './jmespath.js';
import { valueMatches } from './wildcard.js';

/**
 * Whether an object is as a pattern wants it.
 * https://kyverno.io/docs/policy-types/cluster-policy/validate/#patterns
 */
export function matchesKyvernoPattern(pattern: JsonValue, value: Value, situation: Situation): Value {
  const run: Run = { situation, conditional: false };
  const said = matches(pattern, value, run);
  return said === FALSE && run.conditional ? CHOICE : said;
}

interface Run {
  readonly situation: Situation;
  /** A condition of the pattern does not hold for sure, which would end the comparison with success. */
  conditional: boolean;
}

function matches(pattern: JsonValue, value: Value, run: Run): Value {
  if (isObject(pattern)) return matchesMap(pattern, value, run);
  if (Array.isArray(pattern)) return matchesList(pattern as readonly JsonValue[], value, run);
  if (typeof pattern === 'string') return matchesText(pattern, value, run.situation);
  if (value.type === 'absent') return scalar(pattern === null);
  return isDoubt(value) ? value : equal(value, valueOf(pattern));
}

const ANCHOR = /^([=+^X<]?)\((.+)\)$/;

function matchesMap(pattern: { readonly [key: string]: JsonValue }, value: Value, run: Run): Value {
  if (isDoubt(value)) return value;
  if (value.type !== 'map') return FALSE;
  const said: Value[] = [];
  for (const [key, wanted] of Object.entries(pattern)) {
    const [, anchor, anchored] = ANCHOR.exec(key) ?? [];
    const field = fieldOf(value, anchored ?? key);
    if (anchored === undefined) said.push(required(wanted, field, run));
    else if (anchor === '=') said.push(whereThere(wanted, field, value.fields.has(anchored), run));
    else if (anchor === 'X') said.push(mustBeAbsent(field, value.fields.has(anchored)));
    // A condition: where it does not hold the rest is not asked.
    else if (anchor === '') {
      const holds = field.type === 'absent' ? FALSE : matches(wanted, field, run);
      if (holds !== TRUE) run.conditional = true;
      if (holds === FALSE) return TRUE;
    } else said.push(OPAQUE);
  }
  return and(...said);
}

/** Without an anchor the field must be there, whatever it holds. */
function required(wanted: JsonValue, field: Value, run: Run): Value {
  return field.type === 'absent' ? scalar(wanted === null) : matches(wanted, field, run);
}

/** A field that its author may leave out is no reason to refuse. */
function whereThere(wanted: JsonValue, field: Value, there: boolean, run: Run): Value {
  if (field.type === 'absent') return TRUE;
  const said = matches(wanted, field, run);
  return there || said === TRUE ? said : doubtOf(field, said);
}

function mustBeAbsent(field: Value, there: boolean): Value {
  if (field.type === 'absent') return TRUE;
  return there || !isDoubt(field) ? FALSE : field;
}

/** One pattern holds for every item. */
function matchesList(patterns: readonly JsonValue[], value: Value, run: Run): Value {
  if (isDoubt(value)) return value;
  if (value.type !== 'list') return FALSE;
  const [pattern] = patterns;
  if (patterns.length !== 1 || pattern === undefined) return OPAQUE;
  return and(...value.items.map((item) => matches(pattern, item, run)));
}

/** `a | b`, `a & b`, `!a` and wildcards; comparisons of numbers are not understood. */
function matchesText(pattern: string, value: Value, situation: Situation): Value {
  const filled = fillIn(pattern, situation);
  if (filled.type !== 'scalar') return doubtOf(filled);
  const text = String(filled.value);
  if (value.type === 'absent') return scalar(text === 'null');
  if (isDoubt(value)) return value;
  return or(...text.split('|').map((part) => and(...part.split('&').map((one) => matchesOne(one.trim(), value)))));
}

function matchesOne(text: string, value: Value): Value {
  if (/^[<>]|^\S+-\S+$|^\S+!-\S+$/.test(text) && value.type === 'scalar' && typeof value.value === 'number')
    return OPAQUE;
  if (text.startsWith('!')) return not(matchesOne(text.slice(1).trim(), value));
  if (value.type === 'list' || value.type === 'map') return text === '*' ? TRUE : FALSE;
  return valueMatches(text, value);
}
