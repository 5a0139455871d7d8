import { describe, expect, it } from 'vitest';
import { askAdmission, KYVERNO_WEBHOOK } from '../../../../test/support/admission-question.js';
import { namesAccount } from '../demands.js';

const ACCOUNT = namesAccount('Kustomization');

const HAS_ACCOUNT = "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''";

describe('a ValidatingPolicy of Kyverno', () => {
  const policy = (
    more = '',
  ) => `${KYVERNO_WEBHOOK.replace('validate.kyverno.svc-fail', 'vpol.validate.kyverno.svc-fail')}
  apiVersion: policies.kyverno.io/v1alpha1
  kind: ValidatingPolicy
  metadata: { name: accounts }
  spec:
    validationActions: [Deny]
    matchConstraints:
      resourceRules: [{ apiGroups: [kustomize.toolkit.fluxcd.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [kustomizations] }]
    validations: [{ expression: ${JSON.stringify(HAS_ACCOUNT)} }]
  ${more}`;
  it.each([
    ['that denies', policy(), 'enforced'],
    ['that audits', policy().replace('[Deny]', '[Audit]'), 'audited'],
    ['without actions', policy().replace('validationActions: [Deny]', 'failurePolicy: Fail'), 'audited'],
    ['without a webhook', policy().replace('vpol.validate.kyverno.svc-fail', 'other'), 'notWired'],
    [
      'with an exception',
      policy(
        '---\n  { apiVersion: policies.kyverno.io/v1alpha1, kind: PolicyException, metadata: { name: e, namespace: x }, spec: { policyRefs: [{ name: accounts, kind: ValidatingPolicy }] } }',
      ),
      'excluded',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(askAdmission(yaml, ACCOUNT)).toBe(expected);
  });
});
