import type { AnyBinding, PolicyRule, RbacClusterRole, RbacObject } from '#libs/core';
import { hasFluxWrite } from './flux-rules.js';

const PREFIX = 'rbac.authorization.k8s.io/aggregate-to-';
const TARGETS = ['view', 'edit', 'admin'] as const;

/** ClusterRoles with the same rules that the controller-manager puts into `view`, `edit` or `admin`. */
export interface AggregatedRole {
  /** The first by name stands for all of them. */
  readonly role: RbacClusterRole;
  readonly copies: readonly string[];
  readonly targets: readonly string[];
  /** Place of the first rule that lets somebody write Flux objects. */
  readonly ruleIndex: number;
  readonly rule: PolicyRule;
}

/** The roles that give those who hold `view`, `edit` or `admin` the right to write Flux objects; copies count once. */
export function aggregatedFluxRoles(rbac: readonly RbacObject[]): readonly AggregatedRole[] {
  const byRules = new Map<string, AggregatedRole>();
  const roles = rbac.flatMap((object) => (object.kind === 'ClusterRole' ? [object] : []));
  for (const role of roles.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    const targets = TARGETS.filter((target) => role.metadata.labels?.[`${PREFIX}${target}`] === 'true');
    const rules = role.rules ?? [];
    const ruleIndex = rules.findIndex(hasFluxWrite);
    const rule = rules[ruleIndex];
    if (targets.length === 0 || rule === undefined) continue;
    const key = JSON.stringify([rules, targets]);
    const known = byRules.get(key);
    byRules.set(
      key,
      known
        ? { ...known, copies: [...known.copies, role.metadata.name] }
        : { role, copies: [], targets, ruleIndex, rule },
    );
  }
  return [...byRules.values()];
}

/** Bindings that reach into some namespaces, to ClusterRoles whose rules let somebody write Flux objects there. */
export function fluxWriters(rbac: readonly RbacObject[], namespaces: ReadonlySet<string>): readonly AnyBinding[] {
  const writing = new Set(
    rbac.flatMap((object) =>
      object.kind === 'ClusterRole' && object.rules?.some(hasFluxWrite) ? [object.metadata.name] : [],
    ),
  );
  return rbac.flatMap((object) => {
    if (object.kind !== 'RoleBinding' || object.roleRef.kind !== 'ClusterRole') return [];
    const inside = namespaces.has(object.metadata.namespace ?? '');
    return inside && writing.has(object.roleRef.name) && object.subjects?.length ? [object] : [];
  });
}
