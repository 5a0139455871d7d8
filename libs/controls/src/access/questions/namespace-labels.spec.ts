import { expect, it } from 'vitest';
import { SHARED } from '../../../../../test/support/flux-installation.js';
import { type SnapshotOptions, snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { namespaceLabelQuestions } from './namespace-labels.js';

const tenants = [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]];
const ask = (options: SnapshotOptions) =>
  namespaceLabelQuestions(snapshotOf([], options).artifacts).map(
    ({ groups, verb, resource, subresource, namespace, name }) =>
      [groups[0], verb, [resource, subresource].filter(Boolean).join('/'), namespace, name].filter(Boolean).join(' '),
  );

it('asks for the declared principals about their own namespaces', () => {
  expect(ask({ registration: { ...SHARED, tenants } })).toEqual([
    'team-a patch namespaces team-a team-a',
    'team-a update namespaces team-a team-a',
    'team-a patch namespaces/status team-a team-a',
    'team-a update namespaces/status team-a team-a',
    'team-a update namespaces/finalize team-a team-a',
    'team-a create policyexceptions team-a',
    'team-a create policyexceptions team-a',
  ]);
});

it('asks nothing where there is nobody to ask for', () => {
  expect(ask({ registration: SHARED })).toEqual([]);
  expect(ask({ registration: { role: 'standalone' } })).toEqual([]);
  expect(ask({ registration: { ...SHARED, tenants }, unavailable: { rbac: 'forbidden' } })).toEqual([]);
});

it('leaves room for other topics, and leaves nobody out', () => {
  const groups = Array.from({ length: 30 }, (_, index) => `g${index}`);
  const asked = ask({
    registration: { ...SHARED, tenants: [{ ...SHARED.tenants[0], principals: { groups } }, SHARED.tenants[1]] },
  });
  expect(asked).toHaveLength(40);
  expect(new Set(asked.map((each) => each.split(' ')[0])).size).toBe(30);
});
