import { describe, expect, it } from 'vitest';
import type { AccessQuestion } from '#libs/core';
import { SHARED, controller, fluxObject } from '../../../../../test/support/flux-installation.js';
import { DEFAULT_ROLES, account, bindIn } from '../../../../../test/support/rbac-objects.js';
import { type SnapshotOptions, snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { planAccessReviews } from '../plan-access-reviews.js';
import { tenantAccountQuestions, tenantPrincipalQuestions } from './tenant-questions.js';

const shared = { registration: SHARED };
const withPrincipals = {
  registration: {
    ...SHARED,
    tenants: [{ ...SHARED.tenants[0], principals: { users: ['ann'], groups: ['team-a'] } }, SHARED.tenants[1]],
  },
};
const cluster = (...more: object[]): object[] => [
  ...controller('kustomize-controller', ['--default-service-account=default']),
  ...DEFAULT_ROLES,
  ...more,
];
const app = (path: string, spec: object = {}): object => fluxObject('Kustomization', path, spec);

const text = ({ user, verb, group, resource, subresource, namespace }: AccessQuestion): string =>
  `${user.replace('system:serviceaccount:', '')}: ${verb} ${resource}${subresource ? `/${subresource}` : ''}${group ? `.${group}` : ''}${namespace ? ` in ${namespace}` : ''}`;
const asked = (input: object[], options: SnapshotOptions = shared): string[] =>
  tenantAccountQuestions(snapshotOf(input, options).artifacts).map(text);

describe('questions about accounts of tenants', () => {
  it('asks what no account of a tenant should be allowed', () => {
    expect(asked(cluster(app('team-a/app', { serviceAccountName: 'deployer' })))).toEqual([
      'team-a:deployer: create clusterrolebindings.rbac.authorization.k8s.io',
      'team-a:deployer: * *.*',
      'team-a:deployer: get secrets in team-b',
      'team-a:deployer: create pods in flux-system',
    ]);
  });

  it('asks for the default account, too', () => {
    expect(asked(cluster(app('team-b/app')))[2]).toBe('team-b:default: get secrets in team-a');
  });

  it('asks once for accounts with the same rights, and again for others', () => {
    const objects = [
      app('team-a/one'),
      app('team-a/two'),
      app('team-b/one'),
      app('team-b/two', { serviceAccountName: 'x' }),
    ];
    expect(asked(cluster(...objects))).toHaveLength(4);
    expect(asked(cluster(...objects, bindIn('team-b', 'view', account('team-b/x'))))).toHaveLength(8);
  });

  it.each<[string, object[], SnapshotOptions]>([
    ['objects of the platform', cluster(app('flux-system/infra')), shared],
    ['objects for other clusters', cluster(app('team-a/app', { kubeConfig: { secretRef: { name: 'x' } } })), shared],
    ['a cluster of one tenant', cluster(app('team-a/app')), { registration: { role: 'standalone' } }],
    ['roles that could not be read', cluster(app('team-a/app')), { ...shared, unavailable: { rbac: 'forbidden' } }],
    [
      'objects that could not be read',
      cluster(app('team-a/app')),
      { ...shared, unavailable: { kustomizations: 'timeout' } },
    ],
  ])('asks nothing about %s', (_title, input, options) => {
    expect(asked(input, options)).toEqual([]);
  });
});

describe('questions about principals of tenants', () => {
  const principals = (input: object[], options: SnapshotOptions): readonly AccessQuestion[] =>
    tenantPrincipalQuestions(snapshotOf(input, options).artifacts);

  it('asks about everybody whom the registry names, in the namespaces of Flux', () => {
    const questions = principals(cluster(), withPrincipals);
    expect(new Set(questions.map(({ user, groups }) => `${user} ${groups.join()}`))).toEqual(
      new Set(['ann system:authenticated', ' team-a,system:authenticated']),
    );
    expect(new Set(questions.map(({ namespace }) => namespace))).toEqual(new Set(['flux-system']));
    expect(questions.map(text)).toContain('ann: create kustomizations.kustomize.toolkit.fluxcd.io in flux-system');
  });

  it('asks nothing where the registry names nobody', () => {
    expect(principals(cluster(), shared)).toEqual([]);
  });

  it('keeps to its limit, and leaves nobody out', () => {
    const users = Array.from({ length: 50 }, (_, number) => `user-${number}`);
    const registration = { ...SHARED, tenants: [{ ...SHARED.tenants[0], principals: { users } }, SHARED.tenants[1]] };
    const questions = principals(cluster(), { registration });
    expect(questions).toHaveLength(60);
    expect(new Set(questions.map(({ user }) => user)).size).toBe(50);
  });
});

it('is part of the plan', () => {
  const plan = planAccessReviews(snapshotOf(cluster(app('team-a/app')), withPrincipals).artifacts);
  expect(plan.map(text)).toEqual(
    expect.arrayContaining(['team-a:default: get secrets in team-b', 'ann: get secrets in flux-system']),
  );
});
