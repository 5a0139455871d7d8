import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import {
  type Fields,
  KS,
  HR,
  ago,
  ready,
  HEALTHY,
  kustomization,
  helmRelease,
  fleet,
  chart,
  status,
} from '../../../../test/support/remote-apply-objects.js';
import { remoteApplyHealthyAndFresh as control } from './ra-03-healthy-and-fresh.js';

const judges = tableOf(control);

describe('never reconciled', () => {
  const untouched = (created: string | undefined) => [
    kustomization({
      metadata: { creationTimestamp: created, generation: 1 },
      status: { conditions: undefined, observedGeneration: undefined, lastAppliedRevision: undefined },
    }),
    fleet(),
  ];
  judges([
    ['created 20 min ago', untouched(ago('20m')), 'fail NOT_RECONCILED', { verdicts: [`fail NOT_RECONCILED ${KS}`] }],
    ['created 10 min ago', untouched(ago('10m')), 'warn NOT_RECONCILED', { severity: 'low' }],
    ['no creation time, seen now for the first time', untouched(undefined), 'warn NOT_RECONCILED'],
    [
      'no creation time, sighted 20 min ago',
      untouched(undefined),
      'fail NOT_RECONCILED',
      { sightings: { 'FLUX-RA-03/unreconciled/Kustomization/spoke-a/apps': ago('20m') } },
    ],
    [
      'other conditions, but no Ready',
      [kustomization({ status: { conditions: [{ type: 'Reconciling', status: 'True' }] } }), fleet()],
      'fail NOT_RECONCILED',
    ],
    [
      'HelmRelease: names the blocked reference to another namespace',
      [helmRelease({ status: { conditions: [] } }), chart()],
      'fail NOT_RECONCILED',
      { message: /--no-cross-namespace-refs/ },
    ],
  ]);
});

describe('stalled', () => {
  const stalled = (reason: string, ...others: readonly Fields[]) => [
    kustomization(status({ type: 'Stalled', status: 'True', reason, lastTransitionTime: ago('1m') }, ...others)),
    fleet(),
  ];
  judges([
    [
      'blocked reference: no grace, it will not retry',
      stalled('AccessDenied', ready('False', 'AccessDenied', '1m')),
      'fail STALLED',
      { message: /AccessDenied/, verdicts: [`fail STALLED ${KS}`] },
    ],
    ['no Ready condition beside it', stalled('InvalidCELExpression'), 'fail STALLED'],
    [
      'HelmRelease out of retries',
      [
        helmRelease(
          status(ready('False', 'InstallFailed', '1m'), { type: 'Stalled', status: 'True', reason: 'RetriesExceeded' }),
        ),
        chart(),
      ],
      'fail STALLED',
      { verdicts: [`fail STALLED ${HR}`] },
    ],
    [
      'Stalled=False is not stalled',
      [kustomization(status({ type: 'Stalled', status: 'False', reason: 'x' }, HEALTHY)), fleet()],
      'pass HEALTHY',
    ],
  ]);
});

describe('a try is running', () => {
  const running = (since: string, spec: Fields = {}) => [
    kustomization({ spec, ...status(ready('Unknown', 'Progressing', since, 'Reconciliation in progress')) }),
    fleet(),
  ];
  const before = (since: string, cause = 'NETWORK') => ({
    sightings: {
      'FLUX-RA-03/failing/Kustomization/spoke-a/apps': ago(since),
      [`FLUX-RA-03/cause/Kustomization/spoke-a/apps/${cause}`]: ago(since),
    },
  });
  judges([
    ['healthy before', running('1m'), 'warn RECONCILING', { severity: 'info', verdicts: [`warn RECONCILING ${KS}`] }],
    ['longer than timeout and interval (9.5 + 10 min)', running('20m'), 'fail STUCK'],
    ['not quite so long', running('19m'), 'warn RECONCILING'],
    ['a long timeout', running('40m', { timeout: '1h' }), 'warn RECONCILING'],
    ['interval 20 s: the timeout is at least 30 s', running('45s', { interval: '20s' }), 'warn RECONCILING'],
    ['timeout 2 s: at least 30 s too', running('45s', { interval: '20s', timeout: '2s' }), 'warn RECONCILING'],
    ['longer than these', running('55s', { interval: '20s', timeout: '2s' }), 'fail STUCK'],
    ['seen failing 1 h ago: the failure goes on', running('10s'), 'fail NETWORK', before('1h')],
    ['seen failing 5 min ago', running('10s'), 'warn NETWORK', before('5m')],
    ['a remembered cause that this version does not know', running('10s'), 'fail NOT_READY', before('1h', 'GREMLINS')],
    [
      'seen failing 1 h ago, applied with success since',
      [
        kustomization({
          status: {
            conditions: [ready('Unknown', 'Progressing', '10s')],
            history: [{ lastReconciled: ago('10m'), lastReconciledStatus: 'ReconciliationSucceeded' }],
          },
        }),
        fleet(),
      ],
      'warn RECONCILING',
      before('1h'),
    ],
    [
      'HelmRelease, timeout 5 min by default',
      [helmRelease(status(ready('Unknown', 'Progressing', '16m'))), chart()],
      'fail STUCK',
    ],
  ]);

  it('remembers failure and cause across a running try, and forgets them after a success', () => {
    const [failing, cause] = Object.keys(before('1h').sightings).toSorted().toReversed();
    expect(judge(control, running('10s'), before('1h')).sightings).toEqual([cause, failing]);
    expect(judge(control, [kustomization(), fleet()], before('1h')).sightings).toEqual([]);
    expect(judge(control, running('10s')).sightings).toEqual([]);
  });
});
