import { describe, expect, it } from 'vitest';
import type { ProbeVerdict } from '#libs/core';
import { classifyAnswer, type ProbeAnswer } from './classify-answer.js';

const people = { impersonated: 'system:serviceaccount:team-a:deployer', auditor: 'plimsoll' };
const TENANT = people.impersonated;
const forbidden = (message: string): ProbeAnswer => ({ status: 403, reason: 'Forbidden', message });
const policy = (name: string, binding?: string): ProbeVerdict => ({
  kind: 'denied',
  by: { mechanism: 'validatingAdmissionPolicy', name, ...(binding !== undefined && { binding }) },
});

describe('classifyAnswer', () => {
  it.each<[string, ProbeAnswer, ProbeVerdict]>([
    ['created', { status: 201 }, { kind: 'accepted' }],
    ['done', { status: 200 }, { kind: 'accepted' }],
    [
      'the auditor may not impersonate',
      forbidden(
        'serviceaccounts "deployer" is forbidden: User "plimsoll" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "team-a"',
      ),
      { kind: 'cannotImpersonate' },
    ],
    [
      'the auditor may not impersonate in a mode',
      forbidden(
        'users.authentication.k8s.io "alice" is forbidden: User "plimsoll" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope',
      ),
      { kind: 'cannotImpersonate' },
    ],
    [
      'the auditor may not do this while impersonating',
      forbidden(
        'clusterrolebindings.rbac.authorization.k8s.io "x" is forbidden: User "plimsoll" cannot impersonate-on:serviceaccount:delete resource "clusterrolebindings" in API group "rbac.authorization.k8s.io" at the cluster scope',
      ),
      { kind: 'cannotImpersonate' },
    ],
    [
      'the tenant may not',
      forbidden(
        `clusterrolebindings.rbac.authorization.k8s.io "x" is forbidden: User "${TENANT}" cannot delete resource "clusterrolebindings" in API group "rbac.authorization.k8s.io" at the cluster scope`,
      ),
      { kind: 'unauthorized' },
    ],
    [
      'the tenant would grant what it does not hold',
      forbidden(
        `clusterrolebindings.rbac.authorization.k8s.io "x" is forbidden: user "${TENANT}" (groups=[]) is attempting to grant RBAC permissions not currently held: {APIGroups:["*"]}`,
      ),
      { kind: 'unauthorized' },
    ],
    [
      'the tenant would aggregate',
      forbidden(
        'clusterroles.rbac.authorization.k8s.io "x" is forbidden: must have cluster-admin privileges to use the aggregationRule',
      ),
      { kind: 'unauthorized' },
    ],
    [
      'a policy, as it denies by default',
      {
        status: 422,
        reason: 'Invalid',
        message:
          "clusterrolebindings.rbac.authorization.k8s.io \"x\" is forbidden: ValidatingAdmissionPolicy 'protect' with binding 'protect-all' denied request: protected platform access object",
      },
      policy('protect', 'protect-all'),
    ],
    [
      'a policy that states Forbidden',
      forbidden(
        "clusterrolebindings \"x\" is forbidden: ValidatingAdmissionPolicy 'protect' with binding 'b' denied request: no",
      ),
      policy('protect', 'b'),
    ],
    [
      'a policy whose message looks like a refusal by RBAC',
      {
        status: 422,
        message: `x "y" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: User "${TENANT}" cannot delete resource "x"`,
      },
      policy('p', 'b'),
    ],
    [
      'a policy that cannot be evaluated',
      {
        status: 422,
        message:
          "x \"y\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: expression 'a' resulted in error: no such key: b",
      },
      { kind: 'brokenPolicy', name: 'p' },
    ],
    [
      'a policy that is not set up',
      {
        status: 422,
        message:
          "x \"y\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure policy: no params",
      },
      { kind: 'brokenPolicy', name: 'p' },
    ],
    [
      'a webhook, as it denies by default',
      {
        status: 400,
        message:
          'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource ClusterRoleBinding//x was blocked',
      },
      { kind: 'denied', by: { mechanism: 'webhook', name: 'validate.kyverno.svc-fail' } },
    ],
    [
      'a webhook with a code of its own',
      forbidden('admission webhook "validation.gatekeeper.sh" denied the request: [x] no'),
      { kind: 'denied', by: { mechanism: 'webhook', name: 'validation.gatekeeper.sh' } },
    ],
    [
      'pod security',
      forbidden('pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged'),
      { kind: 'denied', by: { mechanism: 'podSecurity' } },
    ],
    [
      'a quota',
      forbidden('pods "x" is forbidden: exceeded quota: compute'),
      { kind: 'denied', by: { mechanism: 'quota' } },
    ],
    [
      'a quota that asks for more',
      forbidden('pods "x" is forbidden: failed quota: compute: must specify limits.cpu'),
      { kind: 'denied', by: { mechanism: 'quota' } },
    ],
    [
      'a namespace that is kept',
      forbidden('namespaces "kube-system" is forbidden: this namespace may not be deleted'),
      { kind: 'denied', by: { mechanism: 'admission' } },
    ],
    [
      'a restriction of tolerations',
      {
        status: 500,
        reason: 'InternalError',
        message:
          'Internal error occurred: pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist',
      },
      { kind: 'denied', by: { mechanism: 'admission' } },
    ],
    [
      'a security context constraint',
      forbidden('pods "x" is forbidden: unable to validate against any security context constraint: []'),
      { kind: 'denied', by: { mechanism: 'admission' } },
    ],
    ['another refusal', forbidden('x "y" is forbidden: not today'), { kind: 'denied', by: { mechanism: 'admission' } }],
    [
      'a webhook without dry-run',
      { status: 400, reason: 'BadRequest', message: 'admission webhook "old.example.com" does not support dry run' },
      { kind: 'dryRunUnsupported', name: 'old.example.com' },
    ],
    [
      'a part of the API without dry-run',
      { status: 400, message: 'dryRun is not supported' },
      { kind: 'dryRunUnsupported' },
    ],
    [
      'a webhook that is down',
      {
        status: 500,
        reason: 'InternalError',
        message:
          'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://x": dial tcp: refused',
      },
      { kind: 'webhookDown', name: 'validate.kyverno.svc-fail' },
    ],
    [
      'a name that is taken',
      { status: 409, reason: 'AlreadyExists', message: 'clusterrolebindings "x" already exists' },
      { kind: 'accepted' },
    ],
    [
      'a uid that does not match',
      {
        status: 409,
        reason: 'Conflict',
        message: 'the UID in the precondition (a) does not match the UID in record (b)',
      },
      { kind: 'inconclusive' },
    ],
    [
      'an invalid object',
      { status: 422, reason: 'Invalid', message: 'ClusterRoleBinding "x" is invalid: roleRef: Invalid value' },
      { kind: 'inconclusive' },
    ],
    ['an object that is gone', { status: 404, reason: 'NotFound', message: 'not found' }, { kind: 'unreadable' }],
    ['no answer to speak of', { status: 502 }, { kind: 'unreadable' }],
  ])('%s', (_what, answer, verdict) => {
    expect(classifyAnswer(answer, people)).toEqual(verdict);
  });

  it('does not take the name of an object for a verdict', () => {
    const name = `User "${TENANT}" cannot delete resource "pods"`;
    const answer = { status: 422, reason: 'Invalid', message: `ConfigMap "${name}" is forbidden: exceeded quota: x` };
    expect(classifyAnswer(answer, people)).toEqual({ kind: 'denied', by: { mechanism: 'quota' } });
  });

  it('takes a refusal of the auditor itself for no answer about the tenant', () => {
    const answer = forbidden(
      'pods is forbidden: User "plimsoll" cannot create resource "pods" in API group "" in the namespace "a"',
    );
    expect(classifyAnswer(answer, people)).toEqual({ kind: 'cannotImpersonate' });
  });
});
