import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import { controller as installed } from '../../../../test/support/flux-installation.js';
import { bound, clusterRole, granted, namespace, serviceAccount } from '../../../../test/support/rbac-text.js';
import { noRevocationByTenants as control } from './ded-01-no-revocation-by-tenants.js';

const judges = tableOf(control);
const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  platformPrincipals: { groups: ['platform-admins'], serviceAccounts: ['flux-remote/flux'] },
  platformNamespaces: ['flux-remote'],
  tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] }, principals: { users: ['ann'], groups: ['team-a'] } }],
};
/** A cluster with a platform that holds every right, a system account that may escalate, and a tenant with a home. */
const BASE: readonly object[] = [
  REGISTRATION,
  namespace('team-a', RESTRICTED),
  namespace('flux-remote', RESTRICTED),
  namespace('kube-system', RESTRICTED),
  serviceAccount('team-a/default'),
  serviceAccount('team-a/app'),
  serviceAccount('flux-remote/flux'),
  serviceAccount('kube-system/clusterrole-aggregation-controller'),
  clusterRole('cluster-admin', ['* */*']),
  clusterRole('admin', [
    'get,list,create,patch,update,delete /pods,secrets,configmaps,serviceaccounts',
    'create /serviceaccounts/token',
    'create apps/deployments',
    `create,get,delete ${RBAC}/roles,rolebindings`,
    'impersonate /serviceaccounts',
  ]),
  bound('*', 'cluster-admin', 'group platform-admins', 'account flux-remote/flux'),
  ...granted(
    '*',
    'system:controller:clusterrole-aggregation-controller',
    [`escalate,get,patch,update ${RBAC}/clusterroles`],
    'account kube-system/clusterrole-aggregation-controller',
  ),
];
const together = (...objects: readonly (object | readonly object[])[]) => [...BASE, ...objects.flat()];
const registration = (more: object) => [{ ...REGISTRATION, ...more }, ...BASE.slice(1)];
const tenant = (place: string, ...rules: string[]) => granted(place, 'extra', rules, 'group team-a');
const policyOf = (kind: string, name: string) => ({
  apiVersion: `${ADMISSION}/v1`,
  kind,
  metadata: { name },
  spec: { policyName: 'x' },
});
const group = (name: string) => ({ user: '', groups: [name, 'system:authenticated'] });
const review = (question: object, allowed: boolean | null, reason?: string) => ({
  kind: 'AccessReview',
  question: { ...group('team-a'), ...question },
  allowed,
  reason,
});

describe('the tenant cannot touch the platform', () => {
  judges([
    ['a: admin in its own namespace', together(bound('team-a', 'admin', 'group team-a')), 'pass RBAC_PROTECTED'],
    ['no rights at all', together(), 'pass RBAC_PROTECTED', { verdicts: ['pass RBAC_PROTECTED Tenant/team-a'] }],
    [
      'reading bindings is no right to change them',
      together(tenant('*', `get,list,watch ${RBAC}/clusterrolebindings`)),
      'pass RBAC_PROTECTED',
    ],
    [
      'deleting bindings of its own by name',
      together(tenant('*', `delete ${RBAC}/clusterrolebindings team-a-view`)),
      'pass RBAC_PROTECTED',
    ],
    [
      'configmaps of its own called aws-auth',
      together(tenant('team-a', 'update /configmaps aws-auth')),
      'pass RBAC_PROTECTED',
    ],
  ]);
});

describe('the tenant can become administrator', () => {
  judges([
    [
      'b: it is bound to cluster-admin',
      together(bound('*', 'cluster-admin', 'group platform-admins', 'group team-a')),
      'fail TENANT_CAN_BECOME_ADMIN',
      {
        verdicts: ['fail TENANT_CAN_BECOME_ADMIN Tenant/team-a E0 ClusterRole/cluster-admin'],
        message: /is administrator.*group team-a.*ClusterRole "cluster-admin", rule 1/s,
      },
    ],
    [
      'one of its groups is system:masters',
      [
        { ...REGISTRATION, tenants: [{ name: 'team-a', principals: { groups: ['system:masters'] } }] },
        ...BASE.slice(1),
      ],
      'fail TENANT_CAN_BECOME_ADMIN',
      { message: /as a member of system:masters/ },
    ],
    [
      'g: it may create pods in kube-system',
      together(tenant('kube-system', 'create /pods')),
      'fail TENANT_CAN_BECOME_ADMIN',
      { message: /kube-system\/clusterrole-aggregation-controller/ },
    ],
    [
      'g: it may change workloads there',
      together(tenant('kube-system', 'patch apps/daemonsets')),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    [
      'h: it may update aws-auth, which exists',
      together(tenant('kube-system', 'update /configmaps aws-auth'), {
        apiVersion: 'v1',
        kind: 'PlatformConfigMap',
        metadata: { namespace: 'kube-system', name: 'aws-auth' },
        data: {},
      }),
      'fail TENANT_CAN_BECOME_ADMIN',
      { message: /edits which cloud identities are administrators/ },
    ],
    [
      'p: everybody may request tokens in kube-system',
      together(granted('kube-system', 'tokens', ['create /serviceaccounts/token'], 'group system:authenticated')),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    [
      'w: it may patch APIServices',
      together(tenant('*', 'patch apiregistration.k8s.io/apiservices')),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    [
      'x: it may patch Secrets of the platform, and reads them so',
      together(tenant('flux-remote', 'patch /secrets')),
      'fail TENANT_CAN_BECOME_ADMIN',
      { message: /flux-remote\/flux/ },
    ],
    [
      'y: an account without a namespace is one of the namespace of its RoleBinding',
      together(
        granted('team-a', 'local', ['create /pods'], 'account app'),
        {
          apiVersion: `${RBAC}/v1`,
          kind: 'RoleBinding',
          metadata: { namespace: 'team-a', name: 'power' },
          roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ kind: 'ServiceAccount', name: 'app' }],
        },
        granted('team-a', 'unused', ['get /pods'], 'group nobody'),
      ),
      'pass RBAC_PROTECTED',
    ],
    [
      'y: the same in kube-system is nobody of the tenant',
      together(granted('kube-system', 'local', ['create /pods'], 'account app')),
      'pass RBAC_PROTECTED',
    ],
    [
      'y: with the namespace of the tenant it is',
      together(granted('kube-system', 'local', ['create /pods'], 'account team-a/app')),
      'fail TENANT_CAN_BECOME_ADMIN',
      { message: /service account team-a\/app/ },
    ],
    [
      'it may bind any role',
      together(tenant('*', `bind ${RBAC}/clusterroles`, `create ${RBAC}/clusterrolebindings`)),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    ['it may impersonate groups', together(tenant('*', 'impersonate /groups,users')), 'fail TENANT_CAN_BECOME_ADMIN'],
    [
      'an account of its namespace is administrator',
      together(granted('*', 'root', ['* */*'], 'account team-a/app')),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    [
      'all accounts are administrators',
      together(bound('*', 'cluster-admin', 'group platform-admins', 'group system:serviceaccounts')),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    [
      'privileged pods are let through in its namespace, which shares nodes with the platform',
      together(
        namespace('team-b', { 'pod-security.kubernetes.io/enforce': 'privileged' }),
        {
          ...REGISTRATION,
          tenants: [{ name: 'team-a', namespaces: { names: ['team-b'] }, principals: { groups: ['team-a'] } }],
        },
        tenant('team-b', 'create /pods'),
        {
          kind: 'PodGroup',
          namespace: 'flux-remote',
          owner: { kind: 'Deployment', name: 'f' },
          serviceAccountName: 'flux',
          risks: [],
          mirror: false,
          nodes: {},
        },
      ),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
  ]);

  it('shows every step with its binding, role and rule', () => {
    const [found] = judge(control, together(tenant('kube-system', 'create /pods'))).observations;
    expect(found?.evidence.map(({ object, pointer }) => `${object?.kind} ${object?.name} ${pointer}`)).toEqual([
      'RoleBinding extra /roleRef',
      'ClusterRole extra /rules/0',
      'ClusterRoleBinding system:controller:clusterrole-aggregation-controller /roleRef',
      'ClusterRole system:controller:clusterrole-aggregation-controller /rules/0',
    ]);
  });

  it('offers admin of the tenant’s namespaces instead of every right', () => {
    const [found] = judge(control, together(bound('*', 'cluster-admin', 'group team-a'))).observations;
    expect(found?.fixes?.[0]?.content).toMatch(
      /name: team-a-admin, namespace: team-a[^]*kind: Group[^]*name: "team-a"/,
    );
  });
});

describe('Flux in the cluster', () => {
  const controller = (...args: string[]) => [
    namespace('flux-system', RESTRICTED),
    serviceAccount('flux-system/kustomize-controller'),
    ...granted('*', 'flux-admin', ['* */*'], 'account flux-system/kustomize-controller'),
    ...installed('kustomize-controller', args, { serviceAccountName: 'kustomize-controller' }),
  ];
  const edit = (place: string) => tenant(place, 'create kustomize.toolkit.fluxcd.io/kustomizations');
  const LOCKED = [
    '--default-service-account=default',
    '--default-kubeconfig-service-account=default',
    '--feature-gates=ObjectLevelWorkloadIdentity=true',
  ];
  judges([
    [
      'no default account',
      together(controller(), edit('team-a')),
      'fail TENANT_CAN_BECOME_ADMIN',
      { verdicts: ['fail TENANT_CAN_BECOME_ADMIN Tenant/team-a E15 ClusterRole/extra'] },
    ],
    [
      'no default account for kubeconfigs',
      together(controller(...LOCKED.slice(0, 1)), edit('team-a')),
      'fail TENANT_CAN_BECOME_ADMIN',
      { verdicts: ['fail TENANT_CAN_BECOME_ADMIN Tenant/team-a E17 ClusterRole/extra'] },
    ],
    ['both default accounts', together(controller(...LOCKED), edit('team-a')), 'pass RBAC_PROTECTED'],
    [
      'objects in the namespace of Flux',
      together(controller(...LOCKED), edit('flux-system')),
      'fail TENANT_CAN_BECOME_ADMIN',
      { verdicts: ['fail TENANT_CAN_BECOME_ADMIN Tenant/team-a E16 ClusterRole/extra'] },
    ],
    [
      'it may scale the controllers',
      together(controller(...LOCKED), tenant('flux-system', 'patch apps/deployments/scale')),
      'warn NOT_PROVEN',
      { verdicts: ['warn NOT_PROVEN Tenant/team-a A8 Deployment'] },
    ],
    [
      'it may delete the namespace of Flux',
      together(controller(...LOCKED), tenant('flux-system', 'delete /namespaces')),
      'warn NOT_PROVEN',
      { verdicts: [expect.stringContaining('A3 Namespace') as string] },
    ],
    [
      'Flux is the platform where nobody is declared',
      [{ ...REGISTRATION, platformPrincipals: undefined }, ...together(controller(...LOCKED)).slice(1)],
      'pass RBAC_PROTECTED',
    ],
  ]);
});

describe('what no admission policy protects', () => {
  judges([
    [
      'f1: it may delete bindings of admission policies',
      together(tenant('*', `delete ${ADMISSION}/validatingadmissionpolicybindings`)),
      'fail ACCESS_REVOCABLE',
      { verdicts: ['fail ACCESS_REVOCABLE Tenant/team-a A6 ValidatingAdmissionPolicyBinding'] },
    ],
    [
      'f1: one of them, by name',
      together(
        tenant('*', `delete ${ADMISSION}/validatingadmissionpolicybindings guard`),
        policyOf('ValidatingAdmissionPolicyBinding', 'guard'),
      ),
      'fail ACCESS_REVOCABLE',
      { message: /ValidatingAdmissionPolicyBinding guard/ },
    ],
    [
      'f1: one that is not there',
      together(
        tenant('*', `delete ${ADMISSION}/validatingadmissionpolicybindings other`),
        policyOf('ValidatingAdmissionPolicyBinding', 'guard'),
      ),
      'pass RBAC_PROTECTED',
    ],
    [
      'it may create policies',
      together(tenant('*', `create ${ADMISSION}/validatingadmissionpolicies`)),
      'fail ACCESS_REVOCABLE',
    ],
    [
      'it may delete APIServices',
      together(tenant('*', 'delete apiregistration.k8s.io/apiservices')),
      'fail ACCESS_REVOCABLE',
    ],
    [
      'it may create flow schemas',
      together(tenant('*', 'create flowcontrol.apiserver.k8s.io/flowschemas')),
      'fail ACCESS_REVOCABLE',
    ],
    [
      'it may change how the front proxy is trusted',
      together(tenant('kube-system', 'patch /configmaps')),
      'fail ACCESS_REVOCABLE',
      { message: /kube-system\/extension-apiserver-authentication/ },
    ],
    [
      'an account that it can become may',
      together(
        tenant('kube-system', 'create /pods'),
        BASE.slice(0, 7),
        granted('*', 'cleaner', [`delete ${ADMISSION}/validatingadmissionpolicies`], 'account kube-system/default'),
      ).filter((object) => !JSON.stringify(object).includes('clusterrole-aggregation-controller')),
      'fail ACCESS_REVOCABLE',
      { message: /becomes service account kube-system\/default/ },
    ],
    [
      'w: a built-in group has a service',
      together({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.apps' },
        spec: { group: 'apps', version: 'v1', service: { namespace: 'team-a', name: 'x' } },
      }),
      'fail BUILT_IN_GROUP_REDIRECTED',
      {
        verdicts: [
          'fail BUILT_IN_GROUP_REDIRECTED APIService/v1.apps',
          'notEvaluated READS_NOT_TRUSTED Cluster/cluster',
        ],
      },
    ],
    [
      'w: a group of its own has a service',
      together({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          service: { namespace: 'kube-system', name: 'metrics-server' },
        },
      }),
      'pass RBAC_PROTECTED',
    ],
  ]);
});

describe('what an admission policy could protect', () => {
  judges([
    [
      'c: it may delete ClusterRoleBindings',
      together(tenant('*', `delete ${RBAC}/clusterrolebindings`)),
      'warn NOT_PROVEN',
      {
        verdicts: ['warn NOT_PROVEN Tenant/team-a A1 ClusterRoleBinding'],
        message: /UPDATE and DELETE of ClusterRoleBinding cluster-admin/,
      },
    ],
    [
      'c: all of them at once',
      together(tenant('*', `deletecollection ${RBAC}/clusterrolebindings`)),
      'warn NOT_PROVEN',
    ],
    [
      'f: it may delete webhook configurations',
      together(tenant('*', `delete ${ADMISSION}/validatingwebhookconfigurations`)),
      'warn NOT_PROVEN',
    ],
    [
      'i: it may patch the role of the platform',
      together(tenant('*', `patch ${RBAC}/clusterroles cluster-admin`)),
      'warn NOT_PROVEN',
      { message: /ClusterRole cluster-admin/ },
    ],
    [
      'j: it may patch bindings, without bind',
      together(tenant('*', `patch ${RBAC}/clusterrolebindings`)),
      'warn NOT_PROVEN',
    ],
    [
      'l: it may create validating webhooks',
      together(tenant('*', `create ${ADMISSION}/validatingwebhookconfigurations`)),
      'warn NOT_PROVEN',
    ],
    [
      'k: it may create exceptions of Kyverno',
      together(tenant('team-a', 'create kyverno.io/policyexceptions'), {
        apiVersion: 'kyverno.io/v1',
        kind: 'ClusterPolicy',
        metadata: { name: 'p' },
        spec: {},
      }),
      'warn NOT_PROVEN',
      { message: /PolicyException/ },
    ],
    [
      'it may edit the parameters of an admission policy',
      together(
        tenant('guard', 'update /configmaps allowed'),
        {
          apiVersion: `${ADMISSION}/v1`,
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name: 'x' },
          spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
        },
        {
          apiVersion: `${ADMISSION}/v1`,
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name: 'x' },
          spec: { policyName: 'x', paramRef: { name: 'allowed', namespace: 'guard' } },
        },
      ),
      'warn NOT_PROVEN',
      { verdicts: ['warn NOT_PROVEN Tenant/team-a A6 ConfigMap (parameter)'] },
    ],
    [
      'it may set quotas where an account of the platform lives',
      together(tenant('flux-remote', 'create /resourcequotas')),
      'warn NOT_PROVEN',
    ],
    [
      'k: without Kyverno that is nothing',
      together(tenant('team-a', 'create kyverno.io/policyexceptions')),
      'pass RBAC_PROTECTED',
    ],
    [
      'u: it may patch the status of the platform’s namespace',
      together(tenant('flux-remote', 'patch /namespaces/status')),
      'warn NOT_PROVEN',
      { message: /status of Namespace flux-remote/ },
    ],
    [
      'v: it may patch the account of the platform',
      together(tenant('flux-remote', 'patch /serviceaccounts')),
      'warn NOT_PROVEN',
    ],
    ['it may delete tokens of the platform', together(tenant('flux-remote', 'delete /secrets')), 'warn NOT_PROVEN'],
    ['it may delete nodes', together(tenant('*', 'delete /nodes')), 'warn NOT_PROVEN'],
    [
      'it may bind a role that can delete bindings',
      together(
        tenant('*', `bind ${RBAC}/clusterroles cleaner`, `create ${RBAC}/clusterrolebindings`),
        clusterRole('cleaner', [`delete ${RBAC}/clusterrolebindings`]),
      ),
      'warn NOT_PROVEN',
      { message: /the rights of ClusterRole cleaner everywhere/ },
    ],
    [
      'a member of an aggregated role of the platform',
      together(
        {
          apiVersion: `${RBAC}/v1`,
          kind: 'ClusterRole',
          metadata: { name: 'ops' },
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { ops: 'yes' } }] },
          rules: [],
        },
        clusterRole('ops-part', ['get /nodes'], { ops: 'yes' }),
        granted('*', 'flux-more', ['get /nodes'], 'user unrelated'),
      ),
      'pass RBAC_PROTECTED',
    ],
  ]);

  it('fills the names of the platform into the policy', () => {
    const input = [
      { ...REGISTRATION, breakGlass: [{ name: 'bg', principals: { users: ["o'hara"] } }] },
      ...together(tenant('*', `delete ${RBAC}/clusterrolebindings`)).slice(1),
    ];
    const [found] = judge(control, input).observations;
    const [policy, labels] = found?.fixes ?? [];
    const documents = parseAllDocuments(policy?.content ?? '').map((document) => document.toJS() as { kind: string });
    expect(documents.map(({ kind }) => kind)).toEqual([
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
    expect(policy?.content).toContain("g in ['system:masters', 'platform-admins']");
    expect(policy?.content).toContain("'system:serviceaccount:flux-remote:flux'");
    expect(policy?.content).toContain("'o\\u0027hara'");
    expect(labels?.content).toContain('kubectl label clusterrolebinding cluster-admin plimsoll/protected=true');
  });
});

describe('other authorizers', () => {
  const everything = { verb: '*', group: '*', resource: '*' };
  judges([
    [
      'm: the API server allows everything, RBAC nothing',
      together(review(everything, true, 'EKS access policy AmazonEKSClusterAdminPolicy')),
      'fail NON_RBAC_AUTHORIZER',
      { message: /access entries/ },
    ],
    [
      'm: the API server allows to delete the binding',
      together(review({ verb: 'delete', group: RBAC, resource: 'clusterrolebindings', name: 'cluster-admin' }, true)),
      'fail NON_RBAC_AUTHORIZER',
    ],
    [
      'it says no to what RBAC grants',
      together(bound('*', 'cluster-admin', 'group team-a', 'group platform-admins'), review(everything, false)),
      'fail ACCESS_REVOCABLE',
    ],
    [
      'it gives no answer',
      together(bound('*', 'cluster-admin', 'group team-a'), review(everything, null)),
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    ['it says no to what nobody grants', together(review(everything, false)), 'pass RBAC_PROTECTED'],
  ]);
});

describe('what is not known', () => {
  judges([
    [
      'no platform principal',
      registration({ platformPrincipals: undefined }),
      'notEvaluated NO_ACCESS_OBJECTS',
      { verdicts: ['notEvaluated NO_ACCESS_OBJECTS Cluster/cluster platform', 'pass RBAC_PROTECTED Tenant/team-a'] },
    ],
    [
      'no platform principal, and a tenant administrator',
      [...registration({ platformPrincipals: undefined }), bound('*', 'cluster-admin', 'group team-a')],
      'fail TENANT_CAN_BECOME_ADMIN',
    ],
    [
      'platform principals that no binding names',
      registration({ platformPrincipals: { users: ['cloud'] } }),
      'notEvaluated NO_ACCESS_OBJECTS',
    ],
    [
      'platform principals who need no binding',
      registration({ platformPrincipals: { groups: ['system:masters'] } }),
      'pass RBAC_PROTECTED',
    ],
    [
      'people of the tenant not declared',
      registration({ tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] } }] }),
      'notEvaluated PRINCIPALS_UNDECLARED',
    ],
    ['no tenant declared', registration({ tenants: [] }), 'notEvaluated TENANTS_UNDEFINED'],
    ['RBAC cannot be read', together(), 'notEvaluated RBAC_DENIED_READ', { unavailable: { rbac: 'forbidden' } }],
    [
      'policies of engines cannot be read',
      together(),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { enginePolicies: 'forbidden' } },
    ],
    [
      'reviews cannot be asked: RBAC is enough',
      together(),
      'pass RBAC_PROTECTED',
      { unavailable: { accessReviews: 'forbidden' } },
    ],
    [
      'nothing says that privileged pods are refused',
      together(
        namespace('team-b'),
        {
          ...REGISTRATION,
          tenants: [{ name: 'team-a', namespaces: { names: ['team-b'] }, principals: { groups: ['team-a'] } }],
        },
        tenant('team-b', 'create /pods'),
        {
          kind: 'PodGroup',
          namespace: 'flux-remote',
          owner: { kind: 'Deployment', name: 'f' },
          serviceAccountName: 'flux',
          risks: [],
          mirror: false,
          nodes: {},
        },
      ),
      'warn ADMIN_NOT_RULED_OUT',
      { message: /pod-security/ },
    ],
  ]);
});

describe('kubeconfigs that may lead back to this cluster', () => {
  const remote = (name: string, kubeConfig: object, kind = 'Kustomization') => ({
    apiVersion: kind === 'Kustomization' ? 'kustomize.toolkit.fluxcd.io/v1' : 'helm.toolkit.fluxcd.io/v2',
    kind,
    metadata: { name, namespace: 'flux-system' },
    spec: { interval: '10m', kubeConfig },
  });
  const self = remote('self', { secretRef: { name: 'self' } });
  const facts = { kind: 'SecretFacts', keys: ['value'], digest: 'd', lengths: {} };
  const forbidden = { unavailableEntries: { secretFacts: { 'flux-system/self': 'forbidden' } } } as const;
  judges([
    [
      'one that may not be read',
      together(self),
      'notEvaluated RBAC_DENIED_READ',
      {
        ...forbidden,
        verdicts: ['notEvaluated RBAC_DENIED_READ Cluster/cluster platform', 'pass RBAC_PROTECTED Tenant/team-a'],
        message: /Secret flux-system\/self/,
      },
    ],
    [
      'that of a HelmRelease',
      together(remote('self', { secretRef: { name: 'self' } }, 'HelmRelease')),
      'notEvaluated RBAC_DENIED_READ',
      forbidden,
    ],
    [
      'one that was not looked at',
      together(self),
      'notEvaluated NOT_COLLECTED',
      { unavailableEntries: { secretFacts: { 'flux-system/self': 'notCollected' } } },
    ],
    ['one whose Secret does not exist', together(self), 'pass RBAC_PROTECTED'],
    [
      'one that was read',
      together(self, { ...facts, metadata: { namespace: 'flux-system', name: 'self' } }),
      'pass RBAC_PROTECTED',
    ],
    ['a Secret that no object refers to', together(), 'pass RBAC_PROTECTED', forbidden],
    ['no Secret at all', together(remote('cloud', { configMapRef: { name: 'cloud' } })), 'pass RBAC_PROTECTED'],
    [
      'a cluster that manages others',
      [{ ...REGISTRATION, role: 'management' }, ...BASE.slice(1), self],
      'notApplicable NOT_DEDICATED',
      forbidden,
    ],
  ]);

  it('are told once for each reason, with what the auditor lacks', () => {
    const others = ['a', 'b', 'c'].map((name) => remote(name, { secretRef: { name } }));
    const result = judge(control, together(self, ...others, remote('again', { secretRef: { name: 'self' } })), {
      unavailableEntries: {
        secretFacts: { 'flux-system/self': 'forbidden', 'flux-system/a': 'forbidden', 'flux-system/b': 'notCollected' },
      },
    });
    expect(
      verdicts(result)
        .filter((line) => line.startsWith('notEvaluated'))
        .toSorted(),
    ).toEqual([
      'notEvaluated NOT_COLLECTED Cluster/cluster platform',
      'notEvaluated RBAC_DENIED_READ Cluster/cluster platform',
    ]);
    expect(result.observations.flatMap(({ missing }) => missing ?? [])).toEqual(
      ['self', 'a'].map((name) => ({ verb: 'get', group: '', resource: 'secrets', namespace: 'flux-system', name })),
    );
  });
});

describe('where it applies', () => {
  judges([
    ['standalone', registration({ role: 'standalone' }), 'notApplicable NO_TENANT_BOUNDARY'],
    ['shared', registration({ tenancy: 'shared' }), 'notApplicable NOT_DEDICATED'],
    ['management', registration({ role: 'management' }), 'notApplicable NOT_DEDICATED'],
    [
      'one declared tenant makes a cluster dedicated',
      registration({ role: undefined, tenancy: undefined }),
      'pass RBAC_PROTECTED',
    ],
  ]);

  it('keeps hostile names out of the way', () => {
    const evil = 'x"}]\n\u0007'.repeat(60);
    const result = judge(control, together(granted('*', evil, ['* */*'], 'group team-a')));
    expect(verdicts(result)[0]).toMatch(/^fail TENANT_CAN_BECOME_ADMIN/);
    expect(result.message.length).toBeLessThan(1500);
    expect(result.message).not.toContain('\n');
  });

  it('is quick where thousands of accounts have rights of their own', () => {
    const many = Array.from({ length: 3000 }, (_, index) => [
      serviceAccount(`team-a/app-${index}`),
      bound('team-a', 'admin', `account team-a/app-${index}`),
    ]).flat();
    const input = together(
      many.map((each, index) => ({
        ...each,
        metadata: { ...(each as { metadata: object }).metadata, name: `app-${index >> 1}` },
      })),
    );
    const start = performance.now();
    expect(judge(control, input).outcome).toBe('pass');
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
