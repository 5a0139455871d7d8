import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rbacCase } from '../../../test/support/random-rbac.js';
import { isAllowed } from './decide.js';
import { type Identity, userIdentity } from './identity.js';
import type { PolicyRule, RbacObject } from '#libs/core';
import { indexRbac } from './rbac-index.js';
import { groupByRules } from './rule-sets.js';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const read: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };
const readAgain: PolicyRule = {
  verbs: ['list', 'get', 'get'],
  apiGroups: [''],
  resources: ['pods'],
  resourceNames: [],
};
const write: PolicyRule = { verbs: ['create'], apiGroups: [''], resources: ['pods'] };

function grant(user: string, namespace: string | null, ...rules: PolicyRule[]): RbacObject[] {
  const name = `${user}-${namespace}-${rules.length}`;
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion,
      ...(namespace === null
        ? { kind: 'ClusterRoleBinding', metadata: { name } }
        : { kind: 'RoleBinding', metadata: { name, namespace } }),
      subjects: [{ kind: 'User', name: user }],
      roleRef: { kind: 'ClusterRole', name },
    },
  ];
}

describe('groupByRules', () => {
  const same = (objects: RbacObject[], ...groups: string[][]) => {
    const found = groupByRules(indexRbac(objects), [userIdentity('ann'), userIdentity('bob', groups[0])]);
    return found.length === 1;
  };
  it.each<[string, RbacObject[], boolean]>([
    ['nothing at all', [], true],
    ['the same rule from other roles', [...grant('ann', 'a', read), ...grant('bob', 'a', readAgain)], true],
    [
      'the same rules, split otherwise',
      [...grant('ann', 'a', read, write), ...grant('bob', 'a', write), ...grant('bob', 'a', read, read)],
      true,
    ],
    ['fewer rules', [...grant('ann', 'a', read, write), ...grant('bob', 'a', read)], false],
    ['another namespace', [...grant('ann', 'a', read), ...grant('bob', 'b', read)], false],
    ['everywhere', [...grant('ann', 'a', read), ...grant('bob', null, read)], false],
    [
      'everywhere, and once more',
      [...grant('ann', null, read), ...grant('bob', null, read), ...grant('bob', 'a', read)],
      true,
    ],
    ['a role without rules', grant('ann', 'a'), true],
  ])('%s', (_, objects, expected) => expect(same(objects)).toBe(expected));

  it('keeps system:masters apart', () => expect(same([], ['system:masters'])).toBe(false));

  it('answers alike for all of a group', () => {
    assert(
      property(
        rbacCase({ prefix: '', namespaces: ['a', 'b'], storable: false }),
        ({ objects, identities, requests }) => {
          const index = indexRbac(objects);
          const groups = groupByRules(index, identities);
          expect(groups.flatMap((group) => group.identities)).toHaveLength(identities.length);
          const answers = (identity: Identity) =>
            requests.map((request) => isAllowed(index, identity, request).allowed);
          for (const {
            identities: [first, ...others],
          } of groups)
            for (const other of others) expect(answers(other)).toEqual(first && answers(first));
        },
      ),
      { seed: 20_261_124, numRuns: 200 },
    );
  });
});
