import { describe, expect, it } from 'vitest';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import {
  type Parts,
  KS,
  HR,
  ago,
  REVISION,
  ready,
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

describe('applicability', () => {
  judges([
    ['an empty cluster', [], 'notApplicable NO_REMOTE_APPLY'],
    [
      'only objects for the cluster itself, one of them failing',
      [kustomization({ spec: { kubeConfig: undefined }, ...status(ready('False', 'BuildFailed', '3d')) })],
      'notApplicable NO_REMOTE_APPLY',
    ],
    [
      'no Flux APIs at all',
      [],
      'notApplicable NO_REMOTE_APPLY',
      { notServed: ['kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io', 'source.toolkit.fluxcd.io'] },
    ],
    [
      'healthy ones of both kinds',
      [kustomization(), fleet(), helmRelease(), chart()],
      'pass HEALTHY',
      { verdicts: [`pass HEALTHY ${HR}`, `pass HEALTHY ${KS}`] },
    ],
    [
      'a local one beside a remote one: only the remote one is judged',
      [
        kustomization(),
        fleet(),
        kustomization({ metadata: { name: 'local' }, spec: { kubeConfig: undefined, suspend: true } }),
      ],
      'pass HEALTHY',
      { verdicts: [`pass HEALTHY ${KS}`] },
    ],
    [
      'the worst of several objects decides',
      [kustomization(), fleet(), helmRelease({ metadata: { deletionTimestamp: ago('2h') } })],
      'fail STUCK_DELETION',
      { severity: 'high', verdicts: [`fail STUCK_DELETION ${HR}`, `pass HEALTHY ${KS}`] },
    ],
    [
      'HelmReleases could not be listed',
      [kustomization(), fleet()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { helmReleases: 'forbidden' } },
    ],
  ]);
});

describe('deleting', () => {
  judges([
    [
      'ready Kustomization, deleted 2 h ago',
      [kustomization({ metadata: { deletionTimestamp: ago('2h') } }), fleet()],
      'fail STUCK_DELETION',
      { message: /deleted 2 h ago/ },
    ],
    [
      'deleted 59 min ago',
      [kustomization({ metadata: { deletionTimestamp: ago('59m') } }), fleet()],
      'warn DELETING',
      { severity: 'info' },
    ],
    [
      'failing, suspended and without source, but deleted: only the deletion counts',
      [
        kustomization({
          metadata: { deletionTimestamp: ago('3d') },
          spec: { suspend: true },
          ...status(ready('False', 'ArtifactFailed', '3d')),
        }),
      ],
      'fail STUCK_DELETION',
      { verdicts: [`fail STUCK_DELETION ${KS}`] },
    ],
  ]);
});

describe('suspended', () => {
  const suspended = (parts: Parts = {}) => [kustomization({ ...parts, spec: { suspend: true } }), fleet()];
  const since = (text: string) => ({ sightings: { 'FLUX-RA-03/suspended/Kustomization/spoke-a/apps': ago(text) } });
  judges([
    ['seen so now for the first time', suspended(), 'warn SUSPENDED', { severity: 'low' }],
    ['for 23 h', suspended(), 'warn SUSPENDED', since('23h')],
    ['for 3 days', suspended(), 'fail SUSPENDED', { severity: 'high', message: /for at least 3 d/, ...since('3d') }],
    [
      'for 3 days, tolerated by the registration',
      suspended(),
      'warn SUSPENDED',
      { ...since('3d'), registration: { suspendGraceHours: 96 } },
    ],
    [
      'for an hour, where the registration tolerates none',
      suspended(),
      'fail SUSPENDED',
      { ...since('1h'), registration: { suspendGraceHours: 0 } },
    ],
    [
      'not sighted before, but not reconciled for 3 days either',
      suspended(status(ready('True', 'ReconciliationSucceeded', '3d'))),
      'fail SUSPENDED',
    ],
    [
      'not sighted before; an old failure tells nothing about the pause',
      suspended(status(ready('False', 'BuildFailed', '3d'))),
      'warn SUSPENDED',
      { verdicts: [`warn SUSPENDED ${KS}`] },
    ],
    [
      'another object was suspended for long',
      suspended(),
      'warn SUSPENDED',
      { sightings: { 'FLUX-RA-03/suspended/Kustomization/spoke-b/apps': ago('3d') } },
    ],
    [
      'suspend: false is not suspended',
      [kustomization({ spec: { suspend: false } }), fleet()],
      'pass HEALTHY',
      since('3d'),
    ],
  ]);

  it('is proven by our own sight, derived from missing runs', () => {
    const confidence = (input: readonly object[], options = {}) =>
      judge(control, input, options).observations[0]?.confidence;
    expect(confidence(suspended(), since('3d'))).toBe('proven');
    expect(confidence(suspended(status(ready('True', 'ReconciliationSucceeded', '3d'))))).toBe('derived');
  });
});

describe('sources that could not be read', () => {
  judges([
    [
      'one kind: only objects that use it are not judged',
      [kustomization(), fleet(), helmRelease()],
      'notEvaluated RBAC_DENIED_READ',
      {
        verdicts: [`notEvaluated RBAC_DENIED_READ ${HR}`, `pass HEALTHY ${KS}`],
        unavailableSources: { OCIRepository: 'forbidden' },
      },
    ],
    ['all of them', [kustomization(), fleet()], 'notEvaluated TIMEOUT', { unavailable: { sources: 'timeout' } }],
    [
      'a failure that needs no source stands, and the result is partial',
      [kustomization(status(ready('False', 'BuildFailed', '3h')))],
      'fail BUILD_FAILED',
      {
        verdicts: [`fail BUILD_FAILED ${KS}`, `notEvaluated RBAC_DENIED_READ ${KS}`],
        unavailableSources: { GitRepository: 'forbidden' },
      },
    ],
    [
      'suspended: its source does not matter',
      [kustomization({ spec: { suspend: true } })],
      'warn SUSPENDED',
      { unavailable: { sources: 'forbidden' } },
    ],
  ]);

  it('names the missing permission, keeps what was sighted about the source', () => {
    const sightings = {
      'FLUX-RA-03/source-failing/Kustomization/spoke-a/apps/GitRepository spoke-a/fleet': ago('1h'),
      'FLUX-RA-03/revision-lag/Kustomization/spoke-a/apps/main@sha1:x': ago('1h'),
      'FLUX-RA-03/suspended/Kustomization/spoke-a/apps': ago('1h'),
    };
    const result = judge(control, [kustomization()], { unavailableSources: { GitRepository: 'forbidden' }, sightings });
    expect(result.missing).toEqual([{ verb: 'list', group: 'source.toolkit.fluxcd.io', resource: 'gitrepositories' }]);
    expect(result.sightings).toEqual(Object.keys(sightings).slice(0, 2).toSorted());
    expect(judge(control, [kustomization(), fleet()], { sightings }).sightings).toEqual([]);
  });
});

it('judges 10,000 objects in time that grows with their number', () => {
  const objects = (count: number) => [
    ...Array.from({ length: count }, (_, index) =>
      kustomization({
        metadata: { name: `apps-${index}` },
        spec: { sourceRef: { kind: 'GitRepository', name: `fleet-${index}` } },
      }),
    ),
    ...Array.from({ length: count }, (_, index) => source('GitRepository', `fleet-${index}`, artifact(REVISION))),
  ];
  const result = judge(control, objects(10_000));
  expect(result.counts.pass).toBe(10_000);
  expect(verdicts(result)).toHaveLength(10_000);
});
