import { describe, expect, it } from 'vitest';
import { judge, tableOf, verdicts } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { servedOnce as control } from './res-03-served-once.js';

const KEY = 'sharding.fluxcd.io/key';
const select = (text: string) => [`--watch-label-selector=${text}`];
const kustomize = (selector?: string, options: ControllerOptions = {}) =>
  controller('kustomize-controller', selector === undefined ? [] : select(selector), options);
const shard = (selector: string, options: ControllerOptions = {}) =>
  kustomize(selector, { name: 'kustomize-controller-shard1', ...options });
const app = (name: string, labels?: Record<string, string>, more: object = {}, spec: object = {}) =>
  fluxObject('Kustomization', `apps/${name}`, spec, {
    metadata: { name, namespace: 'apps', ...(labels && { labels }) },
    ...more,
  });
const git = (name: string, labels?: Record<string, string>) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name, namespace: 'apps', ...(labels && { labels }) },
  spec: {},
});
const alert = {
  apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
  kind: 'Alert',
  metadata: { name: 'a', namespace: 'apps' },
  spec: {},
};
const K = 'Deployment/flux-system/kustomize-controller manager';

describe('FLUX-RES-03', () => {
  tableOf(control)([
    [
      'one instance, one object',
      [...kustomize(), app('a')],
      'pass SERVED_ONCE',
      { verdicts: ['pass SERVED_ONCE Cluster/cluster kustomize-controller'] },
    ],
    [
      'the key of no lane',
      [...kustomize(`!${KEY}`), ...shard(`${KEY}=shard1`), app('a', { [KEY]: 'shard9' }), app('b')],
      'fail ORPHAN',
      {
        verdicts: ['fail ORPHAN Kustomization/apps/a', 'pass SERVED_ONCE Cluster/cluster kustomize-controller'],
        message: /sharding\.fluxcd\.io\/key=shard9/,
        severity: 'high',
      },
    ],
    [
      'no ready pod in the lane',
      [...kustomize(`!${KEY}`), ...shard(`${KEY}=shard1`, { state: 'crashLoop' }), app('a', { [KEY]: 'shard1' })],
      'fail LANE_NOT_READY',
      { verdicts: ['fail LANE_NOT_READY Deployment/flux-system/kustomize-controller-shard1 manager'] },
    ],
    [
      'a lane that is scaled to zero',
      [...kustomize(`!${KEY}`), ...shard(`${KEY}=shard1`, { state: 'scaledToZero' }), app('a', { [KEY]: 'shard1' })],
      'fail LANE_NOT_READY',
    ],
    [
      'a lane that is down and empty',
      [...kustomize(`!${KEY}`), ...shard(`${KEY}=shard1`, { state: 'scaledToZero' }), app('a')],
      'pass SERVED_ONCE',
    ],
    [
      'two lanes',
      [...kustomize(), ...shard(`${KEY}=shard1`), app('a', { [KEY]: 'shard1' }), app('b')],
      'fail DOUBLE',
      {
        verdicts: [
          `fail DOUBLE ${K} flux-system/kustomize-controller-shard1`,
          'pass SERVED_ONCE Cluster/cluster kustomize-controller',
        ],
      },
    ],
    ['a standby', [...kustomize(), ...shard(''), app('a')], 'pass SERVED_ONCE'],
    [
      'two without leader election',
      [
        ...controller('kustomize-controller', ['--enable-leader-election=false']),
        ...controller('kustomize-controller', ['--enable-leader-election=false'], { name: 'two' }),
        app('a'),
      ],
      'fail DOUBLE',
    ],
    [
      'two, one of them down',
      [...kustomize(), ...shard(`${KEY}=shard1`, { state: 'crashLoop' }), app('a', { [KEY]: 'shard1' })],
      'pass SERVED_ONCE',
    ],
    [
      'another namespace',
      [...controller('kustomize-controller', ['--watch-all-namespaces=false']), app('a')],
      'fail ORPHAN',
    ],
    [
      'no controller',
      [app('a')],
      'fail NO_CONTROLLER',
      { verdicts: ['fail NO_CONTROLLER Cluster/cluster kustomize-controller'] },
    ],
    ['no controller, suspended', [app('a', {}, {}, { suspend: true })], 'notApplicable NO_OBJECTS'],
    [
      'no controller for one kind',
      [...kustomize(), app('a'), alert],
      'fail NO_CONTROLLER',
      {
        verdicts: [
          'fail NO_CONTROLLER Cluster/cluster notification-controller',
          'pass SERVED_ONCE Cluster/cluster kustomize-controller',
        ],
      },
    ],
    [
      'a controller that is not recognised',
      [
        ...controller('kustomize-controller', [], { image: 'corp.example/x:1', bare: true }).map(
          (each) =>
            JSON.parse(JSON.stringify(each, (key, value: unknown) => (key === 'labels' ? undefined : value))) as object,
        ),
        app('a'),
      ],
      'notEvaluated CONTROLLER_UNRECOGNISED',
    ],
    [
      'a selector that stops the only instance',
      [...kustomize('k in (', { state: 'crashLoop' }), app('a'), app('b')],
      'fail INVALID_SELECTOR',
      { verdicts: [`fail INVALID_SELECTOR ${K}`], message: /2 objects.*apps\/a, Kustomization apps\/b/ },
    ],
    [
      'a selector from a Secret',
      [
        ...kustomize('$(S)', { env: [{ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }),
        ...shard(`${KEY}=shard1`),
        app('a'),
        app('b', { [KEY]: 'shard1' }),
      ],
      'notEvaluated UNRESOLVED_ENV',
      { verdicts: [`notEvaluated UNRESOLVED_ENV ${K}`] },
    ],
    ['no object', kustomize(), 'notApplicable NO_OBJECTS'],
    [
      'one kind cannot be listed',
      [...kustomize(), app('a')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { receivers: 'forbidden' } },
    ],
    [
      'one source kind cannot be listed',
      [...controller('source-controller', []), git('a')],
      'notEvaluated RBAC_DENIED_READ',
      {
        unavailableSources: { Bucket: 'forbidden', HelmChart: 'forbidden' },
        verdicts: [
          'notEvaluated RBAC_DENIED_READ Cluster/cluster source-controller',
          'pass SERVED_ONCE Cluster/cluster source-controller',
        ],
      },
    ],
    [
      'ExternalArtifacts belong to nobody',
      [...kustomize(), { ...git('x'), kind: 'ExternalArtifact' }],
      'notApplicable NO_OBJECTS',
    ],
  ]);

  it('names what may be read for each kind', () => {
    const result = judge(control, [...controller('source-controller', []), git('a')], {
      unavailableSources: { Bucket: 'forbidden', HelmChart: 'forbidden' },
    });
    expect(result.missing?.map(({ resource }) => resource).toSorted()).toEqual(['buckets', 'helmcharts']);
  });

  it('shows the labels of a lane', () => {
    const [observation] = judge(control, [
      ...kustomize(`!${KEY}`),
      ...shard(`${KEY}=shard1`),
      app('a', { [KEY]: 'shard9' }),
    ]).observations;
    expect(observation?.fixes?.[0]?.content).toMatch(
      /kind: Kustomization[\s\S]*name: a\n {2}namespace: apps\n {2}labels:\n {4}sharding.fluxcd.io\/key: shard1/,
    );
    expect(observation?.fixes?.[0]?.content).toMatch(
      /Without these labels: served by kustomize-controller flux-system\/kustomize-controller\./,
    );
  });

  it('tells what was never reconciled', () => {
    const orphan = (status?: object) =>
      judge(control, [...kustomize(`!${KEY}`), app('a', { [KEY]: 'x' }, status ? { status } : {})]).observations[0]
        ?.evidence[1]?.note;
    expect(orphan()).toMatch(/No controller/);
    expect(orphan({ observedGeneration: -1 })).toMatch(/No controller/);
    expect(orphan({ observedGeneration: 3 })).toBeUndefined();
  });

  it('keeps thousands of objects in one finding per lane', () => {
    const many = Array.from({ length: 3000 }, (_, index) => app(`a${index}`));
    const result = judge(control, [...kustomize(undefined, { state: 'crashLoop' }), ...many]);
    expect(verdicts(result)).toEqual([`fail LANE_NOT_READY ${K}`]);
    expect(result.message).toMatch(/3,000 objects.* and 2,990 more\./);
  });
});
