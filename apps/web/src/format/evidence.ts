import type { JsonValue } from '#libs/core';

/** An observed value as a person would write it: texts bare, lists one item a line, the rest as JSON. */
export function observedText(observed: unknown): string {
  const value = observed as JsonValue;
  if (value === null) return '(absent)';
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value)) return value.length === 0 ? '(empty list)' : value.map(itemText).join('\n');
  return JSON.stringify(value, null, 2);
}

function itemText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `/spec/template/spec/containers/0/args/3` → `spec.template.spec.containers[0].args[3]`, as kubectl users know it. */
export function pointerPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) =>
      /^\d+$/.test(step) ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`,
    )
    .join('')
    .replace(/^\./, '');
}

interface Named {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `Deployment flux-system/helm-controller`. */
export function objectText({ kind, namespace, name }: Named): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
