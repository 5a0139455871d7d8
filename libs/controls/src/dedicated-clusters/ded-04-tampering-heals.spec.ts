import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { granted, serviceAccount } from '../../../../test/support/rbac-text.js';
import { tamperingHeals as control } from './ded-04-tampering-heals.js';

const judges = tableOf(control);
const RBAC = 'rbac.authorization.k8s.io';
const APPLIED = {
  'kustomize.toolkit.fluxcd.io/name': 'access',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};
const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  platformPrincipals: { groups: ['platform-admins'] },
  tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] }, principals: { groups: ['team-a'] } }],
};
const ROLE = {
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
  rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
};
const binding = (metadata: object, name = 'platform:admin') => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name, ...metadata },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'Group', name: 'platform-admins' }],
});
const kustomization = (
  spec: object = {},
  more: object = {},
  ids = [`_platform__admin_${RBAC}_ClusterRoleBinding`],
) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'access', namespace: 'flux-system', ...more },
  spec: { interval: '10m', prune: true, ...spec },
  status: { inventory: { entries: ids.map((id) => ({ id, v: 'v1' })) } },
});
const cluster = (...more: readonly (object | readonly object[])[]) => [REGISTRATION, ROLE, ...more.flat()];
const applied = binding({ labels: APPLIED });
const marked = (annotations: object, labels: object = {}) =>
  binding({ labels: { ...APPLIED, ...labels }, annotations });

describe('the objects that access rests on', () => {
  judges([
    [
      'in the inventory of the platform',
      cluster(applied, kustomization()),
      'pass SELF_HEALING',
      { verdicts: ['pass SELF_HEALING ClusterRoleBinding/platform:admin'] },
    ],
    ['not applied by Flux', cluster(binding({})), 'warn NOT_APPLIED_BY_FLUX'],
    [
      'the label of the Flux Operator proves nothing',
      cluster(binding({ labels: { 'fluxcd.controlplane.io/name': 'flux' } })),
      'warn HEALED_BY_OPERATOR_UNPROVEN',
      { message: /carries the label of the Flux Operator \(fluxcd\.controlplane\.io\/name: flux\)/ },
    ],
    ['applied from another cluster', cluster(applied), 'warn HEALED_FROM_ELSEWHERE'],
    [
      'not in the inventory that it names',
      cluster(applied, kustomization({}, {}, ['_other_x_Y'])),
      'warn NOT_IN_INVENTORY',
    ],
    ['no inventory at all', cluster(applied, { ...kustomization(), status: {} }), 'warn NOT_IN_INVENTORY'],
    ['no pruning', cluster(applied, kustomization({ prune: false })), 'warn NO_PRUNE'],
    ['pruning not stated', cluster(applied, kustomization({ prune: undefined })), 'warn NO_PRUNE'],
    ['an hour between looks', cluster(applied, kustomization({ interval: '1h' })), 'warn SLOW_HEALING'],
    ['ten minutes and a second', cluster(applied, kustomization({ interval: '10m1s' })), 'warn SLOW_HEALING'],
    ['an interval that is none', cluster(applied, kustomization({ interval: 'soon' })), 'warn SLOW_HEALING'],
    ['suspended', cluster(applied, kustomization({ suspend: true })), 'warn SUSPENDED'],
    [
      'a tenant may change its Kustomization',
      cluster(
        applied,
        kustomization(),
        granted('flux-system', 'ks', ['patch kustomize.toolkit.fluxcd.io/kustomizations'], 'group team-a'),
      ),
      'warn TENANT_WRITABLE',
      { message: /tenant team-a/ },
    ],
    [
      'a tenant is administrator',
      cluster(applied, kustomization(), granted('*', 'boss', ['* */*'], 'group team-a')),
      'warn TENANT_WRITABLE',
    ],
    [
      'its Kustomization is in a namespace of the tenant',
      cluster(
        binding({ labels: { ...APPLIED, 'kustomize.toolkit.fluxcd.io/namespace': 'team-a' } }),
        kustomization({}, { namespace: 'team-a' }),
      ),
      'warn APPLIED_BY_TENANT',
    ],
  ]);
});

describe('marks that switch the correction off', () => {
  const key = 'kustomize.toolkit.fluxcd.io/reconcile';
  judges([
    ['reconcile: disabled', cluster(marked({ [key]: 'disabled' }), kustomization()), 'fail HEALING_OFF'],
    [
      'in another case',
      cluster(marked({ 'Kustomize.toolkit.fluxcd.io/SSA': 'IGNORE' }), kustomization()),
      'fail HEALING_OFF',
    ],
    ['as a label', cluster(marked({}, { [key]: 'Disabled' }), kustomization()), 'fail HEALING_OFF'],
    ['on an object that nothing heals', cluster(binding({ annotations: { [key]: 'disabled' } })), 'fail HEALING_OFF'],
    ['reconcile: enabled', cluster(marked({ [key]: 'enabled' }), kustomization()), 'pass SELF_HEALING'],
    [
      'ssa: Merge',
      cluster(marked({ 'kustomize.toolkit.fluxcd.io/ssa': 'Merge' }), kustomization()),
      'pass SELF_HEALING',
    ],
  ]);
});

describe('what is not known, and where it does not apply', () => {
  judges([
    [
      'no platform principals',
      [{ ...REGISTRATION, platformPrincipals: undefined }, ROLE],
      'notEvaluated NO_ACCESS_OBJECTS',
    ],
    [
      'the platform is system:masters',
      [{ ...REGISTRATION, platformPrincipals: { groups: ['system:masters'] } }, ROLE],
      'notApplicable NOTHING_TO_HEAL',
    ],
    [
      'an account without any binding is an object too',
      [
        { ...REGISTRATION, platformPrincipals: { serviceAccounts: ['remote/flux'] } },
        ROLE,
        serviceAccount('remote/flux'),
      ],
      'warn NOT_APPLIED_BY_FLUX',
    ],
    ['shared', [{ ...REGISTRATION, tenancy: 'shared' }], 'notApplicable NOT_DEDICATED'],
    ['standalone', [{ ...REGISTRATION, role: 'standalone' }], 'notApplicable NO_TENANT_BOUNDARY'],
    [
      'Kustomizations cannot be read',
      cluster(applied),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { kustomizations: 'forbidden' } },
    ],
    [
      'whom kubeconfigs are for cannot be read',
      cluster(applied, kustomization(), {
        ...kustomization({ kubeConfig: { secretRef: { name: 'k' } } }),
        metadata: { name: 'remote', namespace: 'flux-system' },
      }),
      'notEvaluated NOT_COLLECTED',
      { unavailable: { fleet: 'notCollected' } },
    ],
    [
      'one kubeconfig cannot be read',
      cluster(applied, kustomization(), {
        ...kustomization({ kubeConfig: { secretRef: { name: 'k' } } }),
        metadata: { name: 'remote', namespace: 'flux-system' },
      }),
      'notEvaluated RBAC_DENIED_READ',
      {
        unavailableEntries: { secretFacts: { 'flux-system/k': 'forbidden' } },
        verdicts: [
          'notEvaluated RBAC_DENIED_READ Cluster/cluster platform',
          'pass SELF_HEALING ClusterRoleBinding/platform:admin',
        ],
      },
    ],
  ]);
});
