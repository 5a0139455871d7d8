import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { bound, clusterRole, granted, namespace, serviceAccount } from '../../../../test/support/rbac-text.js';
import { breakGlassIndependent as control } from './bg-03-independent.js';

const judges = tableOf(control);
const RBAC = 'rbac.authorization.k8s.io';
const ENTRY = {
  name: 'edge',
  principals: { users: ['bg'], groups: ['system:masters'] },
  authMethod: 'clientCertificate',
  credentialStores: ['vault'],
  network: { via: 'bastion' },
};
const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  platformPrincipals: { serviceAccounts: ['flux-remote/flux'] },
  tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] }, principals: { groups: ['team-a'] } }],
};
const BASE = [
  namespace('team-a', { 'pod-security.kubernetes.io/enforce': 'restricted' }),
  serviceAccount('flux-remote/flux'),
  clusterRole('cluster-admin', ['* */*']),
  clusterRole('rescue', ['* */*']),
];
const FLUX = bound('*', 'cluster-admin', 'account flux-remote/flux');
const cluster = (entry: object, ...more: readonly (object | readonly object[])[]) => [
  { ...REGISTRATION, breakGlass: [{ ...ENTRY, ...entry }] },
  ...BASE,
  ...more.flat(),
];
const GROUP = { principals: { groups: ['rescue'] } };
const RESCUE = bound('*', 'rescue', 'group rescue');
const tenant = (...rules: string[]) => granted('*', 'extra', rules, 'group team-a');

describe('what it rests on', () => {
  judges([
    ['a: a certificate of system:masters', cluster({}, FLUX), 'pass INDEPENDENT'],
    [
      'i: super-admin.conf, whatever tenants may delete',
      cluster({}, FLUX, tenant(`delete ${RBAC}/clusterrolebindings`)),
      'pass INDEPENDENT',
    ],
    [
      'an administrator of the cloud',
      cluster({ principals: { users: ['root@cloud'] }, authMethod: 'cloudProvider' }, FLUX),
      'pass INDEPENDENT',
    ],
    ['a group with a binding of its own', cluster(GROUP, FLUX, RESCUE), 'pass INDEPENDENT'],
    [
      'c: an account bound by the binding of Flux',
      cluster(
        { principals: { serviceAccounts: ['rescue/bg'] } },
        bound('*', 'cluster-admin', 'account flux-remote/flux', 'account rescue/bg'),
      ),
      'fail SHARED_WITH_PLATFORM',
      { message: /ClusterRoleBinding cluster-admin/ },
    ],
    [
      'c: an account in the namespace of the platform’s',
      cluster(
        { principals: { serviceAccounts: ['flux-remote/bg'] } },
        FLUX,
        bound('*', 'rescue', 'account flux-remote/bg'),
      ),
      'fail SHARED_WITH_PLATFORM',
      { message: /in the namespace of/ },
    ],
    [
      'the platform names the break-glass group too',
      [
        {
          ...REGISTRATION,
          platformPrincipals: { groups: ['rescue'], serviceAccounts: ['flux-remote/flux'] },
          breakGlass: [{ ...ENTRY, ...GROUP }],
        },
        ...BASE,
        FLUX,
        RESCUE,
      ],
      'pass INDEPENDENT',
    ],
    [
      'd: a tenant may delete its binding',
      cluster(GROUP, FLUX, RESCUE, tenant(`delete ${RBAC}/clusterrolebindings rescue`)),
      'fail TENANT_WRITABLE',
      { verdicts: ['fail TENANT_WRITABLE BreakGlass/edge team-a'], message: /ClusterRoleBinding rescue/ },
    ],
    [
      'd: a tenant may delete another binding',
      cluster(GROUP, FLUX, RESCUE, tenant(`delete ${RBAC}/clusterrolebindings other`)),
      'pass INDEPENDENT',
    ],
    [
      'd: a tenant may empty its role',
      cluster(GROUP, FLUX, RESCUE, tenant(`patch ${RBAC}/clusterroles`)),
      'fail TENANT_WRITABLE',
    ],
    [
      'a tenant is administrator',
      cluster(GROUP, FLUX, RESCUE, granted('*', 'boss', ['* */*'], 'group team-a')),
      'fail TENANT_WRITABLE',
      { message: /administrator/ },
    ],
    [
      'i: admin.conf of kubeadm, whose binding a tenant may delete',
      cluster(
        { principals: { users: ['kubernetes-admin'], groups: ['kubeadm:cluster-admins'] } },
        FLUX,
        clusterRole('kubeadm:cluster-admins', ['* */*']),
        bound('*', 'kubeadm:cluster-admins', 'group kubeadm:cluster-admins'),
        tenant(`delete ${RBAC}/clusterrolebindings`),
      ),
      'fail TENANT_WRITABLE',
    ],
    [
      'it is not known who the platform is',
      [{ ...REGISTRATION, platformPrincipals: undefined, breakGlass: [{ ...ENTRY, ...GROUP }] }, ...BASE, RESCUE],
      'notEvaluated NO_ACCESS_OBJECTS',
    ],
    [
      'it is not known who acts for the tenant',
      [
        {
          ...REGISTRATION,
          tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] } }],
          breakGlass: [{ ...ENTRY, ...GROUP }],
        },
        ...BASE,
        FLUX,
        RESCUE,
      ],
      'notEvaluated PRINCIPALS_UNDECLARED',
    ],
    [
      'it is not known who the tenants are',
      [{ ...REGISTRATION, tenants: [], breakGlass: [{ ...ENTRY, ...GROUP }] }, ...BASE, FLUX, RESCUE],
      'notEvaluated TENANTS_UNDEFINED',
    ],
    [
      'sign-in by an object that a tenant may change',
      cluster({ authMethod: 'oidc' }, FLUX, granted('kube-system', 'maps', ['patch /configmaps'], 'group team-a')),
      'fail IDENTITY_WRITABLE',
    ],
  ]);
});

describe('where the credential is, and how it gets there', () => {
  judges([
    [
      'h: in the management cluster only',
      cluster({ credentialStores: ['managementCluster'] }, FLUX),
      'fail CREDENTIAL_DEPENDS_ON_FLUX',
    ],
    [
      'h: in Git and the management cluster',
      cluster({ credentialStores: ['git', 'managementCluster'] }, FLUX),
      'fail CREDENTIAL_DEPENDS_ON_FLUX',
    ],
    [
      'in the management cluster and offline',
      cluster({ credentialStores: ['managementCluster', 'offline'] }, FLUX),
      'pass INDEPENDENT',
    ],
    ['nobody says where', cluster({ credentialStores: undefined }, FLUX), 'warn STORE_UNKNOWN'],
    [
      'the same sign-in and the same network',
      cluster(
        { identityProvider: 'sso', identityProviderShared: true, network: { via: 'vpn', sharedWithPrimary: true } },
        FLUX,
      ),
      'warn SHARED_PATH',
    ],
    [
      'the same sign-in by another network',
      cluster(
        { identityProvider: 'sso', identityProviderShared: true, network: { via: 'vpn', sharedWithPrimary: false } },
        FLUX,
      ),
      'pass INDEPENDENT',
    ],
    [
      'through the management cluster',
      cluster({ network: { via: 'managementCluster' } }, FLUX),
      'warn NETWORK_DEPENDS',
    ],
    ['through a network of the tenant', cluster({ network: { via: 'tenantNetwork' } }, FLUX), 'warn NETWORK_DEPENDS'],
  ]);
});

describe('where it applies', () => {
  judges([
    ['q: no entry', [REGISTRATION, ...BASE], 'notApplicable NO_ENTRY'],
    ['standalone', [{ ...REGISTRATION, role: 'standalone', breakGlass: [ENTRY] }], 'notApplicable NO_TENANT_BOUNDARY'],
    [
      'a management cluster without tenants',
      [
        {
          kind: 'Registration',
          role: 'management',
          breakGlass: [{ ...ENTRY, ...GROUP }],
          platformPrincipals: REGISTRATION.platformPrincipals,
        },
        ...BASE,
        FLUX,
        RESCUE,
      ],
      'pass INDEPENDENT',
    ],
    ['RBAC cannot be read', cluster({}, FLUX), 'notEvaluated RBAC_DENIED_READ', { unavailable: { rbac: 'forbidden' } }],
  ]);
});
