import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { bound, clusterRole, granted, namespace, serviceAccount } from '../../../../test/support/rbac-text.js';
import { tenantPermissions as control } from './ded-03-tenant-permissions.js';

const judges = tableOf(control);
const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';
const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  platformNamespaces: ['platform'],
  tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] }, principals: { groups: ['team-a'] } }],
};
const BASE = [REGISTRATION, namespace('team-a'), serviceAccount('team-a/app')];
const cluster = (...more: readonly (object | readonly object[])[]) => [...BASE, ...more.flat()];
const everywhere = (...rules: string[]) => cluster(granted('*', 'extra', rules, 'group team-a'));
const within = (place: string, ...rules: string[]) => cluster(granted(place, 'extra', rules, 'group team-a'));
const excess = (code: string) => ({ verdicts: [`fail EXCESSIVE_RIGHT Tenant/team-a ${code}`] });
const controller = (...args: string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kustomize-controller-0', namespace: 'flux-system' },
  spec: { containers: [{ name: 'manager', image: 'ghcr.io/fluxcd/kustomize-controller:v1.9.4', args }] },
});

describe('rights that no tenant needs', () => {
  judges([
    ['every right', everywhere('* */*'), 'fail EXCESSIVE_RIGHT', excess('WILDCARD')],
    [
      'every verb on a kind of its own',
      everywhere('* team.example.com/widgets'),
      'fail EXCESSIVE_RIGHT',
      excess('WILDCARD'),
    ],
    [
      'reading every resource',
      cluster(
        {
          apiVersion: `${RBAC}/v1`,
          kind: 'ClusterRole',
          metadata: { name: 'r' },
          rules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'] }],
        },
        bound('*', 'r', 'group team-a'),
      ),
      'fail EXCESSIVE_RIGHT',
      excess('WILDCARD'),
    ],
    ['escalating', everywhere(`escalate ${RBAC}/clusterroles`), 'fail EXCESSIVE_RIGHT', excess('ESCALATE')],
    [
      'binding one role in its namespace',
      within('team-a', `bind ${RBAC}/clusterroles edit`),
      'fail EXCESSIVE_RIGHT',
      excess('ESCALATE'),
    ],
    ['impersonating a user', everywhere('impersonate /users bob'), 'fail EXCESSIVE_RIGHT', excess('IMPERSONATE')],
    [
      'impersonating for some requests',
      everywhere('impersonate:user-info authentication.k8s.io/users'),
      'fail EXCESSIVE_RIGHT',
      excess('IMPERSONATE'),
    ],
    [
      'impersonating accounts of the platform',
      within('platform', 'impersonate /serviceaccounts'),
      'fail EXCESSIVE_RIGHT',
      excess('IMPERSONATE'),
    ],
    ['the API of nodes', everywhere('get /nodes/proxy'), 'fail EXCESSIVE_RIGHT', excess('NODES_PROXY')],
    [
      'approving certificates',
      everywhere('update certificates.k8s.io/certificatesigningrequests/approval'),
      'fail EXCESSIVE_RIGHT',
      excess('APPROVE_CERTIFICATES'),
    ],
    [
      'tokens in kube-system',
      within('kube-system', 'create /serviceaccounts/token'),
      'fail EXCESSIVE_RIGHT',
      excess('PLATFORM_TOKENS'),
    ],
    [
      'tokens everywhere',
      everywhere('create /serviceaccounts/token'),
      'fail EXCESSIVE_RIGHT',
      excess('PLATFORM_TOKENS'),
    ],
    ['Secrets everywhere', everywhere('list /secrets'), 'fail EXCESSIVE_RIGHT', excess('PLATFORM_SECRETS')],
    [
      'one Secret of the platform',
      within('platform', 'get /secrets git'),
      'fail EXCESSIVE_RIGHT',
      excess('PLATFORM_SECRETS'),
    ],
    [
      'x: patching Secrets of the platform',
      within('platform', 'patch /secrets'),
      'fail EXCESSIVE_RIGHT',
      excess('PLATFORM_SECRETS'),
    ],
    ['Secrets written, not read', within('platform', 'create,update /secrets'), 'pass NOT_EXCESSIVE'],
    [
      'pods in a platform namespace',
      within('platform', 'create batch/cronjobs'),
      'fail EXCESSIVE_RIGHT',
      excess('PLATFORM_PODS'),
    ],
    [
      'webhooks',
      everywhere(`create ${ADMISSION}/validatingwebhookconfigurations`),
      'fail EXCESSIVE_RIGHT',
      excess('ADMISSION'),
    ],
    [
      'CRDs',
      everywhere('patch apiextensions.k8s.io/customresourcedefinitions'),
      'fail EXCESSIVE_RIGHT',
      excess('API_EXTENSIONS'),
    ],
    [
      'PersistentVolumes',
      everywhere('create /persistentvolumes'),
      'fail EXCESSIVE_RIGHT',
      excess('PERSISTENT_VOLUMES'),
    ],
    ['all namespaces', everywhere('patch /namespaces'), 'fail EXCESSIVE_RIGHT', excess('NAMESPACES')],
    [
      'the status of a platform namespace',
      within('platform', 'patch /namespaces/status'),
      'fail EXCESSIVE_RIGHT',
      excess('NAMESPACES'),
    ],
    ['its own namespace by name', everywhere('patch /namespaces team-a'), 'pass NOT_EXCESSIVE'],
    [
      'its own and another one',
      everywhere('delete /namespaces team-a platform'),
      'fail EXCESSIVE_RIGHT',
      excess('NAMESPACES'),
    ],
    [
      'an application’s account',
      cluster(granted('*', 'extra', ['get /secrets'], 'account team-a/app')),
      'fail EXCESSIVE_RIGHT',
      { message: /service account team-a\/app/ },
    ],
    [
      'all accounts of its namespace',
      cluster(granted('*', 'extra', ['get /secrets'], 'group system:serviceaccounts:team-a')),
      'fail EXCESSIVE_RIGHT',
    ],
    [
      'all accounts there are',
      cluster(granted('*', 'extra', ['get /secrets'], 'group system:serviceaccounts')),
      'fail EXCESSIVE_RIGHT',
    ],
    [
      'two rights of two roles',
      cluster(
        granted('*', 'a', ['get /nodes/proxy'], 'group team-a'),
        granted('*', 'b', ['get /secrets'], 'group team-a'),
      ),
      'fail EXCESSIVE_RIGHT',
      {
        verdicts: [
          'fail EXCESSIVE_RIGHT Tenant/team-a NODES_PROXY',
          'fail EXCESSIVE_RIGHT Tenant/team-a PLATFORM_SECRETS',
        ],
      },
    ],
  ]);

  it('shows the binding and the rule', () => {
    const [found] = judge(control, everywhere('get /pods', 'get /secrets')).observations;
    expect(found?.evidence.map(({ object, pointer }) => `${object?.kind} ${pointer}`)).toEqual([
      'ClusterRoleBinding /roleRef',
      'ClusterRole /rules/1',
    ]);
    expect(found?.fixes?.[0]?.content).toContain('kubectl delete clusterrolebinding extra');
  });
});

describe('rights that are fine', () => {
  judges([
    ['none', cluster(), 'pass NOT_EXCESSIVE'],
    [
      'admin of its own namespace',
      within(
        'team-a',
        '* /secrets,pods,serviceaccounts',
        `create ${RBAC}/rolebindings`,
        'impersonate /serviceaccounts',
        'create /serviceaccounts/token',
        'create /pods/exec',
      ),
      'pass NOT_EXCESSIVE',
    ],
    [
      'everything in its own namespace, as flux create tenant binds it',
      cluster(clusterRole('cluster-admin', ['* */*']), {
        ...(bound('team-a', 'cluster-admin', 'account team-a/app') as object),
      }),
      'pass NOT_EXCESSIVE',
    ],
    ['every verb in its own namespace', within('team-a', '* /configmaps'), 'pass NOT_EXCESSIVE'],
    ['reading nodes and namespaces', everywhere('get,list,watch /nodes,namespaces'), 'pass NOT_EXCESSIVE'],
    [
      'paths',
      cluster(
        {
          apiVersion: `${RBAC}/v1`,
          kind: 'ClusterRole',
          metadata: { name: 'p' },
          rules: [{ verbs: ['*'], nonResourceURLs: ['/metrics'] }],
        },
        bound('*', 'p', 'group team-a'),
      ),
      'pass NOT_EXCESSIVE',
    ],
    ['somebody else', cluster(granted('*', 'extra', ['* */*'], 'group platform')), 'pass NOT_EXCESSIVE'],
  ]);
});

describe('grants to everybody', () => {
  const basic = clusterRole('system:basic-user', ['create authorization.k8s.io/selfsubjectaccessreviews'], {
    'kubernetes.io/bootstrapping': 'rbac-defaults',
  });
  judges([
    [
      'those of Kubernetes',
      cluster(basic, bound('*', 'system:basic-user', 'group system:authenticated')),
      'pass NOT_EXCESSIVE',
    ],
    [
      'p: tokens in kube-system',
      cluster(granted('kube-system', 'tokens', ['create /serviceaccounts/token'], 'group system:authenticated')),
      'fail GRANT_TO_EVERYBODY',
      { verdicts: ['fail GRANT_TO_EVERYBODY RoleBinding/kube-system/tokens', 'pass NOT_EXCESSIVE Tenant/team-a'] },
    ],
    [
      'reading pods',
      cluster(granted('*', 'look', ['get /pods'], 'group system:unauthenticated')),
      'fail GRANT_TO_EVERYBODY',
    ],
    [
      'the anonymous user',
      cluster(granted('*', 'look', ['get /pods'], 'user system:anonymous')),
      'fail GRANT_TO_EVERYBODY',
    ],
    [
      'what kubeadm join reads',
      cluster(granted('kube-public', 'info', ['get /configmaps cluster-info'], 'user system:anonymous')),
      'pass NOT_EXCESSIVE',
    ],
    [
      'more than kubeadm join reads',
      cluster(granted('kube-public', 'info', ['get /configmaps'], 'user system:anonymous')),
      'fail GRANT_TO_EVERYBODY',
    ],
  ]);
});

describe('rights on Flux objects', () => {
  const flux = granted(
    'team-a',
    'flux-edit',
    ['create,patch kustomize.toolkit.fluxcd.io/kustomizations'],
    'group team-a',
  );
  judges([
    ['no default account', cluster(flux, controller()), 'warn FLUX_WITHOUT_DEFAULT_ACCOUNT'],
    ['a default account', cluster(flux, controller('--default-service-account=default')), 'pass NOT_EXCESSIVE'],
    ['no Flux here', cluster(flux), 'pass NOT_EXCESSIVE'],
    [
      'bound everywhere',
      cluster(granted('*', 'flux-edit', ['create helm.toolkit.fluxcd.io/helmreleases'], 'group team-a'), controller()),
      'warn FLUX_WITHOUT_DEFAULT_ACCOUNT',
    ],
    [
      'whether Flux is here cannot be read',
      cluster(flux, controller('--default-service-account=default')),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { pods: 'forbidden' } },
    ],
  ]);
});

describe('where it applies, and what is not known', () => {
  judges([
    ['shared', [{ ...REGISTRATION, tenancy: 'shared' }, ...BASE.slice(1)], 'pass NOT_EXCESSIVE'],
    ['standalone', [{ ...REGISTRATION, role: 'standalone' }], 'notApplicable NO_TENANT_BOUNDARY'],
    ['no tenants declared', [{ ...REGISTRATION, tenants: [] }], 'notEvaluated TENANTS_UNDEFINED'],
    [
      'people not declared',
      [{ ...REGISTRATION, tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] } }] }, ...BASE.slice(1)],
      'notEvaluated PRINCIPALS_UNDECLARED',
    ],
    [
      'the API server allows everything',
      cluster({
        kind: 'AccessReview',
        question: { user: '', groups: ['team-a', 'system:authenticated'], verb: '*', group: '*', resource: '*' },
        allowed: true,
      }),
      'fail NON_RBAC_AUTHORIZER',
    ],
  ]);
});
