import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { HUB, byMap, fleetCluster, kubeMap, kubeSecret } from '../../../../test/support/kubeconfig-facts.js';
import { type Fields, ago, helmRelease, kustomization } from '../../../../test/support/remote-apply-objects.js';
import { remoteIdentity as control } from './ra-06-remote-identity.js';

const judges = tableOf(control);
const SECRET = 'Secret/spoke-a/kubeconfig';
const spoke = fleetCluster('spoke-a');
const of = (config: object, ...more: readonly object[]) => [kustomization(), kubeSecret(config), spoke, ...more];
const certificate = (commonName: string, ...organizations: readonly string[]) => ({
  token: undefined,
  certificate: { commonName, organizations, notBefore: ago('1d'), notAfter: '2027-01-01T00:00:00Z' },
});
const account = (subject = 'system:serviceaccount:spoke-a:remote') => ({
  token: { kind: 'jwt', subject, expiresAt: '2026-12-01T00:00:00Z' },
});
const TENANTS = {
  registration: { role: 'management', tenancy: 'shared', tenants: [{ name: 'a', namespaces: { names: ['spoke-a'] } }] },
} as const;

describe('the identity itself', () => {
  judges([
    ['an empty cluster', [], 'notApplicable NO_REMOTE_APPLY'],
    [
      'an account of another cluster: its roles are not known here',
      of(account()),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      {
        verdicts: [`notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`],
        message: /the cluster spoke-a[\s\S]*platform principals/,
      },
    ],
    [
      'of system:masters',
      of(certificate('x', 'system:masters')),
      'fail SYSTEM_MASTERS',
      { severity: 'high', verdicts: [`fail SYSTEM_MASTERS ${SECRET}`, `notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`] },
    ],
    ['of another group', of(certificate('flux', 'platform')), 'notEvaluated TARGET_RBAC_UNKNOWN'],
    [
      'a person',
      of(certificate('jane@example.com')),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      { verdicts: [`notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`, `warn NOT_DEDICATED ${SECRET}`] },
    ],
    [
      'the break-glass account',
      of(account()),
      'fail BREAK_GLASS_IDENTITY',
      { registration: { breakGlass: [{ name: 'admin', principals: { serviceAccounts: ['spoke-a/remote'] } }] } },
    ],
    [
      'another break-glass account, and a group',
      of(account()),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      { registration: { breakGlass: [{ name: 'admin', principals: { users: ['x'], groups: ['spoke-a'] } }] } },
    ],
    ['an opaque token', of({ token: { kind: 'opaque' } }), 'notEvaluated UNKNOWN_IDENTITY'],
    ['workload identity', [kustomization({ spec: byMap }), kubeMap(), spoke], 'notEvaluated CLOUD_IDENTITY'],
    ['the Secret does not exist', [kustomization()], 'notApplicable NO_TARGET'],
    [
      'the Secret may not be read',
      of(account()),
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'spoke-a/kubeconfig': 'forbidden' } } },
    ],
  ]);
});

describe('releases of tenants', () => {
  const release = (spec: Fields = {}) => [helmRelease({ spec }), kubeSecret(account()), spoke];
  judges([
    [
      'without an account',
      release(),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      {
        ...TENANTS,
        verdicts: [`notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`, 'warn UNRESTRICTED_RELEASE HelmRelease/spoke-a/apps'],
      },
    ],
    [
      'with an account',
      release({ serviceAccountName: 'app' }),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      { ...TENANTS, verdicts: [`notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`] },
    ],
    [
      'with a default account',
      [...release(), ...controller('helm-controller', ['--default-service-account=app'])],
      'notEvaluated TARGET_RBAC_UNKNOWN',
      { ...TENANTS, verdicts: [`notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`] },
    ],
    [
      'of the platform',
      release(),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      {
        registration: { role: 'management', tenancy: 'dedicated' },
        verdicts: [`notEvaluated TARGET_RBAC_UNKNOWN ${SECRET}`],
      },
    ],
  ]);
});

describe('back to this cluster', () => {
  const here = (spec: Fields, ...more: readonly object[]) => [
    kustomization({ spec }),
    kubeSecret({ server: 'https://hub.example.com:6443', caSpkiSha256: 'hub', ...account() }),
    HUB,
    ...more,
  ];
  const grant = (names?: readonly string[]) => [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'i', namespace: 'spoke-a' },
      rules: [
        {
          apiGroups: [''],
          resources: ['serviceaccounts'],
          verbs: ['impersonate'],
          ...(names && { resourceNames: names }),
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'i', namespace: 'spoke-a' },
      subjects: [{ kind: 'ServiceAccount', name: 'remote', namespace: 'spoke-a' }],
      roleRef: { kind: 'Role', name: 'i' },
    },
  ];
  const named = { serviceAccountName: 'infra' };
  judges([
    ['nobody is impersonated', here({}), 'pass IDENTITY_SOUND'],
    ['it may impersonate the account', here(named, ...grant(['infra'])), 'pass IDENTITY_SOUND'],
    ['it may impersonate every account of the namespace', here(named, ...grant()), 'pass IDENTITY_SOUND'],
    [
      'it may impersonate another account',
      here(named, ...grant(['other'])),
      'fail IMPERSONATION_MISSING',
      { message: /spoke-a\/infra/ },
    ],
    [
      'it may impersonate nobody',
      here(named),
      'fail IMPERSONATION_MISSING',
      { verdicts: ['fail IMPERSONATION_MISSING Kustomization/spoke-a/apps'] },
    ],
    [
      'the default account',
      here({}, ...controller('kustomize-controller', ['--default-service-account=default'])),
      'fail IMPERSONATION_MISSING',
      { message: /spoke-a\/default/ },
    ],
    [
      'whether there is a default account cannot be read',
      here({}, ...controller('kustomize-controller', ['--default-service-account=default'])),
      'notEvaluated DEFAULT_ACCOUNT_UNKNOWN',
      { unavailable: { pods: 'timeout' } },
    ],
    ['roles cannot be read', here(named), 'notEvaluated RBAC_DENIED_READ', { unavailable: { rbac: 'forbidden' } }],
    [
      'the registry cannot be read',
      here({}),
      'notEvaluated TARGET_RBAC_UNKNOWN',
      { unavailable: { fleet: 'notCollected' } },
    ],
  ]);
});
