import { describe, expect, it } from 'vitest';
import { accountIdentity } from '#libs/rbac';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import {
  BOOTSTRAPPED,
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
import { defaultAccountRights as control } from './mt-04-default-account-rights.js';

const shared = { registration: SHARED };
const LOCKED = ['--default-service-account=default'];
const A = account('team-a/default');
const TEAM_A = 'ServiceAccount/team-a/default';
const principals = (...names: string[]): object => ({
  registration: {
    ...SHARED,
    tenants: SHARED.tenants.map((tenant) => ({ ...tenant, principals: { groups: [tenant.name, ...names] } })),
  },
});
const declared = principals();

function cluster(...more: readonly object[]): object[] {
  return [
    ...controller('kustomize-controller', LOCKED),
    ...controller('helm-controller', LOCKED),
    ...DEFAULT_ROLES,
    serviceAccount('team-a/default'),
    serviceAccount('team-b/default'),
    ...more,
  ];
}
const app = fluxObject('Kustomization', 'team-a/app', { sourceRef: { kind: 'GitRepository', name: 'app' } });
const infra = fluxObject('Kustomization', 'flux-system/infra', { serviceAccountName: 'kustomize-controller' });
const SECRETS = clusterRole('secrets', [rule('get', 'secrets')]);
const PODS = clusterRole('pods', [rule('create', 'pods')]);
const OPENSHIFT = [
  clusterRole('system:openshift:discovery', [{ verbs: ['get'], nonResourceURLs: ['/version/openshift'] }]),
  clusterRole('basic-user', [
    rule('get list', 'projects clusterroles', 'project.openshift.io rbac.authorization.k8s.io'),
  ]),
  clusterRole('system:image-puller', [rule('get', 'imagestreams/layers', 'image.openshift.io')]),
  clusterRole('self-provisioner', [rule('create', 'projectrequests', 'project.openshift.io')]),
  bindEverywhere('system:openshift:discovery', group('system:authenticated')),
  bindEverywhere('basic-user', group('system:authenticated')),
  bindIn('team-a', 'system:image-puller', group('system:serviceaccounts:team-a')),
];

describe('FLUX-MT-04', () => {
  const judges = tableOf(control);

  judges([
    [
      'no binding for the account',
      cluster(),
      'pass NO_RIGHTS',
      { ...shared, verdicts: [`pass NO_RIGHTS ${TEAM_A}`, 'pass NO_RIGHTS ServiceAccount/team-b/default'] },
    ],
    [
      'the role view in its namespace',
      cluster(bindIn('team-a', 'view', A)),
      'warn DEFAULT_CAN_READ',
      { ...shared, severity: 'medium' },
    ],
    [
      'all accounts of the cluster may edit everywhere',
      cluster(bindEverywhere('edit', group('system:serviceaccounts'))),
      'fail GROUP_WIDE_GRANT',
      { ...shared, severity: 'critical', verdicts: ['fail GROUP_WIDE_GRANT ClusterRoleBinding/to-edit'] },
    ],
    [
      'all accounts of the namespace may create pods',
      cluster(PODS, bindEverywhere('pods', group('system:serviceaccounts:team-a'))),
      'fail DEFAULT_HAS_RIGHTS',
      { ...shared, severity: 'critical' },
    ],
    [
      'as a user, reading Secrets',
      cluster(SECRETS, bindIn('team-a', 'secrets', { kind: 'User', name: 'system:serviceaccount:team-a:default' })),
      'fail DEFAULT_HAS_RIGHTS',
      { ...shared, severity: 'high' },
    ],
    ['OpenShift, as it comes', cluster(...OPENSHIFT), 'pass NO_RIGHTS', shared],
    [
      'OpenShift, and every account may create projects',
      cluster(...OPENSHIFT, bindEverywhere('self-provisioner', group('system:authenticated'))),
      'warn SELF_PROVISIONER',
      shared,
    ],
    [
      'OpenShift, and people who sign in may create projects',
      cluster(...OPENSHIFT, bindEverywhere('self-provisioner', group('system:authenticated:oauth'))),
      'pass NO_RIGHTS',
      shared,
    ],
    [
      'the account does not exist, and nobody binds it',
      [...controller('kustomize-controller', LOCKED), ...DEFAULT_ROLES],
      'pass NO_RIGHTS',
      { ...shared, message: /It does not exist/ },
    ],
    [
      'the account does not exist, and somebody binds it',
      [...controller('kustomize-controller', LOCKED), ...DEFAULT_ROLES, PODS, bindIn('team-a', 'pods', A)],
      'fail DEFAULT_HAS_RIGHTS',
      shared,
    ],
  ]);

  judges([
    [
      'a tenant applies with it, inside of its namespaces',
      cluster(app, bindIn('team-a', 'edit', A)),
      'warn DEFAULT_IS_RECONCILER',
      { ...shared, message: /end at the namespaces of team-a/ },
    ],
    [
      'the same, and nothing of Flux acts as it',
      cluster(bindIn('team-a', 'edit', A)),
      'fail DEFAULT_HAS_RIGHTS',
      shared,
    ],
    [
      'a tenant applies with it, and it may write elsewhere, too',
      cluster(app, bindIn('team-a', 'edit', A), bindIn('team-b', 'edit', A)),
      'fail DEFAULT_HAS_RIGHTS',
      shared,
    ],
    [
      'a tenant applies with it, by the group of all its accounts',
      cluster(app, bindIn('team-a', 'edit', group('system:serviceaccounts:team-a'))),
      'fail DEFAULT_HAS_RIGHTS',
      shared,
    ],
    [
      'the account of the platform, which tenants cannot reach',
      cluster(infra, bindEverywhere('cluster-admin', account('flux-system/default'))),
      'warn PLATFORM_DEFAULT_PRIVILEGED',
      { ...declared, severity: 'high' },
    ],
    [
      'the account of the platform, where a tenant may create pods',
      cluster(
        infra,
        PODS,
        bindIn('flux-system', 'pods', group('team-a')),
        bindEverywhere('cluster-admin', account('flux-system/default')),
      ),
      'fail DEFAULT_HAS_RIGHTS',
      declared,
    ],
    [
      'the account of the platform, and nobody said who the tenants are',
      cluster(infra, bindEverywhere('cluster-admin', account('flux-system/default'))),
      'fail DEFAULT_HAS_RIGHTS',
      shared,
    ],
    [
      'another name than default, in every namespace',
      [
        ...controller('kustomize-controller', ['--default-service-account=tenant']),
        ...DEFAULT_ROLES,
        PODS,
        bindIn('team-b', 'pods', account('team-b/tenant')),
      ],
      'fail DEFAULT_HAS_RIGHTS',
      {
        ...shared,
        verdicts: [
          'fail DEFAULT_HAS_RIGHTS ServiceAccount/team-b/tenant',
          'pass NO_RIGHTS ServiceAccount/team-a/default',
          'pass NO_RIGHTS ServiceAccount/team-a/tenant',
          'pass NO_RIGHTS ServiceAccount/team-b/default',
        ],
      },
    ],
    [
      'a namespace of nobody that holds Flux objects',
      cluster(fluxObject('HelmRelease', 'apps/db', {}), PODS, bindIn('apps', 'pods', account('apps/default'))),
      'fail DEFAULT_HAS_RIGHTS',
      shared,
    ],
    [
      'impersonation',
      cluster(clusterRole('i', [rule('impersonate', 'groups')]), bindEverywhere('i', A)),
      'fail DEFAULT_HAS_RIGHTS',
      { ...shared, severity: 'critical' },
    ],
    [
      'reading everything',
      cluster(clusterRole('r', [rule('list', '*', '*')]), bindEverywhere('r', A)),
      'fail DEFAULT_HAS_RIGHTS',
      { ...shared, severity: 'high' },
    ],
    [
      'everybody may read something',
      cluster(bindEverywhere('view', group('system:authenticated'))),
      'warn GROUP_WIDE_GRANT',
      { ...shared, verdicts: ['warn GROUP_WIDE_GRANT ClusterRoleBinding/to-view'] },
    ],
    [
      'somebody added Secrets to a role of everybody',
      [
        ...cluster().filter((object) => !JSON.stringify(object).includes('"name":"system:basic-user"')),
        clusterRole('system:basic-user', [rule('get', 'secrets')], BOOTSTRAPPED),
        bindEverywhere('system:basic-user', group('system:authenticated')),
      ],
      'fail GROUP_WIDE_GRANT',
      { ...shared, severity: 'high' },
    ],
    [
      'the API server allows what no role grants',
      cluster({
        kind: 'AccessReview',
        question: questionOf(accountIdentity({ namespace: 'team-a', name: 'default' }), {
          verb: '*',
          group: '*',
          resource: '*',
        }),
        allowed: true,
      }),
      'fail NON_RBAC_AUTHORIZER',
      { ...shared, message: /may do everything, although no role grants it/ },
    ],
    [
      'a variable hides the default of a controller',
      [
        ...cluster(),
        ...controller('kustomize-controller', ['--default-service-account=$(SA)'], {
          name: 'other',
          env: [{ name: 'SA', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
      ],
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    [
      'a controller that is not recognised',
      [...DEFAULT_ROLES, app],
      'notEvaluated CONTROLLER_UNRECOGNISED',
      { ...shared, message: /no kustomize-controller was recognised/ },
    ],
    ['one tenant', cluster(), 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
    [
      'tenants without namespaces',
      [...controller('kustomize-controller', LOCKED)],
      'notApplicable NO_NAMESPACE',
      { registration: { role: 'tenant', tenancy: 'shared', tenants: [{ name: 'a' }, { name: 'b' }] } },
    ],
    [
      'namespaces of tenants by label, and nobody could list them',
      cluster(),
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: {
          role: 'tenant',
          tenancy: 'shared',
          tenants: [{ name: 'a', namespaces: { matchLabels: { t: 'a' } } }, { name: 'b' }],
        },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
  ]);

  it('names the subject to take out of each binding', () => {
    const input = cluster(PODS, bindIn('team-a', 'pods', group('ops'), A), bindEverywhere('view', A));
    const [observation] = judge(control, input, shared).observations;
    const text = observation?.fixes?.[0]?.content ?? '';
    expect(text).toContain('kubectl patch rolebinding to-pods -n team-a --type=json');
    expect(text).toContain('"path":"/subjects/1/name","value":"default"');
    expect(text).toContain('kubectl delete clusterrolebinding to-view');
  });

  it('names the objects that lose rights', () => {
    const input = cluster(app, bindIn('team-a', 'edit', A));
    expect(judge(control, input, shared).observations[0]?.fixes?.[0]?.content).toContain(
      '# These act as it now, and lose these rights: Kustomization team-a/app.',
    );
  });

  it('shows the chain from binding to role to rule, the gravest right first', () => {
    const input = cluster(PODS, bindEverywhere('view', A), bindIn('team-a', 'pods', A));
    const [observation] = judge(control, input, shared).observations;
    expect(observation?.evidence.map(({ object, pointer }) => `${object?.kind} ${pointer}`)).toEqual([
      'RoleBinding /subjects/0',
      'ClusterRole /rules/0',
    ]);
  });
});
