/** Hands everything outside of `kube-system` to Kyverno, and refuses while it does not answer. */
export function kyvernoWebhook(failurePolicy = 'Fail'): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'kyverno-resource-validating-webhook-cfg' },
    webhooks: [
      {
        name: `validate.kyverno.svc-${failurePolicy.toLowerCase()}`,
        failurePolicy,
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] }],
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
        },
      },
    ],
  };
}

/** A ClusterPolicy of one rule. */
export function clusterPolicy(
  kinds: readonly string[],
  validate: object,
  { action = 'Enforce', excluded = ['flux-system'] }: { action?: string; excluded?: readonly string[] } = {},
): object {
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'tenants' },
    spec: {
      validationFailureAction: action,
      rules: [
        {
          name: 'the-rule',
          match: { any: [{ resources: { kinds } }] },
          exclude: { any: [{ resources: { namespaces: excluded } }] },
          validate,
        },
      ],
    },
  };
}

/** Demands an account of Kustomizations and HelmReleases. */
export const DEMANDS_ACCOUNT = { pattern: { spec: { serviceAccountName: '?*' } } };

/** A ValidatingAdmissionPolicy of one expression that is bound in every namespace. */
export function nativePolicy(
  expression: string,
  resources: readonly string[],
  { actions = ['Deny'], name = 'tenants' }: { actions?: readonly string[]; name?: string } = {},
): object[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources }],
        },
        validations: [{ expression }],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: actions },
    },
  ];
}
