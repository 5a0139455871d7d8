/** A Kubernetes RBAC permission as a role would grant it. `namespace` absent = cluster-wide. */
export interface AccessRule {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Reads as in `list deployments.apps in all namespaces`. */
export function describeAccessRule(rule: AccessRule): string {
  const resource = rule.group === '' ? rule.resource : `${rule.resource}.${rule.group}`;
  const named = rule.name === undefined ? resource : `${resource}/${rule.name}`;
  return `${rule.verb} ${named} ${rule.namespace === undefined ? 'in all namespaces' : `in namespace ${rule.namespace}`}`;
}

/** A stable key, for sets of rules. */
export function accessRuleKey(rule: AccessRule): string {
  return [rule.verb, rule.group, rule.resource, rule.namespace ?? '*', rule.name ?? '*'].join('|');
}
