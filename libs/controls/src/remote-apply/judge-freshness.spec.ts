import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import {
  type Fields,
  type Parts,
  KS,
  ago,
  HASH,
  OTHER_HASH,
  DIGEST,
  REVISION,
  ready,
  HEALTHY,
  kustomization,
  helmRelease,
  source,
  artifact,
  fleet,
  chart,
  status,
} from '../../../../test/support/remote-apply-objects.js';
import { remoteApplyHealthyAndFresh as control } from './ra-03-healthy-and-fresh.js';

const judges = tableOf(control);

describe('stale', () => {
  const lastRun = (since: string, more: Parts = {}) => [
    kustomization({
      ...more,
      status: { conditions: [ready('True', 'ReconciliationSucceeded', since)], ...more.status },
    }),
    fleet(),
  ];
  const statusField = (manager: string, since: string) => [
    { manager, operation: 'Update', subresource: 'status', time: ago(since) },
  ];
  judges([
    [
      'all traces 3 h old, interval 10 min',
      lastRun('3h', {
        metadata: { managedFields: statusField('gotk-kustomize-controller', '3h') },
        status: { history: [{ lastReconciled: ago('3h') }] },
      }),
      'fail STALE',
      { message: /3 h ago/ },
    ],
    // 2 × 10 min × 1.2 + 9.5 min = 33.5 min
    ['33 min', lastRun('33m'), 'pass HEALTHY'],
    ['34 min', lastRun('34m'), 'fail STALE'],
    ['a long timeout is allowed for', lastRun('34m', { spec: { timeout: '20m' } }), 'pass HEALTHY'],
    [
      'old condition, fresh history',
      lastRun('3d', { status: { history: [{ lastReconciled: ago('5m') }] } }),
      'pass HEALTHY',
    ],
    [
      'old condition, fresh status field',
      lastRun('3d', { metadata: { managedFields: statusField('gotk-kustomize-controller', '5m') } }),
      'pass HEALTHY',
    ],
    [
      'fresh status field of somebody else',
      lastRun('3d', { metadata: { managedFields: statusField('kubectl', '5m') } }),
      'fail STALE',
    ],
    [
      'fresh spec field is no run',
      lastRun('3d', {
        metadata: { managedFields: [{ manager: 'kustomize-controller', operation: 'Apply', time: ago('5m') }] },
      }),
      'fail STALE',
    ],
    ['a clock that runs ahead', lastRun('-5m'), 'pass HEALTHY'],
    [
      'no trace at all',
      [kustomization(status({ type: 'Ready', status: 'True' })), fleet()],
      'notEvaluated LAST_RUN_UNKNOWN',
    ],
    ['interval unreadable', lastRun('3h', { spec: { interval: 'often' } }), 'notEvaluated INTERVAL_UNKNOWN'],
    ['interval absent', lastRun('3h', { spec: { interval: undefined } }), 'notEvaluated INTERVAL_UNKNOWN'],
    [
      'HelmRelease, fresh by its status field',
      [
        helmRelease({
          metadata: { managedFields: statusField('helm-controller', '5m') },
          ...status(ready('True', 'UpgradeSucceeded', '9d')),
        }),
        chart(),
      ],
      'pass HEALTHY',
    ],
    // 2 × 10 min × 1.2 + 5 min = 29 min
    ['HelmRelease, 30 min', [helmRelease(status(ready('True', 'UpgradeSucceeded', '30m'))), chart()], 'fail STALE'],
    [
      'failing for long: not stale, the condition is the finding',
      [kustomization(status(ready('False', 'BuildFailed', '3h'))), fleet()],
      'fail BUILD_FAILED',
      { verdicts: [`fail BUILD_FAILED ${KS}`] },
    ],
  ]);

  it('is proven by the history of runs, otherwise derived', () => {
    const confidence = (input: readonly object[]) => judge(control, input).observations[0]?.confidence;
    expect(confidence(lastRun('3h'))).toBe('derived');
    expect(confidence(lastRun('3h', { status: { history: [{ lastReconciled: ago('3h') }] } }))).toBe('proven');
  });
});

describe('revision', () => {
  const at = (applied: string | undefined, offered: Parts, spec: Fields = {}) => [
    kustomization({ spec, status: { lastAppliedRevision: applied, conditions: [HEALTHY] } }),
    fleet(offered),
  ];
  const hr = (used: Fields, kind: string, revision: string, updated = '3h') => [
    helmRelease({
      spec: { chartRef: { kind, name: 'chart' } },
      status: { lastAttemptedRevisionDigest: undefined, ...used },
    }),
    source(kind, 'chart', artifact(revision, updated)),
  ];
  judges([
    [
      'differs, interval 1 h, new commit 5 min ago',
      at(`main@sha1:${OTHER_HASH}`, artifact(REVISION, '5m'), { interval: '1h' }),
      'pass HEALTHY',
    ],
    ['legacy form of the same commit', at(`main/${HASH}`, artifact(REVISION)), 'pass HEALTHY'],
    ['the same', at(REVISION, artifact(REVISION)), 'pass HEALTHY'],
    // 10 + 9.5 min
    [
      'differs for 20 min',
      at(`main@sha1:${OTHER_HASH}`, artifact(REVISION, '20m')),
      'warn REVISION_LAG',
      { verdicts: [`warn REVISION_LAG ${KS}`] },
    ],
    ['differs for 19 min', at(`main@sha1:${OTHER_HASH}`, artifact(REVISION, '19m')), 'pass HEALTHY'],
    [
      'differs, no update time, sighted 20 min ago',
      at(`main@sha1:${OTHER_HASH}`, { status: { artifact: { revision: REVISION } } }),
      'warn REVISION_LAG',
      { sightings: { [`FLUX-RA-03/revision-lag/Kustomization/spoke-a/apps/${REVISION}`]: ago('20m') } },
    ],
    [
      'differs, no update time, seen now',
      at(`main@sha1:${OTHER_HASH}`, { status: { artifact: { revision: REVISION } } }),
      'pass HEALTHY',
    ],
    ['nothing applied yet', at(undefined, artifact(REVISION)), 'pass HEALTHY'],
    ['no artifact', at(REVISION, {}), 'pass HEALTHY'],
    [
      'stale says it already',
      [
        kustomization({
          status: {
            lastAppliedRevision: `main@sha1:${OTHER_HASH}`,
            conditions: [ready('True', 'ReconciliationSucceeded', '3h')],
          },
        }),
        fleet(),
      ],
      'fail STALE',
      { verdicts: [`fail STALE ${KS}`] },
    ],
    ['HelmRelease, same chart version', hr({ lastAttemptedRevision: '6.5.1' }, 'HelmChart', '6.5.1'), 'pass HEALTHY'],
    [
      'HelmRelease, newer chart version',
      hr({ lastAttemptedRevision: '6.5.1' }, 'HelmChart', '6.5.2'),
      'warn REVISION_LAG',
    ],
    [
      'HelmRelease from OCI, same digest',
      hr(
        { lastAttemptedRevision: '1.0.0+x', lastAttemptedRevisionDigest: `sha256:${DIGEST}` },
        'OCIRepository',
        `1.0.0@sha256:${DIGEST}`,
      ),
      'pass HEALTHY',
    ],
    [
      'HelmRelease from OCI, other digest',
      hr(
        { lastAttemptedRevision: '1.0.0+x', lastAttemptedRevisionDigest: `sha256:${'1'.repeat(64)}` },
        'OCIRepository',
        `1.0.0@sha256:${DIGEST}`,
      ),
      'warn REVISION_LAG',
    ],
    [
      'HelmRelease from OCI, same short digest',
      hr({ lastAttemptedRevision: `1.0.0+${DIGEST.slice(0, 12)}` }, 'OCIRepository', `1.0.0@sha256:${DIGEST}`),
      'pass HEALTHY',
    ],
    [
      'HelmRelease from OCI, other short digest',
      hr({ lastAttemptedRevision: '1.0.0+111111111111' }, 'OCIRepository', `1.0.0@sha256:${DIGEST}`),
      'warn REVISION_LAG',
    ],
    [
      'HelmRelease from OCI, version alone cannot be compared',
      hr({ lastAttemptedRevision: '1.0.0' }, 'OCIRepository', `1.0.0@sha256:${DIGEST}`),
      'pass HEALTHY',
    ],
  ]);
});
