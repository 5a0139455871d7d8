import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '#libs/core';
import { type RuleClass, describeRule, ruleClasses } from './rule-classes.js';

const rule = (verbs: string, resources: string, apiGroups = ''): PolicyRule => ({
  verbs: verbs.split(' '),
  resources: resources.split(' '),
  apiGroups: apiGroups.split(' '),
});

describe('ruleClasses', () => {
  it.each<[string, PolicyRule, readonly RuleClass[]]>([
    [
      'cluster-admin',
      rule('*', '*', '*'),
      ['everything', 'wildcard', 'impersonate', 'escalate', 'tokens', 'secrets', 'write'],
    ],
    ['reading pods', rule('get list watch', 'pods'), ['read']],
    ['reading logs', rule('get', 'pods/log'), ['read']],
    ['reading secrets', rule('watch', 'secrets'), ['secrets']],
    ['reading secrets of another group', rule('get', 'secrets', 'example.com'), ['read']],
    ['reading everything', rule('get', '*', '*'), ['wildcard', 'secrets', 'write']],
    ['reading everything of one group', rule('get list', '*', 'apps'), ['read']],
    ['changing pods', rule('patch', 'pods'), ['write']],
    ['deleting', rule('deletecollection', 'configmaps'), ['write']],
    ['all verbs on one kind', rule('*', 'configmaps'), ['wildcard', 'write']],
    ['exec', rule('get', 'pods/exec'), ['write']],
    ['all subresources named exec', rule('create', '*/exec'), ['write']],
    ['node proxy', rule('get', 'nodes/proxy'), ['write']],
    ['tokens', rule('create', 'serviceaccounts/token'), ['tokens', 'write']],
    ['accounts, without their tokens', rule('create', 'serviceaccounts'), ['write']],
    ['impersonation', rule('impersonate', 'serviceaccounts'), ['impersonate', 'write']],
    [
      'the narrower impersonation',
      rule('impersonate:user-info', 'users', 'authentication.k8s.io'),
      ['impersonate', 'write'],
    ],
    ['bind', rule('bind', 'clusterroles', 'rbac.authorization.k8s.io'), ['escalate', 'write']],
    ['bind on something else', rule('bind', 'clusterroles', 'example.com'), ['write']],
    [
      'questions about rights',
      rule('create', 'subjectaccessreviews selfsubjectrulesreviews', 'authorization.k8s.io'),
      ['read'],
    ],
    ['questions and pods', rule('create', 'subjectaccessreviews pods', '*'), ['write']],
    ['a name narrows, and changes no class', { ...rule('get', 'secrets'), resourceNames: ['x'] }, ['secrets']],
    ['a path', { verbs: ['get'], nonResourceURLs: ['/metrics'] }, ['read']],
    ['all paths', { verbs: ['*'], nonResourceURLs: ['*'] }, ['wildcard']],
    ['no verbs', { verbs: [], resources: ['secrets'], apiGroups: [''] }, ['read']],
    ['a name that only looks like a pattern', rule('get', 'sec*'), ['read']],
  ])('%s', (_title, given, classes) => {
    expect([...ruleClasses(given)].toSorted()).toEqual([...classes].toSorted());
  });
});

describe('describeRule', () => {
  it.each<[PolicyRule, string]>([
    [rule('*', '*', '*'), 'all verbs on all resources (all groups)'],
    [rule('get list', 'secrets'), 'get, list on secrets'],
    [{ ...rule('patch', 'deployments', 'apps'), resourceNames: ['a'] }, 'patch on deployments (apps) named a'],
    [{ verbs: ['get'], nonResourceURLs: ['/a'] }, 'get on paths /a'],
    [rule('get', 'a b c d e f g h'), 'get on a, b, c, d, e, f, and 2 more'],
  ])('%j', (given, text) => {
    expect(describeRule(given)).toBe(text);
  });
});
