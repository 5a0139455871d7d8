import { describe, expect, it } from 'vitest';
import { isAllowed, rulesFor } from './decide.js';
import { describeGrant } from './describe-grant.js';
import { accountIdentity, ANONYMOUS, userIdentity } from './identity.js';
import type { PolicyRule, RbacObject, RbacSubject } from '#libs/core';
import { indexRbac } from './rbac-index.js';
import type { AccessRequest } from './request.js';

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;
const clusterRole = (name: string, ...rules: PolicyRule[]): RbacObject => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
});
const role = (namespace: string, name: string, ...rules: PolicyRule[]): RbacObject => ({
  apiVersion,
  kind: 'Role',
  metadata: { namespace, name },
  rules,
});
const bindEverywhere = (kind: string, name: string, ...subjects: RbacSubject[]): RbacObject => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'b' },
  roleRef: { kind, name },
  subjects,
});
const bindIn = (namespace: string, kind: string, name: string, ...subjects: RbacSubject[]): RbacObject => ({
  apiVersion,
  kind: 'RoleBinding',
  metadata: { namespace, name: 'b' },
  roleRef: { kind, name },
  subjects,
});

const ann: RbacSubject = { kind: 'User', name: 'ann' };
const everything: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const getPods: AccessRequest = { verb: 'get', resource: 'pods', name: 'p', namespace: 'a' };

describe('a rule and a request', () => {
  const rule = (over: Partial<PolicyRule>): PolicyRule => ({
    verbs: ['get'],
    apiGroups: [''],
    resources: ['pods'],
    ...over,
  });
  it.each<[string, PolicyRule, AccessRequest, boolean]>([
    ['the same', rule({}), getPods, true],
    ['another verb', rule({ verbs: ['list'] }), getPods, false],
    ['verbs are compared exactly', rule({ verbs: ['Get'] }), getPods, false],
    ['no verb', rule({ verbs: [] }), getPods, false],
    ['every verb', rule({ verbs: ['*'] }), getPods, true],
    ['a glob is no verb', rule({ verbs: ['g*'] }), getPods, false],
    ['another group', rule({ apiGroups: ['apps'] }), getPods, false],
    ['no group', rule({ apiGroups: [] }), getPods, false],
    ['absent groups', { verbs: ['get'], resources: ['pods'] }, getPods, false],
    ['every group', rule({ apiGroups: ['*'] }), getPods, true],
    ['a glob is no group', rule({ apiGroups: ['*.io'] }), { ...getPods, group: 'x.io' }, false],
    ['every resource', rule({ resources: ['*'] }), getPods, true],
    ['a resource does not cover its subresources', rule({}), { ...getPods, subresource: 'log' }, false],
    ['a subresource', rule({ resources: ['pods/log'] }), { ...getPods, subresource: 'log' }, true],
    ['a subresource does not cover its resource', rule({ resources: ['pods/log'] }), getPods, false],
    ['every resource covers subresources', rule({ resources: ['*'] }), { ...getPods, subresource: 'log' }, true],
    ['a subresource of everything', rule({ resources: ['*/log'] }), { ...getPods, subresource: 'log' }, true],
    ['another one of everything', rule({ resources: ['*/log'] }), { ...getPods, subresource: 'exec' }, false],
    ['pods/* matches nothing', rule({ resources: ['pods/*'] }), { ...getPods, subresource: 'log' }, false],
    ['*/* matches nothing', rule({ resources: ['*/*'] }), { ...getPods, subresource: 'log' }, false],
    ['*/ is nothing', rule({ resources: ['*/'] }), getPods, false],
    ['the name', rule({ resourceNames: ['p'] }), getPods, true],
    ['another name', rule({ resourceNames: ['q'] }), getPods, false],
    ['* is no name', rule({ resourceNames: ['*'] }), getPods, false],
    [
      'names do not cover a list',
      rule({ verbs: ['list'], resourceNames: ['p'] }),
      { verb: 'list', resource: 'pods', namespace: 'a' },
      false,
    ],
    [
      'a list with a field selector carries the name',
      rule({ verbs: ['list'], resourceNames: ['p'] }),
      { verb: 'list', resource: 'pods', namespace: 'a', name: 'p' },
      true,
    ],
    [
      'the empty name covers requests without one',
      rule({ verbs: ['create'], resourceNames: [''] }),
      { verb: 'create', resource: 'pods', namespace: 'a' },
      true,
    ],
    ['the empty name covers no other', rule({ resourceNames: [''] }), getPods, false],
    ['a resource rule covers no path', everything, { verb: 'get', path: '/metrics' }, false],
    ['a path', { verbs: ['get'], nonResourceURLs: ['/metrics'] }, { verb: 'get', path: '/metrics' }, true],
    ['a path below', { verbs: ['get'], nonResourceURLs: ['/metrics'] }, { verb: 'get', path: '/metrics/x' }, false],
    ['every path', { verbs: ['get'], nonResourceURLs: ['*'] }, { verb: 'get', path: '/metrics' }, true],
    ['a trailing star', { verbs: ['get'], nonResourceURLs: ['/met*'] }, { verb: 'get', path: '/metrics' }, true],
    ['many trailing stars', { verbs: ['get'], nonResourceURLs: ['/met***'] }, { verb: 'get', path: '/metrics' }, true],
    ['a star inside', { verbs: ['get'], nonResourceURLs: ['/m*s'] }, { verb: 'get', path: '/metrics' }, false],
    ['a path rule covers no resource', { verbs: ['*'], nonResourceURLs: ['*'] }, getPods, false],
  ])('%s', (_, rule, request, expected) => {
    const index = indexRbac([clusterRole('r', rule), bindEverywhere('ClusterRole', 'r', ann)]);
    expect(isAllowed(index, userIdentity('ann'), request).allowed).toBe(expected);
  });
});

describe('a subject and an identity', () => {
  const deployer = accountIdentity({ namespace: 'a', name: 'deployer' });
  it.each<[string, RbacSubject, ReturnType<typeof userIdentity>, boolean]>([
    ['a user', ann, userIdentity('ann'), true],
    ['names are compared exactly', { kind: 'User', name: 'Ann' }, userIdentity('ann'), false],
    ['* is a name', { kind: 'User', name: '*' }, userIdentity('ann'), false],
    ['a user is no group', { kind: 'Group', name: 'ann' }, userIdentity('ann'), false],
    ['a group', { kind: 'Group', name: 'ops' }, userIdentity('ann', ['ops']), true],
    ['everyone known', { kind: 'Group', name: 'system:authenticated' }, userIdentity('ann'), true],
    ['everyone known, asked by nobody', { kind: 'Group', name: 'system:authenticated' }, ANONYMOUS, false],
    ['nobody', { kind: 'User', name: 'system:anonymous' }, ANONYMOUS, true],
    ['an account', { kind: 'ServiceAccount', namespace: 'a', name: 'deployer' }, deployer, true],
    ['an account of another namespace', { kind: 'ServiceAccount', namespace: 'b', name: 'deployer' }, deployer, false],
    ['an account as a user', { kind: 'User', name: 'system:serviceaccount:a:deployer' }, deployer, true],
    ['a user with the name of an account', { kind: 'User', name: 'deployer' }, deployer, false],
    ['all accounts', { kind: 'Group', name: 'system:serviceaccounts' }, deployer, true],
    ['all accounts of a namespace', { kind: 'Group', name: 'system:serviceaccounts:a' }, deployer, true],
    ['all accounts of another', { kind: 'Group', name: 'system:serviceaccounts:b' }, deployer, false],
    ['accounts are known', { kind: 'Group', name: 'system:authenticated' }, deployer, true],
    ['another kind', { kind: 'Robot', name: 'ann' }, userIdentity('ann'), false],
  ])('%s', (_, subject, identity, expected) => {
    const everywhere = indexRbac([clusterRole('r', everything), bindEverywhere('ClusterRole', 'r', subject)]);
    const there = indexRbac([clusterRole('r', everything), bindIn('a', 'ClusterRole', 'r', subject)]);
    expect(isAllowed(everywhere, identity, getPods).allowed).toBe(expected);
    expect(isAllowed(there, identity, getPods).allowed).toBe(expected);
  });

  it('takes the namespace of a RoleBinding for an account that names none, and nobody in a ClusterRoleBinding', () => {
    const subject: RbacSubject = { kind: 'ServiceAccount', name: 'deployer' };
    const there = indexRbac([clusterRole('r', everything), bindIn('a', 'ClusterRole', 'r', subject)]);
    const everywhere = indexRbac([clusterRole('r', everything), bindEverywhere('ClusterRole', 'r', subject)]);
    expect(isAllowed(there, deployer, getPods).allowed).toBe(true);
    expect(isAllowed(everywhere, deployer, getPods).allowed).toBe(false);
  });

  it('lets system:masters pass whatever the objects say', () => {
    const decision = isAllowed(indexRbac([]), userIdentity('root', ['system:masters']), getPods);
    expect(decision).toEqual({ allowed: true, by: 'system:masters' });
  });
});

describe('a binding and its reach', () => {
  const listPods: AccessRequest = { verb: 'list', resource: 'pods' };
  const a = [clusterRole('all', everything), role('a', 'all', everything)];
  it.each<[string, RbacObject, AccessRequest, boolean]>([
    ['a ClusterRoleBinding covers namespaces', bindEverywhere('ClusterRole', 'all', ann), getPods, true],
    ['a ClusterRoleBinding covers lists of all', bindEverywhere('ClusterRole', 'all', ann), listPods, true],
    ['a ClusterRoleBinding to a Role is void', bindEverywhere('Role', 'all', ann), getPods, false],
    ['a RoleBinding to a ClusterRole', bindIn('a', 'ClusterRole', 'all', ann), getPods, true],
    ['a RoleBinding to a Role', bindIn('a', 'Role', 'all', ann), getPods, true],
    ['a RoleBinding to a Role of another namespace', bindIn('b', 'Role', 'all', ann), getPods, false],
    ['a RoleBinding elsewhere', bindIn('b', 'ClusterRole', 'all', ann), getPods, false],
    ['a RoleBinding and a list of all', bindIn('a', 'ClusterRole', 'all', ann), listPods, false],
    [
      'a RoleBinding and cluster scope',
      bindIn('a', 'ClusterRole', 'all', ann),
      { verb: 'get', resource: 'nodes', name: 'n' },
      false,
    ],
    ['a RoleBinding and paths', bindIn('a', 'ClusterRole', 'all', ann), { verb: 'get', path: '/metrics' }, false],
    ['a missing ClusterRole', bindEverywhere('ClusterRole', 'gone', ann), getPods, false],
    ['a missing Role', bindIn('a', 'Role', 'gone', ann), getPods, false],
    ['an unknown kind of role', bindIn('a', 'Thing', 'all', ann), getPods, false],
    [
      'the namespace itself',
      bindIn('a', 'ClusterRole', 'all', ann),
      { verb: 'delete', resource: 'namespaces', name: 'a' },
      true,
    ],
    [
      'a subresource of the namespace itself',
      bindIn('a', 'ClusterRole', 'all', ann),
      { verb: 'update', resource: 'namespaces', subresource: 'finalize', name: 'a' },
      true,
    ],
    [
      'another namespace',
      bindIn('a', 'ClusterRole', 'all', ann),
      { verb: 'get', resource: 'namespaces', name: 'b' },
      false,
    ],
    ['all namespaces', bindIn('a', 'ClusterRole', 'all', ann), { verb: 'list', resource: 'namespaces' }, false],
    [
      'all namespaces with a field selector',
      bindIn('a', 'ClusterRole', 'all', ann),
      { verb: 'list', resource: 'namespaces', name: 'a' },
      false,
    ],
  ])('%s', (_, binding, request, expected) => {
    expect(isAllowed(indexRbac([binding, ...a]), userIdentity('ann'), request).allowed).toBe(expected);
  });

  it('ignores roles and subjects without content', () => {
    const objects: RbacObject[] = [
      { apiVersion, kind: 'ClusterRole', metadata: { name: 'r' }, rules: null },
      { apiVersion, kind: 'ClusterRoleBinding', metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'r' } },
      bindEverywhere('ClusterRole', 'r', ann),
    ];
    expect(isAllowed(indexRbac(objects), userIdentity('ann'), getPods)).toEqual({ allowed: false });
  });

  it('names binding, role and rule', () => {
    const index = indexRbac([
      role('a', 'reader', { verbs: ['list'], apiGroups: [''], resources: ['pods'] }, everything),
      bindIn('a', 'Role', 'reader', ann),
    ]);
    const decision = isAllowed(index, userIdentity('ann'), getPods);
    if (!decision.allowed || decision.by === 'system:masters') throw new Error('It should be allowed by a rule.');
    expect(describeGrant(decision.by)).toBe('RoleBinding "a/b" → Role "a/reader", rule 2');
  });
});

describe('rulesFor', () => {
  const index = indexRbac([
    clusterRole('everywhere', { verbs: ['get'], apiGroups: [''], resources: ['nodes'] }),
    role('a', 'here', { verbs: ['get'], apiGroups: [''], resources: ['pods'] }),
    bindEverywhere('ClusterRole', 'everywhere', { kind: 'Group', name: 'system:serviceaccounts' }),
    bindIn('a', 'Role', 'here', { kind: 'ServiceAccount', name: 'default' }),
  ]);
  const identity = accountIdentity({ namespace: 'a', name: 'default' });
  it.each([
    [null, ['nodes']],
    ['a', ['nodes', 'pods']],
    ['b', ['nodes']],
  ])('in %s', (namespace, expected) => {
    expect(rulesFor(index, identity, namespace).flatMap(({ rule }) => rule.resources)).toEqual(expected);
  });
});
