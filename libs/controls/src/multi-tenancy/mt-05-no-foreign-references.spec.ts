import { describe, expect, it } from 'vitest';
import type { Component } from '#libs/flux';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject, namespace } from '../../../../test/support/flux-installation.js';
import { bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { noForeignReferences as control } from './mt-05-no-foreign-references.js';

const shared = { registration: SHARED };
const ON = ['--no-cross-namespace-refs=true'];
const COMPONENTS: readonly Component[] = [
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
  'source-watcher',
];
const open = COMPONENTS.flatMap((component) => controller(component, []));
const closed = COMPONENTS.flatMap((component) => controller(component, ON));

const foreign = { kind: 'GitRepository', name: 'app', namespace: 'team-b' };
const app = (spec: object, path = 'team-a/app') => fluxObject('Kustomization', path, spec);
const release = (spec: object, more: object = {}) => fluxObject('HelmRelease', 'team-a/web', spec, more);
const charts = (home: string) => ({
  chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts', namespace: home } } },
});
const other = (apiVersion: string, kind: string, spec: object, home = 'team-a') => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: home },
  spec,
});
const alert = other('notification.toolkit.fluxcd.io/v1beta3', 'Alert', {
  eventSources: [
    { kind: 'Kustomization', name: '*' },
    { kind: 'Kustomization', name: '*', namespace: 'team-b' },
  ],
});
const receiver = other('notification.toolkit.fluxcd.io/v1', 'Receiver', { resources: [foreign] });
const policy = other('image.toolkit.fluxcd.io/v1', 'ImagePolicy', {
  imageRepositoryRef: { name: 'app', namespace: 'team-b' },
});
const repository = (accessFrom?: object) => ({
  ...other(
    'image.toolkit.fluxcd.io/v1',
    'ImageRepository',
    { image: 'registry.example.com/app', ...(accessFrom && { accessFrom }) },
    'team-b',
  ),
  metadata: { name: 'app', namespace: 'team-b' },
});
const selecting = (matchLabels: object) => ({ namespaceSelectors: [{ matchLabels }] });
const READY = { status: { conditions: [{ type: 'Ready', status: 'True', reason: 'UpgradeSucceeded' }] } };

describe('FLUX-MT-05', () => {
  const judges = tableOf(control);

  describe('references of tenants', () => {
    judges([
      [
        'a source of another tenant, flag off',
        [...open, app({ sourceRef: foreign })],
        'fail EFFECTIVE',
        { ...shared, severity: 'high', verdicts: ['fail EFFECTIVE Kustomization/team-a/app spec.sourceRef'] },
      ],
      [
        'the same, flag on',
        [...closed, app({ sourceRef: foreign })],
        'warn ATTEMPT_BLOCKED',
        { ...shared, severity: 'medium', message: /AccessDenied/ },
      ],
      [
        'a dependency, flag on',
        [...closed, app({ dependsOn: [{ name: 'x', namespace: 'team-b' }] })],
        'warn DEPENDENCY_NOT_GOVERNED',
        { ...shared, severity: 'low' },
      ],
      [
        'a dependency, flag off',
        [...open, app({ dependsOn: [{ name: 'x', namespace: 'team-b' }] })],
        'warn DEPENDENCY_NOT_GOVERNED',
        shared,
      ],
      [
        'a dependency that is read',
        [...closed, app({ dependsOn: [{ name: 'x', namespace: 'team-b', readyExpr: 'dep.status.ready' }] })],
        'warn DEPENDENCY_READS_OBJECT',
        { ...shared, severity: 'medium' },
      ],
      [
        'a dependency of a release',
        [...closed, release({ dependsOn: [{ name: 'x', namespace: 'flux-system' }] })],
        'warn DEPENDENCY_NOT_GOVERNED',
        shared,
      ],
      [
        'a chart of the platform, flag off',
        [...open, release(charts('flux-system'))],
        'fail EFFECTIVE',
        { ...shared, severity: 'high' },
      ],
      [
        'a chart of another tenant, flag on',
        [...closed, release(charts('team-b'), READY)],
        'fail FROZEN',
        { ...shared, severity: 'high', message: /Ready=True/ },
      ],
      [
        'a chart that was made in another namespace before',
        [
          ...closed,
          release(
            { chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } } },
            { status: { helmChart: 'team-b/team-a-web' } },
          ),
        ],
        'fail FROZEN',
        shared,
      ],
      [
        'a chart that was made in the own namespace',
        [
          ...closed,
          release(
            { chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts' } } } },
            { status: { helmChart: 'team-a/team-a-web' } },
          ),
        ],
        'pass NO_FOREIGN_REFERENCE',
        shared,
      ],
      [
        'chartRef to another tenant, flag on',
        [...closed, release({ chartRef: { kind: 'OCIRepository', name: 'web', namespace: 'team-b' } })],
        'warn ATTEMPT_BLOCKED',
        shared,
      ],
      [
        'chartRef to another tenant, flag off',
        [...open, release({ chartRef: { kind: 'OCIRepository', name: 'web', namespace: 'team-b' } })],
        'fail EFFECTIVE',
        shared,
      ],
      [
        'events of another tenant, flag off',
        [...open, alert],
        'fail EFFECTIVE',
        { ...shared, verdicts: ['fail EFFECTIVE Alert/team-a/x spec.eventSources[Kustomization team-b/*]'] },
      ],
      [
        'events of another tenant, flag on',
        [...closed, alert],
        'warn ATTEMPT_BLOCKED',
        { ...shared, message: /cross-namespace references have been blocked/ },
      ],
      ['a webhook for another tenant, flag off', [...open, receiver], 'fail EFFECTIVE', shared],
      [
        'a webhook for another tenant, flag on',
        [...closed, receiver],
        'warn ATTEMPT_BLOCKED',
        { ...shared, message: /stays ready/ },
      ],
      [
        'automation over the source of another tenant',
        [...open, other('image.toolkit.fluxcd.io/v1', 'ImageUpdateAutomation', { sourceRef: foreign })],
        'fail EFFECTIVE',
        shared,
      ],
      [
        'an artifact made from the source of another tenant',
        [
          ...open,
          other('source.extensions.fluxcd.io/v1beta1', 'ArtifactGenerator', { sources: [{ alias: 'a', ...foreign }] }),
        ],
        'fail EFFECTIVE',
        shared,
      ],
      [
        'the own namespace, spelled out',
        [...open, app({ sourceRef: { ...foreign, namespace: 'team-a' } })],
        'pass NO_FOREIGN_REFERENCE',
        { ...shared, verdicts: ['pass NO_FOREIGN_REFERENCE Tenant/team-a'] },
      ],
      [
        'an empty namespace',
        [...open, app({ sourceRef: { ...foreign, namespace: '' } })],
        'pass NO_FOREIGN_REFERENCE',
        shared,
      ],
      [
        'several fields',
        [...open, app({ sourceRef: foreign, dependsOn: [{ name: 'x', namespace: 'team-b' }] })],
        'fail EFFECTIVE',
        {
          ...shared,
          verdicts: [
            'fail EFFECTIVE Kustomization/team-a/app spec.sourceRef',
            'warn DEPENDENCY_NOT_GOVERNED Kustomization/team-a/app spec.dependsOn[Kustomization team-b/x]',
          ],
        },
      ],
      [
        'the same dependency twice',
        [
          ...open,
          app({
            dependsOn: [
              { name: 'x', namespace: 'team-b' },
              { name: 'x', namespace: 'team-b' },
            ],
          }),
        ],
        'warn DEPENDENCY_NOT_GOVERNED',
        {
          ...shared,
          verdicts: ['warn DEPENDENCY_NOT_GOVERNED Kustomization/team-a/app spec.dependsOn[Kustomization team-b/x]'],
        },
      ],
      [
        'the namespace that it applies to',
        [...open, app({ targetNamespace: 'team-b' })],
        'pass GOVERNED_BY_RBAC',
        shared,
      ],
    ]);
  });

  describe('other owners', () => {
    judges([
      [
        'the platform uses the source of a tenant',
        [...open, app({ sourceRef: { ...foreign, namespace: 'team-a' } }, 'flux-system/infra')],
        'pass PLATFORM_REFERENCE',
        { ...shared, message: /will stop working/ },
      ],
      [
        'the same under the flag',
        [...closed, app({ sourceRef: { ...foreign, namespace: 'team-a' } }, 'flux-system/infra')],
        'pass PLATFORM_REFERENCE',
        { ...shared, message: /does not work now/ },
      ],
      [
        'the platform takes a chart from elsewhere, under the flag',
        [...closed, fluxObject('HelmRelease', 'flux-system/web', charts('charts'))],
        'fail FROZEN',
        shared,
      ],
      [
        'two namespaces of one tenant',
        [...open, app({ sourceRef: { ...foreign, namespace: 'team-a-dev' } })],
        'pass SAME_TENANT',
        {
          registration: {
            ...SHARED,
            tenants: [{ name: 'team-a', namespaces: { names: ['team-a', 'team-a-dev'] } }, SHARED.tenants[1]],
          },
        },
      ],
      [
        'an object that the platform wrote into the namespace of a tenant',
        [...open, app({ sourceRef: { ...foreign, namespace: 'flux-system' } })],
        'pass PLATFORM_MANAGED',
        {
          registration: {
            ...SHARED,
            tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
          },
        },
      ],
      [
        'the same, where the tenant may write such objects',
        [
          ...open,
          app({ sourceRef: { ...foreign, namespace: 'flux-system' } }),
          clusterRole('w', [rule('create', 'kustomizations', 'kustomize.toolkit.fluxcd.io')]),
          bindIn('team-a', 'w', group('team-a')),
        ],
        'fail EFFECTIVE',
        {
          registration: {
            ...SHARED,
            tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
          },
        },
      ],
      [
        'the same, where RBAC was not read',
        [...open, app({ sourceRef: { ...foreign, namespace: 'flux-system' } })],
        'fail EFFECTIVE',
        {
          registration: {
            ...SHARED,
            tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
          },
          unavailable: { rbac: 'forbidden' },
        },
      ],
      ['no object', open, 'notApplicable NO_FLUX_OBJECTS', shared],
      [
        'a standalone cluster',
        [...open, app({ sourceRef: foreign })],
        'notApplicable NO_TENANT_BOUNDARY',
        { registration: { role: 'standalone' } },
      ],
      [
        'a dedicated cluster',
        [...open, app({ sourceRef: foreign })],
        'notApplicable NO_TENANT_BOUNDARY',
        { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [{ name: 'a' }] } },
      ],
      [
        'a shared cluster without a tenant',
        [...open, app({ sourceRef: foreign })],
        'notEvaluated TENANTS_UNDEFINED',
        { registration: { role: 'tenant', tenancy: 'shared' } },
      ],
    ]);
  });

  describe('images', () => {
    const labelled = [namespace('team-a', { team: 'a' }), namespace('team-b')];
    judges([
      ['flag off, no accessFrom', [...open, policy, repository()], 'warn DENIED_BY_ACL', shared],
      ['flag off, no such repository', [...open, policy], 'warn DENIED_BY_ACL', shared],
      [
        'flag off, selected by label',
        [...open, ...labelled, policy, repository(selecting({ team: 'a' }))],
        'fail EFFECTIVE',
        shared,
      ],
      [
        'flag off, others are selected',
        [...open, ...labelled, policy, repository(selecting({ team: 'c' }))],
        'warn DENIED_BY_ACL',
        shared,
      ],
      [
        'flag off, everybody is selected',
        [...open, policy, repository(selecting({}))],
        'fail EFFECTIVE',
        {
          ...shared,
          verdicts: [
            'fail EFFECTIVE ImagePolicy/team-a/x spec.imageRepositoryRef',
            'warn OPEN_TO_ALL ImageRepository/team-b/app spec.accessFrom',
          ],
        },
      ],
      [
        'flag on, everybody is selected',
        [...closed, policy, repository(selecting({}))],
        'warn ATTEMPT_BLOCKED',
        shared,
      ],
      ['everybody is selected, nobody uses it', [...closed, repository(selecting({}))], 'warn OPEN_TO_ALL', shared],
      [
        'flag off, repositories were not read',
        [...open, policy],
        'notEvaluated RBAC_DENIED_READ',
        { ...shared, unavailable: { imageRepositories: 'forbidden' } },
      ],
      [
        'flag off, namespaces were not read',
        [...open, policy, repository(selecting({ team: 'a' }))],
        'notEvaluated RBAC_DENIED_READ',
        { ...shared, unavailable: { namespaces: 'forbidden' } },
      ],
    ]);
  });

  describe('controllers', () => {
    const shard = (args: readonly string[]) =>
      controller('kustomize-controller', ['--watch-label-selector=shard in (a)', ...args], {
        name: 'kustomize-controller-a',
      });
    const main = (args: readonly string[]) =>
      controller('kustomize-controller', ['--watch-label-selector=!shard', ...args]);
    const sharded = {
      ...app({ sourceRef: foreign }),
      metadata: { name: 'app', namespace: 'team-a', labels: { shard: 'a' } },
    };
    judges([
      ['the shard that serves it has no flag', [...main(ON), ...shard([]), sharded], 'fail EFFECTIVE', shared],
      ['another shard has no flag', [...main([]), ...shard(ON), sharded], 'warn ATTEMPT_BLOCKED', shared],
      ['nobody serves it', [...main(ON), sharded], 'notEvaluated CONTROLLER_UNKNOWN', shared],
      ['no controller is recognised', [app({ sourceRef: foreign })], 'notEvaluated CONTROLLER_UNKNOWN', shared],
      [
        'a controller that sees its own namespace only',
        [
          ...controller('kustomize-controller', ['--watch-all-namespaces=false'], { namespace: 'team-a' }),
          app({ sourceRef: foreign }),
        ],
        'warn ATTEMPT_BLOCKED',
        shared,
      ],
      [
        'its flag comes from a Secret',
        [
          ...controller('kustomize-controller', ['--no-cross-namespace-refs=$(REFS)'], {
            env: [{ name: 'REFS', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
          }),
          app({ sourceRef: foreign }),
        ],
        'notEvaluated CONTROLLER_UNKNOWN',
        shared,
      ],
    ]);
  });

  it.each(['alerts', 'receivers', 'imagePolicies', 'imageUpdateAutomations', 'artifactGenerators'] as const)(
    'does not pass without %s',
    (name) => {
      const result = judge(control, [...open, app({ sourceRef: { ...foreign, namespace: 'team-a' } })], {
        ...shared,
        unavailable: { [name]: 'forbidden' },
      });
      expect(verdicts(result)).toEqual([`notEvaluated RBAC_DENIED_READ Cluster/cluster ${name}`]);
    },
  );

  it('keeps a failure although other kinds could not be read', () => {
    expect(
      judge(control, [...open, app({ sourceRef: foreign })], { ...shared, unavailable: { alerts: 'forbidden' } })
        .outcome,
    ).toBe('fail');
  });

  it('says how to give the tenant a source of its own, and cuts what others wrote', () => {
    const name = `a'; rm -rf ${'x'.repeat(500)}`;
    const [observation] = judge(control, [...open, app({ sourceRef: { ...foreign, name } })], shared).observations;
    expect(observation?.message.length).toBeLessThan(1000);
    expect(observation?.fixes?.[0]?.content).toContain(`kubectl get gitrepository 'a'\\''; rm -rf x`);
  });

  it('is no surer than the tenants are known', () => {
    const labels = [
      namespace('a', { 'toolkit.fluxcd.io/tenant': 'a' }),
      namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
    ];
    const [observation] = judge(control, [
      ...open,
      ...labels,
      app({ sourceRef: { ...foreign, namespace: 'b' } }, 'a/app'),
    ]).observations;
    expect(observation).toMatchObject({ reason: 'EFFECTIVE', confidence: 'heuristic' });
  });
});
