import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { compatibleLanes as control } from './res-04-compatible-lanes.js';

const KEY = 'sharding.fluxcd.io/key';
type Labels = Record<string, string> | undefined;
const SHARD1: Labels = { [KEY]: 'shard1' };
const sharded = (component: 'source-controller' | 'image-reflector-controller') => [
  ...controller(component, [`--watch-label-selector=!${KEY}`]),
  ...controller(component, [`--watch-label-selector=${KEY}=shard1`], { name: `${component}-shard1` }),
];
const SOURCES = sharded('source-controller');
const meta = (name: string, labels: Labels) => ({ name, namespace: 'apps', ...(labels && { labels }) });
const source = (kind: string, name: string, labels?: Labels, spec: object = {}) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind,
  metadata: meta(name, labels),
  spec,
});
const chart = (labels: Labels) =>
  source('HelmChart', 'apps-app', labels, { sourceRef: { kind: 'HelmRepository', name: 'charts' } });
const charts = (labels: Labels) => source('HelmRepository', 'charts', labels);
const release = (labels: Labels, chartLabels: Labels) =>
  fluxObject(
    'HelmRelease',
    'apps/app',
    {
      chart: {
        ...(chartLabels && { metadata: { labels: chartLabels } }),
        spec: { chart: 'app', sourceRef: { kind: 'HelmRepository', name: 'charts' } },
      },
    },
    { metadata: meta('app', labels) },
  );
const kustomization = (name: string, labels: Labels) =>
  fluxObject(
    'Kustomization',
    `apps/${name}`,
    { sourceRef: { kind: 'GitRepository', name: 'repo' } },
    { metadata: meta(name, labels) },
  );
const image = (kind: string, labels: Labels) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind,
  metadata: meta('app', labels),
  spec: kind === 'ImagePolicy' ? { imageRepositoryRef: { name: 'app' } } : {},
});
const REFLECTORS = sharded('image-reflector-controller');

describe('FLUX-RES-04', () => {
  tableOf(control)([
    ['a chart and its repository in the shard', [...SOURCES, chart(SHARD1), charts(SHARD1)], 'pass LANES_FIT'],
    [
      'a chart and its repository in the default lane',
      [...SOURCES, chart(undefined), charts(undefined)],
      'pass LANES_FIT',
    ],
    [
      'a chart in the default lane, its repository in the shard',
      [...SOURCES, chart(undefined), charts(SHARD1)],
      'fail CHART_IN_OTHER_LANE',
      { verdicts: ['fail CHART_IN_OTHER_LANE HelmChart/apps/apps-app'], severity: 'medium' },
    ],
    ['the other way round', [...SOURCES, chart(SHARD1), charts(undefined)], 'fail CHART_IN_OTHER_LANE'],
    [
      'the repository in no lane',
      [...SOURCES, chart(SHARD1), charts({ [KEY]: 'shard9' })],
      'fail CHART_IN_OTHER_LANE',
      { message: /no instance/ },
    ],
    ['a chart in no lane', [...SOURCES, chart({ [KEY]: 'shard9' }), charts(SHARD1)], 'pass LANES_FIT'],
    [
      'one instance serves all',
      [...controller('source-controller', []), chart(undefined), charts(SHARD1)],
      'pass LANES_FIT',
    ],
    [
      'a HelmRelease of the shard without labels for its chart',
      [...SOURCES, release(SHARD1, undefined), charts(SHARD1)],
      'fail CHART_LABELS_MISSING',
      { verdicts: ['fail CHART_LABELS_MISSING HelmRelease/apps/app'] },
    ],
    [
      'the same, and the repository is in the default lane',
      [...SOURCES, release(SHARD1, undefined), charts(undefined)],
      'fail CHART_LABELS_MISSING',
    ],
    [
      'the same with other labels',
      [...SOURCES, release(SHARD1, { team: 'a' }), charts(SHARD1)],
      'fail CHART_LABELS_MISSING',
    ],
    ['with the labels', [...SOURCES, release(SHARD1, SHARD1), charts(SHARD1)], 'pass LANES_FIT'],
    [
      'with the labels, the repository in the default lane',
      [...SOURCES, release(SHARD1, SHARD1), charts(undefined)],
      'fail CHART_IN_OTHER_LANE',
    ],
    [
      'no labels, the repository in the shard',
      [...SOURCES, release(undefined, undefined), charts(SHARD1)],
      'fail CHART_IN_OTHER_LANE',
    ],
    [
      'a shard of helm-controller alone',
      [...controller('source-controller', []), release(SHARD1, undefined), charts(undefined)],
      'pass LANES_FIT',
    ],
    [
      'an image policy in another lane',
      [...REFLECTORS, image('ImagePolicy', SHARD1), image('ImageRepository', undefined)],
      'fail POLICY_IN_OTHER_LANE',
    ],
    [
      'an image policy in the same lane',
      [...REFLECTORS, image('ImagePolicy', SHARD1), image('ImageRepository', SHARD1)],
      'pass LANES_FIT',
    ],
    [
      'a Kustomization of the shard, its source in the default lane',
      [
        ...SOURCES,
        kustomization('a', SHARD1),
        kustomization('b', SHARD1),
        kustomization('c', undefined),
        source('GitRepository', 'repo'),
      ],
      'warn SOURCE_IN_OTHER_LANE',
      {
        verdicts: ['warn SOURCE_IN_OTHER_LANE GitRepository/apps/repo', 'pass LANES_FIT Cluster/cluster'],
        message: /2 objects of other lanes take it: Kustomization apps\/a, Kustomization apps\/b\./,
      },
    ],
    [
      'a Kustomization of a shard that source-controller does not have',
      [...SOURCES, kustomization('a', { [KEY]: 'shard9' }), source('GitRepository', 'repo')],
      'pass LANES_FIT',
    ],
    ['a source that is not there', [...SOURCES, kustomization('a', SHARD1)], 'notApplicable NO_RELATED_OBJECTS'],
    ['nothing', SOURCES, 'notApplicable NO_RELATED_OBJECTS'],
    [
      'sources cannot be listed',
      [...SOURCES, kustomization('a', SHARD1)],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { GitRepository: 'forbidden' } },
    ],
    [
      'HelmReleases cannot be listed',
      [...SOURCES, chart(SHARD1), charts(SHARD1)],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { helmReleases: 'forbidden' } },
    ],
    [
      'the selector of a source-controller is not known',
      [
        ...controller('source-controller', ['--watch-label-selector=$(S)'], {
          env: [{ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
        chart(SHARD1),
        charts(undefined),
      ],
      'notEvaluated UNRESOLVED_ENV',
    ],
  ]);

  it('writes the labels into the HelmRelease', () => {
    const [observation] = judge(control, [
      ...SOURCES,
      release({ ...SHARD1, team: 'a' }, undefined),
      charts(SHARD1),
    ]).observations;
    expect(observation?.fixes?.[0]?.content).toBe(
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: app\n  namespace: apps\nspec:\n  chart:\n    metadata:\n      labels:\n        ${KEY}: shard1\n`,
    );
  });
});
