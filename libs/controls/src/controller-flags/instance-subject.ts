import { type Subject, subjectOf } from '#libs/core';
import type { ControllerInstance } from '#libs/flux';

/** The Deployment that owns the pods, or the pod itself. */
export function subjectOfInstance(
  { deployment, namespace, owner, container }: ControllerInstance,
  field?: string,
): Subject {
  const part = { container, ...(field !== undefined && { field }) };
  if (deployment) return subjectOf(deployment, part);
  return { apiVersion: owner.kind === 'Pod' ? 'v1' : 'apps/v1', ...owner, namespace, ...part };
}
