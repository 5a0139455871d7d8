import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED } from '../../../../test/support/flux-installation.js';
import { fluxOperator as control } from './x-20-flux-operator.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const GROUP = 'fluxcd.controlplane.io';
const BOTH = ['--default-service-account=flux-tenant', '--default-workload-identity-service-account=flux-tenant'];
const operator = (args: readonly string[] | undefined, more: object = {}, name = 'flux-operator-0') => ({
  kind: 'OperatorPod',
  metadata: { name, namespace: 'flux-system', labels: { 'app.kubernetes.io/name': 'flux-operator' } },
  program: 'flux-operator',
  serviceAccountName: 'flux-operator',
  owner: { kind: 'Deployment', name: 'flux-operator' },
  container: {
    name: 'manager',
    image: 'ghcr.io/controlplaneio-fluxcd/flux-operator:v0.58.1',
    ...(args && { args }),
    ...more,
  },
});
const object = (kind: string, spec: object, namespace = 'team-a') => ({
  apiVersion: `${GROUP}/v1`,
  kind,
  metadata: { name: 'app', namespace },
  spec,
});
const set = (serviceAccountName?: string, namespace?: string) =>
  object('ResourceSet', { serviceAccountName }, namespace);
const provider = (spec: object) => object('ResourceSetInputProvider', { type: 'GitHubPullRequest', ...spec });
const rbac = (resources: string[], namespace: string | undefined, subject: object, verbs = ['create', 'patch']) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'r' },
    rules: [{ apiGroups: [GROUP], resources, verbs }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: { name: 'b', ...(namespace && { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' },
    subjects: [subject],
  },
];
const TEAM_A = { kind: 'ServiceAccount', name: 'default', namespace: 'team-a' };
const account = (name: string, namespace = 'flux-system') => ({ kind: 'ServiceAccount', name, namespace });
const F = 'Deployment/flux-system/flux-operator';

describe('the default account', () => {
  judges([
    ['no operator', [], 'notApplicable NO_FLUX_OPERATOR', shared],
    [
      'set',
      [operator(BOTH)],
      'pass DEFAULT_ACCOUNT_SET',
      { ...shared, verdicts: [`pass DEFAULT_ACCOUNT_SET ${F} default-service-account`] },
    ],
    [
      'set in two words',
      [operator(['--default-service-account', 'x', BOTH[1] ?? ''])],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'not set, nobody may write ResourceSets',
      [operator([])],
      'warn NO_DEFAULT_ACCOUNT',
      { ...shared, severity: 'low' },
    ],
    ['not set, and no arguments', [operator(undefined)], 'warn NO_DEFAULT_ACCOUNT', shared],
    ['set to nothing', [operator(['--default-service-account='])], 'warn NO_DEFAULT_ACCOUNT', shared],
    [
      'not set, a tenant may write ResourceSets',
      [operator([]), ...rbac(['resourcesets'], 'team-a', TEAM_A)],
      'fail NO_DEFAULT_ACCOUNT',
      { ...shared, severity: 'high' },
    ],
    [
      'not set, a tenant may write them elsewhere',
      [operator([]), ...rbac(['resourcesets'], 'other', TEAM_A)],
      'warn NO_DEFAULT_ACCOUNT',
      shared,
    ],
    [
      'not set, a tenant may read them',
      [operator([]), ...rbac(['resourcesets'], 'team-a', TEAM_A, ['get'])],
      'warn NO_DEFAULT_ACCOUNT',
      shared,
    ],
    [
      'a variable wins over the flag',
      [operator(BOTH, { env: { DEFAULT_SERVICE_ACCOUNT: 'flux-operator' } })],
      'fail RISKY_NAME',
      shared,
    ],
    [
      'a variable alone',
      [operator([], { env: { DEFAULT_SERVICE_ACCOUNT: 'x', DEFAULT_WORKLOAD_IDENTITY_SERVICE_ACCOUNT: 'x' } })],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'an empty variable',
      [operator(BOTH, { env: { DEFAULT_SERVICE_ACCOUNT: '' } })],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'a variable from elsewhere',
      [operator(BOTH, { env: { DEFAULT_SERVICE_ACCOUNT: null } })],
      'notEvaluated UNRESOLVED_SETTING',
      shared,
    ],
    [
      'variables of a whole ConfigMap',
      [operator(BOTH, { hasEnvFrom: true })],
      'notEvaluated UNRESOLVED_SETTING',
      shared,
    ],
    [
      'the last argument wins',
      [operator([...BOTH, '--default-service-account=flux-operator'])],
      'fail RISKY_NAME',
      shared,
    ],
    ['one of two pods has none', [operator(BOTH), operator([], {}, 'b')], 'warn NO_DEFAULT_ACCOUNT', shared],
  ]);
});

describe('its name', () => {
  const named = (name: string, ...more: object[]) => [
    operator([`--default-service-account=${name}`, BOTH[1] ?? '']),
    ...more,
  ];
  judges([
    ['that of the operator', named('flux-operator'), 'fail RISKY_NAME', { ...shared, message: /its own account/ }],
    [
      'that of an account that may change everything',
      named('deployer', ...rbac(['*'], undefined, account('deployer'), ['*'])),
      'fail RISKY_NAME',
      { ...shared, message: /flux-system\/deployer may change/ },
    ],
    [
      'that of such an account of a tenant',
      named('deployer', ...rbac(['*'], undefined, account('deployer', 'team-a'), ['*'])),
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'that of such an account in one namespace',
      named('deployer', ...rbac(['*'], 'flux-system', account('deployer'), ['*'])),
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    ['that of an account of the platform without rights', named('kustomize-controller'), 'warn RISKY_NAME', shared],
    [
      'rights unreadable',
      named('deployer'),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'rights unreadable, that of the operator',
      named('flux-operator'),
      'fail RISKY_NAME',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
  ]);
});

describe('ResourceSets', () => {
  judges([
    ['with an account', [operator(BOTH), set('app')], 'pass DEFAULT_ACCOUNT_SET', shared],
    ['without an account, there is a default', [operator(BOTH), set()], 'pass DEFAULT_ACCOUNT_SET', shared],
    [
      'of a tenant, as the operator',
      [operator([BOTH[1] ?? '']), set()],
      'fail RUNS_AS_OPERATOR',
      {
        ...shared,
        verdicts: [
          'fail RUNS_AS_OPERATOR ResourceSet/team-a/app',
          `warn NO_DEFAULT_ACCOUNT ${F} default-service-account`,
        ],
      },
    ],
    ['of a tenant, with an account', [operator([BOTH[1] ?? '']), set('app')], 'warn NO_DEFAULT_ACCOUNT', shared],
    [
      'of the platform, as the operator',
      [operator([BOTH[1] ?? '']), set(undefined, 'flux-system')],
      'warn NO_DEFAULT_ACCOUNT',
      {
        ...shared,
        verdicts: [
          `warn NO_DEFAULT_ACCOUNT ${F} default-service-account`,
          'pass PLATFORM_RESOURCE_SET ResourceSet/flux-system/app',
        ],
      },
    ],
    ['no operator is recognised', [set('app')], 'notEvaluated OPERATOR_UNRECOGNISED', shared],
    ['no operator is recognised, no account', [set()], 'notEvaluated OPERATOR_UNRECOGNISED', shared],
    ['inputs over http', [operator(BOTH), provider({ url: 'http://git.example/a' })], 'fail INPUT_PLAIN_HTTP', shared],
    [
      'inputs over http in the cluster',
      [operator(BOTH), provider({ url: 'http://gitea.gitea.svc/a' })],
      'warn INPUT_PLAIN_HTTP',
      shared,
    ],
    [
      'inputs from whoever answers',
      [operator(BOTH), provider({ url: 'oci://registry.example/a', insecure: true })],
      'fail INPUT_INSECURE',
      shared,
    ],
    [
      'inputs over https',
      [operator(BOTH), provider({ url: 'https://git.example/a' })],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
  ]);
});

describe('FluxInstances', () => {
  const INSTANCE = object('FluxInstance', {}, 'flux-system');
  judges([
    ['only the platform may write them', [operator(BOTH), INSTANCE], 'pass DEFAULT_ACCOUNT_SET', shared],
    [
      'a tenant may write them',
      [operator(BOTH), INSTANCE, ...rbac(['fluxinstances'], 'flux-system', TEAM_A, ['patch'])],
      'fail INSTANCE_EDITABLE',
      {
        ...shared,
        verdicts: ['fail INSTANCE_EDITABLE Tenant/team-a', `pass DEFAULT_ACCOUNT_SET ${F} default-service-account`],
      },
    ],
    [
      'a tenant may write them elsewhere',
      [operator(BOTH), INSTANCE, ...rbac(['fluxinstances'], 'team-a', TEAM_A, ['patch'])],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'unreadable',
      [operator(BOTH)],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { fluxInstances: 'forbidden' } },
    ],
    [
      'unreadable, and no operator seen',
      [],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { fluxInstances: 'forbidden' } },
    ],
  ]);
});

describe('the web UI', () => {
  const service = (type: string, port: object = { port: 9080, targetPort: 'http-web' }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'ui', namespace: 'flux-system' },
    spec: { type, selector: { 'app.kubernetes.io/name': 'flux-operator' }, ports: [port] },
  });
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'ui', namespace: 'flux-system' },
    spec: { tlsHosts: [], tls: true, backends: [{ service: 'ui', port: 9080 }] },
  };
  const CLUSTER = service('ClusterIP');
  judges([
    ['inside the cluster', [operator(BOTH), CLUSTER], 'pass DEFAULT_ACCOUNT_SET', shared],
    [
      'by a load balancer',
      [operator(BOTH), service('LoadBalancer')],
      'fail WEB_UI_EXPOSED',
      { ...shared, message: /^The web UI of the Flux Operator .*Service flux-system\/ui/ },
    ],
    [
      'by its number',
      [operator(BOTH), service('NodePort', { port: 80, targetPort: 9080 })],
      'fail WEB_UI_EXPOSED',
      shared,
    ],
    [
      'another port',
      [operator(BOTH), service('NodePort', { port: 8080, targetPort: 8080 })],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    ['by an Ingress', [operator(BOTH), CLUSTER, ingress], 'fail WEB_UI_EXPOSED', shared],
    [
      'with a configuration',
      [operator([...BOTH, '--web-config=/etc/web.yaml']), CLUSTER, ingress],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'with a configuration by a variable',
      [operator(BOTH, { env: { WEB_CONFIG_SECRET_NAME: 'web' } }), CLUSTER, ingress],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'switched off',
      [operator([...BOTH, '--web-server-port=0']), CLUSTER, ingress],
      'pass DEFAULT_ACCOUNT_SET',
      shared,
    ],
    [
      'with variables of a whole ConfigMap',
      [
        operator(BOTH, {
          hasEnvFrom: true,
          env: { DEFAULT_SERVICE_ACCOUNT: 'x', DEFAULT_WORKLOAD_IDENTITY_SERVICE_ACCOUNT: 'x' },
        }),
        CLUSTER,
        ingress,
      ],
      'warn WEB_UI_EXPOSED',
      shared,
    ],
    [
      'Services unreadable',
      [operator(BOTH)],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { services: 'forbidden' } },
    ],
    [
      'Ingresses unreadable',
      [operator(BOTH), CLUSTER],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { ingresses: 'forbidden' } },
    ],
    [
      'on a cluster of one team',
      [operator([]), service('LoadBalancer')],
      'fail WEB_UI_EXPOSED',
      { registration: { role: 'standalone' } },
    ],
  ]);
});

describe('where tenants are', () => {
  judges([
    ['one team', [operator([]), set()], 'pass PLATFORM_RESOURCE_SET', { registration: { role: 'standalone' } }],
    ['one team, no ResourceSets', [operator([])], 'pass OPERATOR_SOUND', { registration: { role: 'standalone' } }],
    [
      'not known',
      [operator([])],
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    [
      'operators unreadable',
      [],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { operatorPods: 'forbidden' } },
    ],
  ]);
});

it('points at the argument that decides', () => {
  const found = judge(control, [operator(['--default-service-account=flux-operator', BOTH[1] ?? ''])], shared)
    .observations[0];
  expect(found?.evidence[0]).toMatchObject({
    object: { kind: 'Pod' },
    pointer: '/container/args/0',
    observed: 'flux-operator',
  });
});
