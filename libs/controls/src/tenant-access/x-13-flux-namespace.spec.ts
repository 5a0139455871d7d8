import { describe, expect, it } from 'vitest';
import { userIdentity } from '#libs/rbac';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import {
  DEFAULT_ROLES,
  account,
  bindEverywhere,
  bindIn,
  clusterRole,
  group,
  rule,
} from '../../../../test/support/rbac-objects.js';
import { questionOf } from '../access/access.js';
import { fluxNamespaceAccess as control } from './x-13-flux-namespace.js';

const tenants = SHARED.tenants.map((tenant) => ({ ...tenant, principals: { groups: [tenant.name], users: ['ann'] } }));
const declared = { registration: { ...SHARED, tenants } };
const undeclared = { registration: SHARED };
const cluster = (...more: readonly object[]): object[] => [
  ...controller('kustomize-controller', []),
  ...DEFAULT_ROLES,
  ...more,
];
const teamA = group('team-a');
const withRule = (verbs: string, resources: string, groups = ''): object[] => [
  clusterRole('r', [rule(verbs, resources, groups)]),
  bindIn('flux-system', 'r', teamA),
];
const BOTH = ['pass NO_ACCESS Tenant/team-a', 'pass NO_ACCESS Tenant/team-b'];

describe('FLUX-X-13', () => {
  const judges = tableOf(control);

  judges([
    [
      'get secrets',
      cluster(...withRule('get', 'secrets')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      {
        ...declared,
        severity: 'critical',
        message: /^group team-a may get secrets in flux-system, where/,
        verdicts: ['fail TENANT_IN_FLUX_NAMESPACE Tenant/team-a', 'pass NO_ACCESS Tenant/team-b'],
      },
    ],
    ['list secrets', cluster(...withRule('list', 'secrets')), 'fail TENANT_IN_FLUX_NAMESPACE', declared],
    ['patch secrets', cluster(...withRule('patch', 'secrets')), 'fail TENANT_IN_FLUX_NAMESPACE', declared],
    [
      'deletecollection of secrets',
      cluster(...withRule('deletecollection', 'secrets')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    ['delete of one secret', cluster(...withRule('delete', 'secrets')), 'pass NO_ACCESS', declared],
    [
      'exec',
      cluster(...withRule('create', 'pods/exec')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      { ...declared, message: /create pods\/exec in flux-system/ },
    ],
    ['create pods', cluster(...withRule('create', 'pods')), 'fail TENANT_IN_FLUX_NAMESPACE', declared],
    [
      'patch deployments',
      cluster(...withRule('patch', 'deployments', 'apps')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    [
      'create kustomizations',
      cluster(...withRule('create', 'kustomizations', 'kustomize.toolkit.fluxcd.io')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    [
      'create helmreleases',
      cluster(...withRule('create', 'helmreleases', 'helm.toolkit.fluxcd.io')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    [
      'tokens of accounts',
      cluster(...withRule('create', 'serviceaccounts/token')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    [
      'patch sources',
      cluster(...withRule('patch', 'gitrepositories', 'source.toolkit.fluxcd.io')),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    [
      'reading objects of Flux',
      cluster(...withRule('get list', 'kustomizations', 'kustomize.toolkit.fluxcd.io')),
      'pass NO_ACCESS',
      { ...declared, verdicts: BOTH },
    ],
    ['the role view', cluster(bindIn('flux-system', 'view', teamA)), 'pass NO_ACCESS', declared],
    [
      'the role edit',
      cluster(bindIn('flux-system', 'edit', teamA)),
      'fail TENANT_IN_FLUX_NAMESPACE',
      {
        ...declared,
        message: /get, patch secrets; create pods; create, patch kustomizations, helmreleases in flux-system/,
      },
    ],
    [
      'one Secret by its name',
      cluster(
        clusterRole('r', [{ ...rule('get', 'secrets'), resourceNames: ['flux-system'] }]),
        bindIn('flux-system', 'r', teamA),
      ),
      'fail TENANT_IN_FLUX_NAMESPACE',
      declared,
    ],
    [
      'create on one name creates nothing',
      cluster(
        clusterRole('r', [{ ...rule('create', 'pods'), resourceNames: ['x'] }]),
        bindIn('flux-system', 'r', teamA),
      ),
      'pass NO_ACCESS',
      declared,
    ],
    ['edit in its own namespace', cluster(bindIn('team-a', 'edit', teamA)), 'pass NO_ACCESS', declared],
    ['edit everywhere', cluster(bindEverywhere('edit', teamA)), 'fail TENANT_IN_FLUX_NAMESPACE', declared],
    [
      'a user of both tenants',
      cluster(bindIn('flux-system', 'edit', { kind: 'User', name: 'ann' })),
      'fail TENANT_IN_FLUX_NAMESPACE',
      {
        ...declared,
        verdicts: ['fail TENANT_IN_FLUX_NAMESPACE Tenant/team-a', 'fail TENANT_IN_FLUX_NAMESPACE Tenant/team-b'],
      },
    ],
    [
      'an account of its namespace',
      cluster(bindIn('flux-system', 'edit', account('team-a/ci'))),
      'fail TENANT_IN_FLUX_NAMESPACE',
      { ...undeclared, message: /^service account team-a\/ci may/ },
    ],
    [
      'all accounts of its namespace',
      cluster(bindIn('flux-system', 'edit', group('system:serviceaccounts:team-a'))),
      'fail TENANT_IN_FLUX_NAMESPACE',
      undeclared,
    ],
    ['a name in another case', cluster(bindIn('flux-system', 'edit', group('Team-A'))), 'pass NO_ACCESS', declared],
    [
      'principals not declared',
      cluster(),
      'notEvaluated PRINCIPALS_UNDECLARED',
      {
        ...undeclared,
        verdicts: [
          'notEvaluated PRINCIPALS_UNDECLARED Tenant/team-a',
          'notEvaluated PRINCIPALS_UNDECLARED Tenant/team-b',
        ],
      },
    ],
    [
      'Flux of its own, in its namespace',
      [
        ...controller('kustomize-controller', [], { namespace: 'team-a' }),
        ...DEFAULT_ROLES,
        bindIn('team-a', 'edit', teamA),
      ],
      'pass NO_ACCESS',
      declared,
    ],
    ['nobody knows where Flux runs', [...DEFAULT_ROLES], 'notEvaluated NO_FLUX_NAMESPACE', declared],
    [
      'the registry knows where Flux runs',
      [...DEFAULT_ROLES, bindIn('gitops', 'edit', teamA)],
      'fail TENANT_IN_FLUX_NAMESPACE',
      { registration: { ...declared.registration, fluxNamespaces: ['gitops'] } },
    ],
    ['one tenant', cluster(), 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
    [
      'roles could not be read',
      cluster(),
      'notEvaluated RBAC_DENIED_READ',
      { ...declared, unavailable: { rbac: 'forbidden' } },
    ],
  ]);

  const review = (allowed: boolean): object => ({
    kind: 'AccessReview',
    question: questionOf(userIdentity('ann'), { verb: 'get', resource: 'secrets', namespace: 'flux-system' }),
    allowed,
  });

  judges([
    [
      'the API server allows what no role grants',
      cluster(review(true)),
      'fail TENANT_IN_FLUX_NAMESPACE',
      { ...declared, message: /^user ann may get secrets/ },
    ],
    [
      'the API server refuses what a role grants',
      cluster(
        clusterRole('r', [rule('get', 'secrets')]),
        bindIn('flux-system', 'r', { kind: 'User', name: 'ann' }),
        review(false),
      ),
      'pass NO_ACCESS',
      declared,
    ],
  ]);

  it('points into the registry where no role grants it, and is proven', () => {
    const [observation] = judge(control, cluster(review(true)), declared).observations;
    expect(observation).toMatchObject({
      confidence: 'proven',
      evidence: [{ pointer: '/tenants/0/name', observed: 'team-a' }],
    });
  });

  it('shows the chain and what to take out', () => {
    const [observation] = judge(
      control,
      cluster(bindIn('flux-system', 'edit', group('ops'), teamA)),
      declared,
    ).observations;
    expect(observation?.evidence[0]).toMatchObject({
      object: { kind: 'RoleBinding', namespace: 'flux-system' },
      pointer: '/subjects/1',
      observed: 'Group team-a',
    });
    expect(observation?.fixes?.[0]?.content).toContain('kubectl patch rolebinding to-edit -n flux-system');
    expect(observation?.confidence).toBe('derived');
  });
});
