import { describe, expect, it } from 'vitest';
import type { PolicyRule, RbacObject, RbacSubject } from '#libs/core';
import { accountIdentity, indexRbac, userIdentity } from '#libs/rbac';
import { canWrite, isGrave, rightsHeldBy } from './held-rights.js';
import { unbindFix } from './right-evidence.js';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const BOOTSTRAP = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const role = (name: string, rules: readonly PolicyRule[], labels: Record<string, string> = {}): RbacObject => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules,
});
const everywhere = (name: string, to: string, ...subjects: RbacSubject[]): RbacObject => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  subjects,
  roleRef: { kind: 'ClusterRole', name: to },
});
const inside = (namespace: string, name: string, to: string, ...subjects: RbacSubject[]): RbacObject =>
  ({
    ...everywhere(name, to, ...subjects),
    kind: 'RoleBinding',
    metadata: { name, namespace },
  }) as RbacObject;
const group = (name: string): RbacSubject => ({ kind: 'Group', name });

const REVIEWS = { verbs: ['create'], resources: ['selfsubjectaccessreviews'], apiGroups: ['authorization.k8s.io'] };
const SECRETS = { verbs: ['get'], resources: ['secrets'], apiGroups: [''] };
const PODS = { verbs: ['get'], resources: ['pods'], apiGroups: [''] };
const WRITE = { verbs: ['create'], resources: ['pods'], apiGroups: [''] };
const account = accountIdentity({ namespace: 'team-a', name: 'default' });

/** `binding reach namespace`, for each right. */
const held = (...objects: RbacObject[]): string[] =>
  rightsHeldBy(indexRbac(objects), account).map(
    ({ grant, reach }) => `${grant.binding.metadata.name} ${reach} ${grant.namespace ?? '*'}`,
  );

describe('rightsHeldBy', () => {
  it.each<[string, readonly RbacObject[], readonly string[]]>([
    [
      'what Kubernetes gives everybody does not count',
      [
        role('system:basic-user', [REVIEWS], BOOTSTRAP),
        everywhere('b', 'system:basic-user', group('system:authenticated')),
      ],
      [],
    ],
    [
      'a rule that somebody added to it does',
      [
        role('system:basic-user', [REVIEWS, SECRETS], BOOTSTRAP),
        everywhere('b', 'system:basic-user', group('system:authenticated')),
      ],
      ['b everyone *'],
    ],
    [
      'a role of the platform called like it does',
      [role('system:basic-user', [PODS]), everywhere('b', 'system:basic-user', group('system:authenticated'))],
      ['b everyone *'],
    ],
    [
      'a bootstrapped role that is not meant for everybody does',
      [role('view', [PODS], BOOTSTRAP), everywhere('b', 'view', group('system:serviceaccounts'))],
      ['b everyone *'],
    ],
    [
      'a binding of its own does, even to such a role',
      [
        role('system:discovery', [PODS], BOOTSTRAP),
        inside('team-a', 'b', 'system:discovery', { kind: 'ServiceAccount', name: 'default', namespace: 'team-a' }),
      ],
      ['b own team-a'],
    ],
    [
      'all accounts of the namespace',
      [role('r', [PODS]), inside('other', 'b', 'r', group('system:serviceaccounts:team-a'))],
      ['b namespace other'],
    ],
    [
      'all accounts of another namespace',
      [role('r', [PODS]), inside('team-a', 'b', 'r', group('system:serviceaccounts:team-b'))],
      [],
    ],
    [
      'as a user',
      [role('r', [PODS]), everywhere('b', 'r', { kind: 'User', name: 'system:serviceaccount:team-a:default' })],
      ['b own *'],
    ],
    ['a role that is not there', [everywhere('b', 'r', group('system:authenticated'))], []],
    [
      'OpenShift: its own defaults do not count',
      [
        role('system:openshift:discovery', [{ verbs: ['get'], nonResourceURLs: ['/apis'] }]),
        role('self-provisioner', [
          { verbs: ['create'], apiGroups: ['project.openshift.io'], resources: ['projectrequests'] },
        ]),
        everywhere('b', 'self-provisioner', group('system:authenticated')),
      ],
      [],
    ],
    [
      'not OpenShift: the same role counts',
      [
        role('self-provisioner', [
          { verbs: ['create'], apiGroups: ['project.openshift.io'], resources: ['projectrequests'] },
        ]),
        everywhere('b', 'self-provisioner', group('system:authenticated')),
      ],
      ['b everyone *'],
    ],
    [
      'OpenShift: one of its roles with another rule in it counts',
      [
        role('system:openshift:discovery', []),
        role('basic-user', [SECRETS]),
        everywhere('b', 'basic-user', group('system:authenticated')),
      ],
      ['b everyone *'],
    ],
  ])('%s', (_title, objects, expected) => {
    expect(held(...objects)).toEqual(expected);
  });

  it('is what people hold, too', () => {
    const index = indexRbac([role('r', [WRITE]), inside('x', 'b', 'r', group('team-a'))]);
    const [right] = rightsHeldBy(index, userIdentity('ann', ['team-a']));
    expect(right).toMatchObject({ reach: 'own', subjects: [0], grant: { namespace: 'x' } });
    expect(right && [isGrave(right), canWrite(right)]).toEqual([true, true]);
  });
});

describe('unbindFix', () => {
  const fixOf = (...objects: RbacObject[]): string =>
    unbindFix(rightsHeldBy(indexRbac(objects), account))
      .map(({ content }) => content)
      .join('\n');

  it('takes one subject out, and says whom', () => {
    const own = { kind: 'ServiceAccount', name: 'default', namespace: 'team-a' };
    const text = fixOf(role('r', [PODS, WRITE]), inside('team-a', 'b', 'r', group('ops'), own));
    expect(text.split('\n')).toEqual([
      '# Removes ServiceAccount team-a/default.',
      `kubectl patch rolebinding b -n team-a --type=json -p '[{"op":"test","path":"/subjects/1/name","value":"default"},{"op":"remove","path":"/subjects/1"}]'`,
    ]);
  });

  it('removes a binding of which nobody is left, and says where it comes from', () => {
    const binding = everywhere('b', 'r', group('system:authenticated'), group('system:serviceaccounts'));
    const labels = {
      'kustomize.toolkit.fluxcd.io/name': 'infra',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    };
    const text = fixOf(role('r', [PODS]), { ...binding, metadata: { name: 'b', labels } });
    expect(text).toContain('Applied by Kustomization flux-system/infra');
    expect(text).toContain('kubectl delete clusterrolebinding b');
  });

  it('quotes names that a shell would read', () => {
    const hostile = `x'; rm -rf $HOME`;
    expect(fixOf(role('r', [PODS]), everywhere(hostile, 'r', group('system:authenticated')))).toContain(
      String.raw`kubectl delete clusterrolebinding 'x'\''; rm -rf $HOME'`,
    );
  });
});
