import { CLUSTER_SUBJECT, count, defineControl, notApplicable, notEvaluatedBecause, pass } from '#libs/core';
import { laneFinder, lanesOf } from '#libs/flux';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
} from '../controller-flags/inspect-controllers.js';
import { judgeConsumers, judgePairs, judgeRelease } from './judge-relations.js';
import { problemObservation } from './lane-inspection.js';
import { relationsOf } from './related-objects.js';

const NEEDED = ['source-controller', 'image-reflector-controller'] as const;

export const compatibleLanes = defineControl({
  id: 'FLUX-RES-04',
  title: 'Objects that need each other are in lanes that fit',
  family: 'Resource isolation',
  severity: 'medium',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'An instance of source-controller or image-reflector-controller sees only the objects that its own selector matches. ' +
    'A HelmChart whose repository, or an ImagePolicy whose ImageRepository, is in another lane never becomes ready.',
  audit:
    'HelmCharts and their repositories, and ImagePolicies and their ImageRepositories, must be in the same lane. ' +
    'For a HelmRelease the lane of the chart that it makes is worked out from `spec.chart.metadata.labels`, and must be the one that its own labels ask for. ' +
    'A Kustomization or HelmRelease that takes a source of another lane works, and is a warning for the source.',
  remediation:
    'Give objects that belong together the same labels: with `spec.commonMetadata.labels` of the Kustomization that applies them, and `spec.chart.metadata.labels` in every HelmRelease of a shard.',
  references: [
    'https://fluxcd.io/flux/installation/configuration/sharding/',
    'https://fluxcd.io/flux/components/helm/helmreleases/#chart-template',
    'https://fluxcd.io/flux/security/best-practices/#resource-isolation',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, 'sources', 'imageRepositories', 'imagePolicies'],
  examples: {
    passing: [
      {
        title: 'the chart gets the label too',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/source-controller:v1.9.4
                args: ['--watch-label-selector=!sharding.fluxcd.io/key']
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-1, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/source-controller:v1.9.4
                args: ['--watch-label-selector=sharding.fluxcd.io/key=shard1']
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: HelmRepository
          metadata: { name: charts, namespace: apps, labels: { sharding.fluxcd.io/key: shard1 } }
          spec: { url: https://charts.example.com }
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: app, namespace: apps, labels: { sharding.fluxcd.io/key: shard1 } }
          spec:
            chart:
              metadata: { labels: { sharding.fluxcd.io/key: shard1 } }
              spec: { chart: app, sourceRef: { kind: HelmRepository, name: charts } }`,
      },
    ],
    failing: [
      {
        title: 'the chart is left to the default instance',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/source-controller:v1.9.4
                args: ['--watch-label-selector=!sharding.fluxcd.io/key']
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-1, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/source-controller:v1.9.4
                args: ['--watch-label-selector=sharding.fluxcd.io/key=shard1']
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: HelmRepository
          metadata: { name: charts, namespace: apps, labels: { sharding.fluxcd.io/key: shard1 } }
          spec: { url: https://charts.example.com }
          ---
          apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: app, namespace: apps, labels: { sharding.fluxcd.io/key: shard1 } }
          spec:
            chart:
              spec: { chart: app, sourceRef: { kind: HelmRepository, name: charts } }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const { instances } = inspectControllers(artifacts, context);
    const { lanes, problems } = lanesOf(instances, context.now);
    const find = laneFinder(lanes);
    const relations = relationsOf(artifacts);
    const { charts, releases, consumers: users, policies, unreadable } = relations;
    const total = charts.length + releases.length + users.length + policies.length;
    const keys = new Set(lanes.flatMap(({ selector }) => selector.requirements.map(({ key }) => key)));
    const unclear = problems.filter(
      ({ instance, kind }) => kind !== 'stopped' && NEEDED.some((component) => component === instance.component),
    );
    const found = [
      ...judgePairs(charts, find, keys, 'CHART_IN_OTHER_LANE'),
      ...releases.flatMap((relation) => judgeRelease(relation, find, keys)),
      ...judgePairs(policies, find, keys, 'POLICY_IN_OTHER_LANE'),
      ...judgeConsumers(users, find, keys),
    ];
    const [unread] = unreadable;
    const gaps = [
      ...(unread
        ? [{ ...notEvaluatedBecause(CLUSTER_SUBJECT, unread), missing: unreadable.flatMap(({ missing }) => missing) }]
        : []),
      // Nothing can be said about lanes that are not known.
      ...(total > 0 ? unclear.map(problemObservation) : []),
    ];
    if (total === 0) {
      const none = 'No object that a Flux controller serves needs another one here.';
      return gaps.length > 0 ? gaps : [notApplicable(CLUSTER_SUBJECT, 'NO_RELATED_OBJECTS', none)];
    }
    if (unclear.length > 0) return gaps;
    const good = total - found.length;
    return [
      ...gaps,
      ...found,
      ...(found.some(({ outcome }) => outcome === 'fail') || good <= 0
        ? []
        : [
            pass(
              CLUSTER_SUBJECT,
              'LANES_FIT',
              `${count(total, 'reference')} between objects of Flux ${total === 1 ? 'was' : 'were'} looked at; none leads to an instance that cannot see it.`,
            ),
          ]),
    ];
  },
});
