import { type Demand, admissionOf } from '#libs/admission';
import type { Artifacts } from '#libs/core';
import { type SnapshotOptions, snapshotOf } from './snapshot-of.js';

/** Hands everything but the engine's own namespace to Kyverno, failing closed. */
export const KYVERNO_WEBHOOK = `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingWebhookConfiguration
  metadata: { name: kyverno-resource-validating-webhook-cfg }
  webhooks:
    - name: validate.kyverno.svc-fail
      failurePolicy: Fail
      matchPolicy: Equivalent
      namespaceSelector:
        matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [kyverno, kube-system] }]
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE, DELETE], resources: ['*'] }]
  ---
`;

/** The tenant whose requests are asked about. */
export const NAMESPACES = `
  apiVersion: v1
  kind: Namespace
  metadata: { name: team-a, labels: { toolkit.fluxcd.io/tenant: team-a } }
  ---
`;

export const requester = { user: 'alice', groups: ['team-a', 'system:authenticated'] };

/** What admission makes of a demand in the namespace `team-a`: `enforced`, the nearest gap, or `nothing`. */
export function askAdmission(yaml: string, demand: Demand, options: SnapshotOptions = {}): string {
  const { artifacts } = snapshotOf(`${NAMESPACES}${yaml}`, options);
  const value = <N extends 'webhookConfigurations' | 'admissionPolicies' | 'enginePolicies' | 'namespaces'>(name: N) =>
    (artifacts[name].state === 'collected' ? artifacts[name].value : undefined) as Artifacts[N] | undefined;
  const admission = admissionOf({
    webhookConfigurations: value('webhookConfigurations'),
    admissionPolicies: value('admissionPolicies'),
    enginePolicies: value('enginePolicies'),
    namespaces: value('namespaces'),
  });
  const protection = admission.protects(demand, 'team-a', [requester]);
  if (protection.state === 'enforced') return 'enforced';
  return protection.shortcomings[0]?.gap ?? 'nothing';
}

/** A ClusterPolicy of one rule, with its webhook. */
export const kyvernoText = (parts: { spec?: string; rule: string; match?: string }) => `${KYVERNO_WEBHOOK}
  apiVersion: kyverno.io/v1
  kind: ClusterPolicy
  metadata: { name: tenants }
  spec:
    ${parts.spec ?? 'validationFailureAction: Enforce'}
    rules:
      - name: the-rule
        match: ${parts.match ?? '{ any: [{ resources: { kinds: [Kustomization, HelmRelease] } }] }'}
        ${parts.rule}
`;

/** A ValidatingAdmissionPolicy with its binding. */
export const nativeText = (expression: string, parts: { policy?: string; binding?: string; rules?: string } = {}) => `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingAdmissionPolicy
  metadata: { name: tenants }
  spec:
    failurePolicy: Fail
    matchConstraints:
      resourceRules:
        - ${parts.rules ?? "{ apiGroups: [kustomize.toolkit.fluxcd.io, helm.toolkit.fluxcd.io], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: [kustomizations, helmreleases] }"}
    ${parts.policy ?? ''}
    validations:
      - expression: ${JSON.stringify(expression)}
  ---
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingAdmissionPolicyBinding
  metadata: { name: tenants-everywhere }
  spec:
    policyName: tenants
    ${parts.binding ?? 'validationActions: [Deny]'}
`;
