import { objectOf, requestOf, type Situation } from '../situation.js';
import { ABSENT, doubtOf, fieldOf, isDoubt, list, OPAQUE, scalar, type Value, valueOf } from '../values.js';

const VARIABLE = /\{\{([^{}]*)\}\}/g;
const WHOLE = /^\s*\{\{([^{}]*)\}\}\s*$/;

/**
 * A text of a Kyverno policy with its variables filled in. Of JMESPath, paths with lists and defaults are understood:
 * `{{ request.object.spec.sourceRef.namespace || '' }}`.
 * https://kyverno.io/docs/policy-types/cluster-policy/variables/
 */
export function fillIn(text: string, situation: Situation): Value {
  if (!text.includes('{{')) return scalar(text);
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, situation);
  const values: Value[] = [];
  const filled = text.replaceAll(VARIABLE, (_, expression: string) => {
    const value = lookUp(expression, situation);
    values.push(value);
    return value.type === 'scalar' ? String(value.value) : '';
  });
  return values.every(({ type }) => type === 'scalar') && !filled.includes('{{') ? scalar(filled) : doubtOf(...values);
}

/** What is not there ends in an error or in nothing, by the version of Kyverno: neither is relied on. */
function lookUp(expression: string, situation: Situation): Value {
  let found: Value = ABSENT;
  for (const part of expression.split('||')) {
    found = evaluate(part.trim(), situation);
    if (!isFalsy(found)) return found;
  }
  return found.type === 'absent' ? OPAQUE : found;
}

function isFalsy(value: Value): boolean {
  if (value.type === 'absent') return true;
  if (value.type === 'list') return value.items.length === 0;
  return value.type === 'scalar' && (value.value === null || value.value === '' || value.value === false);
}

const PART = /^(?:\.?([A-Za-z_][\w-]*)|\.?"([^"]*)"|\.?\[([^\]]*)\])/;

function evaluate(expression: string, situation: Situation): Value {
  const literal = /^'([^']*)'$/.exec(expression)?.[1];
  if (literal !== undefined) return scalar(literal);
  const json = /^`([^`]*)`$/.exec(expression)?.[1];
  if (json !== undefined) return parsedJson(json);
  const path = partsOf(expression);
  const [root, ...rest] = path ?? [];
  if (root?.name !== 'request') return OPAQUE;
  let value: Value = rest[0]?.name === 'object' ? objectOf(situation) : requestOf(situation);
  let projecting = false;
  for (const part of rest[0]?.name === 'object' ? rest.slice(1) : rest) {
    value = step(value, part, projecting);
    projecting ||= part.every === true;
  }
  return value;
}

interface Part {
  readonly name?: string;
  /** `[]` and `[*]`: every item. */
  readonly every?: true;
  /** `[a, b]`: several fields as a list. */
  readonly fields?: readonly string[];
}

function partsOf(expression: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  let rest = expression;
  while (rest !== '') {
    const found = PART.exec(rest);
    if (!found) return undefined;
    const [all, name, quoted, inner] = found;
    if (inner === undefined) parts.push({ name: name ?? quoted ?? '' });
    else if (inner === '' || inner === '*') parts.push({ every: true });
    else if (/^[\w-]+(\s*,\s*[\w-]+)*$/.test(inner) && !/^\d+$/.test(inner)) {
      parts.push({ fields: inner.split(',').map((field) => field.trim()) });
    } else return undefined;
    rest = rest.slice(all.length);
  }
  return parts;
}

/** A projection leaves out what is not there, and makes one list of lists. */
function step(value: Value, part: Part, projecting: boolean): Value {
  if (isDoubt(value) || value.type === 'absent') return value;
  if (part.fields) {
    return value.type === 'map' ? list(...part.fields.map((field) => fieldOf(value, field))) : OPAQUE;
  }
  if (part.every) {
    if (value.type !== 'list') return ABSENT;
    return list(
      ...value.items.flatMap((item) => (item.type === 'list' ? item.items : item.type === 'absent' ? [] : [item])),
    );
  }
  const name = part.name ?? '';
  if (value.type !== 'list') return value.type === 'map' ? fieldOf(value, name) : ABSENT;
  if (!projecting) return ABSENT;
  return list(
    ...value.items
      .map((item) => (item.type === 'map' || isDoubt(item) ? fieldOf(item, name) : ABSENT))
      .filter(({ type }) => type !== 'absent'),
  );
}

function parsedJson(text: string): Value {
  try {
    return valueOf(JSON.parse(text));
  } catch {
    return OPAQUE;
  }
}
