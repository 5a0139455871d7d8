import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalog, planAccessReviews } from '#libs/controls';
import { ARTIFACT_NAMES, type Profile, type Registration } from '#libs/core';
import { evaluate } from '#libs/engine';
import { ClusterClient, collectSnapshot, parseKubeconfig } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import { kustomization, gitRepository, tenantNamespace, type FluxInstallationOptions } from '#libs/simulator';
import type { Manifest } from './admin-client.js';
import { installFlux } from './flux-install.js';
import { createAuditor } from './identities.js';
import { startLab, type Lab, type RunningCluster } from './lab.js';
import { eventually } from './poll.js';

const shared = inject('lab');
const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
const RBAC = 'rbac.authorization.k8s.io';
const TENANTS = ['team-a', 'team-b'].map((name) => ({
  name,
  namespaces: { names: [name] },
  principals: { groups: [name] },
}));
const SHARED: Omit<Registration, 'name'> = { role: 'tenant', tenancy: 'shared', tenants: TENANTS };

/** What an audit says about a cluster: `outcome reason` by control, of those that are asked for. */
async function audited(
  kubeconfig: string,
  registration: Omit<Registration, 'name'>,
  controls: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const client = await ClusterClient.open(parseKubeconfig(kubeconfig), {
    egress,
    userAgent: 'plimsoll/test',
    budget: { qps: 1000, burst: 1000 },
  });
  try {
    const snapshot = await collectSnapshot(client, {
      name: 'c',
      registration: { name: 'c', ...registration },
      sightings: { firstSeen: {} },
      needs: ARTIFACT_NAMES,
      planReviews: planAccessReviews,
      fleet: async () => [],
    });
    const profile: Profile = { id: 'test@1', ruleSetVersion: 'test', controls };
    return Object.fromEntries(
      evaluate(catalog, profile, snapshot).results.map(({ controlId, outcome, reason }) => [
        controlId.replace('FLUX-', ''),
        `${outcome} ${reason}`,
      ]),
    );
  } finally {
    await client.close();
  }
}

const FLAGS = ['HC-01', 'HC-02', 'KC-01', 'KC-02', 'KC-03', 'MT-01', 'MT-02', 'MT-06', 'RES-02', 'RES-03'].map(
  (id) => `FLUX-${id}`,
);
const SAFE = {
  'HC-01': 'pass FLAG_OFF',
  'HC-02': 'pass FLAG_OFF',
  'KC-01': 'pass FLAG_OFF',
  'KC-02': 'pass FLAG_OFF',
  'KC-03': 'pass FLAG_SET',
  'MT-01': 'pass FLAG_SET',
  'MT-02': 'pass FLAG_SET',
  'MT-06': 'pass FLAG_SET',
  'RES-02': 'pass SINGLE_LANE',
  'RES-03': 'pass SERVED_ONCE',
};

/** Installations of Flux that differ, and the right answers where they differ from `SAFE`. */
const LAYOUTS: readonly (readonly [string, FluxInstallationOptions, Readonly<Record<string, string>>])[] = [
  ['as flux install leaves it, locked down', {}, {}],
  [
    'without lock-down',
    { lockDown: 'none' },
    {
      'KC-03': 'fail FLAG_ABSENT',
      'MT-01': 'fail FLAG_ABSENT',
      'MT-02': 'fail FLAG_ABSENT',
      'MT-06': 'fail FLAG_ABSENT',
    },
  ],
  ['sharded', { shards: ['shard1', 'shard2'] }, { 'RES-02': 'pass DISJOINT' }],
  ['all controllers in one pod', { allInOne: true }, {}],
  ['in another namespace', { namespace: 'gitops' }, {}],
  ['from another registry', { registry: 'registry.example.com:5000/mirror/fluxcd' }, {}],
  [
    'an older release, locked down as far as it goes',
    { release: 'v2.6.4', lockDown: 'multiTenancy' },
    { 'MT-06': 'warn FLAG_UNSUPPORTED_UPGRADE' },
  ],
  ['by the Flux Operator', { fluxOperator: true }, {}],
];

describe.skipIf(!shared?.flux)('installations of Flux on a real API server [needs lab]', () => {
  let lab: Lab;

  beforeAll(async () => {
    if (shared === null) return;
    const clusters = [...LAYOUTS.map((_, index) => `layout-${index}`), 'platform'].map((name) => ({
      name,
      controllerManager: false,
    }));
    lab = await startLab({ programs: shared.programs, clusters });
  });
  afterAll(() => lab?.stop());

  async function withFlux(cluster: RunningCluster, options: FluxInstallationOptions): Promise<string> {
    await installFlux(cluster, shared?.crdFolder ?? null, options);
    for (const tenant of ['team-a', 'team-b']) await cluster.admin.apply(tenantNamespace({ tenant }) as Manifest);
    for (const object of [
      gitRepository({ namespace: 'team-a', name: 'web' }),
      kustomization({ namespace: 'team-a', name: 'web', serviceAccountName: 'deployer' }),
    ])
      await cluster.admin.apply(object(Date.now()) as unknown as Manifest);
    return cluster.kubeconfig({ token: await createAuditor(cluster.admin) });
  }

  it.each(LAYOUTS.map(([title, options, differences], index) => [title, index, options, differences] as const))(
    '%s: the right answers',
    async (_title, index, options, differences) => {
      const kubeconfig = await withFlux(lab.cluster(`layout-${index}`), options);
      expect(await audited(kubeconfig, SHARED, FLAGS)).toEqual({ ...SAFE, ...differences });
    },
  );

  it('a tenant as many platforms set it up: exactly the findings that it deserves', async () => {
    const cluster = lab.cluster('platform');
    const kubeconfig = await withFlux(cluster, { lockDown: 'multiTenancy' });
    const { admin } = cluster;
    await admin.apply(anyKind('kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies'));
    const objects: Manifest[] = [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace: 'team-a' } },
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'deployer', namespace: 'team-a' },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace: 'team-a' }],
      },
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'developers', namespace: 'team-a' },
        // What `flux-edit` aggregates to `edit` where Flux is installed with its roles for people.
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'flux-edit' },
        subjects: [{ kind: 'Group', apiGroup: RBAC, name: 'team-a' }],
      },
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata: { name: 'flux-edit', labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } },
        rules: [
          {
            apiGroups: ['kustomize.toolkit.fluxcd.io', 'source.toolkit.fluxcd.io'],
            resources: ['*'],
            verbs: ['create', 'delete', 'deletecollection', 'patch', 'update'],
          },
        ],
      },
      {
        apiVersion: 'kyverno.io/v1',
        kind: 'ClusterPolicy',
        metadata: { name: 'require-service-account' },
        spec: {
          validationFailureAction: 'Audit',
          rules: [
            {
              name: 'name-an-account',
              match: { any: [{ resources: { kinds: ['Kustomization', 'HelmRelease'] } }] },
              validate: { message: 'name a service account', pattern: { spec: { serviceAccountName: '?*' } } },
            },
          ],
        },
      },
    ];
    for (const object of objects) await admin.apply(object);
    const controls = ['MT-01', 'MT-02', 'MT-03', 'MT-04', 'MT-05', 'MT-07', 'X-13', 'DED-03', 'KC-03', 'NET-02'].map(
      (id) => `FLUX-${id}`,
    );
    await eventually('the policy is served', async () => {
      const { status } = await admin.request('GET', '/apis/kyverno.io/v1/clusterpolicies');
      return status === 200 ? true : undefined;
    });
    expect(await audited(kubeconfig, SHARED, controls)).toEqual({
      'KC-03': 'pass FLAG_SET',
      'MT-01': 'pass FLAG_SET',
      'MT-02': 'pass FLAG_SET',
      // Upstream's own example binds it so: it is everything, but in the tenant's namespace.
      'MT-03': 'warn NAMESPACE_ADMIN',
      'MT-04': 'pass NO_RIGHTS',
      'MT-05': 'pass NO_FOREIGN_REFERENCE',
      'MT-07': 'notApplicable NO_CLOUD_USE',
      'X-13': 'pass NO_ACCESS',
      'DED-03': 'pass NOT_EXCESSIVE',
      'NET-02': 'fail NO_POLICIES',
    });
    // A policy that only reports does not stand in for a flag.
    await installFlux(cluster, null, { lockDown: 'none' });
    const open = await audited(kubeconfig, SHARED, ['FLUX-MT-02']);
    expect(open).toEqual({ 'MT-02': 'fail FLAG_ABSENT' });
  });
});

/** A CustomResourceDefinition that takes whatever it is given. */
function anyKind(group: string, version: string, kind: string, plural: string): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
