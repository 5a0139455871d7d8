import { describe, expect, it } from 'vitest';
import type { Component } from '#libs/flux';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { DEFAULT_ROLES, account, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { noControllerIdentity as control } from './mt-07-no-controller-identity.js';

const shared = { registration: SHARED };
const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
const CONTROLLERS: readonly Component[] = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
];

/** All controllers; `flags` of single ones, with the gate. */
function cluster(flags: Partial<Record<Component, string>>, ...more: readonly object[]): object[] {
  return [
    ...CONTROLLERS.flatMap((component) => {
      const flag = flags[component];
      return controller(component, flag === undefined ? [] : [GATE, flag]);
    }),
    ...more,
  ];
}
const object = (apiVersion: string, kind: string, spec: object, home = 'team-a'): object => ({
  apiVersion,
  kind,
  metadata: { name: 'app', namespace: home },
  spec,
});
const source = (kind: string, spec: object, home?: string): object =>
  object('source.toolkit.fluxcd.io/v1', kind, spec, home);
const oci = source('OCIRepository', { url: 'oci://registry.example.com/app', provider: 'aws' });
const DEFAULT = '--default-service-account=default';

const decrypting = (decryption: object = {}): object =>
  fluxObject('Kustomization', 'team-a/app', {
    path: './',
    sourceRef: { kind: 'GitRepository', name: 'app' },
    decryption: { provider: 'sops', ...decryption },
  });
const REPOSITORY = source('GitRepository', { url: 'https://git.example.com/app', ref: { branch: 'main' } });
const tree = (...recipients: readonly string[]): object => ({
  kind: 'GitTree',
  url: 'https://git.example.com/app',
  ref: 'main',
  commit: 'c',
  files: [
    {
      path: 'secret.yaml',
      documents: [{ kind: 'Secret', sops: { hasMac: true, groups: [recipients.map((id) => ({ id }))] } }],
    },
  ],
});
const KMS = tree('aws:arn:aws:kms:eu-west-1:1:key/k');
const keys = (...names: readonly string[]): object => ({
  kind: 'SecretFacts',
  metadata: { namespace: 'team-a', name: 'keys' },
  keys: names,
  digest: 'd',
  lengths: {},
});
const withSecret = { secretRef: { name: 'keys' } };

const byMap = fluxObject('HelmRelease', 'team-a/app', { kubeConfig: { configMapRef: { name: 'spoke' } } });
const map = (facts: object = {}): object => ({
  kind: 'KubeConfigMapFacts',
  metadata: { namespace: 'team-a', name: 'spoke' },
  provider: 'generic',
  ...facts,
});

describe('FLUX-MT-07', () => {
  const judges = tableOf(control);

  judges([
    [
      'an OCIRepository of a cloud, no account, no default',
      cluster({}, oci),
      'fail USES_CONTROLLER_IDENTITY',
      { ...shared, severity: 'high', message: /flux-system\/source-controller/ },
    ],
    ['the same, with a default', cluster({ 'source-controller': DEFAULT }, oci), 'pass DEFAULT_ACCOUNT', shared],
    [
      'a default of another controller',
      cluster({ 'image-reflector-controller': DEFAULT }, oci),
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'names an account',
      cluster({}, source('OCIRepository', { provider: 'gcp', serviceAccountName: 'pull' })),
      'pass OWN_ACCOUNT',
      shared,
    ],
    [
      'without a cloud',
      cluster({}, source('OCIRepository', { provider: 'generic' })),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    ['without a provider', cluster({}, source('OCIRepository', {})), 'notApplicable NO_CLOUD_USE', shared],
    [
      'of the platform',
      cluster({}, source('OCIRepository', { provider: 'aws' }, 'flux-system')),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    [
      'a GitRepository of Azure DevOps',
      cluster({}, source('GitRepository', { provider: 'azure' })),
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'a GitRepository by a GitHub app',
      cluster({}, source('GitRepository', { provider: 'github' })),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    ['a Bucket', cluster({}, source('Bucket', { provider: 'aws' })), 'fail USES_CONTROLLER_IDENTITY', shared],
    [
      'a Bucket with a Secret',
      cluster({}, source('Bucket', { provider: 'aws', secretRef: { name: 'x' } })),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    [
      'a HelmRepository of charts in a cloud',
      cluster({}, source('HelmRepository', { type: 'oci', provider: 'azure' })),
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'an ImageRepository',
      cluster({}, object('image.toolkit.fluxcd.io/v1', 'ImageRepository', { provider: 'aws' })),
      'fail USES_CONTROLLER_IDENTITY',
      { ...shared, message: /image-reflector-controller/ },
    ],
    [
      'a Provider of a cloud',
      cluster({}, object('notification.toolkit.fluxcd.io/v1beta3', 'Provider', { type: 'googlepubsub' })),
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'a Provider of a cloud with a Secret',
      cluster(
        {},
        object('notification.toolkit.fluxcd.io/v1beta3', 'Provider', { type: 'azuredevops', secretRef: { name: 't' } }),
      ),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    [
      'two lanes, and one has no default',
      [...cluster({ 'source-controller': DEFAULT }, oci), ...controller('source-controller', [], { name: 'other' })],
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'before Flux 2.7',
      [...controller('source-controller', [], { flux: '2.6.4' }), oci],
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    ['no source-controller is recognised', [oci], 'notEvaluated NOT_SERVED', shared],
    [
      'a variable hides the default',
      [
        ...controller('source-controller', [GATE, '--default-service-account=$(SA)'], {
          env: [{ name: 'SA', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        oci,
      ],
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    [
      'sources of one kind could not be listed',
      cluster({}),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailableSources: { Bucket: 'forbidden' } },
    ],
    [
      'sources could not be listed',
      cluster({}),
      'notEvaluated TIMEOUT',
      { ...shared, unavailable: { sources: 'timeout' } },
    ],
    ['one tenant', cluster({}, oci), 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
  ]);

  judges([
    [
      'files for a key service',
      cluster({}, decrypting(), REPOSITORY, KMS),
      'fail USES_CONTROLLER_IDENTITY',
      { ...shared, message: /the key service of AWS.*--default-decryption-service-account/ },
    ],
    [
      'the same, with the default',
      cluster({ 'kustomize-controller': '--default-decryption-service-account=d' }, decrypting(), REPOSITORY, KMS),
      'pass DEFAULT_ACCOUNT',
      shared,
    ],
    [
      'the same, with the default of applying',
      cluster({ 'kustomize-controller': DEFAULT }, decrypting(), REPOSITORY, KMS),
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'the same, with an account',
      cluster({}, decrypting({ serviceAccountName: 'd' }), REPOSITORY, KMS),
      'pass OWN_ACCOUNT',
      shared,
    ],
    [
      'the same, with a credential in the Secret',
      cluster({}, decrypting(withSecret), REPOSITORY, KMS, keys('sops.aws-kms')),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    [
      'the same, with another key in the Secret',
      cluster({}, decrypting(withSecret), REPOSITORY, KMS, keys('age.agekey')),
      'fail USES_CONTROLLER_IDENTITY',
      shared,
    ],
    [
      'the same, and the Secret could not be read',
      cluster({}, decrypting(withSecret), REPOSITORY, KMS),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { secretFacts: 'forbidden' } },
    ],
    [
      'files for age keys',
      cluster({}, decrypting(withSecret), REPOSITORY, tree('age:age1x')),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
    ['files that nobody read', cluster({}, decrypting(), REPOSITORY), 'notEvaluated NOT_COLLECTED', shared],
    [
      'files that nobody read, with the default',
      cluster({ 'kustomize-controller': '--default-decryption-service-account=d' }, decrypting(), REPOSITORY),
      'pass DEFAULT_ACCOUNT',
      shared,
    ],
    [
      'a kubeconfig by ConfigMap',
      cluster({}, byMap, map()),
      'fail USES_CONTROLLER_IDENTITY',
      { ...shared, message: /serviceAccountName in the data of ConfigMap team-a\/spoke/ },
    ],
    ['the same, with an account', cluster({}, byMap, map({ serviceAccountName: 'spoke' })), 'pass OWN_ACCOUNT', shared],
    [
      'the same, with the default',
      cluster({ 'helm-controller': '--default-kubeconfig-service-account=d' }, byMap, map()),
      'pass DEFAULT_ACCOUNT',
      shared,
    ],
    [
      'the same, and nobody could read it',
      cluster({}, byMap),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { kubeConfigMaps: 'forbidden' } },
    ],
    [
      'the same, nobody could read it, with the default',
      cluster({ 'helm-controller': '--default-kubeconfig-service-account=d' }, byMap),
      'pass DEFAULT_ACCOUNT',
      { ...shared, unavailable: { kubeConfigMaps: 'forbidden' } },
    ],
    [
      'a kubeconfig by Secret',
      cluster({}, fluxObject('HelmRelease', 'team-a/app', { kubeConfig: { secretRef: { name: 'x' } } })),
      'notApplicable NO_CLOUD_USE',
      shared,
    ],
  ]);

  const principals = {
    registration: {
      ...SHARED,
      tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
    },
  };
  const WRITER = [
    clusterRole('sources', [rule('create', 'ocirepositories', 'source.toolkit.fluxcd.io')]),
    bindIn('team-a', 'sources', group('team-a')),
  ];

  const ownRepository = {
    registration: {
      ...SHARED,
      tenants: [
        {
          ...SHARED.tenants[0],
          principals: { groups: ['team-a'] },
          gitPaths: [{ repo: 'https://git.example.com/team-a', paths: [] }],
        },
        SHARED.tenants[1],
      ],
    },
  };
  const own = source('GitRepository', { url: 'https://git.example.com/team-a', provider: 'azure' });
  const applying = (url: string): object[] => [
    source('GitRepository', { url }),
    fluxObject('Kustomization', 'team-a/app', {
      path: './',
      sourceRef: { kind: 'GitRepository', name: 'app' },
      kubeConfig: { configMapRef: { name: 'spoke' } },
    }),
    map(),
  ];
  const writingAccount = (resource: string, apiGroup: string): object[] => [
    clusterRole('writer', [rule('create', resource, apiGroup)]),
    bindIn('team-a', 'writer', account('team-a/deployer')),
  ];

  judges([
    [
      "a source of the tenant's own repository, which only the platform writes",
      cluster({}, own, ...DEFAULT_ROLES),
      'fail USES_CONTROLLER_IDENTITY',
      ownRepository,
    ],
    [
      'the same repository by another form of its URL',
      cluster({}, source('GitRepository', { url: 'ssh://git@git.example.com/team-a.git', provider: 'azure' })),
      'fail USES_CONTROLLER_IDENTITY',
      ownRepository,
    ],
    [
      "a Kustomization of the tenant's own repository, which only the platform writes",
      cluster({}, ...applying('https://git.example.com/team-a'), ...DEFAULT_ROLES),
      'fail USES_CONTROLLER_IDENTITY',
      ownRepository,
    ],
    [
      "a Kustomization of the platform's repository",
      cluster({}, ...applying('https://git.example.com/platform'), ...DEFAULT_ROLES),
      'pass PLATFORM_MANAGED',
      ownRepository,
    ],
    [
      'a Kustomization whose source could not be read',
      cluster({}, ...applying('https://git.example.com/platform'), ...DEFAULT_ROLES),
      'fail USES_CONTROLLER_IDENTITY',
      { ...ownRepository, unavailable: { sources: 'forbidden' } },
    ],
    [
      'an ImageRepository that an account of the namespace may write',
      cluster(
        {},
        object('image.toolkit.fluxcd.io/v1', 'ImageRepository', { provider: 'aws' }),
        ...writingAccount('imagerepositories', 'image.toolkit.fluxcd.io'),
      ),
      'fail USES_CONTROLLER_IDENTITY',
      principals,
    ],
    [
      'an ImageRepository that all accounts of the namespace may write',
      cluster(
        {},
        object('image.toolkit.fluxcd.io/v1', 'ImageRepository', { provider: 'aws' }),
        clusterRole('writer', [rule('create', 'imagerepositories', 'image.toolkit.fluxcd.io')]),
        bindIn('team-a', 'writer', group('system:serviceaccounts:team-a')),
      ),
      'fail USES_CONTROLLER_IDENTITY',
      principals,
    ],
    [
      'an ImageRepository that only an account of the platform may write',
      cluster(
        {},
        object('image.toolkit.fluxcd.io/v1', 'ImageRepository', { provider: 'aws' }),
        ...writingAccount('imagerepositories', 'image.toolkit.fluxcd.io'),
      ),
      'pass PLATFORM_MANAGED',
      {
        registration: {
          ...principals.registration,
          platformPrincipals: { serviceAccounts: ['team-a/deployer'] },
        },
      },
    ],
    [
      'the platform manages it inside of a tenant',
      cluster({}, oci, ...DEFAULT_ROLES),
      'pass PLATFORM_MANAGED',
      principals,
    ],
    ['the tenant may write such objects', cluster({}, oci, ...WRITER), 'fail USES_CONTROLLER_IDENTITY', principals],
    [
      'roles could not be read',
      cluster({}, oci),
      'fail USES_CONTROLLER_IDENTITY',
      { ...principals, unavailable: { rbac: 'forbidden' } },
    ],
  ]);

  it('points at what names nobody, and says what to write where', () => {
    const [observation] = judge(control, cluster({}, byMap, map()), shared).observations;
    expect(observation).toMatchObject({
      subject: { kind: 'HelmRelease', field: 'spec.kubeConfig' },
      confidence: 'heuristic',
      evidence: [
        { object: { kind: 'ConfigMap', name: 'spoke' }, pointer: '/serviceAccountName', observed: null },
        { object: { kind: 'Pod' }, pointer: '/spec/serviceAccountName', observed: 'helm-controller' },
      ],
      fixes: [{ content: expect.stringMatching(/kind: ConfigMap[\s\S]*data:\n {2}serviceAccountName: "team-a"/) }],
    });
  });
});
