import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import {
  type Fields,
  ago,
  ready,
  kustomization,
  helmRelease,
  fleet,
  chart,
  failingSince,
  status,
} from '../../../../test/support/remote-apply-objects.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { remoteApplyHealthyAndFresh as control } from './ra-03-healthy-and-fresh.js';

const judges = tableOf(control);

describe('failing', () => {
  const denied = 'secrets is forbidden: User "x" cannot list resource "secrets" in API group ""';
  const refused = 'Namespace/apps dry-run failed (Forbidden): failed to get server groups: unknown\n';
  const kustomizeController = (argument: string) => controller('kustomize-controller', [argument]);
  const failing = (reason: string, message: string, since = '20s', spec: Fields = {}) => [
    kustomization({ spec, ...status(ready('False', reason, since, message)) }),
    fleet(),
  ];
  judges([
    [
      'HelmRelease, access revoked 3 h ago: the condition keeps its time',
      [helmRelease(status(ready('False', 'StateError', '3h', denied))), chart()],
      'fail ACCESS_REVOKED',
      { severity: 'high', message: /StateError.*denies access.*role bindings/s },
    ],
    [
      'HelmRelease, access revoked 14 min ago',
      [helmRelease(status(ready('False', 'StateError', '14m', denied))), chart()],
      'warn ACCESS_REVOKED',
      { severity: 'low' },
    ],
    [
      'last try 20 s ago, first seen failing 1 h ago',
      failing('ReconciliationFailed', denied),
      'fail ACCESS_REVOKED',
      { message: /for at least 60 min/, ...failingSince('1h') },
    ],
    ['last try 20 s ago, never seen failing before', failing('ReconciliationFailed', denied), 'warn ACCESS_REVOKED'],
    [
      'first seen failing 19 min ago: two retries of 10 min are not over',
      failing('ReconciliationFailed', denied),
      'warn ACCESS_REVOKED',
      failingSince('19m'),
    ],
    [
      'first seen failing 21 min ago',
      failing('ReconciliationFailed', denied),
      'fail ACCESS_REVOKED',
      failingSince('21m'),
    ],
    [
      'retryInterval 1 min: at least 15 min',
      failing('ReconciliationFailed', denied, '20s', { retryInterval: '1m' }),
      'warn ACCESS_REVOKED',
      failingSince('14m'),
    ],
    [
      'retryInterval 1 min, 16 min',
      failing('ReconciliationFailed', denied, '20s', { retryInterval: '1m' }),
      'fail ACCESS_REVOKED',
      failingSince('16m'),
    ],
    [
      'interval 1 h: two hours',
      failing('ReconciliationFailed', denied, '20s', { interval: '1h' }),
      'warn ACCESS_REVOKED',
      failingSince('119m'),
    ],
    [
      'never applied anything since it was created',
      [
        kustomization({
          status: { conditions: [ready('False', 'BuildFailed', '20s')], lastAppliedRevision: undefined },
        }),
        fleet(),
      ],
      'fail BUILD_FAILED',
    ],
    [
      'seen failing 3 h ago, but applied with success 5 min ago',
      [
        kustomization({
          status: {
            conditions: [ready('False', 'ReconciliationFailed', '20s', denied)],
            history: [
              { lastReconciled: ago('20s'), lastReconciledStatus: 'ReconciliationFailed' },
              { lastReconciled: ago('5m'), lastReconciledStatus: 'ReconciliationSucceeded' },
            ],
          },
        }),
        fleet(),
      ],
      'warn ACCESS_REVOKED',
      { message: /for at least 5 min/, ...failingSince('3h') },
    ],
    [
      'impersonation refused, service account named',
      failing('ReconciliationFailed', refused, '1h', { serviceAccountName: 'flux' }),
      'fail IMPERSONATION_DENIED',
    ],
    ['impersonation refused, no service account', failing('ReconciliationFailed', refused, '1h'), 'fail ANONYMOUS'],
    [
      'impersonation refused, no service account, but a default one',
      [...failing('ReconciliationFailed', refused, '1h'), ...kustomizeController('--default-service-account=default')],
      'fail IMPERSONATION_DENIED',
    ],
    [
      'impersonation refused, an empty default service account',
      [...failing('ReconciliationFailed', refused, '1h'), ...kustomizeController('--default-service-account=')],
      'fail ANONYMOUS',
    ],
    [
      'impersonation refused, default service account of another controller',
      [
        ...failing('ReconciliationFailed', refused, '1h'),
        ...controller('helm-controller', ['--default-service-account=default']),
      ],
      'fail ANONYMOUS',
    ],
    [
      'impersonation refused, two controllers that differ',
      [
        ...failing('ReconciliationFailed', refused, '1h'),
        ...kustomizeController('--default-service-account=default'),
        ...controller('kustomize-controller', [], { name: 'kustomize-controller-shard1' }),
      ],
      'fail DISCOVERY_FORBIDDEN',
    ],
    [
      'impersonation refused, the flags cannot be read',
      failing('ReconciliationFailed', refused, '1h'),
      'fail DISCOVERY_FORBIDDEN',
      { unavailable: { pods: 'forbidden' } },
    ],
    [
      'impersonation refused, said plainly',
      failing(
        'ReconciliationFailed',
        'users "x" is forbidden: cannot impersonate-on:serviceaccount:list resource "secrets"',
        '1h',
      ),
      'fail IMPERSONATION_DENIED',
    ],
    [
      'kubeconfig Secret missing',
      failing(
        'ReconciliationFailed',
        `unable to read KubeConfig secret 'spoke-a/kubeconfig' error: secrets "kubeconfig" not found`,
        '1h',
      ),
      'fail CREDENTIAL_MISSING',
    ],
    [
      'target unreachable',
      failing(
        'ReconciliationFailed',
        'ConfigMap/apps/app dry-run failed: failed to get server groups: Get "https://10.0.0.1:6443/api": dial tcp 10.0.0.1:6443: connect: connection refused',
        '1h',
      ),
      'fail NETWORK',
    ],
    [
      'credential expired',
      failing(
        'ReconciliationFailed',
        'ClusterRole/x dry-run failed (Unauthorized): failed to get server groups: the server has asked for the client to provide credentials',
        '1h',
      ),
      'fail CREDENTIAL_INVALID',
    ],
    [
      'apply failed for another reason',
      failing('ReconciliationFailed', 'Deployment/apps/web apply failed: spec.selector is immutable', '1h'),
      'fail RECONCILIATION_FAILED',
    ],
    [
      'slow workload: a deadline is no network failure',
      failing('HealthCheckFailed', 'health check failed after 30s: context deadline exceeded', '1h'),
      'fail HEALTH_CHECK_FAILED',
    ],
    [
      'health check that cannot reach the target',
      failing('HealthCheckFailed', 'health check failed: dial tcp 10.0.0.1:6443: i/o timeout', '1h'),
      'fail NETWORK',
    ],
    [
      'build that cannot reach a Git server: not the target',
      failing('BuildFailed', 'kustomize build failed: dial tcp: lookup git.example.com: no such host', '1h'),
      'fail BUILD_FAILED',
    ],
    [
      'dependency not ready',
      failing('DependencyNotReady', "dependency 'spoke-a/infra' is not ready", '1h'),
      'fail DEPENDENCY_NOT_READY',
    ],
    ['a reason of a newer Flux', failing('SomethingNew', 'odd', '1h'), 'fail NOT_READY', { message: /SomethingNew/ }],
    ['a reason that is a property of every object', failing('constructor', 'odd', '1h'), 'fail NOT_READY'],
    [
      'HelmRelease upgrade that ran out of time',
      [
        helmRelease(
          status(
            ready(
              'False',
              'UpgradeFailed',
              '1h',
              'Helm upgrade failed for release apps/web with chart web@1.2.3: context deadline exceeded',
            ),
          ),
        ),
        chart(),
      ],
      'fail UPGRADE_FAILED',
    ],
  ]);

  it('is one finding from the warning on, so that it escalates', () => {
    const [young] = judge(control, failing('ReconciliationFailed', denied)).observations;
    const [old] = judge(control, failing('ReconciliationFailed', denied), failingSince('1h')).observations;
    expect([young?.reason, young?.severity, old?.reason, old?.severity]).toEqual([
      'ACCESS_REVOKED',
      'low',
      'ACCESS_REVOKED',
      'high',
    ]);
  });

  it('keeps credentials out of evidence and message', () => {
    const message = `fetch https://bot:hunter2@git.example.com failed, Bearer abcdefgh12345678, token=s3cr3t, ${'x'.repeat(900)}`;
    const text = JSON.stringify(judge(control, failing('ReconciliationFailed', message, '1h')));
    for (const secret of ['hunter2', 'abcdefgh12345678', 's3cr3t', 'x'.repeat(500)]) expect(text).not.toContain(secret);
    expect(text).toContain('git.example.com');
  });
});
