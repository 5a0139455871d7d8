import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import { receiverAuthentication as control } from './x-06-receiver-authentication.js';

const judges = tableOf(control);
const RECEIVER = 'Receiver/team-a/hook';
const receiver = (spec: object = {}, status: object = { hasWebhookPath: true }) => ({
  apiVersion: 'notification.toolkit.fluxcd.io/v1',
  kind: 'Receiver',
  metadata: { name: 'hook', namespace: 'team-a' },
  spec: { type: 'github', secretRef: { name: 'hook' }, resources: [{ kind: 'GitRepository', name: 'app' }], ...spec },
  status,
});
const secret = (lengths: Readonly<Record<string, number>> = { token: 40 }) => ({
  kind: 'SecretFacts',
  metadata: { name: 'hook', namespace: 'team-a' },
  keys: Object.keys(lengths),
  digest: '1',
  lengths,
});
const oidc = (...validations: readonly string[]) =>
  receiver({
    type: 'generic-oidc',
    secretRef: undefined,
    oidc: {
      oidcProviders: [
        {
          issuerURL: 'https://ci.example',
          validations: validations.map((expression) => ({ expression, message: 'no' })),
        },
      ],
    },
  });

const service = (spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'webhook-receiver', namespace: 'flux-system' },
  spec: { selector: { app: 'notification-controller' }, ports: [{ port: 80, targetPort: 9292 }], ...spec },
});
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'hooks', namespace: 'flux-system' },
  spec: { tls: true, tlsHosts: [], backends: [{ service: 'webhook-receiver', port: 80 }] },
};
const flux = controller('notification-controller', []);
const weak = (type = 'generic') => [receiver({ type }), secret(), ...flux];
const reads = (...verbs: readonly string[]) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'read' },
    rules: [{ apiGroups: ['notification.toolkit.fluxcd.io'], resources: ['receivers'], verbs }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'read' },
    subjects: [{ kind: 'Group', name: 'team-b' }],
    roleRef: { kind: 'ClusterRole', name: 'read' },
  },
];
const TENANTS = {
  registration: {
    ...SHARED,
    tenants: [SHARED.tenants[0], { ...SHARED.tenants[1], principals: { groups: ['team-b'] } }],
  },
};

describe('tokens', () => {
  judges([
    ['no Receiver', [], 'notApplicable NO_RECEIVER'],
    [
      'signed, with a long token',
      [receiver(), secret()],
      'pass CALLER_KNOWN',
      { verdicts: [`pass CALLER_KNOWN ${RECEIVER}`] },
    ],
    ['24 characters', [receiver(), secret({ token: 24 })], 'pass CALLER_KNOWN'],
    [
      '23 characters',
      [receiver(), secret({ token: 23 })],
      'fail SHORT_TOKEN',
      { severity: 'high', message: /23 characters/ },
    ],
    ['an empty token', [receiver(), secret({ token: 0 })], 'fail NO_TOKEN'],
    ['another key', [receiver(), secret({ password: 40 })], 'fail NO_TOKEN'],
    ['no Secret named', [receiver({ secretRef: undefined })], 'fail NO_SECRET'],
    ['the Secret does not exist', [receiver()], 'fail SECRET_MISSING'],
    ['suspended', [receiver({ suspend: true })], 'notApplicable SUSPENDED'],
    [
      'the Secret may not be read',
      [receiver(), secret()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'team-a/hook': 'forbidden' } } },
    ],
  ]);
});

describe('gcr', () => {
  judges([
    [
      'with email and audience',
      [receiver({ type: 'gcr' }), secret({ token: 40, email: 20, audience: 20 })],
      'pass CALLER_KNOWN',
    ],
    [
      'without an audience',
      [receiver({ type: 'gcr' }), secret({ token: 40, email: 20 })],
      'fail GCR_WITHOUT_IDENTITY',
      { message: /without audience/ },
    ],
    [
      'with nothing',
      [receiver({ type: 'gcr' }), secret()],
      'fail GCR_WITHOUT_IDENTITY',
      { message: /email and audience/ },
    ],
  ]);
});

describe('generic-oidc', () => {
  judges([
    ['the caller is named', [oidc("claims.sub == 'repo:org/app:ref:refs/heads/main'")], 'pass CALLER_KNOWN'],
    ['one of two names the caller', [oidc('true', 'claims.repository in ["org/app"]')], 'pass CALLER_KNOWN'],
    ['no validation', [oidc()], 'fail OIDC_NOT_CONSTRAINED', { message: /ci\.example/ }],
    ['a validation that always holds', [oidc('true')], 'fail OIDC_NOT_CONSTRAINED'],
    ['a validation of the audience only', [oidc("claims.aud == 'flux'")], 'fail OIDC_NOT_CONSTRAINED'],
    ['no issuer', [receiver({ type: 'generic-oidc', secretRef: undefined })], 'fail OIDC_NOT_CONSTRAINED'],
    [
      'an issuer of another shape',
      [receiver({ type: 'generic-oidc', oidc: { oidcProviders: [null, 'x'] } }), secret()],
      'fail OIDC_NOT_CONSTRAINED',
      { verdicts: [`fail OIDC_NOT_CONSTRAINED ${RECEIVER}`] },
    ],
  ]);
});

describe('types that know their callers by the path', () => {
  judges([
    ...(['generic', 'quay', 'dockerhub', 'acr', 'cdevents'] as const).map(
      (type): Parameters<typeof judges>[0][number] => [
        `${type} behind an Ingress`,
        [...weak(type), service(), ingress],
        'fail WEAK_TYPE_EXPOSED',
        { message: /Ingress flux-system\/hooks/ },
      ],
    ),
    ['a load balancer', [...weak(), service({ type: 'LoadBalancer' })], 'fail WEAK_TYPE_EXPOSED'],
    ['a Service inside the cluster', [...weak(), service()], 'warn WEAK_TYPE', { severity: 'low' }],
    [
      'an Ingress to another port',
      [...weak(), service({ ports: [{ port: 80, targetPort: 9090 }] }), ingress],
      'warn WEAK_TYPE',
    ],
    ['a signed type behind an Ingress', [receiver(), secret(), ...flux, service(), ingress], 'pass CALLER_KNOWN'],
    [
      'Ingresses cannot be read',
      [...weak(), service()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { ingresses: 'forbidden' } },
    ],
    [
      'the controllers cannot be read',
      [...weak(), service(), ingress],
      'notEvaluated TIMEOUT',
      { unavailable: { pods: 'timeout' } },
    ],
    [
      'it does not matter for signed types',
      [receiver(), secret()],
      'pass CALLER_KNOWN',
      { unavailable: { ingresses: 'forbidden', pods: 'timeout', rbac: 'forbidden' } },
    ],
    [
      'another tenant may read the path',
      [...weak(), ...reads('get')],
      'warn PATH_READABLE',
      {
        ...TENANTS,
        message: /group team-b/,
        verdicts: [`warn PATH_READABLE ${RECEIVER}`, `warn WEAK_TYPE ${RECEIVER}`],
      },
    ],
    ['another tenant may list it', [...weak(), ...reads('list')], 'warn PATH_READABLE', TENANTS],
    ['another tenant may only create some', [...weak(), ...reads('create')], 'warn WEAK_TYPE', TENANTS],
    [
      'who may read cannot be told',
      weak(),
      'notEvaluated RBAC_DENIED_READ',
      { ...TENANTS, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'nobody of another tenant is declared',
      weak(),
      'warn WEAK_TYPE',
      { registration: SHARED, unavailable: { rbac: 'forbidden' } },
    ],
  ]);
});
