import { CHOICE, doubtOf, ERROR, FALSE, isDoubt, list, OPAQUE, POSITIVE, scalar, TRUE, type Value } from '../values.js';
import { matchesPattern } from './safe-pattern.js';

type TextFunction = (text: string, argument: string) => Value;

const ON_TEXT: Readonly<Record<string, TextFunction>> = {
  startsWith: (text, argument) => scalar(text.startsWith(argument)),
  endsWith: (text, argument) => scalar(text.endsWith(argument)),
  contains: (text, argument) => scalar(text.includes(argument)),
  matches: (text, argument) => {
    const matched = matchesPattern(text, argument);
    return matched === undefined ? OPAQUE : scalar(matched);
  },
  split: (text, argument) => list(...text.split(argument).map(scalar)),
};
const ON_TEXT_ALONE: Readonly<Record<string, (text: string) => Value>> = {
  lowerAscii: (text) => scalar(text.toLowerCase()),
  upperAscii: (text) => scalar(text.toUpperCase()),
  trim: (text) => scalar(text.trim()),
};
/** Conversions that change nothing of what is compared here. */
const CONVERSIONS = new Set(['string', 'dyn', 'int', 'uint', 'double', 'bool']);

/** Functions of CEL and of its Kubernetes libraries that policies about fields use; any other is not understood. */
export function callFunction(name: string, receiver: Value | undefined, args: readonly Value[]): Value {
  const [first] = args;
  if (name === 'orValue' && receiver && first) return receiver.type === 'absent' ? first : receiver;
  if (name === 'hasValue' && receiver && args.length === 0) return hasValue(receiver);
  if (name === 'size') return sizeOf(receiver ?? first ?? ERROR);
  if (!receiver && CONVERSIONS.has(name) && first) return first;
  if (name === 'value' && receiver && args.length === 0) return receiver.type === 'absent' ? ERROR : receiver;
  const text = Object.hasOwn(ON_TEXT, name) ? ON_TEXT[name] : undefined;
  if (text && receiver && first && args.length === 1) return onText(text, receiver, first);
  const alone = Object.hasOwn(ON_TEXT_ALONE, name) ? ON_TEXT_ALONE[name] : undefined;
  if (alone && receiver && args.length === 0) {
    if (receiver.type === 'scalar') return typeof receiver.value === 'string' ? alone(receiver.value) : ERROR;
    // A name without capitals and blanks stays what it is.
    return receiver.type === 'text' && name === 'lowerAscii' ? receiver : doubtOf(receiver);
  }
  return OPAQUE;
}

function onText(compute: TextFunction, receiver: Value, argument: Value): Value {
  if (receiver.type === 'scalar' && argument.type === 'scalar') {
    return typeof receiver.value === 'string' && typeof argument.value === 'string'
      ? compute(receiver.value, argument.value)
      : ERROR;
  }
  return isDoubt(receiver) || isDoubt(argument)
    ? doubtOf(receiver, argument)
    : receiver.type === 'text'
      ? CHOICE
      : ERROR;
}

function hasValue(value: Value): Value {
  if (value.type === 'absent') return FALSE;
  return isDoubt(value) ? value : TRUE;
}

function sizeOf(value: Value): Value {
  if (value.type === 'list') return scalar(value.items.length);
  if (value.type === 'text') return value.not.includes('') ? POSITIVE : CHOICE;
  if (value.type === 'scalar') return typeof value.value === 'string' ? scalar(Array.from(value.value).length) : ERROR;
  if (value.type === 'map' && value.rest.type === 'absent') return scalar(value.fields.size);
  return doubtOf(value);
}
