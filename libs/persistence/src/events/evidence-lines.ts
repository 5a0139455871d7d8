import type { Evidence } from '#libs/core';
import { excerpt } from '#libs/flux';

/** `ClusterRole tenant-admin`, `Alert flux-system/on-call`. */
export function labelOfObject(object: NonNullable<Evidence['object']>): string {
  const place = object.namespace === undefined ? '' : `${object.namespace}/`;
  return excerpt(`${object.kind} ${place}${object.name}`, 200);
}

/** A value as it stands, on one line. */
export function observedText(value: Evidence['observed'], limit: number): string {
  return excerpt(typeof value === 'string' ? value : JSON.stringify(value), limit);
}

/** `ClusterRole tenant-admin /rules/0: {"verbs":["delete"]}`, one line for each fact. */
export function evidenceLines(evidence: readonly Evidence[], most: number): readonly string[] {
  return evidence.slice(0, most).map(({ object, pointer, observed }) => {
    const where = object === undefined ? '' : `${labelOfObject(object)} `;
    return `${where}${excerpt(pointer, 120)}: ${observedText(observed, 120)}`;
  });
}
