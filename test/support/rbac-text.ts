import type { PolicyRule, RbacSubject } from '#libs/core';

const apiVersion = 'rbac.authorization.k8s.io/v1';

/** `verbs group/resource [name …]`: `get,list /pods`, `delete rbac.authorization.k8s.io/roles a b`. */
function rbacRule(text: string): PolicyRule {
  const [verbs = '', target = '', ...names] = text.split(' ');
  const slash = target.indexOf('/');
  return {
    verbs: verbs.split(','),
    apiGroups: [target.slice(0, slash)],
    resources: target.slice(slash + 1).split(','),
    ...(names.length > 0 && { resourceNames: names }),
  };
}

/** `user ann`, `group ops`, `account team-a/app`; `account app` has no namespace. */
function rbacSubject(text: string): RbacSubject {
  const [kind = '', name = ''] = text.split(' ');
  if (kind === 'group') return { kind: 'Group', name };
  if (kind === 'user') return { kind: 'User', name };
  const [first = '', second] = name.split('/');
  return second === undefined
    ? { kind: 'ServiceAccount', name: first }
    : { kind: 'ServiceAccount', namespace: first, name: second };
}

export function clusterRole(name: string, rules: readonly string[], labels?: Readonly<Record<string, string>>): object {
  return { apiVersion, kind: 'ClusterRole', metadata: { name, ...(labels && { labels }) }, rules: rules.map(rbacRule) };
}

/** A ClusterRole bound to subjects, everywhere (`*`) or in a namespace. The binding is called like the role. */
export function bound(place: string, role: string, ...subjects: readonly string[]): object {
  return {
    apiVersion,
    kind: place === '*' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: place === '*' ? { name: role } : { namespace: place, name: role },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: subjects.map(rbacSubject),
  };
}

/** A ClusterRole with rules and its binding, both of one name. */
export function granted(
  place: string,
  role: string,
  rules: readonly string[],
  ...subjects: readonly string[]
): object[] {
  return [clusterRole(role, rules), bound(place, role, ...subjects)];
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function serviceAccount(path: string): object {
  const [home, name] = path.split('/');
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: home, name } };
}
