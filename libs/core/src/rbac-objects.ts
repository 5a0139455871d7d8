import type { KubernetesObject } from './resources.js';
import type { SelectorObject } from './selector-object.js';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

/**
 * One rule of a role. Absent and empty lists mean the same. A rule speaks of resources or of `nonResourceURLs`; one
 * with both is refused by the API server.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/
 */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Who a binding gives rights to. */
export interface RbacSubject {
  /** `User`, `Group` or `ServiceAccount`; any other kind matches nobody. */
  readonly kind: string;
  readonly name: string;
  /** Of a ServiceAccount. In a RoleBinding without it, the binding's own; in a ClusterRoleBinding without it, nobody's. */
  readonly namespace?: string;
}

export interface RoleReference {
  /** `Role` or `ClusterRole`. */
  readonly kind: string;
  readonly name: string;
}

export interface Role extends KubernetesObject {
  readonly kind: 'Role';
  readonly rules?: readonly PolicyRule[] | null;
}

export interface RbacClusterRole extends KubernetesObject {
  readonly kind: 'ClusterRole';
  /** Of an aggregated role: what the controller-manager last put together from its members. */
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly SelectorObject[] } | null;
}

export interface RoleBinding extends KubernetesObject {
  readonly kind: 'RoleBinding';
  readonly subjects?: readonly RbacSubject[] | null;
  readonly roleRef: RoleReference;
}

export interface ClusterRoleBinding extends KubernetesObject {
  readonly kind: 'ClusterRoleBinding';
  readonly subjects?: readonly RbacSubject[] | null;
  readonly roleRef: RoleReference;
}

export type AnyRole = Role | RbacClusterRole;
export type AnyBinding = RoleBinding | ClusterRoleBinding;
export type RbacObject = AnyRole | AnyBinding;
