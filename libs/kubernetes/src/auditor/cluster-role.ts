import type { AccessRule, Control } from '#libs/core';
import { readsOf } from './auditor-reads.js';

/** One rule of a ClusterRole, in the fields that are used here. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface ClusterRoleManifest {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly rules: readonly PolicyRule[];
}

export const AUDITOR_CLUSTER_ROLE = 'plimsoll-reader';

/**
 * The ClusterRole of an auditor that can evaluate these controls: what they read and the cluster's identity, and nothing
 * else. No Secrets, no writes (a review is a question), no wildcards but for Gatekeeper's constraints, whose kinds have names
 * that only the cluster knows. Reviews of the own identity and discovery need no rule: they come with
 * `system:authenticated` (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles).
 */
export function auditorClusterRole(controls: readonly Pick<Control, 'reads'>[]): ClusterRoleManifest {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: AUDITOR_CLUSTER_ROLE, labels: { 'app.kubernetes.io/part-of': 'plimsoll' } },
    rules: policyRules(readsOf(controls)),
  };
}

/** Permissions as rules: those with the same group, verbs and names share one. In the order in which they are given. */
export function policyRules(reads: readonly AccessRule[]): readonly PolicyRule[] {
  const verbs = new Map<string, { rule: AccessRule; verbs: string[] }>();
  for (const rule of reads) {
    const key = JSON.stringify([rule.group, rule.resource, rule.name]);
    const entry = verbs.get(key);
    if (entry) entry.verbs.push(rule.verb);
    else verbs.set(key, { rule, verbs: [rule.verb] });
  }
  const rules = new Map<string, { rule: AccessRule; verbs: string[]; resources: string[] }>();
  for (const { rule, verbs: granted } of verbs.values()) {
    const key = JSON.stringify([rule.group, granted, rule.name]);
    const entry = rules.get(key);
    if (entry) entry.resources.push(rule.resource);
    else rules.set(key, { rule, verbs: granted, resources: [rule.resource] });
  }
  return [...rules.values()].map(({ rule, verbs: granted, resources }) => ({
    apiGroups: [rule.group],
    resources,
    ...(rule.name !== undefined && { resourceNames: [rule.name] }),
    verbs: granted,
  }));
}
