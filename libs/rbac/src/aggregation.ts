import { type RbacClusterRole, matchesSelectorObject } from '#libs/core';
import type { RbacIndex } from './rbac-index.js';

/**
 * The ClusterRoles whose rules flow into an aggregated one: who edits or deletes a member changes the aggregate.
 * A role is no member of itself. Empty where the role aggregates nothing.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function membersOf(index: RbacIndex, role: RbacClusterRole): readonly RbacClusterRole[] {
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? [];
  if (selectors.length === 0) return [];
  return [...index.clusterRoles.values()].filter(
    ({ metadata }) =>
      metadata.name !== role.metadata.name &&
      selectors.some((selector) => matchesSelectorObject(selector, metadata.labels ?? {})),
  );
}
