import type { JsonObject, JsonValue, SelectorObject } from '#libs/core';

/** Readers of JSON of unknown shape: undefined where something else stands there than is asked for. */
export function objectAt(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function listAt(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
}

export function textsAt(value: JsonValue | undefined): readonly string[] | undefined {
  const list = listAt(value);
  return list?.every((entry) => typeof entry === 'string') ? (list as readonly string[]) : undefined;
}

export function hasOnly(object: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(object).every((key) => keys.includes(key));
}

/** A label selector; undefined where it is none, or has operators or fields that Kubernetes does not know. */
export function selectorAt(
  value: JsonValue | undefined,
  rename = (key: string) => key as string | undefined,
): SelectorObject | undefined {
  const object = objectAt(value);
  if (!object || !hasOnly(object, ['matchLabels', 'matchExpressions'])) return undefined;
  const labels: Record<string, string> = {};
  for (const [key, label] of Object.entries(objectAt(object['matchLabels'] ?? {}) ?? {})) {
    const name = rename(key);
    if (name === undefined || typeof label !== 'string') return undefined;
    labels[name] = label;
  }
  const expressions: { key: string; operator: string; values: readonly string[] }[] = [];
  for (const entry of listAt(object['matchExpressions'] ?? []) ?? []) {
    const expression = objectAt(entry);
    const { key, operator, values } = expression ?? {};
    const name = typeof key === 'string' ? rename(key) : undefined;
    const texts = textsAt(values ?? []);
    if (name === undefined || typeof operator !== 'string' || !OPERATORS.has(operator) || !texts) return undefined;
    expressions.push({ key: name, operator, values: texts });
  }
  return { matchLabels: labels, matchExpressions: expressions };
}

const OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: SelectorObject): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
