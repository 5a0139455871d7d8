import { expect, it } from 'vitest';
import { bound, clusterRole, granted, namespace, serviceAccount } from '../../../../../test/support/rbac-text.js';
import { type SnapshotOptions, snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { platformAccessQuestions } from './platform-access.js';

const RBAC = 'rbac.authorization.k8s.io';
const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  platformPrincipals: { groups: ['platform-admins'] },
  tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] }, principals: { groups: ['team-a'] } }],
};
const BASE = [
  REGISTRATION,
  namespace('team-a'),
  clusterRole('cluster-admin', ['* */*']),
  bound('*', 'cluster-admin', 'group platform-admins'),
];

function ask(input: readonly object[], options: SnapshotOptions = {}): readonly string[] {
  return platformAccessQuestions(snapshotOf(input, options).artifacts).map(
    ({ user, groups, verb, group, resource, name = '' }) =>
      `${user || groups[0]} ${verb} ${group}/${resource} ${name}`.trim(),
  );
}

it('asks about the people of tenants whatever RBAC says', () => {
  expect(ask(BASE)).toEqual([
    'team-a * */*',
    `team-a delete ${RBAC}/clusterrolebindings cluster-admin`,
    'team-a patch apiregistration.k8s.io/apiservices',
  ]);
});

it('lets the API server confirm what RBAC grants', () => {
  const questions = ask([...BASE, ...granted('*', 'cleaner', ['delete /nodes'], 'account team-a/default')]);
  expect(questions).toContain('system:serviceaccount:team-a:default delete /nodes');
});

it('asks a bounded number of questions', () => {
  const accounts = Array.from({ length: 300 }, (_, index) => `team-a/app-${index}`);
  const many = accounts.flatMap((path, index) => [
    serviceAccount(path),
    ...granted(
      '*',
      `role-${index}`,
      [`delete,patch ${RBAC}/clusterrolebindings`, `get /pods p-${index}`],
      `account ${path}`,
    ),
  ]);
  expect(ask([...BASE, ...many]).length).toBeLessThan(80);
});

it.each<[string, readonly object[], SnapshotOptions]>([
  ['a shared cluster', [{ ...REGISTRATION, tenancy: 'shared' }, ...BASE.slice(1)], {}],
  ['a cluster without tenants', [], {}],
  ['RBAC that could not be read', BASE, { unavailable: { rbac: 'forbidden' } }],
])('asks nothing for %s', (_state, input, options) => {
  expect(ask(input, options)).toEqual([]);
});
