import { expect, it } from 'vitest';
import { snapshotOf } from '../../../test/support/snapshot-of.js';
import { askAdmission, NAMESPACES, nativeText, requester } from '../../../test/support/admission-question.js';
import { namesAccount } from './demands.js';
import { admissionOf } from './protection.js';

const ACCOUNT = namesAccount('Kustomization');

const HAS_ACCOUNT = "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''";

it('names the rule and where it stands', () => {
  const { artifacts } = snapshotOf(`${NAMESPACES}${nativeText(HAS_ACCOUNT)}`);
  const admission = admissionOf({
    webhookConfigurations: [],
    admissionPolicies: artifacts.admissionPolicies.state === 'collected' ? artifacts.admissionPolicies.value : [],
    enginePolicies: [],
    namespaces: [],
  });
  expect(admission.protects(ACCOUNT, 'team-a', [requester])).toMatchObject({
    state: 'enforced',
    by: [{ engine: 'ValidatingAdmissionPolicy', name: 'validation 1', pointer: '/spec/validations/0' }],
  });
});

it('takes rules together that refuse one way each', () => {
  const halves = `${nativeText('has(object.spec.serviceAccountName)')}\n  ---\n${nativeText("!has(object.spec.serviceAccountName) || object.spec.serviceAccountName != ''").replaceAll('tenants', 'others')}`;
  expect(askAdmission(halves, ACCOUNT)).toBe('enforced');
});
