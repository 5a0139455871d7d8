import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { bound, clusterRole, granted } from '../../../../test/support/rbac-text.js';
import { breakGlassWorks as control } from './bg-02-would-work.js';
import { RECOVERY_RIGHTS } from './recovery-rights.js';

const judges = tableOf(control);
const RBAC = 'rbac.authorization.k8s.io';
const DRILL = { at: '2026-10-12T12:00:00Z', result: 'passed' };
const ENTRY = {
  name: 'edge',
  principals: { users: ['bg'], groups: ['system:masters'] },
  drillDays: 90,
  lastDrill: DRILL,
};
const cluster = (entry: object, ...more: object[]) => [
  { kind: 'Registration', role: 'tenant', tenancy: 'dedicated', tenants: [{ name: 'team-a' }], breakGlass: [entry] },
  ...more,
];
const USER = { ...ENTRY, principals: { users: ['bg'] } };
const ADMIN = [clusterRole('cluster-admin', ['* */*']), bound('*', 'cluster-admin', 'user bg')];
const reviews = (allowed: boolean | null, groups = ['system:authenticated']) =>
  RECOVERY_RIGHTS.map(({ request }) => ({
    kind: 'AccessReview',
    question: { user: 'bg', groups, group: '', ...request },
    allowed,
  }));

describe('rights', () => {
  judges([
    ['a: system:masters', cluster(ENTRY), 'pass RIGHTS_HELD'],
    ['a: allowed by the API server', cluster(USER, ...ADMIN, ...reviews(true)), 'pass RIGHTS_HELD'],
    [
      'bound to cluster-admin, not asked',
      cluster(USER, ...ADMIN),
      'pass RIGHTS_HELD',
      { message: /by the RBAC objects/ },
    ],
    ['nobody gives it any right', cluster(USER), 'fail RECOVERY_RIGHT_MISSING'],
    [
      'refused by the API server, whatever RBAC says',
      cluster(USER, ...ADMIN, ...reviews(false)),
      'fail RECOVERY_RIGHT_MISSING',
    ],
    ['allowed by another authorizer', cluster(USER, ...reviews(true)), 'pass RIGHTS_HELD'],
    ['no answer, and nothing by RBAC', cluster(USER, ...reviews(null)), 'notEvaluated RIGHTS_NOT_ANSWERED'],
    ['of the cloud, not asked', cluster({ ...USER, authMethod: 'cloudProvider' }), 'notEvaluated RIGHTS_NOT_ANSWERED'],
    [
      'of the cloud, refused',
      cluster({ ...USER, authMethod: 'cloudProvider' }, ...reviews(false)),
      'fail RECOVERY_RIGHT_MISSING',
    ],
    [
      'all rights but the one to bind',
      cluster(
        USER,
        ...granted(
          '*',
          'nearly',
          [
            `create,delete ${RBAC}/clusterrolebindings`,
            'create /serviceaccounts,serviceaccounts/token',
            'get /secrets',
            'delete admissionregistration.k8s.io/*',
          ],
          'user bg',
        ),
      ),
      'fail RECOVERY_RIGHT_MISSING',
      { message: /who may not bind the ClusterRole cluster-admin\./ },
    ],
    [
      'its rights come by a group',
      cluster(
        { ...USER, principals: { users: ['bg'], groups: ['rescue'] } },
        clusterRole('cluster-admin', ['* */*']),
        bound('*', 'cluster-admin', 'group rescue'),
      ),
      'pass RIGHTS_HELD',
    ],
    [
      'a group alone',
      cluster(
        { ...USER, principals: { groups: ['rescue'] } },
        clusterRole('cluster-admin', ['* */*']),
        bound('*', 'cluster-admin', 'group rescue'),
      ),
      'pass RIGHTS_HELD',
    ],
    ['nobody named', cluster({ ...ENTRY, principals: undefined }), 'notEvaluated NO_PRINCIPAL'],
    ['q: no entry', [{ kind: 'Registration', role: 'tenant', tenancy: 'dedicated' }], 'notApplicable NO_ENTRY'],
    [
      'shared',
      [{ kind: 'Registration', role: 'tenant', tenancy: 'shared', breakGlass: [ENTRY] }],
      'notApplicable NOT_DEDICATED',
    ],
    ['RBAC cannot be read', cluster(ENTRY), 'notEvaluated RBAC_DENIED_READ', { unavailable: { rbac: 'forbidden' } }],
  ]);

  it.each<[object[], string]>([
    [[], 'derived'],
    [reviews(true), 'proven'],
  ])('is only proven where the API server was asked', (answers, confidence) => {
    const [found] = judge(control, cluster(USER, ...ADMIN, ...answers)).observations;
    expect(found?.confidence).toBe(confidence);
  });
});

describe('drills', () => {
  const drilled = (lastDrill: object | undefined, more: object = {}) => cluster({ ...ENTRY, lastDrill, ...more });
  judges([
    ['a: 20 days ago', drilled(DRILL), 'pass RIGHTS_HELD'],
    ['exactly on the day', drilled({ ...DRILL, at: '2026-08-03T12:00:00Z' }), 'pass RIGHTS_HELD'],
    ['a day late', drilled({ ...DRILL, at: '2026-08-02T12:00:00Z' }), 'warn DRILL_DUE'],
    [
      'f: 200 days ago',
      drilled({ ...DRILL, at: '2026-04-15T12:00:00Z' }),
      'fail DRILL_OVERDUE',
      { message: /200 days ago/ },
    ],
    [
      '90 days where the entry does not say',
      drilled({ ...DRILL, at: '2026-08-02T12:00:00Z' }, { drillDays: undefined }),
      'warn DRILL_DUE',
    ],
    ['never', drilled(undefined), 'fail NEVER_DRILLED'],
    [
      'g: refused at a protected object',
      drilled({ ...DRILL, result: 'failed', failedStep: 'dry-run delete of ClusterRoleBinding x' }),
      'fail DRILL_FAILED',
      { message: /ClusterRoleBinding x/ },
    ],
    [
      'at a time to come',
      drilled({ ...DRILL, at: '2030-01-01T00:00:00Z' }),
      'fail DRILL_OVERDUE',
      { message: /cannot be/ },
    ],
    ['at no time', drilled({ ...DRILL, at: 'yesterday' }), 'fail DRILL_OVERDUE'],
  ]);
});
