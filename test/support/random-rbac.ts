import { type Arbitrary, array, constant, constantFrom, oneof, option, record, subarray, tuple } from 'fast-check';
import { type PolicyRule, RBAC_GROUP, type RbacObject, type RbacSubject } from '#libs/core';
import { accountIdentity, ANONYMOUS, type AccessRequest, type Identity, userIdentity } from '#libs/rbac';

/** RBAC objects, who may ask, and what is asked: every identity asks every request. */
export interface RbacCase {
  readonly objects: readonly RbacObject[];
  readonly identities: readonly Identity[];
  readonly requests: readonly AccessRequest[];
}

export interface CaseOptions {
  /** In front of every name that is not inside `namespaces`, so that cases can share a cluster. */
  readonly prefix: string;
  readonly namespaces: readonly [string, string];
  /** Only objects that an API server accepts, and no grants to groups that others are members of. */
  readonly storable: boolean;
}

const VERBS = ['get', 'list', 'create', 'delete', 'impersonate'];
const GROUPS = ['', 'apps', 'lab.example.com'];
const RESOURCES = ['pods', 'deployments', 'namespaces'];
const SUBRESOURCES = ['log', 'status'];
const PATHS = ['/lab', '/lab/', '/lab/a', '/lab/a/b', '/laboratory'];

const some = <T>(...values: readonly T[]) => array(constantFrom(...values), { minLength: 1, maxLength: 3 });

/** What looks like a pattern but is none is as frequent as what is one. */
function ruleArbitrary({ namespaces, storable }: CaseOptions, namespaced: boolean): Arbitrary<PolicyRule> {
  const verbs = some(...VERBS, ...VERBS, '*', 'g*', 'GET', '');
  const resourceRule = record<PolicyRule>({
    verbs,
    apiGroups: some(...GROUPS, '', '*', '*.example.com', 'Apps'),
    resources: some(
      ...RESOURCES,
      ...RESOURCES.flatMap((resource) => SUBRESOURCES.map((subresource) => `${resource}/${subresource}`)),
      '*',
      '*/log',
      '*/status',
      'pods/*',
      '*/*',
      '*/',
      '/log',
      'Pods',
      'pods/log/log',
    ),
    resourceNames: oneof({ weight: 3, arbitrary: constant([]) }, some('p', 'q', '', '*', 'p*', ...namespaces)),
  });
  const pathRule = record<PolicyRule>({
    verbs,
    nonResourceURLs: some(...PATHS, '*', '/lab*', '/lab/*', '/lab/**', '/*/a', '/lab/*/b', 'lab', '**', ''),
  });
  const rules = namespaced ? resourceRule : oneof({ weight: 4, arbitrary: resourceRule }, pathRule);
  if (storable) return rules;
  const odd: Arbitrary<PolicyRule> = tuple(resourceRule, pathRule, constantFrom(0, 1, 2, 3, 4)).map(
    ([resource, path, which]) =>
      [{ ...path, ...resource }, { ...resource, verbs: [] }, omit(resource), path][which] ?? resource,
  );
  return oneof({ weight: 6, arbitrary: rules }, odd);
}

function omit({ verbs, resources }: PolicyRule): PolicyRule {
  return { verbs, ...(resources && { resources }) };
}

/** A case of one prefix: a handful of roles, twice as many bindings, some of which lead nowhere. */
export function rbacCase(options: CaseOptions): Arbitrary<RbacCase> {
  const { prefix, namespaces, storable } = options;
  const users = [0, 1, 2].map((number) => `${prefix}user-${number}`);
  const groups = [0, 1].map((number) => `${prefix}group-${number}`);
  const accounts = [0, 1].map((number) => `${prefix}account-${number}`);
  const roles = [0, 1, 2, 3].map((number) => `${prefix}role-${number}`);
  const meta = { apiVersion: `${RBAC_GROUP}/v1` };

  const subject = (namespaced: boolean): Arbitrary<RbacSubject> => {
    const user = constantFrom(
      ...users,
      ...namespaces.map((namespace) => `system:serviceaccount:${namespace}:${accounts[0]}`),
    );
    const shared = storable ? [] : ['system:authenticated', 'system:serviceaccounts', 'system:unauthenticated', '*'];
    const group = constantFrom(
      ...groups,
      ...namespaces.map((namespace) => `system:serviceaccounts:${namespace}`),
      ...shared,
    );
    const own = record({ kind: constant('ServiceAccount'), name: constantFrom(...accounts) });
    const account = record({
      kind: constant('ServiceAccount'),
      name: constantFrom(...accounts),
      namespace: constantFrom(...namespaces),
    });
    const named = (kind: string) => (name: string) => ({ kind, name });
    return oneof(
      { weight: 4, arbitrary: user.map(named('User')) },
      { weight: 3, arbitrary: group.map(named('Group')) },
      { weight: 3, arbitrary: account },
      ...(namespaced || !storable ? [{ weight: 2, arbitrary: own }] : []),
      ...(storable ? [] : [{ weight: 1, arbitrary: constantFrom(...users, ...groups).map(named('user')) }]),
    );
  };
  const roleKinds = storable ? ['ClusterRole'] : ['ClusterRole', 'ClusterRole', 'Role', 'Thing'];
  const reference = (kinds: readonly string[]) =>
    tuple(constantFrom(...kinds), constantFrom(...roles, `${prefix}gone`)).map(([kind, name]) => ({ kind, name }));
  const rules = (namespaced: boolean) => array(ruleArbitrary(options, namespaced), { maxLength: 3 });
  const subjects = (namespaced: boolean) => array(subject(namespaced), { maxLength: 3 });

  const clusterRoles = tuple(...roles.map(() => option(rules(false), { freq: 8 }))).map((all) =>
    all.flatMap((rules, index): RbacObject[] =>
      rules === null ? [] : [{ ...meta, kind: 'ClusterRole', metadata: { name: roles[index] ?? '' }, rules }],
    ),
  );
  const namespacedRoles = tuple(
    ...roles.flatMap((name) =>
      namespaces.map((namespace) => option(rules(true), { freq: 3 }).map((rules) => ({ name, namespace, rules }))),
    ),
  ).map((all) =>
    all.flatMap(({ rules, ...metadata }): RbacObject[] =>
      rules === null ? [] : [{ ...meta, kind: 'Role', metadata, rules }],
    ),
  );
  const clusterBindings = array(tuple(reference(roleKinds), subjects(false)), { maxLength: 5 }).map((all) =>
    all.map(([roleRef, subjects], index): RbacObject => ({
      ...meta,
      kind: 'ClusterRoleBinding',
      metadata: { name: `${prefix}binding-${index}` },
      roleRef,
      subjects,
    })),
  );
  const bindings = array(tuple(constantFrom(...namespaces), reference(['Role', 'ClusterRole']), subjects(true)), {
    maxLength: 8,
  }).map((all) =>
    all.map(([namespace, roleRef, subjects], index): RbacObject => ({
      ...meta,
      kind: 'RoleBinding',
      metadata: { namespace, name: `${prefix}binding-${index}` },
      roleRef,
      subjects,
    })),
  );

  const identities: readonly Identity[] = [
    ...namespaces.flatMap((namespace) => accounts.map((name) => accountIdentity({ namespace, name }))),
    ANONYMOUS,
    userIdentity(`${prefix}root`, ['system:masters']),
  ];
  const people = tuple(...users.map((user) => subarray(groups).map((groups) => userIdentity(user, groups))));
  return record({
    objects: tuple(clusterRoles, namespacedRoles, clusterBindings, bindings).map((all) => all.flat()),
    identities: people.map((people) => [...people, ...identities]),
    requests: array(requestArbitrary(namespaces), { minLength: 60, maxLength: 60 }),
  });
}

function requestArbitrary(namespaces: readonly string[]): Arbitrary<AccessRequest> {
  const verb = constantFrom(...VERBS, ...VERBS, '*');
  const resource = record(
    {
      verb,
      group: constantFrom(...GROUPS, '', '*'),
      resource: constantFrom(...RESOURCES, 'pods', '*'),
      subresource: constantFrom(...SUBRESOURCES, '*'),
      name: constantFrom('p', 'q', ...namespaces),
      namespace: constantFrom(...namespaces),
    },
    { requiredKeys: ['verb', 'resource'] },
  );
  return oneof({ weight: 7, arbitrary: resource }, record({ verb, path: constantFrom(...PATHS) }));
}
