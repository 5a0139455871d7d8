import type { JsonValue } from '#libs/core';
import { isObject, listAt, textAt } from '../json-access.js';
import type { Situation } from '../situation.js';
import { and, doubtOf, equal, FALSE, isDoubt, not, OPAQUE, or, TRUE, type Value, valueOf } from '../values.js';
import { fillIn } from './jmespath.js';
import { valueMatches } from './wildcard.js';

/**
 * Preconditions and `deny.conditions`: `any` and `all` together, or in the old form a list of which all must hold.
 * https://kyverno.io/docs/policy-types/cluster-policy/preconditions/
 */
export function conditionsOf(conditions: JsonValue | undefined, situation: Situation): Value {
  if (conditions === undefined || conditions === null) return TRUE;
  if (Array.isArray(conditions)) {
    const each = conditions as readonly JsonValue[];
    // A list of blocks: each of them must hold.
    return and(...each.map((one) => (isBlock(one) ? conditionsOf(one, situation) : condition(one, situation))));
  }
  const any = listAt(conditions, 'any');
  const all = listAt(conditions, 'all');
  if (!any && !all) return OPAQUE;
  return and(
    any && any.length > 0 ? or(...any.map((one) => condition(one, situation))) : TRUE,
    and(...(all ?? []).map((one) => condition(one, situation))),
  );
}

function isBlock(value: JsonValue): boolean {
  return isObject(value) && ('any' in value || 'all' in value);
}

function condition(one: JsonValue, situation: Situation): Value {
  if (!isObject(one)) return OPAQUE;
  const key = filled(one['key'], situation);
  const value = filled(one['value'], situation);
  switch (textAt(one, 'operator')?.toLowerCase()) {
    case 'equals':
    case 'equal':
      return alike(key, value);
    case 'notequals':
    case 'notequal':
      return not(alike(key, value));
    case 'in':
    case 'anyin':
      return among(key, value, or);
    case 'allin':
      return among(key, value, and);
    case 'anynotin':
      return not(among(key, value, and));
    case 'notin':
    case 'allnotin':
      return not(among(key, value, or));
    default:
      return OPAQUE;
  }
}

function filled(json: JsonValue | undefined, situation: Situation): Value {
  if (typeof json === 'string') return fillIn(json, situation);
  if (Array.isArray(json)) {
    return { type: 'list', items: (json as readonly JsonValue[]).map((each) => filled(each, situation)) };
  }
  return json === undefined ? OPAQUE : valueOf(json);
}

/** Texts may hold wildcards on the right side. */
function alike(key: Value, value: Value): Value {
  if (isDoubt(key) || isDoubt(value)) return doubtOf(key, value);
  if (value.type === 'scalar' && typeof value.value === 'string' && key.type !== 'list' && key.type !== 'map') {
    return valueMatches(value.value, key);
  }
  return equal(key, value);
}

/** `every`: how the items of a key that is a list count together. */
function among(key: Value, value: Value, every: (...said: readonly Value[]) => Value): Value {
  if (isDoubt(key) || isDoubt(value)) return doubtOf(key, value);
  const wanted = value.type === 'list' ? value.items : [value];
  const items = key.type === 'list' ? key.items : [key];
  if (items.length === 0) return every === or ? FALSE : TRUE;
  return every(...items.map((item) => or(...wanted.map((each) => alike(item, each)))));
}
