import type { NetworkPolicy } from '#libs/core';

export type Direction = 'Ingress' | 'Egress';

/**
 * The directions that a policy is about, with the default of the API server where they are not stated: Ingress, and
 * Egress only if there is an egress rule.
 */
export function directionsOf({ spec }: NetworkPolicy): readonly Direction[] {
  if (!spec.policyTypes?.length) return spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  return (['Ingress', 'Egress'] as const).filter((direction) => spec.policyTypes?.includes(direction));
}
