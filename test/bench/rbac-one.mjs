// Child of rbac.mjs: 10,000 bindings and 2,000 principals in 200 namespaces, with roles like those of real clusters.
import {
  accountIdentity,
  closureOf,
  EscalationGraph,
  groupByRules,
  indexRbac,
  isAllowed,
  userIdentity,
} from '#libs/rbac';

const NAMESPACES = 200;
const BINDINGS = 10_000;
const USERS = 1_000;
const ACCOUNTS_EACH = 5;

/** xorshift32: the same cluster every time. */
let state = 20_261_124;
function below(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const apiVersion = 'rbac.authorization.k8s.io/v1';
const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const read = ['get', 'list', 'watch'];
const RULES = {
  'cluster-admin': [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  edit: [
    {
      verbs: all,
      apiGroups: [''],
      resources: ['pods', 'pods/exec', 'pods/portforward', 'services', 'secrets', 'configmaps'],
    },
    { verbs: ['create'], apiGroups: [''], resources: ['serviceaccounts/token'] },
    { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'] },
    { verbs: all, apiGroups: ['apps'], resources: ['deployments', 'deployments/scale', 'statefulsets', 'daemonsets'] },
    { verbs: all, apiGroups: ['batch'], resources: ['jobs', 'cronjobs'] },
  ],
  view: [
    { verbs: read, apiGroups: [''], resources: ['pods', 'services', 'configmaps', 'events', 'endpoints'] },
    { verbs: read, apiGroups: ['apps', 'batch'], resources: ['deployments', 'statefulsets', 'jobs', 'cronjobs'] },
  ],
  'token-reader': [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }],
  binder: [
    {
      verbs: ['bind'],
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['clusterroles'],
      resourceNames: ['view', 'edit'],
    },
    { verbs: ['create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'] },
  ],
};

function cluster() {
  const roles = Object.entries(RULES).map(([name, rules]) => ({
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name },
    rules,
  }));
  const namespaces = Array.from({ length: NAMESPACES }, (_, number) => `team-${number}`);
  const accounts = namespaces.flatMap((namespace) =>
    Array.from({ length: ACCOUNTS_EACH }, (_, number) => ({ namespace, name: `app-${number}` })),
  );
  const users = Array.from({ length: USERS }, (_, number) => `person-${number}`);
  const some = (list) => list[below(list.length)];
  for (let number = 0; number < 1_000; number += 1)
    roles.push({
      apiVersion,
      kind: 'Role',
      metadata: { namespace: some(namespaces), name: `role-${number}` },
      rules: [
        ...RULES.view,
        { verbs: ['patch'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: [`app-${below(5)}`] },
      ],
    });
  const bindings = Array.from({ length: BINDINGS }, (_, number) => {
    const everywhere = number % 20 === 0;
    const own = !everywhere && number % 3 === 0 ? some(roles.filter(({ kind }) => kind === 'Role')) : undefined;
    const subjects = Array.from({ length: 1 + below(2) }, () =>
      below(2) === 0 ? { kind: 'User', name: some(users) } : { kind: 'ServiceAccount', ...some(accounts) },
    );
    const name = `binding-${number}`;
    const powers = ['view', 'view', 'view', 'view', 'edit', 'binder', 'token-reader'];
    const powerful = number % 500 === 0 ? 'cluster-admin' : number % 100 === 0 ? 'edit' : 'view';
    return everywhere
      ? {
          apiVersion,
          kind: 'ClusterRoleBinding',
          metadata: { name },
          subjects,
          roleRef: { kind: 'ClusterRole', name: powerful },
        }
      : {
          apiVersion,
          kind: 'RoleBinding',
          metadata: { name, namespace: own?.metadata.namespace ?? some(namespaces) },
          subjects,
          roleRef: own ? { kind: 'Role', name: own.metadata.name } : { kind: 'ClusterRole', name: some(powers) },
        };
  });
  const pods = accounts.map(({ namespace, name }) => ({ namespace, name: `${name}-0`, serviceAccount: name }));
  const facts = {
    kubernetesMinor: 36,
    namespaces,
    serviceAccounts: accounts,
    pods,
    credentials: [],
    privilegedNamespaces: namespaces.slice(0, 20),
    hostPathVolumes: true,
    controlPlaneNodes: true,
    nodeCertificatesApproved: true,
    bootstrapTokens: false,
    awsAuth: false,
    operators: [],
  };
  const principals = [...users.map((user) => userIdentity(user)), ...accounts.map(accountIdentity)];
  return { objects: [...roles, ...bindings], facts, principals };
}

const { objects, facts, principals } = cluster();
const results = [];
function measure(what, act, note) {
  const started = performance.now();
  const value = act();
  results.push({ what, took: performance.now() - started, note: note(value) });
  return value;
}

const index = measure(
  'arrange',
  () => indexRbac(objects),
  () => '',
);
measure(
  'group principals by rules',
  () => groupByRules(index, principals),
  (groups) => `${groups.length} groups`,
);
measure(
  'escalation of every principal',
  () => {
    const graph = new EscalationGraph(index, facts);
    return principals.map((principal) => {
      const closure = closureOf(graph, [principal]);
      return { reached: closure.reached.length, steps: closure.pathTo({ kind: 'admin' })?.length };
    });
  },
  (closures) => {
    const admins = closures.filter(({ steps }) => steps !== undefined);
    const reached = closures.reduce((sum, closure) => sum + closure.reached, 0);
    return `${admins.length} reach admin, ${Math.round(reached / closures.length)} nodes each, longest way ${Math.max(...admins.map(({ steps }) => steps))}`;
  },
);
measure(
  '200,000 decisions',
  () => {
    let allowed = 0;
    for (let number = 0; number < 200_000; number += 1) {
      const principal = principals[number % principals.length];
      const request = { verb: 'get', resource: 'secrets', namespace: facts.namespaces[number % NAMESPACES], name: 'x' };
      if (isAllowed(index, principal, request).allowed) allowed += 1;
    }
    return allowed;
  },
  (allowed) => `${allowed} allowed`,
);
process.send({
  objects: objects.length,
  principals: principals.length,
  results,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
});
process.disconnect();
