import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import type { Component } from '#libs/flux';
import { ownLane as control } from './res-01-own-lane.js';

const KEY = 'sharding.fluxcd.io/key';
const select = (text: string) => [`--watch-label-selector=${text}`];
const CRITICAL = {
  role: 'tenant',
  tenancy: 'shared',
  tenants: [
    { name: 'payments', criticality: 'critical', namespaces: { names: ['payments'] } },
    { name: 'team-a', namespaces: { names: ['team-a'] } },
  ],
} as const;
const critical = { registration: CRITICAL };

/** A controller as upstream's manifests make it: with resources and a priority class. */
const roomy = (component: Component, args: readonly string[], options: ControllerOptions = {}) =>
  controller(component, args, options).map(
    (object) =>
      JSON.parse(JSON.stringify(object), (_key, value: unknown) => {
        if (typeof value !== 'object' || value === null) return value;
        if ('containers' in value) return { ...value, priorityClassName: 'system-cluster-critical' };
        if ('image' in value) {
          return { ...value, resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '1Gi' } } };
        }
        return value;
      }) as object,
  );
const sharded = (component: Component, shards: readonly string[]) => [
  ...roomy(component, select(`!${KEY}`)),
  ...shards.flatMap((shard) => roomy(component, select(`${KEY}=${shard}`), { name: `${component}-${shard}` })),
];
const app = (namespace: string, label?: string, name = 'app') =>
  fluxObject(
    'Kustomization',
    `${namespace}/${name}`,
    {},
    {
      metadata: { name, namespace, ...(label && { labels: { [KEY]: label } }) },
    },
  );
const git = (namespace: string, label?: string) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'repo', namespace, ...(label && { labels: { [KEY]: label } }) },
  spec: { url: 'https://git.example/x' },
});
const K = 'Deployment/flux-system/kustomize-controller';

describe('FLUX-RES-01', () => {
  tableOf(control)([
    [
      'nothing is declared critical',
      [...roomy('kustomize-controller', []), app('team-a')],
      'notApplicable NO_CRITICAL_DECLARED',
      { registration: SHARED, message: /1 object of kustomize-controller and 0 objects of helm-controller/ },
    ],
    [
      'a registry without tenants',
      [...roomy('kustomize-controller', []), app('team-a')],
      'notApplicable NO_CRITICAL_DECLARED',
    ],
    [
      'one lane for all',
      [...roomy('kustomize-controller', []), app('payments'), app('team-a')],
      'fail SHARED_LANE',
      {
        ...critical,
        severity: 'high',
        verdicts: [
          'fail SHARED_LANE Tenant/payments kustomize-controller',
          'notApplicable NO_OBJECTS Cluster/cluster platform',
        ],
      },
    ],
    [
      'the critical tenant has its shard, the platform shares the default lane',
      [
        ...sharded('kustomize-controller', ['payments']),
        app('payments', 'payments'),
        app('team-a'),
        app('flux-system'),
      ],
      'fail SHARED_LANE',
      {
        ...critical,
        severity: 'medium',
        verdicts: ['fail SHARED_LANE Cluster/cluster platform kustomize-controller', 'pass OWN_LANE Tenant/payments'],
      },
    ],
    [
      'critical tenant, platform and the others apart',
      [
        ...sharded('kustomize-controller', ['payments', 'tenants']),
        app('payments', 'payments'),
        app('team-a', 'tenants'),
        app('flux-system'),
      ],
      'pass OWN_LANE',
      { ...critical, verdicts: ['pass OWN_LANE Cluster/cluster platform', 'pass OWN_LANE Tenant/payments'] },
    ],
    [
      'an installation of its own',
      [
        ...roomy('kustomize-controller', ['--watch-all-namespaces=false'], { namespace: 'payments' }),
        ...roomy('kustomize-controller', ['--watch-all-namespaces=false'], { namespace: 'team-a' }),
        app('payments'),
        app('team-a'),
      ],
      'pass OWN_LANE',
      critical,
    ],
    [
      'one object of another tenant with the label',
      [...sharded('kustomize-controller', ['payments']), app('payments', 'payments'), app('team-a', 'payments')],
      'fail SHARED_LANE',
      critical,
    ],
    [
      'a shared lane of sources',
      [
        ...sharded('kustomize-controller', ['payments', 'tenants']),
        ...roomy('source-controller', []),
        app('payments', 'payments'),
        app('team-a', 'tenants'),
        git('payments'),
        git('team-a'),
      ],
      'warn SHARED_SOURCE_LANE',
      { ...critical, message: /source-controller/ },
    ],
    [
      'no room for the lane',
      [
        ...controller('kustomize-controller', select(`!${KEY}`)),
        ...controller('kustomize-controller', select(`${KEY}=payments`), { name: 'kustomize-controller-payments' }),
        app('payments', 'payments'),
        app('team-a'),
      ],
      'warn NO_PRIORITY_CLASS',
      {
        ...critical,
        verdicts: [
          `warn NO_PRIORITY_CLASS ${K}-payments manager`,
          `warn NO_RESOURCES ${K}-payments manager`,
          'pass OWN_LANE Tenant/payments',
          'notApplicable NO_OBJECTS Cluster/cluster platform',
        ],
      },
    ],
    [
      'helm-controller is shared',
      [
        ...sharded('kustomize-controller', ['payments']),
        ...roomy('helm-controller', []),
        app('payments', 'payments'),
        fluxObject('HelmRelease', 'payments/db', {}),
        fluxObject('HelmRelease', 'team-a/db', {}),
      ],
      'fail SHARED_LANE',
      {
        ...critical,
        verdicts: [
          'fail SHARED_LANE Tenant/payments helm-controller',
          'notApplicable NO_OBJECTS Cluster/cluster platform',
        ],
      },
    ],
    [
      'the critical tenant has no objects',
      [...roomy('kustomize-controller', []), app('team-a')],
      'notApplicable NO_OBJECTS',
      critical,
    ],
    [
      'HelmReleases cannot be listed',
      [...sharded('kustomize-controller', ['payments']), app('payments', 'payments'), app('team-a')],
      'notEvaluated RBAC_DENIED_READ',
      { ...critical, unavailable: { helmReleases: 'forbidden' } },
    ],
    [
      'HelmReleases cannot be listed, and a lane is shared anyhow',
      [...roomy('kustomize-controller', []), app('payments'), app('team-a')],
      'fail SHARED_LANE',
      { ...critical, unavailable: { helmReleases: 'forbidden' } },
    ],
    [
      'namespaces cannot be listed, and tenants are named by their labels',
      [...roomy('kustomize-controller', []), app('payments'), app('team-a')],
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: {
          ...CRITICAL,
          tenants: CRITICAL.tenants.map((tenant) => ({
            ...tenant,
            namespaces: { matchLabels: { tenant: tenant.name } },
          })),
        },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
    [
      'the selector is not known',
      [
        ...controller('kustomize-controller', select('$(S)'), {
          env: [{ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        app('payments'),
        app('team-a'),
      ],
      'notEvaluated UNRESOLVED_ENV',
      critical,
    ],
    ['no controller', [], 'notApplicable NO_CONTROLLER', critical],
    [
      'one tenant has the cluster',
      [...roomy('kustomize-controller', []), app('payments'), app('flux-system')],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { ...CRITICAL, tenancy: 'dedicated', tenants: CRITICAL.tenants.slice(0, 1) } },
    ],
    [
      'a management cluster with one critical tenant',
      [...roomy('kustomize-controller', []), app('payments'), app('flux-system')],
      'fail SHARED_LANE',
      { registration: { role: 'management', tenancy: 'shared', tenants: CRITICAL.tenants.slice(0, 1) } },
    ],
  ]);

  it('adds the tenant to the shards of the FluxInstance and names what needs the label', () => {
    const instance = {
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: { name: 'flux', namespace: 'flux-system' },
    };
    const [observation] = judge(
      control,
      [instance, ...sharded('kustomize-controller', ['other']), app('payments'), app('team-a')],
      critical,
    ).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(/kind: FluxInstance[\s\S]*shards:\n {6}- other\n {6}- payments/);
    expect(observation?.message).toMatch(/label of that instance: Kustomization payments\/app\./);
  });
});
