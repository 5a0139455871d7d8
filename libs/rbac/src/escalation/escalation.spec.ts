import { describe, expect, it } from 'vitest';
import { accountIdentity, accountOf, type Identity, userIdentity } from '../identity.js';
import type { AnyBinding, RbacClusterRole, PolicyRule, RbacObject, RbacSubject } from '#libs/core';
import { indexRbac } from '../rbac-index.js';
import { type Closure, closureOf } from './closure.js';
import { edgesFor } from './edges.js';
import type { ClusterFacts } from './facts.js';
import { EscalationGraph } from './graph.js';
import type { Reached } from './nodes.js';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const RBAC = 'rbac.authorization.k8s.io';

/** `verbs group/resource [name …]`, such as `create /pods`. */
function rule(text: string): PolicyRule {
  const [verbs = '', resource = '', ...names] = text.split(' ');
  const slash = resource.indexOf('/');
  return {
    verbs: verbs.split(','),
    apiGroups: [resource.slice(0, slash)],
    resources: [resource.slice(slash + 1)],
    ...(names.length > 0 && { resourceNames: names }),
  };
}

const person: RbacSubject = { kind: 'User', name: 'ann' };
function bind(namespace: string | null, roleRef: { kind: string; name: string }, subject = person): AnyBinding {
  const name = `${subject.name}-${roleRef.name}`;
  return namespace === null
    ? { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects: [subject] }
    : { apiVersion, kind: 'RoleBinding', metadata: { namespace, name }, roleRef, subjects: [subject] };
}

/** A RbacClusterRole and its binding, everywhere or in a namespace. */
function grant(namespace: string | null, rules: readonly string[], subject = person): RbacObject[] {
  const name = `${subject.name}-${rules.join('-')}`;
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: rules.map(rule) },
    bind(namespace, { kind: 'ClusterRole', name }, subject),
  ];
}

const ANN = userIdentity('ann');
const ROOT: RbacSubject = { kind: 'ServiceAccount', namespace: 'platform', name: 'root' };
/** An account of the platform that may do everything, and roles with and without power. */
const PLATFORM: readonly RbacObject[] = [
  { apiVersion, kind: 'ClusterRole', metadata: { name: 'cluster-admin' }, rules: [rule('* */*')] },
  { apiVersion, kind: 'ClusterRole', metadata: { name: 'view' }, rules: [rule('get /pods')] },
  bind(null, { kind: 'ClusterRole', name: 'cluster-admin' }, ROOT),
];

const FACTS: ClusterFacts = {
  kubernetesMinor: 36,
  namespaces: ['a', 'b', 'platform', 'kube-system'],
  serviceAccounts: [
    { namespace: 'a', name: 'app' },
    { namespace: 'b', name: 'app' },
    { namespace: 'platform', name: 'root' },
  ],
  pods: [
    { namespace: 'a', name: 'web-1', serviceAccount: 'app' },
    { namespace: 'platform', name: 'root-1', serviceAccount: 'root' },
  ],
  credentials: [
    { namespace: 'a', name: 'app-token', of: accountIdentity({ namespace: 'a', name: 'app' }) },
    { namespace: 'platform', name: 'root-token', of: accountIdentity({ namespace: 'platform', name: 'root' }) },
  ],
  privilegedNamespaces: [],
  hostPathVolumes: false,
  controlPlaneNodes: false,
  nodeCertificatesApproved: false,
  bootstrapTokens: false,
  awsAuth: false,
  operators: [],
};

function close(objects: readonly RbacObject[], facts: Partial<ClusterFacts> = {}, who: Identity = ANN): Closure {
  return closureOf(new EscalationGraph(indexRbac(objects), { ...FACTS, ...facts }), [who]);
}

function named(reached: Reached): string {
  if (reached.kind === 'role') return `${reached.role.metadata.name}@${reached.namespace ?? '*'}`;
  if (reached.kind !== 'identity') return reached.kind;
  const account = accountOf(reached.identity.user);
  if (account !== undefined) return `${account.namespace}/${account.name}`;
  return reached.identity.user === '' ? `group ${reached.identity.groups[0]}` : reached.identity.user;
}

const targets = (closure: Closure) => closure.reached.slice(1).map(named).toSorted();
const A = ['a/app', 'a/default'];
const ALL = [...A, 'b/app', 'b/default', 'kube-system/default', 'platform/default', 'platform/root'];

describe('what rights lead to', () => {
  it.each<[string, string | null, string[], string[], Partial<ClusterFacts>?]>([
    ['nothing', 'a', ['get,list,watch /pods', 'delete /secrets', '* /configmaps'], []],
    ['E1 in a namespace', 'a', ['create /pods'], A],
    ['E1 by a workload', 'a', ['create batch/cronjobs'], A],
    ['E1 by a workload of another group', 'a', ['create extensions/deployments'], []],
    ['E1 for one name is no POST', 'a', ['create /pods p'], []],
    ['E1 for one name by an apply', 'a', ['create,patch apps/deployments p'], A],
    ['E1 in the namespace without a power', 'b', ['create /pods'], ['b/app', 'b/default']],
    ['E2 exec', 'a', ['create /pods/exec'], ['a/app']],
    ['E2 exec into another pod', 'a', ['create /pods/exec web-2'], []],
    ['E2 exec into the pod', 'a', ['create /pods/exec web-1'], ['a/app']],
    ['E2 get is not enough any more', 'a', ['get /pods/exec'], []],
    ['E2 get was enough', 'a', ['get /pods/attach'], ['a/app'], { kubernetesMinor: 34 }],
    ['E2 image', 'a', ['patch /pods'], ['a/app']],
    ['E2 ephemeral containers', 'a', ['update /pods/ephemeralcontainers'], ['a/app']],
    ['E3', 'a', ['create /serviceaccounts/token'], A],
    ['E3 for one', 'a', ['create /serviceaccounts/token app'], ['a/app']],
    ['E3 for one that is not there', 'a', ['create /serviceaccounts/token gone'], []],
    ['E3 for one, everywhere', null, ['create /serviceaccounts/token app'], ['a/app', 'b/app']],
    ['E4 get', 'a', ['get /secrets'], ['a/app']],
    ['E4 patch answers the data', 'a', ['patch /secrets'], ['a/app']],
    ['E4 deletecollection answers the data', 'a', ['deletecollection /secrets'], ['a/app']],
    ['E4 update does not', 'a', ['update,delete,create /secrets'], []],
    ['E4 for another Secret', 'a', ['get /secrets x'], []],
    ['E4 deletecollection carries no name', 'a', ['deletecollection /secrets app-token'], []],
    ['E4 for the Secret', 'a', ['get /secrets app-token'], ['a/app']],
    ['E5', 'b', ['create,get /secrets'], ['b/app', 'b/default']],
    ['E6 a user', null, ['impersonate /users bob'], ['bob']],
    ['E6 a user needs cluster scope', 'a', ['impersonate /users bob'], []],
    ['E6 a user is no service account', null, ['impersonate /users system:serviceaccount:platform:root'], []],
    ['E6 service accounts', 'a', ['impersonate /serviceaccounts'], A],
    ['E6 a service account that does not exist', 'a', ['impersonate /serviceaccounts x'], ['a/x']],
    ['E6 groups alone', null, ['impersonate /groups'], []],
    ['E6 a group beside a user', null, ['impersonate /groups ops', 'impersonate /users bob'], ['bob', 'group ops']],
    ['E6 constrained, without an action', null, ['impersonate:user-info authentication.k8s.io/users bob'], []],
    [
      'E6 constrained',
      null,
      ['impersonate:user-info authentication.k8s.io/users bob', 'impersonate-on:user-info:get /pods'],
      ['bob'],
    ],
    [
      'E6 constrained, of another mode',
      null,
      ['impersonate:user-info authentication.k8s.io/users bob', 'impersonate-on:serviceaccount:get /pods'],
      [],
    ],
    [
      'E6 constrained, before it was there',
      null,
      ['impersonate:user-info authentication.k8s.io/users bob', 'impersonate-on:user-info:get /pods'],
      [],
      { kubernetesMinor: 35 },
    ],
    [
      'E6 constrained groups',
      null,
      [
        'impersonate:user-info authentication.k8s.io/users bob',
        'impersonate:user-info authentication.k8s.io/groups',
        'impersonate-on:user-info:* /pods',
      ],
      ['bob'],
    ],
    ['E7 bind alone', null, [`bind ${RBAC}/clusterroles`], []],
    ['E7 bindings alone', null, [`create ${RBAC}/clusterrolebindings`], []],
    ['E7 bind one role', null, [`bind ${RBAC}/clusterroles view`, `create ${RBAC}/clusterrolebindings`], ['view@*']],
    [
      'E7 bind one role in a namespace',
      'a',
      [`bind ${RBAC}/clusterroles view`, `create ${RBAC}/rolebindings`],
      ['view@a'],
    ],
    ['E7 escalate in the namespace, no role of its own', 'a', [`escalate,update ${RBAC}/roles`], []],
    ['E10 needs cluster scope', 'a', ['get /nodes/proxy'], []],
    ['E14', 'a', ['patch apps/deployments'], A],
    ['E16 where there is no Flux', 'a', ['create kustomize.toolkit.fluxcd.io/kustomizations'], []],
    [
      'E18 interception',
      null,
      ['create admissionregistration.k8s.io/validatingwebhookconfigurations'],
      ['interception'],
    ],
    [
      'E20 not approved',
      null,
      [
        'create certificates.k8s.io/certificatesigningrequests',
        'create certificates.k8s.io/certificatesigningrequests/nodeclient',
      ],
      [],
    ],
  ])('%s', (_, namespace, rules, expected, facts) => {
    const closure = close([...PLATFORM, ...grant(namespace, rules)], facts);
    expect(targets(closure)).toEqual(expected);
    expect(closure.reachesAdmin).toBe(false);
  });

  it('E1 everywhere leads to every account', () => {
    const closure = close([...PLATFORM, ...grant(null, ['create /pods'])]);
    expect(targets(closure)).toEqual(['admin', ...ALL].toSorted());
  });
});

const CSR = 'certificates.k8s.io/certificatesigningrequests';
const FLUX = { controllers: [{ namespace: 'platform', name: 'root' }], unlocked: [], genericKubeConfig: false };

describe('ways to become administrator', () => {
  it.each<[string, string | null, string[], string[], Partial<ClusterFacts>?]>([
    ['E0', null, ['* */*'], ['E0']],
    ['E1', 'platform', ['create /pods'], ['E1', 'E0']],
    ['E2', 'platform', ['create /pods/exec'], ['E2', 'E0']],
    ['E3', 'platform', ['create /serviceaccounts/token root'], ['E3', 'E0']],
    ['E4', null, ['list /secrets'], ['E4', 'E0']],
    ['E5', 'platform', ['create /secrets x', 'patch,get /secrets x'], ['E5', 'E0']],
    ['E6 account', 'platform', ['impersonate /serviceaccounts'], ['E6', 'E0']],
    ['E6 masters', null, ['impersonate /groups', 'impersonate /users x'], ['E6']],
    ['E6 masters by name', null, ['impersonate /groups system:masters', 'impersonate /users x'], ['E6']],
    ['E7 bind', null, [`bind ${RBAC}/clusterroles`, `create ${RBAC}/clusterrolebindings`], ['E7', 'E0']],
    [
      'E7 bind by name',
      null,
      [`bind ${RBAC}/clusterroles cluster-admin`, `patch ${RBAC}/clusterrolebindings`],
      ['E7', 'E0'],
    ],
    [
      'E7 bind in the platform',
      'platform',
      [`bind ${RBAC}/clusterroles cluster-admin`, `create ${RBAC}/rolebindings`],
      ['E7', 'E1', 'E0'],
    ],
    ['E7 escalate', null, [`escalate,patch ${RBAC}/clusterroles`], ['E7']],
    [
      'E8',
      null,
      [`create ${CSR}`, `update ${CSR}/approval`, 'approve certificates.k8s.io/signers kubernetes.io/*'],
      ['E8', 'E0'],
    ],
    ['E9 webhook', null, ['create admissionregistration.k8s.io/mutatingwebhookconfigurations'], ['E9']],
    [
      'E9 policy',
      null,
      [
        '* admissionregistration.k8s.io/mutatingadmissionpolicies',
        'create admissionregistration.k8s.io/mutatingadmissionpolicybindings',
      ],
      ['E9'],
    ],
    ['E10', null, ['get /nodes/proxy'], ['E10', 'E0']],
    ['E11', 'a', ['create /pods'], ['E11', 'E0'], { privilegedNamespaces: ['a'], controlPlaneNodes: true }],
    ['E11 by the pods of the node', 'a', ['create /pods'], ['E11', 'E0', 'E0', 'E0'], { privilegedNamespaces: ['a'] }],
    ['E12', 'a', ['create /persistentvolumeclaims'], ['E12', 'E0'], { hostPathVolumes: true, controlPlaneNodes: true }],
    ['E13', 'kube-system', ['update /configmaps aws-auth'], ['E13'], { awsAuth: true }],
    ['E14', 'platform', ['update apps/deployments'], ['E14', 'E0']],
    [
      'E15',
      'a',
      ['create kustomize.toolkit.fluxcd.io/kustomizations'],
      ['E15', 'E0'],
      { flux: { ...FLUX, unlocked: ['a'] } },
    ],
    [
      'E15 in all',
      'b',
      ['patch helm.toolkit.fluxcd.io/helmreleases'],
      ['E15', 'E0'],
      { flux: { ...FLUX, unlocked: 'all' } },
    ],
    ['E16', 'platform', ['create helm.toolkit.fluxcd.io/helmreleases'], ['E16', 'E0'], { flux: FLUX }],
    [
      'E17',
      'a',
      ['create kustomize.toolkit.fluxcd.io/kustomizations'],
      ['E17', 'E0'],
      { flux: { ...FLUX, genericKubeConfig: true } },
    ],
    ['E18', null, ['patch apiregistration.k8s.io/apiservices'], ['E18']],
    [
      'E19',
      'a',
      ['create argoproj.io/applications'],
      ['E19', 'E0'],
      {
        operators: [
          { group: 'argoproj.io', resource: 'applications', account: { namespace: 'platform', name: 'root' } },
        ],
      },
    ],
    [
      'E20 by itself',
      null,
      [`create ${CSR}`, `create ${CSR}/nodeclient`],
      ['E20', 'E0', 'E0'],
      { nodeCertificatesApproved: true },
    ],
    [
      'E20 approved',
      null,
      [
        `create ${CSR}`,
        `patch ${CSR}/approval`,
        'approve certificates.k8s.io/signers kubernetes.io/kube-apiserver-client-kubelet',
      ],
      ['E20', 'E0', 'E0'],
    ],
    ['E20 bootstrap token', 'kube-system', ['create /secrets'], ['E20', 'E0', 'E0'], { bootstrapTokens: true }],
  ])('%s', (_, namespace, rules, expected, facts) => {
    // A persistent volume belongs to no namespace: the way of E12 takes rights of both scopes.
    const volumes = facts?.hostPathVolumes === true ? grant(null, ['create /persistentvolumes']) : [];
    const closure = close([...PLATFORM, ...volumes, ...grant(namespace, rules)], facts);
    const steps = closure.pathTo({ kind: 'admin' });
    expect(steps?.map(({ edge }) => edge)).toEqual(expected);
    expect(steps?.[0]?.from).toEqual({ kind: 'identity', identity: ANN });
    expect(steps?.at(-1)?.to).toEqual({ kind: 'admin' });
  });

  it.each<[string, string | null, string[], Partial<ClusterFacts>?]>([
    [
      'E11 where privileged pods are refused',
      'a',
      ['create /pods'],
      { privilegedNamespaces: ['b'], controlPlaneNodes: true },
    ],
    ['E12 without a volume', 'a', ['create /persistentvolumeclaims'], { controlPlaneNodes: true }],
    ['E13 elsewhere', 'a', ['update /configmaps'], { awsAuth: true }],
    ['E13 without aws-auth', 'kube-system', ['update /configmaps']],
    ['E15 where a default account is set', 'a', ['create kustomize.toolkit.fluxcd.io/kustomizations'], { flux: FLUX }],
    ['E7 bind for a role without power', null, [`bind ${RBAC}/clusterroles view`, `* ${RBAC}/clusterrolebindings`]],
    ['E7 escalate another role', null, [`escalate,patch ${RBAC}/clusterroles view`]],
    [
      'E8 for another signer',
      null,
      [`create ${CSR}`, `update ${CSR}/approval`, 'approve certificates.k8s.io/signers example.com/x'],
    ],
    ['E8 without a request', null, [`update ${CSR}/approval`, 'approve certificates.k8s.io/signers']],
    ['E9 a policy without a binding', null, ['create admissionregistration.k8s.io/mutatingadmissionpolicies']],
    ['every right in a namespace', 'a', ['* */*']],
    [
      'E12 with volumes in a namespace, where they are not',
      'a',
      ['create /persistentvolumes', 'create /persistentvolumeclaims'],
      { hostPathVolumes: true, controlPlaneNodes: true },
    ],
  ])('not by %s', (_, namespace, rules, facts) => {
    expect(close([...PLATFORM, ...grant(namespace, rules)], facts).reachesAdmin).toBe(false);
  });
});

it('knows every edge in a cluster that has everything', () => {
  const ids = edgesFor({
    ...FACTS,
    privilegedNamespaces: ['a'],
    hostPathVolumes: true,
    awsAuth: true,
    flux: { ...FLUX, unlocked: 'all', genericKubeConfig: true },
    operators: [{ group: 'argoproj.io', resource: 'applications', account: { namespace: 'argocd', name: 'argocd' } }],
  }).map(({ id }) => Number(id.slice(1)));
  expect([...new Set(ids)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
});

it('keeps system:masters out of constrained impersonation, which refuses it', () => {
  const masters = bind(null, { kind: 'ClusterRole', name: 'cluster-admin' }, { kind: 'Group', name: 'system:masters' });
  const rights = ['users bob', 'groups'].map((what) => `impersonate:user-info authentication.k8s.io/${what}`);
  const closure = close([...PLATFORM, masters, ...grant(null, [...rights, 'impersonate-on:user-info:get /pods'])]);
  expect(targets(closure)).toEqual(['bob']);
});

it('does not take every right on one name for every right', () => {
  const closure = close([...PLATFORM, ...grant(null, ['* */* x'])]);
  expect(closure.pathTo({ kind: 'admin' })?.map(({ edge }) => edge)).toEqual(['E9']);
});

describe('roles and accounts that do not exist yet', () => {
  const missing: RbacSubject = { kind: 'ServiceAccount', namespace: 'a', name: 'planned' };
  const planned = bind(null, { kind: 'ClusterRole', name: 'cluster-admin' }, missing);
  it.each<[string, RbacObject[], string[] | undefined]>([
    ['create alone', grant('a', ['create /serviceaccounts']), undefined],
    ['create and token', grant('a', ['create /serviceaccounts', 'create /serviceaccounts/token']), ['E21', 'E0']],
    ['create and pods', grant('a', ['create /serviceaccounts', 'create /pods']), ['E21', 'E0']],
    ['elsewhere', grant('b', ['create /serviceaccounts', 'create /pods']), undefined],
    ['impersonation needs no account', grant('a', ['impersonate /serviceaccounts']), ['E6', 'E0']],
  ])('an account: %s', (_, objects, expected) => {
    const path = close([...PLATFORM, planned, ...objects]).pathTo({ kind: 'admin' });
    expect(path?.map(({ edge }) => edge)).toEqual(expected);
  });

  it('an account in a namespace that does not exist', () => {
    const subject: RbacSubject = { kind: 'ServiceAccount', namespace: 'gone', name: 'planned' };
    const binding = bind(null, { kind: 'ClusterRole', name: 'cluster-admin' }, subject);
    const rights = ['create /serviceaccounts', 'create /serviceaccounts/token none'];
    const way = (...rules: string[]) => {
      const objects: RbacObject[] = [...PLATFORM.slice(0, 2), binding, ...grant(null, rules)];
      return close(objects)
        .pathTo({ kind: 'admin' })
        ?.map(({ edge }) => edge);
    };
    expect(way(...rights)).toBeUndefined();
    expect(way(...rights, 'create /namespaces')).toEqual(['E21', 'E0']);
  });

  it.each<[string, string[], string[] | undefined]>([
    ['bound already', [`escalate,create ${RBAC}/clusterroles`], ['E7']],
    ['bound already, another name', [`escalate,create,patch ${RBAC}/clusterroles other`], undefined],
    ['bound already, that name', [`escalate,create,patch ${RBAC}/clusterroles later`], ['E7']],
    ['without escalate', [`create ${RBAC}/clusterroles`], undefined],
  ])('a role: %s', (_, rules, expected) => {
    const later = bind(null, { kind: 'ClusterRole', name: 'later' });
    const path = close([...PLATFORM, later, ...grant(null, rules)]).pathTo({ kind: 'admin' });
    expect(path?.map(({ edge }) => edge)).toEqual(expected);
  });

  it('a new member of an aggregated role', () => {
    const aggregated: RbacClusterRole = {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name: 'edit' },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { edit: 'true' } }] },
      rules: [],
    };
    const objects = [...PLATFORM, aggregated, ...grant(null, [`escalate,create ${RBAC}/clusterroles`])];
    expect(close(objects).reachesAdmin).toBe(false);
    const bound = bind('platform', { kind: 'ClusterRole', name: 'edit' });
    const path = close([...objects, bound]).pathTo({ kind: 'admin' });
    expect(path?.map(({ edge }) => edge)).toEqual(['E7', 'E1', 'E0']);
  });

  it('its own Role in a namespace', () => {
    const role: RbacObject = {
      apiVersion,
      kind: 'Role',
      metadata: { namespace: 'platform', name: 'own' },
      rules: [rule(`escalate,update ${RBAC}/roles`)],
    };
    const path = close([...PLATFORM, role, bind('platform', { kind: 'Role', name: 'own' })]).pathTo({ kind: 'admin' });
    expect(path?.map(({ edge }) => edge)).toEqual(['E7', 'E1', 'E0']);
  });
});

describe('the way', () => {
  const app: RbacSubject = { kind: 'ServiceAccount', namespace: 'a', name: 'app' };
  it('is the shortest, with the rule that each step rests on', () => {
    const closure = close([
      ...PLATFORM,
      ...grant('a', ['get /pods', 'create /pods/exec web-1', 'create apps/deployments']),
      ...grant(null, ['get /secrets root-token'], app),
    ]);
    const steps = closure.pathTo({ kind: 'admin' }) ?? [];
    expect(steps.map(({ edge, from, to, namespace }) => [edge, named(from), named(to), namespace])).toEqual([
      ['E2', 'ann', 'a/app', 'a'],
      ['E4', 'a/app', 'platform/root', null],
      ['E0', 'platform/root', 'admin', null],
    ]);
    expect(steps.map(({ grounds }) => grounds.map(({ binding, ruleIndex }) => [binding?.kind, ruleIndex]))).toEqual([
      [['RoleBinding', 1]],
      [['ClusterRoleBinding', 0]],
      [['ClusterRoleBinding', 0]],
    ]);
  });

  it('goes from role to role without a binding', () => {
    const closure = close([
      ...PLATFORM,
      ...grant('platform', [`bind ${RBAC}/clusterroles cluster-admin`, `create ${RBAC}/rolebindings`]),
    ]);
    const grounds = (closure.pathTo({ kind: 'admin' }) ?? []).map((step) => step.grounds);
    expect(grounds.map((each) => each.length)).toEqual([2, 1, 1]);
    expect(grounds[1]?.[0]).toMatchObject({ role: { metadata: { name: 'cluster-admin' } }, namespace: 'platform' });
    expect(grounds[1]?.[0]?.binding).toBeUndefined();
  });

  it('names the right for the name that is used', () => {
    const closure = close([
      ...PLATFORM,
      ...grant('a', ['create /serviceaccounts/token x', 'create /serviceaccounts/token app']),
    ]);
    const target: Reached = { kind: 'identity', identity: accountIdentity({ namespace: 'a', name: 'app' }) };
    expect(closure.pathTo(target)?.[0]?.grounds.map(({ ruleIndex }) => ruleIndex)).toEqual([1]);
  });

  it('is empty to oneself and absent to others', () => {
    const closure = close([...PLATFORM, ...grant('a', ['get /pods'])]);
    expect(closure.pathTo({ kind: 'identity', identity: ANN })).toEqual([]);
    expect(closure.pathTo({ kind: 'admin' })).toBeUndefined();
    expect(
      closure.pathTo({ kind: 'identity', identity: accountIdentity({ namespace: 'x', name: 'y' }) }),
    ).toBeUndefined();
  });

  it('starts at the principal that has it, of many', () => {
    const index = indexRbac([...PLATFORM, ...grant('platform', ['create /pods'])]);
    const graph = new EscalationGraph(index, FACTS);
    const steps = closureOf(graph, [userIdentity('bob'), ANN]).pathTo({ kind: 'admin' });
    expect(steps?.[0]?.from).toEqual({ kind: 'identity', identity: ANN });
    expect(closureOf(graph, [userIdentity('bob')]).reachesAdmin).toBe(false);
  });

  it('counts rights of groups, and system:masters', () => {
    const ops: RbacSubject = { kind: 'Group', name: 'ops' };
    const objects = [...PLATFORM, ...grant('platform', ['create /pods'], ops)];
    expect(close(objects, {}, userIdentity('bob', ['ops'])).reachesAdmin).toBe(true);
    expect(close(objects, {}, userIdentity('bob')).reachesAdmin).toBe(false);
    expect(close([], {}, userIdentity('bob', ['system:masters'])).pathTo({ kind: 'admin' })).toHaveLength(1);
  });
});
