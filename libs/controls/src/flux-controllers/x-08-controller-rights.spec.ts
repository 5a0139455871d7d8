import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import {
  DEFAULT_ROLES,
  account,
  bindEverywhere,
  bindIn,
  clusterRole,
  group,
  rule,
} from '../../../../test/support/rbac-objects.js';
import { controllerRights as control } from './x-08-controller-rights.js';

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
const FLUX_GROUPS =
  'source.toolkit.fluxcd.io kustomize.toolkit.fluxcd.io helm.toolkit.fluxcd.io notification.toolkit.fluxcd.io image.toolkit.fluxcd.io source.extensions.fluxcd.io';
/** As upstream's manifests have it. */
const CRD_RULES = [
  rule('*', '*', FLUX_GROUPS),
  rule('get list watch', 'namespaces secrets configmaps serviceaccounts'),
  rule('create patch', 'events'),
  rule('get list watch create update patch delete', 'configmaps'),
  rule('get update patch', 'configmaps/status'),
  rule('get list watch create update patch delete', 'leases', 'coordination.k8s.io'),
];
const CRD = clusterRole('crd-controller', CRD_RULES);
const WITH_TOKENS = clusterRole('crd-controller', [...CRD_RULES, rule('create', 'serviceaccounts/token')]);
const source = account('flux-system/source-controller');
const kustomize = account('flux-system/kustomize-controller');
const SOURCE = 'ServiceAccount/flux-system/source-controller';

const cluster = (...more: readonly object[]): object[] => [...DEFAULT_ROLES, ...more];
const sourceController = controller('source-controller', [GATE]);
const kustomizeController = controller('kustomize-controller', [GATE]);

describe('FLUX-X-08', () => {
  tableOf(control)([
    [
      'as upstream installs it',
      cluster(
        ...sourceController,
        ...kustomizeController,
        WITH_TOKENS,
        bindEverywhere('crd-controller', source, kustomize),
        bindEverywhere('cluster-admin', kustomize),
      ),
      'pass CLUSTER_ADMIN_EXPECTED',
      {
        verdicts: [
          'pass CLUSTER_ADMIN_EXPECTED ServiceAccount/flux-system/kustomize-controller',
          `pass EXPECTED_RIGHTS ${SOURCE}`,
        ].toSorted(),
      },
    ],
    [
      'source-controller is cluster-admin',
      cluster(
        ...sourceController,
        CRD,
        bindEverywhere('crd-controller', source),
        bindEverywhere('cluster-admin', source),
      ),
      'fail CONTROLLER_CLUSTER_ADMIN',
      { severity: 'high', verdicts: [`fail CONTROLLER_CLUSTER_ADMIN ${SOURCE}`] },
    ],
    [
      'cluster-admin in its own namespace only',
      cluster(...sourceController, bindIn('flux-system', 'cluster-admin', source)),
      'warn EXTRA_RIGHTS',
    ],
    [
      'kustomize-controller shares its account with source-controller',
      cluster(
        ...kustomizeController,
        ...controller('source-controller', [], { serviceAccountName: 'kustomize-controller' }),
        bindEverywhere('cluster-admin', kustomize),
      ),
      'warn SHARED_ADMIN_ACCOUNT',
      { message: /source-controller applies nothing and needs no such rights/ },
    ],
    [
      'kustomize-controller may only impersonate',
      cluster(
        ...kustomizeController,
        CRD,
        clusterRole('i', [rule('impersonate', 'serviceaccounts')]),
        bindEverywhere('crd-controller', kustomize),
        bindEverywhere('i', kustomize),
      ),
      'pass IMPERSONATOR_ONLY',
    ],
    [
      'source-controller may impersonate',
      cluster(
        ...sourceController,
        clusterRole('i', [rule('impersonate', 'serviceaccounts')]),
        bindEverywhere('i', source),
      ),
      'warn EXTRA_RIGHTS',
      { message: /impersonate on serviceaccounts/ },
    ],
    [
      'one more right than upstream gives',
      cluster(
        ...sourceController,
        CRD,
        clusterRole('x', [rule('create', 'jobs', 'batch')]),
        bindEverywhere('crd-controller', source),
        bindEverywhere('x', source),
      ),
      'warn EXTRA_RIGHTS',
      { verdicts: [`warn EXTRA_RIGHTS ${SOURCE}`] },
    ],
    [
      'writing Secrets is more than upstream gives',
      cluster(...sourceController, clusterRole('x', [rule('get patch', 'secrets')]), bindEverywhere('x', source)),
      'warn EXTRA_RIGHTS',
    ],
    [
      'one more right to read is not',
      cluster(...sourceController, CRD, clusterRole('x', [rule('get', 'pods')]), bindEverywhere('x', source)),
      'pass EXPECTED_RIGHTS',
    ],
    [
      'tokens, and the gate is off',
      cluster(...controller('source-controller', []), WITH_TOKENS, bindEverywhere('crd-controller', source)),
      'warn TOKEN_CREATE_UNUSED',
      { severity: 'low' },
    ],
    [
      'tokens, and the gate is on',
      cluster(...sourceController, WITH_TOKENS, bindEverywhere('crd-controller', source)),
      'pass EXPECTED_RIGHTS',
    ],
    [
      'tokens, and the gate is off for one of two that share the account',
      cluster(
        ...sourceController,
        ...controller('source-controller', [], { name: 'shard' }),
        WITH_TOKENS,
        bindEverywhere('crd-controller', source),
      ),
      'pass EXPECTED_RIGHTS',
    ],
    [
      'tokens, and a variable hides the gate',
      cluster(
        ...controller('source-controller', ['--feature-gates=$(GATES)'], {
          env: [{ name: 'GATES', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        WITH_TOKENS,
        bindEverywhere('crd-controller', source),
      ),
      'notEvaluated UNRESOLVED_ENV',
    ],
    [
      'what all accounts have is not counted here',
      cluster(...sourceController, bindEverywhere('edit', group('system:serviceaccounts'))),
      'pass EXPECTED_RIGHTS',
    ],
    [
      'in every namespace of Flux',
      cluster(
        ...sourceController,
        ...controller('source-controller', [], { namespace: 'flux-two' }),
        bindEverywhere('cluster-admin', account('flux-two/source-controller')),
      ),
      'fail CONTROLLER_CLUSTER_ADMIN',
      {
        verdicts: [
          'fail CONTROLLER_CLUSTER_ADMIN ServiceAccount/flux-two/source-controller',
          `pass EXPECTED_RIGHTS ${SOURCE}`,
        ],
      },
    ],
    [
      'a controller that is not recognised',
      cluster({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'helm-controller-0', namespace: 'x' },
        spec: { containers: [{ name: 'm', image: 'registry.example.com/app:v1' }] },
      }),
      'notEvaluated CONTROLLER_UNRECOGNISED',
    ],
    ['no controller', cluster(), 'notApplicable NO_CONTROLLER'],
    [
      'roles could not be read',
      cluster(...sourceController),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { rbac: 'forbidden' } },
    ],
  ]);

  it('says which subject to take out', () => {
    const [observation] = judge(
      control,
      cluster(...sourceController, bindEverywhere('cluster-admin', kustomize, source)),
    ).observations;
    expect(observation?.fixes?.[0]?.content).toContain('"path":"/subjects/1/name","value":"source-controller"');
    expect(observation?.evidence[0]).toMatchObject({
      pointer: '/subjects/1',
      observed: 'ServiceAccount flux-system/source-controller',
    });
  });
});
