import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED } from '../../../../test/support/flux-installation.js';
import { sealedSecretsScope as control } from './ss-01-sealed-secrets-scope.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const CLUSTER = 'sealedsecrets.bitnami.com/cluster-wide';
const NAMESPACE = 'sealedsecrets.bitnami.com/namespace-wide';

const sealed = (annotations: Record<string, string> = {}, spec: object = {}, namespace = 'team-a') => ({
  apiVersion: 'bitnami.com/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name: 'db', namespace, annotations },
  spec,
});
const template = (annotations: Record<string, string>) => ({ templateAnnotations: annotations });
/** Somebody may create SealedSecrets in a namespace. */
const creator = (namespace: string, subject: object) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'sealer', namespace },
    rules: [{ apiGroups: ['bitnami.com'], resources: ['sealedsecrets'], verbs: ['create'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'sealer', namespace },
    subjects: [subject],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'sealer' },
  },
];
const account = (namespace: string) => ({ kind: 'Group', name: `system:serviceaccounts:${namespace}` });
const group = { kind: 'Group', name: 'team-b-developers' };
const S = 'SealedSecret/team-a/db';

describe('FLUX-SS-01', () => {
  judges([
    ['no annotation', [sealed()], 'pass STRICT', shared],
    ['cluster-wide', [sealed({ [CLUSTER]: 'true' })], 'fail CLUSTER_WIDE', { ...shared, severity: 'high' }],
    [
      'cluster-wide in another spelling',
      [sealed({ [CLUSTER]: 'True' })],
      'pass INEFFECTIVE_ANNOTATION',
      { ...shared, message: /"True" has no effect/ },
    ],
    ['cluster-wide: false', [sealed({ [CLUSTER]: 'false' })], 'pass STRICT', shared],
    ['namespace-wide, one tenant', [sealed({ [NAMESPACE]: 'true' })], 'warn NAMESPACE_WIDE', shared],
    [
      'both',
      [sealed({ [NAMESPACE]: 'true', [CLUSTER]: 'true' })],
      'fail CLUSTER_WIDE',
      { ...shared, verdicts: [`fail CLUSTER_WIDE ${S}`] },
    ],
    ['only the template is cluster-wide', [sealed({}, template({ [CLUSTER]: 'true' }))], 'fail SCOPE_MISMATCH', shared],
    [
      'namespace-wide, and the template is cluster-wide',
      [sealed({ [NAMESPACE]: 'true' }, template({ [CLUSTER]: 'true' }))],
      'fail SCOPE_MISMATCH',
      { ...shared, verdicts: [`fail SCOPE_MISMATCH ${S}`, `warn NAMESPACE_WIDE ${S}`] },
    ],
    [
      'only the template is namespace-wide',
      [sealed({}, template({ [NAMESPACE]: 'true' }))],
      'warn SCOPE_MISMATCH',
      shared,
    ],
    [
      'both are cluster-wide: one finding',
      [sealed({ [CLUSTER]: 'true' }, template({ [CLUSTER]: 'true' }))],
      'fail CLUSTER_WIDE',
      { ...shared, verdicts: [`fail CLUSTER_WIDE ${S}`] },
    ],
    ['the template is in another spelling', [sealed({}, template({ [CLUSTER]: 'TRUE' }))], 'pass STRICT', shared],
    [
      'the deprecated form',
      [sealed({}, { hasDeprecatedData: true })],
      'warn DEPRECATED_DATA',
      { ...shared, verdicts: [`warn DEPRECATED_DATA ${S}`, `pass STRICT ${S}`] },
    ],
    [
      'namespace-wide, and accounts of another tenant may create there',
      [sealed({ [NAMESPACE]: 'true' }), ...creator('team-a', account('team-b'))],
      'fail NAMESPACE_WIDE',
      {
        ...shared,
        severity: 'medium',
        message: /team-b \(service account team-b\/default may create sealedsecrets in team-a\)/,
      },
    ],
    [
      'namespace-wide, and a group of another tenant may create there',
      [sealed({ [NAMESPACE]: 'true' }), ...creator('team-a', group)],
      'fail NAMESPACE_WIDE',
      {
        registration: {
          ...SHARED,
          tenants: [SHARED.tenants[0], { ...SHARED.tenants[1], principals: { groups: ['team-b-developers'] } }],
        },
        message: /group team-b-developers may create/,
      },
    ],
    [
      'namespace-wide, and its own accounts may create there',
      [sealed({ [NAMESPACE]: 'true' }), ...creator('team-a', account('team-a'))],
      'warn NAMESPACE_WIDE',
      shared,
    ],
    [
      'namespace-wide, in a namespace of the platform where a tenant may create',
      [sealed({ [NAMESPACE]: 'true' }, {}, 'infra'), ...creator('infra', account('team-a'))],
      'fail NAMESPACE_WIDE',
      shared,
    ],
    [
      'namespace-wide, in a namespace of two tenants',
      [sealed({ [NAMESPACE]: 'true' })],
      'fail NAMESPACE_WIDE',
      {
        registration: {
          ...SHARED,
          tenants: [SHARED.tenants[0], { name: 'team-b', namespaces: { names: ['team-b', 'team-a'] } }],
        },
        message: /Several tenants live there: team-a, team-b/,
      },
    ],
    [
      'namespace-wide, and who may create is not known',
      [sealed({ [NAMESPACE]: 'true' })],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'cluster-wide, on a cluster of one tenant',
      [sealed({ [CLUSTER]: 'true' })],
      'warn CLUSTER_WIDE',
      { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
    ],
    [
      'a cluster without tenants',
      [sealed({ [CLUSTER]: 'true' })],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    [
      'tenants are not named',
      [sealed()],
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    ['no SealedSecret', [], 'notApplicable NO_SEALED_SECRETS', shared],
    ['the API is not served', [], 'notApplicable NO_SEALED_SECRETS', { ...shared, notServed: ['bitnami.com'] }],
  ]);

  it('shows how to seal it again, with the controller of the cluster', () => {
    const controller = {
      apiVersion: 'v1',
      kind: 'OperatorPod',
      metadata: { name: 'sealed-secrets-7d', namespace: 'kube-system' },
      program: 'sealed-secrets-controller',
      owner: { kind: 'Deployment', name: 'sealed-secrets' },
      container: { name: 'controller', image: 'bitnami/sealed-secrets-controller:0.36.6' },
    };
    const [observation] = judge(control, [sealed({ [CLUSTER]: 'true' }), controller], shared).observations;
    expect(observation?.fixes?.[0]?.content).toContain(
      'kubeseal --controller-namespace kube-system --controller-name sealed-secrets --scope strict',
    );
  });
});
