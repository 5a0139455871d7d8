import { describe, expect, it } from 'vitest';
import { accountIdentity } from '#libs/rbac';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject, namespace } from '../../../../test/support/flux-installation.js';
import {
  DEFAULT_ROLES,
  account,
  bindEverywhere,
  bindIn,
  clusterRole,
  group,
  rule,
  serviceAccount,
} from '../../../../test/support/rbac-objects.js';
import { questionOf } from '../access/access.js';
import { effectiveIdentity as control } from './mt-03-effective-identity.js';

const shared = { registration: SHARED };
const LOCKED = ['--default-service-account=default'];
const CONTROLLERS = bindEverywhere(
  'cluster-admin',
  account('flux-system/kustomize-controller'),
  account('flux-system/helm-controller'),
);
const ACCOUNTS = ['team-a/default', 'team-a/deployer', 'team-b/default', 'flux-system/kustomize-controller'].map(
  serviceAccount,
);

/** Kustomize- and helm-controller with their rights, accounts, and what else there is. */
function cluster(args: readonly string[], ...more: readonly object[]): object[] {
  return [
    ...controller('kustomize-controller', args),
    ...controller('helm-controller', args),
    ...DEFAULT_ROLES,
    CONTROLLERS,
    ...ACCOUNTS,
    ...more,
  ];
}
const source = { sourceRef: { kind: 'GitRepository', name: 'app' } };
const app = (spec: object = {}): object => fluxObject('Kustomization', 'team-a/app', { ...source, ...spec });
const deployed = app({ serviceAccountName: 'deployer' });
const deployer = account('team-a/deployer');
const APP = 'Kustomization/team-a/app';
const FLEET = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'fleet', namespace: 'flux-system' },
  spec: { url: 'https://git.example.com/fleet' },
};
const fromFleet = { sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' } };
const withPrincipals = {
  registration: {
    ...SHARED,
    tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
  },
};
const kubeConfig = { kubeConfig: { secretRef: { name: 'home' } } };
const home = (facts: object): object => ({
  kind: 'SecretFacts',
  metadata: { namespace: 'team-a', name: 'home' },
  keys: ['value'],
  digest: 'd',
  lengths: { value: 1 },
  kubeConfig: { server: 'https://kubernetes.default.svc', fields: [], ...facts },
});
const SELF = {
  kind: 'FleetCluster',
  name: 'here',
  server: 'https://here.example.com',
  caSpkiSha256: 'aa',
  tenants: [],
  self: true,
};

describe('FLUX-MT-03', () => {
  const judges = tableOf(control);

  judges([
    [
      'names no account, no default',
      cluster([], app()),
      'fail RUNS_AS_CONTROLLER',
      { ...shared, severity: 'critical' },
    ],
    [
      'cluster-admin in its own namespace',
      cluster(LOCKED, deployed, bindIn('team-a', 'cluster-admin', deployer)),
      'warn NAMESPACE_ADMIN',
      { ...shared, message: /RoleBinding "team-a\/to-cluster-admin" → ClusterRole "cluster-admin", rule 1/ },
    ],
    [
      'cluster-admin everywhere',
      cluster(LOCKED, deployed, clusterRole('own', [rule('*', '*', '*')]), bindEverywhere('own', deployer)),
      'fail SA_OVERPRIVILEGED',
      { ...shared, message: /ClusterRoleBinding "to-own" → ClusterRole "own", rule 1: all verbs/ },
    ],
    [
      'an object of the platform without an account, under lock-down',
      cluster(LOCKED, fluxObject('Kustomization', 'flux-system/infra', fromFleet), FLEET),
      'warn WILL_IMPERSONATE',
      { ...shared, verdicts: ['warn WILL_IMPERSONATE Kustomization/flux-system/infra'] },
    ],
    [
      'an object of the platform with the source of a tenant, as a controller',
      cluster(
        LOCKED,
        fluxObject('Kustomization', 'flux-system/tenant-a', {
          sourceRef: { kind: 'GitRepository', name: 'app', namespace: 'team-a' },
          serviceAccountName: 'kustomize-controller',
        }),
      ),
      'fail TENANT_SOURCE_AS_ADMIN',
      shared,
    ],
    [
      'names an account that does not exist',
      cluster(LOCKED, app({ serviceAccountName: 'gone' })),
      'warn SA_MISSING',
      shared,
    ],
    [
      'a group of a tenant may edit where Flux runs',
      cluster(
        LOCKED,
        deployed,
        bindIn('team-a', 'edit', group('team-a')),
        bindIn('flux-system', 'edit', group('team-a')),
      ),
      'fail TENANT_WRITES_FLUX_NAMESPACE',
      {
        ...withPrincipals,
        verdicts: ['fail TENANT_WRITES_FLUX_NAMESPACE Tenant/team-a', `pass LEAST_PRIVILEGE ${APP}`],
      },
    ],
    [
      'in the lane of a shard without a default, while the other lane has one',
      [
        ...cluster([...LOCKED, '--watch-label-selector=!sharding.fluxcd.io/key']),
        ...controller('kustomize-controller', ['--watch-label-selector=sharding.fluxcd.io/key=one'], { name: 'one' }),
        { ...app(), metadata: { namespace: 'team-a', name: 'app', labels: { 'sharding.fluxcd.io/key': 'one' } } },
      ],
      'fail RUNS_AS_CONTROLLER',
      shared,
    ],
    [
      "the platform manages it inside of a tenant: its principals may not write there, the source is the platform's",
      cluster(
        [],
        fluxObject('HelmRelease', 'team-a/agent', { chartRef: { ...fromFleet.sourceRef, kind: 'OCIRepository' } }),
      ),
      'pass PLATFORM_MANAGED',
      withPrincipals,
    ],
    [
      'the same, principals not declared',
      cluster(
        [],
        fluxObject('HelmRelease', 'team-a/agent', { chartRef: { ...fromFleet.sourceRef, kind: 'OCIRepository' } }),
      ),
      'fail RUNS_AS_CONTROLLER',
      shared,
    ],
    [
      'a kubeconfig leads back, with a certificate of an administrator',
      cluster(
        LOCKED,
        app(kubeConfig),
        home({
          certificate: {
            commonName: 'kubernetes-admin',
            organizations: ['system:masters'],
            notBefore: '',
            notAfter: '',
          },
        }),
      ),
      'fail SA_OVERPRIVILEGED',
      { ...shared, message: /user kubernetes-admin, by the credential of a kubeconfig.*system:masters/ },
    ],
    [
      'a kubeconfig leads back, with the token of an account that is cluster-admin',
      cluster(
        LOCKED,
        app(kubeConfig),
        home({ token: { kind: 'jwt', subject: 'system:serviceaccount:flux-system:kustomize-controller' } }),
      ),
      'fail SA_OVERPRIVILEGED',
      shared,
    ],
    [
      'a kubeconfig leads back, with the token of an account of the tenant',
      cluster(
        LOCKED,
        app(kubeConfig),
        home({ token: { kind: 'jwt', subject: 'system:serviceaccount:team-a:deployer' } }),
      ),
      'pass LEAST_PRIVILEGE',
      shared,
    ],
    [
      'a kubeconfig leads back, and its token says nothing',
      cluster(LOCKED, app(kubeConfig), home({ token: { kind: 'opaque' } })),
      'notEvaluated UNKNOWN_CREDENTIAL',
      shared,
    ],
    [
      'a kubeconfig leads to another cluster',
      cluster(LOCKED, app(kubeConfig), SELF, home({ server: 'https://spoke.example.com' })),
      'notApplicable REMOTE_APPLY',
      shared,
    ],
    [
      'a kubeconfig that could not be read',
      cluster(LOCKED, app(kubeConfig), SELF, home({})),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { secretFacts: 'forbidden' } },
    ],
  ]);

  judges([
    ['the default account, without rights', cluster(LOCKED, app()), 'pass LEAST_PRIVILEGE', shared],
    ['a named account, without rights', cluster([], deployed), 'pass LEAST_PRIVILEGE', shared],
    [
      'rights in its own namespace',
      cluster(LOCKED, deployed, bindIn('team-a', 'edit', deployer)),
      'pass LEAST_PRIVILEGE',
      { ...shared, verdicts: [`pass LEAST_PRIVILEGE ${APP}`] },
    ],
    [
      'writing in the namespace of another tenant',
      cluster(LOCKED, deployed, bindIn('team-b', 'edit', deployer)),
      'fail SA_OVERPRIVILEGED',
      shared,
    ],
    [
      'reading what is no secret in the namespace of another tenant',
      cluster(LOCKED, deployed, bindIn('team-b', 'view', deployer)),
      'pass LEAST_PRIVILEGE',
      shared,
    ],
    [
      'reading Secrets in the namespace of another tenant',
      cluster(
        LOCKED,
        deployed,
        clusterRole('secrets', [rule('get', 'secrets')]),
        bindIn('team-b', 'secrets', deployer),
      ),
      'fail SA_OVERPRIVILEGED',
      shared,
    ],
    [
      'reading everywhere',
      cluster(LOCKED, deployed, clusterRole('r', [rule('get list', 'pods nodes')]), bindEverywhere('r', deployer)),
      'pass LEAST_PRIVILEGE',
      shared,
    ],
    [
      'questions about rights are no write',
      cluster(
        LOCKED,
        deployed,
        clusterRole('r', [rule('create', 'subjectaccessreviews', 'authorization.k8s.io')]),
        bindEverywhere('r', deployer),
      ),
      'pass LEAST_PRIVILEGE',
      shared,
    ],
    [
      'all accounts of the cluster may edit everywhere',
      cluster(LOCKED, deployed, bindEverywhere('edit', group('system:serviceaccounts'))),
      'fail SA_OVERPRIVILEGED',
      {
        ...shared,
        verdicts: [`fail SA_OVERPRIVILEGED ${APP}`],
      },
    ],
    [
      'the template of the controller lost its default',
      [
        ...controller('kustomize-controller', [], { podArgs: LOCKED }),
        ...DEFAULT_ROLES,
        CONTROLLERS,
        ...ACCOUNTS,
        app(),
      ],
      'fail RUNS_AS_CONTROLLER',
      { ...shared, message: /once the pods of its controller follow their template/ },
    ],
    [
      'the source of a tenant by its repository, in a namespace of the platform, without rights',
      cluster(
        LOCKED,
        fluxObject('Kustomization', 'flux-system/a', { ...fromFleet, path: './tenants/a', serviceAccountName: 'a' }),
        FLEET,
        serviceAccount('flux-system/a'),
      ),
      'pass LEAST_PRIVILEGE',
      {
        registration: {
          ...SHARED,
          tenants: [
            { ...SHARED.tenants[0], gitPaths: [{ repo: 'https://git.example.com/fleet', paths: ['tenants/a'] }] },
            SHARED.tenants[1],
          ],
        },
      },
    ],
    [
      'the platform and its source',
      cluster([], fluxObject('Kustomization', 'flux-system/flux-system', fromFleet), FLEET),
      'pass PLATFORM_OBJECT',
      shared,
    ],
    ['no Flux object', cluster([]), 'notApplicable NO_FLUX_OBJECTS', shared],
    [
      'one tenant has the cluster',
      cluster([], app()),
      'notApplicable NO_TENANT_BOUNDARY',
      {
        registration: {
          role: 'tenant',
          tenancy: 'dedicated',
          tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] } }],
        },
      },
    ],
    ['standalone', cluster([], app()), 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
    [
      'shared, tenants unknown',
      cluster([]),
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    [
      'tenants seen by label only',
      cluster(
        [],
        app(),
        namespace('team-a', { 'toolkit.fluxcd.io/tenant': 'a' }),
        namespace('team-b', { 'toolkit.fluxcd.io/tenant': 'b' }),
      ),
      'fail RUNS_AS_CONTROLLER',
    ],
    ['no controller is recognised', [...DEFAULT_ROLES, app()], 'notEvaluated NOT_SERVED', shared],
    [
      'a variable hides the default of the controller',
      [
        ...controller('kustomize-controller', ['--default-service-account=$(SA)'], {
          env: [{ name: 'SA', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        ...DEFAULT_ROLES,
        app(),
      ],
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    [
      'nobody could list accounts',
      cluster(LOCKED, deployed),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { serviceAccounts: 'forbidden' } },
    ],
    [
      'nobody could list accounts, and it is too much all the same',
      cluster([], app()),
      'fail RUNS_AS_CONTROLLER',
      { ...shared, unavailable: { serviceAccounts: 'forbidden' } },
    ],
    [
      'whose source it is depends on one that could not be listed',
      cluster([], fluxObject('Kustomization', 'flux-system/infra', fromFleet)),
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: {
          ...SHARED,
          tenants: [
            { ...SHARED.tenants[0], gitPaths: [{ repo: 'https://x.example.com/y', paths: [] }] },
            SHARED.tenants[1],
          ],
        },
        unavailableSources: { GitRepository: 'forbidden' },
      },
    ],
  ]);

  const CREATE = { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' };
  const review = (allowed: boolean | null, request = CREATE): object => ({
    kind: 'AccessReview',
    question: questionOf(accountIdentity({ namespace: 'team-a', name: 'deployer' }), request),
    allowed,
  });
  const binder = [
    clusterRole('binder', [rule('create', CREATE.resource, CREATE.group)]),
    bindEverywhere('binder', deployer),
  ];

  judges([
    [
      'the API server allows what no role grants',
      cluster(LOCKED, deployed, review(true)),
      'fail NON_RBAC_AUTHORIZER',
      { ...shared, message: /create ClusterRoleBindings, although no role grants it/ },
    ],
    [
      'the API server refuses what a role grants',
      cluster(LOCKED, deployed, ...binder, review(false)),
      'warn NON_RBAC_AUTHORIZER',
      shared,
    ],
    [
      'the API server gave no answer',
      cluster(LOCKED, deployed, ...binder, review(null)),
      'fail SA_OVERPRIVILEGED',
      shared,
    ],
    [
      'the API server confirms it',
      cluster(LOCKED, deployed, ...binder, review(true)),
      'fail SA_OVERPRIVILEGED',
      { ...shared, message: /The API server confirms that it may create ClusterRoleBindings/ },
    ],
  ]);

  const observation = (input: readonly object[], options: object = shared) =>
    judge(control, input, options).observations[0];

  it('is proven where the API server confirmed it, derived from RBAC alone, a guess without principals', () => {
    const confirmed = cluster(LOCKED, deployed, ...binder, review(true));
    expect(observation(confirmed, withPrincipals)).toMatchObject({ confidence: 'derived' });
    expect(observation(cluster(LOCKED, deployed, ...binder), shared)).toMatchObject({ confidence: 'heuristic' });
  });

  it('shows the chain from binding to role to rule', () => {
    const input = cluster(LOCKED, deployed, ...binder);
    expect(observation(input)?.evidence).toMatchObject([
      { object: { kind: 'Kustomization' }, pointer: '/spec/serviceAccountName', observed: 'deployer' },
      {
        object: { kind: 'ClusterRoleBinding', name: 'to-binder' },
        pointer: '/subjects/0',
        observed: 'ServiceAccount team-a/deployer',
      },
      {
        object: { kind: 'ClusterRole', name: 'binder' },
        pointer: '/rules/0',
        observed: 'create on clusterrolebindings (rbac.authorization.k8s.io)',
      },
    ]);
  });

  it('gives an account, a binding and its name in the object', () => {
    const contents = observation(cluster([], app()))?.fixes?.map(({ content }) => content) ?? [];
    expect(contents).toEqual([
      expect.stringMatching(
        /kind: ServiceAccount\nmetadata:\n {2}name: team-a\n {2}namespace: team-a[\s\S]*kind: RoleBinding[\s\S]*name: admin/,
      ),
      expect.stringMatching(
        /kind: Kustomization\nmetadata:\n {2}name: app\n {2}namespace: team-a\nspec:\n {2}serviceAccountName: team-a\n/,
      ),
    ]);
  });

  it('binds an account that lives beside Flux in the namespaces of its tenant alone', () => {
    const object = fluxObject('Kustomization', 'flux-system/tenant-a', {
      sourceRef: { kind: 'GitRepository', name: 'app', namespace: 'team-a' },
      serviceAccountName: 'kustomize-controller',
    });
    const documents = (observation(cluster(LOCKED, object))?.fixes?.[0]?.content ?? '').split('---\n');
    expect(documents).toEqual([
      expect.stringMatching(/kind: ServiceAccount\nmetadata:\n {2}name: team-a\n {2}namespace: flux-system/),
      expect.stringMatching(
        /kind: RoleBinding\nmetadata:\n {2}name: team-a-reconciler\n {2}namespace: team-a\n[\s\S]*namespace: flux-system/,
      ),
    ]);
  });

  it('cuts names that nobody checked', () => {
    const hostile = `x\n${'y'.repeat(5000)}`;
    const input = cluster(
      LOCKED,
      app(kubeConfig),
      home({ certificate: { commonName: hostile, organizations: ['system:masters'], notBefore: '', notAfter: '' } }),
      { ...bindEverywhere('view', { kind: 'User', name: hostile }), metadata: { name: hostile } },
    );
    const found = observation(input);
    expect(found?.reason).toBe('SA_OVERPRIVILEGED');
    expect(found?.message).not.toContain('\n');
    expect(JSON.stringify(found?.evidence).length).toBeLessThan(2000);
  });

  it('says what could not be applied any more', () => {
    const entries = [
      '_system__x_rbac.authorization.k8s.io_ClusterRole',
      'team-a_web_apps_Deployment',
      'team-b_db__Secret',
    ].map((id) => ({ id, v: 'v1' }));
    const object = { ...app(), status: { inventory: { entries } } };
    expect(observation(cluster([], object))?.fixes?.[0]?.content).toContain(
      '# It applies ClusterRole system:x, Secret team-b/db now, which these rights do not cover',
    );
  });

  it('takes the account out of the binding that reaches too far', () => {
    const fixes = observation(cluster(LOCKED, deployed, ...binder))?.fixes ?? [];
    expect(fixes[0]).toMatchObject({
      form: 'steps',
      content: expect.stringContaining('kubectl delete clusterrolebinding to-binder'),
    });
  });

  it('judges every object', () => {
    const other = fluxObject('HelmRelease', 'team-b/db', { serviceAccountName: 'default' });
    expect(verdicts(judge(control, cluster([], app(), other), shared))).toEqual([
      `fail RUNS_AS_CONTROLLER ${APP}`,
      'pass LEAST_PRIVILEGE HelmRelease/team-b/db',
    ]);
  });
});
