import { type Identity, MASTERS } from './identity.js';
import { boundRoles, type Grant, type RbacIndex } from './rbac-index.js';
import { type AccessRequest, asAuthorized, isPathRequest } from './request.js';
import { ruleAllows } from './rule-match.js';

export type Decision =
  | { readonly allowed: true; /** The first grant that covers the request. */ readonly by: Grant }
  | { readonly allowed: true; /** Members of this group pass before RBAC is asked. */ readonly by: 'system:masters' }
  | { readonly allowed: false };

/**
 * The rules an identity holds in a namespace, those of ClusterRoleBindings included; `null` asks for cluster scope.
 * `system:masters` holds more than any rule says: ask `isAllowed`.
 */
export function rulesFor(index: RbacIndex, identity: Identity, namespace: string | null): readonly Grant[] {
  const grants: Grant[] = [];
  for (const bound of boundRoles(index, identity, namespace)) {
    for (const [ruleIndex, rule] of (bound.role.rules ?? []).entries()) grants.push({ ...bound, rule, ruleIndex });
  }
  return grants;
}

/**
 * Decides as the API server does with the authorization mode RBAC, by the objects of the index. A cluster may have more
 * authorizers (webhooks, Node, a cloud's own), which can allow what is refused here.
 *
 * State the request as it would be sent: no namespace for cluster-scoped resources, else a RoleBinding would seem to
 * grant what it cannot.
 */
export function isAllowed(index: RbacIndex, identity: Identity, asked: AccessRequest): Decision {
  if (identity.groups.includes(MASTERS)) return { allowed: true, by: MASTERS };
  const request = asAuthorized(asked);
  const namespace = isPathRequest(request) ? null : request.namespace || null;
  for (const bound of boundRoles(index, identity, namespace)) {
    const rules = bound.role.rules ?? [];
    const ruleIndex = rules.findIndex((rule) => ruleAllows(rule, request));
    const rule = rules[ruleIndex];
    if (rule !== undefined) return { allowed: true, by: { ...bound, rule, ruleIndex } };
  }
  return { allowed: false };
}
