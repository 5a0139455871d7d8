import type { AnyBinding, AnyRole } from '#libs/core';

/**
 * `ClusterRoleBinding "ops" → ClusterRole "cluster-admin", rule 1`: where a right comes from, for people. A right that an
 * earlier step of an escalation gained has no binding.
 */
export function describeGrant(grant: {
  readonly binding?: AnyBinding;
  readonly role: AnyRole;
  readonly ruleIndex: number;
}): string {
  const from = grant.binding === undefined ? '' : `${titleOf(grant.binding)} → `;
  return `${from}${titleOf(grant.role)}, rule ${grant.ruleIndex + 1}`;
}

function titleOf({ kind, metadata: { namespace, name } }: AnyBinding | AnyRole): string {
  return `${kind} "${namespace === undefined ? name : `${namespace}/${name}`}"`;
}
