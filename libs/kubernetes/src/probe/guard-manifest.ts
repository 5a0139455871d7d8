import { MARKER_KEY } from './dry-run-guard.js';

/** The policy that makes a real write of a probe impossible, whatever mistake we make. */
export const GUARD_POLICY = 'plimsoll-dryrun-only';
/** As whom the self-test connects. */
export const GUARD_ACCOUNT = 'plimsoll-self-test';
/** Nothing of this name exists: the self-test is refused before anybody would look for it. */
export const GUARD_SERVICE = 'plimsoll-none';
export const GUARD_NAMESPACE = 'plimsoll';

const RBAC = 'rbac.authorization.k8s.io';
const POLICY_API = 'admissionregistration.k8s.io/v1';
const labels = { 'app.kubernetes.io/part-of': 'plimsoll' };

/**
 * What a cluster needs before anything is probed: the guard policy with its binding, and the account of the self-test
 * with its one right. A marked request that is no dry-run is denied, whoever sends it; everything else is left alone.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function guardManifest(namespace = GUARD_NAMESPACE): readonly object[] {
  const account = { name: GUARD_ACCOUNT, namespace };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...account, labels }, automountServiceAccountToken: false },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { ...account, labels },
      rules: [
        { apiGroups: [''], resources: ['services/proxy'], resourceNames: [GUARD_SERVICE], verbs: ['get'] },
        { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { ...account, labels },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: GUARD_ACCOUNT },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    },
    {
      apiVersion: POLICY_API,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: GUARD_POLICY, labels },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
        },
        matchConditions: [
          {
            name: 'is-probe',
            expression: `has(request.userInfo.extra) && '${MARKER_KEY}' in request.userInfo.extra`,
          },
        ],
        validations: [
          {
            expression: 'has(request.dryRun) && request.dryRun == true',
            message: 'plimsoll probes must be dry-run',
          },
        ],
      },
    },
    {
      apiVersion: POLICY_API,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: GUARD_POLICY, labels },
      spec: { policyName: GUARD_POLICY, validationActions: ['Deny'] },
    },
  ];
}
