import type { JsonObject } from '#libs/core';
import { listAt, textAt } from '../json-access.js';
import type { Situation } from '../situation.js';
import { FALSE, OPAQUE, TRUE, type Value } from '../values.js';

/**
 * Whether a `podSecurity` rule lets a pod through. Levels are those of the Pod Security Standards; a rule that leaves
 * controls or images out is not understood.
 * https://kyverno.io/docs/policy-types/cluster-policy/validate/#pod-security
 */
export function podSecuritySays(podSecurity: JsonObject, { target, podRisk }: Situation): Value {
  if (target.kind !== 'Pod' || podRisk === undefined) return OPAQUE;
  if ((listAt(podSecurity, 'exclude') ?? []).length > 0) return OPAQUE;
  const level = textAt(podSecurity, 'level');
  if (level === 'privileged') return TRUE;
  return level === 'baseline' || level === 'restricted' ? FALSE : OPAQUE;
}
