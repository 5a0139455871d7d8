import { describe, expect, it } from 'vitest';
import { type AccessReview, type RbacObject, collected, unavailable } from '#libs/core';
import { accountIdentity } from '#libs/rbac';
import { accessOf, questionOf } from './access.js';

const deployer = accountIdentity({ namespace: 'team-a', name: 'deployer' });
const RBAC: readonly RbacObject[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: 'team-b' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'team-a', name: 'deployer' }],
    roleRef: { kind: 'ClusterRole', name: 'reader' },
  },
];
const readSecrets = (namespace: string) => ({ verb: 'get', resource: 'secrets', namespace });
const review = (namespace: string, allowed: boolean | null): AccessReview => ({
  question: questionOf(deployer, readSecrets(namespace)),
  allowed,
  ...(allowed && { reason: 'RBAC: allowed by RoleBinding "reader/team-b"' }),
});

describe('accessOf', () => {
  it.each([
    ['granted, not asked', 'team-b', undefined, { allowed: true, confidence: 'derived', nonRbac: false }],
    ['not granted, not asked', 'team-c', undefined, { allowed: false, confidence: 'derived', nonRbac: false }],
    ['granted and confirmed', 'team-b', true, { allowed: true, confidence: 'proven', nonRbac: false }],
    ['granted and denied', 'team-b', false, { allowed: false, confidence: 'proven', nonRbac: false }],
    ['allowed by another authorizer', 'team-c', true, { allowed: true, confidence: 'proven', nonRbac: true }],
    ['asked without an answer', 'team-b', null, { allowed: true, confidence: 'derived', unanswered: true }],
  ])('%s', (_title, namespace, answer, expected) => {
    const reviews = answer === undefined ? [] : [review(namespace, answer)];
    expect(accessOf(RBAC, collected(reviews)).ask(deployer, readSecrets(namespace))).toMatchObject(expected);
  });

  it('names the grant only where the request is allowed', () => {
    const grantOf = (reviews: readonly AccessReview[], namespace: string) =>
      accessOf(RBAC, collected(reviews)).ask(deployer, readSecrets(namespace)).grant?.binding.metadata.name;
    expect(grantOf([], 'team-b')).toBe('reader');
    expect(grantOf([review('team-b', false)], 'team-b')).toBeUndefined();
    expect(grantOf([review('team-c', true)], 'team-c')).toBeUndefined();
  });

  it('judges by RBAC where the reviews could not be made', () => {
    const access = accessOf(RBAC, unavailable('forbidden', 'no'));
    expect(access.ask(deployer, readSecrets('team-b'))).toMatchObject({ allowed: true, confidence: 'derived' });
  });

  it('asks about a single Namespace as the API server does', () => {
    expect(questionOf(deployer, { verb: 'patch', resource: 'namespaces', name: 'team-a' })).toMatchObject({
      namespace: 'team-a',
      name: 'team-a',
    });
  });
});
