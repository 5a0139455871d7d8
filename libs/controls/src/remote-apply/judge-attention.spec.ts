import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import {
  type Fields,
  type Parts,
  KS,
  HR,
  ago,
  ready,
  HEALTHY,
  kustomization,
  helmRelease,
  fleet,
  chart,
} from '../../../../test/support/remote-apply-objects.js';
import { remoteApplyHealthyAndFresh as control } from './ra-03-healthy-and-fresh.js';

const judges = tableOf(control);

describe('requested', () => {
  const asked = (value: string, handled?: string, parts: Parts = {}) => [
    kustomization({
      ...parts,
      metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': value } },
      status: { lastHandledReconcileAt: handled, ...parts.status },
    }),
    fleet(),
  ];
  const epoch = (since: string) => String(Math.floor(Date.parse(ago(since)) / 1000));
  judges([
    [
      'not handled for 20 min',
      asked(ago('20m'), ago('2d')),
      'fail NOT_HANDLED',
      { verdicts: [`fail NOT_HANDLED ${KS}`] },
    ],
    ['not handled for 4 min', asked(ago('4m'), ago('2d')), 'pass HEALTHY'],
    ['never handled anything', asked(ago('20m')), 'fail NOT_HANDLED'],
    ['handled', asked(ago('20m'), ago('20m')), 'pass HEALTHY'],
    ['nanoseconds and an offset', asked('2026-11-01T12:40:00.123456789+01:00'), 'fail NOT_HANDLED'],
    ['seconds since the epoch, 20 min', asked(epoch('20m')), 'fail NOT_HANDLED'],
    ['seconds since the epoch, 1 min', asked(epoch('1m')), 'pass HEALTHY'],
    ['milliseconds since the epoch', asked(String(Date.parse(ago('20m')))), 'fail NOT_HANDLED'],
    ['a free text, new', asked('release-7/now'), 'pass HEALTHY'],
    [
      'a free text, sighted 10 min ago',
      asked('release-7/now'),
      'fail NOT_HANDLED',
      { sightings: { 'FLUX-RA-03/requested/Kustomization/spoke-a/apps/release-7/now': ago('10m') } },
    ],
    [
      'another free text than the one sighted',
      asked('release-8'),
      'pass HEALTHY',
      { sightings: { 'FLUX-RA-03/requested/Kustomization/spoke-a/apps/release-7': ago('10m') } },
    ],
    ['a number that is no time', asked('1'), 'pass HEALTHY'],
    ['a time in the future', asked(ago('-20m')), 'pass HEALTHY'],
    ['empty', asked(''), 'pass HEALTHY'],
    [
      'suspended objects are handled by a live controller too',
      asked(ago('20m'), undefined, { spec: { suspend: true } }),
      'fail NOT_HANDLED',
      { verdicts: [`fail NOT_HANDLED ${KS}`, `warn SUSPENDED ${KS}`] },
    ],
  ]);
});

describe('generation', () => {
  const changed = (since: string) => [{ manager: 'kubectl', operation: 'Update', time: ago(since) }];
  const sighted = (kind: string, since: string) => ({
    sightings: { [`FLUX-RA-03/generation-lag/${kind}/spoke-a/apps/2`]: ago(since) },
  });
  const behindKs = (metadata: Fields = {}, conditions: readonly Fields[] = [HEALTHY]) => [
    kustomization({ metadata, status: { observedGeneration: 1, conditions } }),
    fleet(),
  ];
  const behindHr = (
    metadata: Fields = {},
    conditions: readonly Fields[] = [ready('True', 'UpgradeSucceeded', '4m')],
  ) => [helmRelease({ metadata, status: { observedGeneration: 1, conditions } }), chart()];
  judges([
    [
      'HelmRelease ready, behind for 20 min by our sight',
      behindHr(),
      'fail FROZEN',
      { verdicts: [`fail FROZEN ${HR}`], ...sighted('HelmRelease', '20m') },
    ],
    ['HelmRelease ready, last changed 20 min ago', behindHr({ managedFields: changed('20m') }), 'fail FROZEN'],
    ['HelmRelease ready, last changed 9 min ago', behindHr({ managedFields: changed('9m') }), 'pass HEALTHY'],
    ['HelmRelease ready, seen behind now', behindHr(), 'pass HEALTHY'],
    [
      'HelmRelease frozen for days: not stale as well',
      behindHr({ managedFields: changed('3d') }, [ready('True', 'UpgradeSucceeded', '3d')]),
      'fail FROZEN',
      { verdicts: [`fail FROZEN ${HR}`] },
    ],
    [
      'HelmRelease failing keeps the old generation',
      behindHr({ managedFields: changed('3h') }, [ready('False', 'UpgradeFailed', '3h')]),
      'fail UPGRADE_FAILED',
      { verdicts: [`fail UPGRADE_FAILED ${HR}`] },
    ],
    [
      'Kustomization ready, behind for 20 min',
      behindKs(),
      'warn GENERATION_NOT_OBSERVED',
      { severity: 'medium', ...sighted('Kustomization', '20m') },
    ],
    [
      'Kustomization failing keeps the old generation',
      behindKs({ managedFields: changed('3h') }, [ready('False', 'BuildFailed', '3h')]),
      'fail BUILD_FAILED',
      { verdicts: [`fail BUILD_FAILED ${KS}`] },
    ],
    [
      'Kustomization running for less than its timeout',
      [
        kustomization({
          spec: { timeout: '30m' },
          metadata: { managedFields: changed('20m') },
          status: { observedGeneration: 1, conditions: [ready('Unknown', 'Progressing', '20m')] },
        }),
        fleet(),
      ],
      'warn RECONCILING',
      { verdicts: [`warn RECONCILING ${KS}`] },
    ],
    [
      'another generation than the one sighted',
      behindKs(),
      'pass HEALTHY',
      { sightings: { 'FLUX-RA-03/generation-lag/Kustomization/spoke-a/apps/1': ago('20m') } },
    ],
    ['no generation given', behindKs({ generation: undefined }), 'pass HEALTHY'],
    [
      'a controller status update is no change',
      behindKs({
        managedFields: [{ manager: 'gotk-kustomize-controller', subresource: 'status', time: ago('20m') }],
      }),
      'pass HEALTHY',
    ],
  ]);
});
