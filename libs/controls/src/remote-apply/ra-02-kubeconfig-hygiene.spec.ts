import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { HUB, byMap, fleetCluster, kubeMap, kubeSecret } from '../../../../test/support/kubeconfig-facts.js';
import { ago, helmRelease, kustomization } from '../../../../test/support/remote-apply-objects.js';
import { kubeConfigHygiene as control } from './ra-02-kubeconfig-hygiene.js';

const judges = tableOf(control);
const SECRET = 'Secret/spoke-a/kubeconfig';
const off = [...controller('kustomize-controller', []), ...controller('helm-controller', [])];
const on = (...flags: readonly string[]) => [
  ...controller('kustomize-controller', flags),
  ...controller('helm-controller', []),
];
const of = (config: object, more: Parameters<typeof kubeSecret>[1] = {}) => [
  kustomization(),
  ...off,
  kubeSecret(config, more),
];
const withFields = (...fields: readonly string[]) => ({ fields });
const token = (fields: object) => ({ token: { kind: 'jwt', issuer: 'https://issuer.example', ...fields } });
const certificate = (fields: object) => ({
  token: undefined,
  fields: ['certificate-authority-data', 'client-certificate-data', 'client-key-data'],
  certificate: {
    commonName: 'flux',
    organizations: ['platform'],
    notBefore: ago('10d'),
    notAfter: '2027-03-01T00:00:00Z',
    ...fields,
  },
});
const TENANTS = {
  registration: {
    role: 'management',
    tenancy: 'shared',
    tenants: [
      { name: 'a', namespaces: { names: ['spoke-a'] } },
      { name: 'b', namespaces: { names: ['spoke-b'] } },
    ],
  },
} as const;

describe('applicability', () => {
  judges([
    ['an empty cluster', [], 'notApplicable NO_REMOTE_APPLY'],
    [
      'only local objects',
      [kustomization({ spec: { kubeConfig: undefined } }), kubeSecret()],
      'notApplicable NO_REMOTE_APPLY',
    ],
    [
      'a kubeconfig that is as it should be',
      of({}),
      'pass KUBECONFIG_SOUND',
      { verdicts: [`pass KUBECONFIG_SOUND ${SECRET}`] },
    ],
    ['the Secret does not exist', [kustomization()], 'notApplicable NO_KUBECONFIG'],
  ]);

  it.each([
    ['not YAML', kubeSecret({ problem: 'NOT_YAML', fields: [] })],
    ['without the key', { ...kubeSecret(), kubeConfig: undefined }],
  ])('is not judged: %s', (_what, secret) => {
    expect(judge(control, [kustomization(), ...off, secret])).toMatchObject({
      outcome: 'notEvaluated',
      reason: 'KUBECONFIG_UNUSABLE',
    });
  });
});

describe('exec', () => {
  const exec = withFields('certificate-authority-data', 'exec');
  judges([
    ['flag off', of(exec), 'fail EXEC_DROPPED', { severity: 'medium' }],
    [
      'flag on',
      [kustomization(), ...on('--insecure-kubeconfig-exec=true'), kubeSecret(exec)],
      'fail EXEC_ALLOWED',
      { severity: 'high' },
    ],
    [
      'flag on where only another kind is served',
      [helmRelease(), ...on('--insecure-kubeconfig-exec=true'), kubeSecret(exec)],
      'fail EXEC_DROPPED',
    ],
    [
      'flag on for one of two objects',
      [kustomization(), helmRelease(), ...on('--insecure-kubeconfig-exec=true'), kubeSecret(exec)],
      'fail EXEC_ALLOWED',
    ],
    [
      'a build older than the flag',
      [
        kustomization(),
        ...controller('kustomize-controller', [], { image: 'ghcr.io/fluxcd/kustomize-controller:v0.22.0' }),
        kubeSecret(exec),
      ],
      'fail EXEC_ALLOWED',
    ],
    [
      'the controllers cannot be read',
      [kustomization(), kubeSecret(exec)],
      'fail EXEC_ALLOWED',
      { unavailable: { pods: 'forbidden' }, severity: 'high' },
    ],
    ['no controller serves it', [kustomization(), kubeSecret(exec)], 'fail EXEC_ALLOWED', { message: /not known/ }],
  ]);
});

describe('skipped verification', () => {
  const skip = { insecureSkipTlsVerify: true, hasCaData: false };
  const tls = on('--insecure-kubeconfig-tls');
  judges([
    ['flag off, without CA data', of(skip), 'fail SKIP_TLS_DROPPED', { severity: 'medium', message: /not trusted/ }],
    [
      'flag off, with CA data',
      of({ ...skip, hasCaData: true }),
      'fail SKIP_TLS_DROPPED',
      { message: /verified with its CA data/ },
    ],
    ['flag on', [kustomization(), ...tls, kubeSecret(skip)], 'fail SKIP_TLS_ALLOWED', { severity: 'critical' }],
    [
      'flag on, with CA data',
      [kustomization(), ...tls, kubeSecret({ ...skip, hasCaData: true })],
      'fail SKIP_TLS_ALLOWED',
      { message: /refused/ },
    ],
    ['asked for, and false', of({ insecureSkipTlsVerify: false }), 'pass KUBECONFIG_SOUND'],
  ]);
});

describe('the server', () => {
  judges([
    [
      'plain http',
      of({ server: 'http://10.0.0.1:8080' }),
      'fail PLAIN_HTTP',
      { severity: 'critical', verdicts: [`fail PLAIN_HTTP ${SECRET}`] },
    ],
    [
      'no scheme, with CA data',
      of({ server: '10.0.0.1:6443' }),
      'fail PLAIN_HTTP',
      { severity: 'critical', message: /without a scheme/ },
    ],
    ['https in capitals', of({ server: 'HTTPS://10.0.0.1:6443' }), 'pass KUBECONFIG_SOUND'],
    ['no CA data', of({ hasCaData: false }), 'warn NO_CA_DATA', { severity: 'low' }],
    ['nothing known of CA data', of({ hasCaData: undefined }), 'warn NO_CA_DATA'],
    ['a proxy over http', of({ proxyUrl: 'http://proxy.platform.svc:3128' }), 'warn PROXY'],
    ['a proxy elsewhere', of({ proxyUrl: 'https://proxy.example.com' }), 'warn PROXY'],
    ['a proxy of the cluster over https', of({ proxyUrl: 'https://proxy.platform.svc' }), 'pass KUBECONFIG_SOUND'],
  ]);
});

describe('fields', () => {
  judges([
    ['a path of a CA', of(withFields('certificate-authority', 'token')), 'fail DROPPED_FIELD', { severity: 'medium' }],
    ['paths of a certificate', of(withFields('client-certificate', 'client-key')), 'fail DROPPED_FIELD'],
    ['an auth provider', of(withFields('auth-provider')), 'fail DROPPED_FIELD'],
    [
      'tokenFile without a token',
      of({ ...withFields('tokenFile'), token: undefined }),
      'fail NOT_SELF_CONTAINED',
      { severity: 'critical' },
    ],
    [
      'tokenFile beside a token',
      of(withFields('tokenFile', 'token')),
      'fail DROPPED_FIELD',
      { verdicts: [`fail DROPPED_FIELD ${SECRET}`] },
    ],
    ['as', of(withFields('token', 'as')), 'fail IMPERSONATION_DROPPED', { severity: 'high' }],
    ['as-groups', of(withFields('token', 'as-groups')), 'fail IMPERSONATION_DROPPED'],
    ['a password', of(withFields('username', 'password')), 'fail BASIC_AUTH', { severity: 'high' }],
    [
      'several flaws, each with its own code',
      of({ server: 'http://a', ...withFields('exec', 'as', 'password') }),
      'fail PLAIN_HTTP',
      {
        severity: 'critical',
        verdicts: [
          `fail PLAIN_HTTP ${SECRET}`,
          `fail BASIC_AUTH ${SECRET}`,
          `fail IMPERSONATION_DROPPED ${SECRET}`,
          `fail EXEC_DROPPED ${SECRET}`,
        ],
      },
    ],
  ]);
});

describe('tokens', () => {
  const renewed = {
    metadata: {
      ownerReferences: [{ apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name: 'x', uid: '1' }],
    },
  };
  judges([
    ['expires in 3 days', of(token({ expiresAt: '2026-11-04T12:00:00Z' })), 'warn TOKEN_EXPIRES_SOON'],
    [
      'expires in 3 days, and something renews it',
      of(token({ expiresAt: '2026-11-04T12:00:00Z' }), renewed),
      'pass KUBECONFIG_RENEWED',
    ],
    [
      'a legacy token of a service account',
      of(token({ issuer: 'kubernetes/serviceaccount' })),
      'fail NON_EXPIRING_TOKEN',
      { severity: 'high' },
    ],
    [
      'a legacy token that something renews',
      of(token({ issuer: 'kubernetes/serviceaccount' }), renewed),
      'fail NON_EXPIRING_TOKEN',
    ],
    ['no expiry', of(token({})), 'fail NON_EXPIRING_TOKEN'],
    ['an expiry that is no time', of(token({ expiresAt: 'never' })), 'fail NON_EXPIRING_TOKEN'],
    ['expired', of(token({ expiresAt: ago('1h') })), 'fail TOKEN_EXPIRED'],
    ['expired, and something should renew it', of(token({ expiresAt: ago('1h') }), renewed), 'fail TOKEN_EXPIRED'],
    [
      'good for 90 days',
      of(token({ issuedAt: ago('1d'), expiresAt: '2027-01-30T12:00:00Z' })),
      'warn TOKEN_LONG_LIVED',
      { severity: 'low' },
    ],
    ['opaque', of({ token: { kind: 'opaque' } }), 'warn TOKEN_EXPIRY_UNKNOWN'],
    ['opaque, and something renews it', of({ token: { kind: 'opaque' } }, renewed), 'pass KUBECONFIG_RENEWED'],
    [
      'opaque, renewed too long ago',
      of({ token: { kind: 'opaque' } }, { metadata: { ...renewed.metadata, creationTimestamp: ago('400d') } }),
      'warn CREDENTIAL_OLD',
      { verdicts: [`warn CREDENTIAL_OLD ${SECRET}`, `warn TOKEN_EXPIRY_UNKNOWN ${SECRET}`] },
    ],
  ]);
});

describe('certificates', () => {
  judges([
    ['as it should be', of(certificate({})), 'pass KUBECONFIG_SOUND'],
    [
      'of system:masters',
      of(certificate({ organizations: ['a', 'system:masters'] })),
      'fail SYSTEM_MASTERS',
      { severity: 'high' },
    ],
    [
      'of Cluster API',
      of(certificate({ organizations: ['system:masters'] }), { type: 'cluster.x-k8s.io/secret' }),
      'fail SYSTEM_MASTERS',
    ],
    ['expired', of(certificate({ notAfter: ago('2d') })), 'fail CERTIFICATE_EXPIRED'],
    ['expires in 20 days', of(certificate({ notAfter: '2026-11-21T12:00:00Z' })), 'warn CERTIFICATE_EXPIRES_SOON'],
    [
      'good for ten years',
      of(certificate({ notAfter: '2036-11-01T12:00:00Z' })),
      'warn CERTIFICATE_LONG_LIVED',
      { severity: 'low' },
    ],
  ]);
});

describe('who else holds it', () => {
  const second = (more: object = {}, fields: object = {}) => [
    kustomization({ metadata: { name: 'second', ...more }, spec: { kubeConfig: { secretRef: { name: 'second' } } } }),
    kubeSecret({ credentialDigest: 'same' }, { name: 'second', ...fields }),
  ];
  judges([
    [
      'two objects of one namespace use one Secret',
      [...of({}), kustomization({ metadata: { name: 'b' } })],
      'pass KUBECONFIG_SOUND',
      { verdicts: [`pass KUBECONFIG_SOUND ${SECRET}`] },
    ],
    [
      'the same credential in a second Secret',
      [...of({ credentialDigest: 'same' }), ...second()],
      'warn CREDENTIAL_SHARED',
      { message: /spoke-a\/second/ },
    ],
    [
      'the same credential in a Secret of another tenant',
      [...of({ credentialDigest: 'same' }), ...second({ namespace: 'spoke-b' }, { namespace: 'spoke-b' })],
      'fail CREDENTIAL_SHARED',
      { ...TENANTS, severity: 'high', message: /tenants a, b/ },
    ],
    [
      'in another namespace of the same tenant',
      [...of({ credentialDigest: 'same' }), ...second({ namespace: 'spoke-c' }, { namespace: 'spoke-c' })],
      'warn CREDENTIAL_SHARED',
      TENANTS,
    ],
    [
      'one Secret for two clusters',
      [
        kustomization({ spec: { kubeConfig: { secretRef: { name: 'kubeconfig', key: 'a' } } } }),
        kustomization({
          metadata: { name: 'b' },
          spec: { kubeConfig: { secretRef: { name: 'kubeconfig', key: 'b' } } },
        }),
        ...off,
        (() => {
          const { kubeConfig, ...rest } = kubeSecret() as Record<string, object>;
          return {
            ...rest,
            keys: ['a', 'b'],
            kubeConfigs: { a: kubeConfig, b: { ...kubeConfig, server: 'https://10.0.0.2:6443' } },
          };
        })(),
      ],
      'warn CREDENTIAL_SHARED',
      { message: /2 clusters/, verdicts: [`warn CREDENTIAL_SHARED ${SECRET} a`, `warn CREDENTIAL_SHARED ${SECRET} b`] },
    ],
    [
      'no digest is known',
      [
        ...of({ credentialDigest: undefined }),
        kustomization({ metadata: { name: 'b' }, spec: { kubeConfig: { secretRef: { name: 'c' } } } }),
        kubeSecret({ credentialDigest: undefined }, { name: 'c' }),
      ],
      'pass KUBECONFIG_SOUND',
    ],
  ]);
});

describe('its age', () => {
  judges([
    ['older than a year', of({}, { metadata: { creationTimestamp: ago('400d') } }), 'warn CREDENTIAL_OLD'],
    [
      'created long ago, written lately',
      of(
        {},
        { metadata: { creationTimestamp: ago('400d'), managedFields: [{ manager: 'kubectl', time: ago('3d') }] } },
      ),
      'pass KUBECONFIG_SOUND',
    ],
    [
      'older than the rotation time of the cluster',
      of({}, { metadata: { creationTimestamp: ago('40d') } }),
      'warn CREDENTIAL_OLD',
      { registration: { rotationDays: 30 } },
    ],
    ['of unknown age', of({}, { metadata: { creationTimestamp: undefined } }), 'pass KUBECONFIG_SOUND'],
  ]);
});

describe('workload identity', () => {
  const map = (fields: object = {}, flags: readonly string[] = []) => [
    kustomization({ spec: byMap }),
    ...controller('kustomize-controller', flags),
    kubeMap(fields),
    HUB,
    fleetCluster('spoke-a'),
  ];
  const DEFAULT = ['--default-kubeconfig-service-account=default', '--feature-gates=ObjectLevelWorkloadIdentity=true'];
  judges([
    ['as it should be', map(), 'pass KUBECONFIG_SOUND'],
    [
      'the audience of this API server',
      map({ audiences: ['https://hub.example.com:6443'] }),
      'fail AUDIENCE_OR_ADDRESS_NOT_ALLOWED',
      { severity: 'critical' },
    ],
    [
      'the audience that API servers have by default',
      map({ audiences: ['x', 'https://kubernetes.default.svc'] }),
      'fail AUDIENCE_OR_ADDRESS_NOT_ALLOWED',
    ],
    ['an audience of its own', map({ audiences: ['spoke-a'] }), 'pass KUBECONFIG_SOUND'],
    [
      'an address that is not registered',
      map({ address: 'https://10.9.9.9' }),
      'fail AUDIENCE_OR_ADDRESS_NOT_ALLOWED',
      { message: /no cluster of the registry/ },
    ],
    ['the registry cannot be read', map(), 'notEvaluated NOT_COLLECTED', { unavailable: { fleet: 'notCollected' } }],
    [
      'another provider',
      map({ provider: 'aws', address: undefined, cluster: 'arn:aws:eks:eu-west-1:1:cluster/a' }),
      'pass KUBECONFIG_SOUND',
    ],
    ['no account, and no default', map({ serviceAccountName: undefined }), 'fail NO_SERVICE_ACCOUNT'],
    [
      'no account, several tenants',
      map({ serviceAccountName: '' }),
      'fail NO_SERVICE_ACCOUNT',
      { ...TENANTS, severity: 'critical' },
    ],
    [
      'no account, one owner',
      map({ serviceAccountName: '' }),
      'fail NO_SERVICE_ACCOUNT',
      { registration: { role: 'management', tenancy: 'dedicated' }, severity: 'high' },
    ],
    ['no account, with a default', map({ serviceAccountName: undefined }, DEFAULT), 'pass KUBECONFIG_SOUND'],
    [
      'no account, and the controllers cannot be read',
      map({ serviceAccountName: undefined }, DEFAULT),
      'notEvaluated DEFAULT_ACCOUNT_UNKNOWN',
      { unavailable: { deployments: 'timeout' } },
    ],
    ['the ConfigMap does not exist', [kustomization({ spec: byMap })], 'notApplicable NO_KUBECONFIG'],
  ]);
});

describe('what could not be read', () => {
  judges([
    [
      'one Secret',
      [
        ...of({}),
        kustomization({ metadata: { name: 'b' }, spec: { kubeConfig: { secretRef: { name: 'b' } } } }),
        kubeSecret({}, { name: 'b' }),
      ],
      'notEvaluated RBAC_DENIED_READ',
      {
        unavailableEntries: { secretFacts: { 'spoke-a/b': 'forbidden' } },
        verdicts: ['notEvaluated RBAC_DENIED_READ Secret/spoke-a/b', `pass KUBECONFIG_SOUND ${SECRET}`],
      },
    ],
    [
      'one ConfigMap',
      [kustomization({ spec: byMap }), kubeMap()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { kubeConfigMaps: { 'spoke-a/kubeconfig': 'forbidden' } } },
    ],
  ]);

  it('names what the auditor may not get', () => {
    const { missing } = judge(control, of({}), {
      unavailableEntries: { secretFacts: { 'spoke-a/kubeconfig': 'forbidden' } },
    });
    expect(missing).toEqual([
      { verb: 'get', group: '', resource: 'secrets', namespace: 'spoke-a', name: 'kubeconfig' },
    ]);
  });
});
