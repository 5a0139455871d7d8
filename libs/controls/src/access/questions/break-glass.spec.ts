import { expect, it } from 'vitest';
import { snapshotOf } from '../../../../../test/support/snapshot-of.js';
import { breakGlassQuestions } from './break-glass.js';

const ask = (more: object) => breakGlassQuestions(snapshotOf([{ kind: 'Registration', ...more }]).artifacts);
const entry = (principals: object) => ({ name: 'bg', principals });

it('asks for each principal whether it could repair the cluster', () => {
  const questions = ask({ breakGlass: [entry({ users: ['bg'], groups: ['system:masters'] })] });
  expect(questions).toHaveLength(9);
  expect(new Set(questions.map(({ user, groups }) => `${user} ${groups.join()}`))).toEqual(
    new Set(['bg system:masters,system:authenticated']),
  );
  expect(questions).toContainEqual(
    expect.objectContaining({
      verb: 'create',
      resource: 'serviceaccounts',
      subresource: 'token',
      namespace: 'kube-system',
    }),
  );
});

it.each<[string, object, number]>([
  ['no entry', {}, 0],
  ['an entry that names nobody', { breakGlass: [{ name: 'bg' }] }, 0],
  ['a group', { breakGlass: [entry({ groups: ['ops'] })] }, 9],
  ['an account', { breakGlass: [entry({ serviceAccounts: ['ops/bg'] })] }, 9],
  ['many entries', { breakGlass: Array.from({ length: 20 }, (_, i) => entry({ users: [`u${i}`] })) }, 36],
  ['a standalone cluster', { role: 'standalone', breakGlass: [entry({ users: ['a'] })] }, 0],
])('asks for %s', (_state, registration, count) => {
  expect(ask(registration)).toHaveLength(count);
});
