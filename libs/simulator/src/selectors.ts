import { LabelSelectorError, matchesLabels, parseLabelSelector } from '#libs/core';
import type { SimulatedObject } from './simulated-object.js';

export type ObjectFilter = (object: SimulatedObject) => boolean;

export class SelectorError extends Error {}

/** Kinds with field selectors beside name and namespace, as far as an audit asks for them. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.nodeName', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  Event: ['involvedObject.kind', 'involvedObject.name', 'involvedObject.namespace', 'reason', 'type'],
  Secret: ['type'],
  Namespace: ['status.phase'],
};

/** @throws SelectorError with the API server's words. */
export function labelFilter(selector: string | null): ObjectFilter | undefined {
  if (selector === null || selector === '') return undefined;
  try {
    const parsed = parseLabelSelector(selector);
    return (object) => matchesLabels(parsed, object.metadata.labels ?? {});
  } catch (error) {
    if (error instanceof LabelSelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
    throw error;
  }
}

/** @throws SelectorError where the API server does not support a field of that kind. */
export function fieldFilter(selector: string | null, kind: string): ObjectFilter | undefined {
  if (selector === null || selector === '') return undefined;
  const requirements = selector.split(',').map((text) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(text);
    if (match === null) throw new SelectorError(`invalid selector: '${text}'; can't understand '${text}'`);
    const [, field = '', operator, value = ''] = match;
    if (!['metadata.name', 'metadata.namespace', ...(FIELDS[kind] ?? [])].includes(field))
      throw new SelectorError(
        kind in FIELDS
          ? `field label not supported: ${field}`
          : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    return { field: field.split('.'), equal: operator !== '!=', value };
  });
  return (object) => requirements.every(({ field, equal, value }) => (valueAt(object, field) === value) === equal);
}

function valueAt(object: unknown, field: readonly string[]): string {
  let value = object;
  for (const part of field) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
  return typeof value === 'string' ? value : '';
}
