import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import { supportedRelease as control } from './x-11-supported-release.js';

const judges = tableOf(control);
const source = (tag: string, more = {}) =>
  controller('source-controller', [], { image: `ghcr.io/fluxcd/source-controller:${tag}`, ...more });
const S = 'Deployment/flux-system/source-controller manager';
const instance = (version: string) => ({
  apiVersion: 'fluxcd.controlplane.io/v1',
  kind: 'FluxInstance',
  metadata: { name: 'flux', namespace: 'flux-system' },
  spec: { distribution: { version } },
});

describe('releases', () => {
  judges([
    ['no Flux', [], 'notApplicable NO_CONTROLLER'],
    ['the newest', source('v1.9.4'), 'pass SUPPORTED', { verdicts: [`pass SUPPORTED ${S}`] }],
    ['the newest of an enterprise build', source('v1.9.4-flux.1'), 'pass SUPPORTED'],
    [
      'an older patch of the newest minor',
      source('v1.9.2'),
      'warn PATCH_AVAILABLE',
      { severity: 'low', message: /v1\.9\.4/ },
    ],
    ['the last patch of an older minor', source('v1.8.5'), 'pass SUPPORTED'],
    [
      'the oldest maintained minor, of which advisories are known',
      source('v1.7.4'),
      'fail ADVISORY',
      {
        severity: 'medium',
        verdicts: [`fail ADVISORY ${S}`],
      },
    ],
    [
      'not maintained any more',
      controller('kustomize-controller', [], { flux: '2.6.4' }),
      'fail END_OF_LIFE',
      { severity: 'high' },
    ],
    [
      'neither maintained nor patched',
      source('v1.6.2'),
      'fail END_OF_LIFE',
      {
        severity: 'high',
        verdicts: [`fail END_OF_LIFE ${S}`, `fail ADVISORY ${S}`],
        message: /2\.7, 2\.8, 2\.9/,
      },
    ],
    [
      'before the table',
      controller('helm-controller', [], { image: 'ghcr.io/fluxcd/helm-controller:v0.1.0' }),
      'fail ADVISORY',
      {
        severity: 'critical',
        message: /3 advisories/,
      },
    ],
    [
      'an advisory of low severity',
      controller('notification-controller', [], { image: 'ghcr.io/fluxcd/notification-controller:v1.8.2' }),
      'fail ADVISORY',
      {
        severity: 'low',
        message: /a security advisory is about: CVE-2026-40109/,
      },
    ],
    ['newer than the table', source('v1.9.9'), 'warn TABLE_OUTDATED', { message: /Upgrade Plimsoll/ }],
    ['a newer minor', source('v1.10.0'), 'warn TABLE_OUTDATED'],
    ['a newer major', source('v2.0.0'), 'warn TABLE_OUTDATED'],
    ['no version in the tag', source('main-abc'), 'notEvaluated VERSION_UNKNOWN'],
    [
      'no tag',
      controller('source-controller', [], { image: 'ghcr.io/fluxcd/source-controller' }),
      'notEvaluated VERSION_UNKNOWN',
    ],
    [
      'by the label of the installation',
      source('latest', { labels: { 'app.kubernetes.io/version': 'v2.9.4' } }),
      'pass SUPPORTED',
    ],
    ['scaled to zero', source('v1.6.2', { state: 'scaledToZero' }), 'fail END_OF_LIFE'],
    [
      'a build of somebody else',
      controller('source-controller', [], { image: 'registry.example/flux/source-controller:v1.9.4' }),
      'pass SUPPORTED',
    ],
    ['on a standalone cluster too', source('v1.6.2'), 'fail END_OF_LIFE', { registration: { role: 'standalone' } }],
    ['on a shared cluster too', source('v1.9.4'), 'pass SUPPORTED', { registration: SHARED }],
    [
      'with tables of half a year ago',
      source('v1.9.4'),
      'warn TABLE_OLD',
      {
        at: '2027-03-01T00:00:00Z',
        verdicts: ['warn TABLE_OLD Cluster/cluster releases', `pass SUPPORTED ${S}`],
      },
    ],
  ]);
});

describe('mixtures', () => {
  judges([
    [
      'one minor apart',
      [...source('v1.9.4'), ...controller('helm-controller', [], { image: 'ghcr.io/fluxcd/helm-controller:v1.5.5' })],
      'pass SUPPORTED',
    ],
    [
      'two minors apart',
      [...source('v1.9.4'), ...controller('helm-controller', [], { image: 'ghcr.io/fluxcd/helm-controller:v1.4.5' })],
      'warn COMPONENTS_MIXED',
      {
        message: /helm-controller is of Flux 2\.7 and source-controller is of Flux 2\.9/,
      },
    ],
    [
      'two installations',
      [
        ...source('v1.9.4'),
        ...controller('helm-controller', [], { image: 'ghcr.io/fluxcd/helm-controller:v1.4.5', namespace: 'other' }),
      ],
      'pass SUPPORTED',
    ],
  ]);
});

describe('ranges of a FluxInstance', () => {
  judges([
    ['everything of a major', [...source('v1.9.4'), instance('2.x')], 'pass SUPPORTED'],
    ['patches of a maintained minor', [...source('v1.9.4'), instance('2.9.x')], 'pass SUPPORTED'],
    ['patches of one that is not', [...source('v1.9.4'), instance('2.6.x')], 'warn RANGE_END_OF_LIFE'],
    ['one release', [...source('v1.9.4'), instance('v2.9.4')], 'warn RANGE_EXACT', { message: /"2\.9\.x"/ }],
    ['one release that is newer', [...source('v1.9.4'), instance('2.11.0')], 'warn RANGE_EXACT'],
    ['a comparison', [...source('v1.9.4'), instance('>=2.7.0 <3.0.0')], 'pass SUPPORTED'],
    ['no text', [...source('v1.9.4'), instance('')], 'pass SUPPORTED'],
  ]);
});

describe('what could not be read', () => {
  judges([
    ['pods', source('v1.9.4'), 'notEvaluated RBAC_DENIED_READ', { unavailable: { pods: 'forbidden' } }],
    [
      'FluxInstances',
      source('v1.9.4'),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { fluxInstances: 'forbidden' } },
    ],
    [
      'FluxInstances, where a controller fails',
      source('v1.6.2'),
      'fail END_OF_LIFE',
      { unavailable: { fluxInstances: 'forbidden' } },
    ],
  ]);
});

it('says how to upgrade, by the way of installation', () => {
  const fix = (objects: object[]) => judge(control, objects).observations[0]?.fixes?.[0];
  expect(fix([...source('v1.6.2'), instance('2.6.x')])).toMatchObject({
    form: 'fluxOperatorPatch',
    content: expect.stringContaining('name: flux, namespace: flux-system') as string,
  });
  expect(
    fix(
      source('v1.6.2', {
        labels: { 'helm.sh/chart': 'flux2-2.1.0' },
        annotations: { 'meta.helm.sh/release-name': 'gitops' },
      }),
    )?.content,
  ).toContain('helm upgrade gitops ');
  expect(fix(source('v1.6.2'))?.content).toContain('flux install --export');
});

it('trusts a fork no further than its word', () => {
  const image = 'registry.example/flux/source-controller:v1.9.4';
  const [found] = judge(control, controller('source-controller', [], { image })).observations;
  expect(found).toMatchObject({ confidence: 'derived', message: expect.stringContaining('not a known one') as string });
});
