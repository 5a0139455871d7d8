import type { JsonObject, JsonValue } from '#libs/core';

/** Policies of engines are JSON whose shape nobody has checked: what is not as expected reads as absent. */
export function objectAt(value: JsonValue | undefined, ...path: readonly string[]): JsonObject | undefined {
  const found = at(value, path);
  return isObject(found) ? found : undefined;
}

export function listAt(value: JsonValue | undefined, ...path: readonly string[]): readonly JsonValue[] | undefined {
  const found = at(value, path);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : undefined;
}

export function textAt(value: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** Texts of a list; undefined where there is no list. */
export function textsAt(value: JsonValue | undefined, ...path: readonly string[]): readonly string[] | undefined {
  return listAt(value, ...path)?.filter((each): each is string => typeof each === 'string');
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((each, key) => (isObject(each) ? each[key] : undefined), value);
}
