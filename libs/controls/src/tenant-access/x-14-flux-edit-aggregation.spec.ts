import { describe, expect, it } from 'vitest';
import type { RbacObject } from '#libs/core';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import { DEFAULT_ROLES, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { fluxEditAggregation as control } from './x-14-flux-edit-aggregation.js';

const shared = { registration: SHARED };
const REFS = '--no-cross-namespace-refs=true';
const DEFAULT = '--default-service-account=default';
const GROUPS = 'kustomize.toolkit.fluxcd.io helm.toolkit.fluxcd.io notification.toolkit.fluxcd.io';
const aggregated = (name: string, verbs = 'create delete patch update', target = 'edit'): RbacObject =>
  clusterRole(name, [rule(verbs, '*', GROUPS)], { [`rbac.authorization.k8s.io/aggregate-to-${target}`]: 'true' });
const EDIT = aggregated('flux-edit-flux-system');
const HELD = bindIn('team-a', 'edit', group('team-a'));
const cluster = (args: readonly string[], ...more: readonly object[]): object[] => [
  ...controller('kustomize-controller', args),
  ...DEFAULT_ROLES,
  ...more,
];
const SUBJECT = 'ClusterRole/flux-edit-flux-system';

describe('FLUX-X-14', () => {
  tableOf(control)([
    [
      'a tenant holds edit, nothing is locked down',
      cluster([], EDIT, HELD),
      'fail AGGREGATED_WITHOUT_LOCK_DOWN',
      { ...shared, severity: 'medium', message: /FLAG_ABSENT|CROSS/ },
    ],
    [
      'a tenant holds edit, one half is missing',
      cluster([REFS], EDIT, HELD),
      'fail AGGREGATED_WITHOUT_LOCK_DOWN',
      shared,
    ],
    [
      'a tenant holds edit, and all is locked down',
      cluster([REFS, DEFAULT], EDIT, HELD),
      'pass AGGREGATED',
      { ...shared, verdicts: [`pass AGGREGATED ${SUBJECT}`] },
    ],
    ['nobody holds edit', cluster([], EDIT), 'pass NOBODY_HOLDS_IT', shared],
    [
      'somebody holds edit where no tenant lives',
      cluster([], EDIT, bindIn('platform', 'edit', group('ops'))),
      'pass NOBODY_HOLDS_IT',
      shared,
    ],
    ['a binding without subjects', cluster([], EDIT, bindIn('team-a', 'edit')), 'pass NOBODY_HOLDS_IT', shared],
    [
      'the same role twice counts once',
      cluster([], EDIT, aggregated('flux-edit'), HELD),
      'fail AGGREGATED_WITHOUT_LOCK_DOWN',
      {
        ...shared,
        verdicts: ['fail AGGREGATED_WITHOUT_LOCK_DOWN ClusterRole/flux-edit'],
        message: /its copies flux-edit-flux-system/,
      },
    ],
    [
      'another role for admin counts for itself',
      cluster([], EDIT, aggregated('x', 'create', 'admin'), HELD),
      'fail AGGREGATED_WITHOUT_LOCK_DOWN',
      {
        ...shared,
        verdicts: [`fail AGGREGATED_WITHOUT_LOCK_DOWN ${SUBJECT}`, 'fail AGGREGATED_WITHOUT_LOCK_DOWN ClusterRole/x'],
      },
    ],
    [
      'flux-view only reads',
      cluster([], aggregated('flux-view', 'get list watch', 'view'), HELD),
      'notApplicable NO_AGGREGATION',
      shared,
    ],
    [
      'the label is off',
      cluster(
        [],
        clusterRole('flux-edit', [rule('create', '*', GROUPS)], {
          'rbac.authorization.k8s.io/aggregate-to-edit': 'false',
        }),
        HELD,
      ),
      'notApplicable NO_AGGREGATION',
      shared,
    ],
    [
      'roles could not be read',
      cluster([], EDIT, HELD),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'a variable hides the lock-down',
      [
        ...controller('kustomize-controller', [REFS, '--default-service-account=$(SA)'], {
          env: [{ name: 'SA', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        ...DEFAULT_ROLES,
        EDIT,
        HELD,
      ],
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    [
      'one tenant',
      cluster([], EDIT, HELD),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
  ]);

  it('points at the rule and at who holds it, and patches the labels', () => {
    const [observation] = judge(control, cluster([], EDIT, HELD), shared).observations;
    expect(observation?.evidence).toMatchObject([
      { object: { kind: 'ClusterRole', name: 'flux-edit-flux-system' }, pointer: '/rules/0' },
      { object: { kind: 'RoleBinding', namespace: 'team-a' }, pointer: '/subjects', observed: ['Group team-a'] },
    ]);
    expect(observation?.fixes?.[0]?.content).toMatch(
      /name: flux-edit-flux-system[\s\S]*path: \/metadata\/labels\/rbac.authorization.k8s.io~1aggregate-to-edit\s+value: "false"/,
    );
  });
});
