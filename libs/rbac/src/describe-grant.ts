import type { AnyBinding, AnyRole } from './objects.js';
import type { Grant } from './rbac-index.js';

/** `ClusterRoleBinding "ops" → ClusterRole "cluster-admin", rule 1`: where a right comes from, for people. */
export function describeGrant({ binding, role, ruleIndex }: Grant): string {
  return `${titleOf(binding)} → ${titleOf(role)}, rule ${ruleIndex + 1}`;
}

function titleOf({ kind, metadata: { namespace, name } }: AnyBinding | AnyRole): string {
  return `${kind} "${namespace === undefined ? name : `${namespace}/${name}`}"`;
}
