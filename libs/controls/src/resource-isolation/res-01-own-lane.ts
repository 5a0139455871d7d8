import { CLUSTER_SUBJECT, count, defineControl, nameList, notApplicable, notEvaluatedBecause, pass } from '#libs/core';
import { type Component, describeLane } from '#libs/flux';
import { CONTEXT_ARTIFACTS, CONTROLLER_ARTIFACTS } from '../controller-flags/inspect-controllers.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { PLATFORM, groupsBy, sharedLanes } from './lane-groups.js';
import { inspectLanes, problemObservation } from './lane-inspection.js';
import { roomOf } from './lane-room.js';
import { SERVED_ARTIFACTS } from './served-objects.js';
import { SOURCES, firstOfEach, sentence, shared, subjectOfGroup, titleOf } from './shared-lane.js';

const APPLIERS: readonly Component[] = ['kustomize-controller', 'helm-controller'];

export const ownLane = defineControl({
  id: 'FLUX-RES-01',
  title: 'Mission-critical workloads have controller instances of their own',
  family: 'Resource isolation',
  severity: 'medium',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'All objects that one instance of a controller serves share its queue, its memory and its restarts. ' +
    'Flux recommends instances of their own for mission-critical workloads, so that nobody else can delay them.',
  audit:
    'Where the registry marks a tenant as critical, its Kustomizations and HelmReleases, and those of the platform, must not be in one lane with objects of others. ' +
    'A shared instance of source-controller, and instances without resource requests, limits or a priority class, are warnings. ' +
    'A lane is an instance with its selector and its namespaces, so an installation of its own in the namespace of a tenant is one. ' +
    'Where no tenant is marked as critical, nothing is judged.',
  remediation:
    'Shard the controllers: with `spec.sharding.shards` of the FluxInstance, or with an overlay for each shard as the guide of Flux shows. ' +
    'Label the objects of the critical tenant through `spec.commonMetadata.labels` of the Kustomization that applies them. ' +
    'Mark tenants as critical in the registry (`criticality: critical`).',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#resource-isolation',
    'https://fluxcd.io/flux/installation/configuration/sharding/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, ...SERVED_ARTIFACTS],
  examples: {
    passing: [
      {
        title: 'the critical tenant has a shard',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: payments, criticality: critical, namespaces: { names: [payments] } }
            - { name: team-a, namespaces: { names: [team-a] } }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: ['--watch-label-selector=!sharding.fluxcd.io/key']
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-payments-0, namespace: flux-system }
          spec:
            priorityClassName: system-cluster-critical
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: ['--watch-label-selector=sharding.fluxcd.io/key=payments']
                resources:
                  requests: { cpu: 100m, memory: 64Mi }
                  limits: { memory: 1Gi }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: api, namespace: payments, labels: { sharding.fluxcd.io/key: payments } }
          spec: { path: ./api }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: app, namespace: team-a }
          spec: { path: ./app }`,
      },
    ],
    failing: [
      {
        title: 'one instance for all',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: payments, criticality: critical, namespaces: { names: [payments] } }
            - { name: team-a, namespaces: { names: [team-a] } }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--log-level=info]
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: api, namespace: payments }
          spec: { path: ./api }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: app, namespace: team-a }
          spec: { path: ./app }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const all = inspectLanes(artifacts, context);
    const { inspection, reading, served } = all;
    const critical = (artifacts.registration.tenants ?? []).filter(({ criticality }) => criticality === 'critical');
    if (critical.length === 0) {
      const counts = APPLIERS.map(
        (component) => `${count(served.get(component)?.objects.length ?? 0, 'object')} of ${component}`,
      );
      const none = `No tenant of this cluster is marked as critical in the registry, so no instance of its own is asked for. There are ${counts.join(' and ')}.`;
      return [notApplicable(CLUSTER_SUBJECT, 'NO_CRITICAL_DECLARED', none)];
    }
    const model = tenantModel(artifacts);
    const unclear = unlessTenants(model);
    if (unclear) return [unclear];
    if (model.tenancy.severalTenants === 'no' && model.tenancy.role !== 'management') {
      const alone = 'One tenant has this cluster to itself, so nobody else uses its controllers.';
      return [notApplicable(CLUSTER_SUBJECT, 'NO_TENANT_BOUNDARY', alone)];
    }
    const unseen = unseenControllers(APPLIERS, inspection);
    if (!inspection.instances.some(({ component }) => APPLIERS.includes(component)) && unseen.length === 0) {
      return [
        notApplicable(
          CLUSTER_SUBJECT,
          'NO_CONTROLLER',
          'No kustomize- or helm-controller of Flux runs in this cluster.',
        ),
      ];
    }
    const byLabel = (artifacts.registration.tenants ?? []).some(
      ({ namespaces }) => namespaces?.matchLabels !== undefined,
    );
    const gaps = [
      // Whose a namespace is cannot be told where tenants are named by its labels.
      ...(artifacts.namespaces.state === 'unavailable' && byLabel
        ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: 'namespaces' }, artifacts.namespaces)]
        : []),
      ...[...APPLIERS, ...SOURCES].flatMap((component) =>
        (served.get(component)?.unreadable ?? [])
          .slice(0, 1)
          .map((list) => notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: component }, list)),
      ),
    ];
    const unknown = reading.problems.filter(
      ({ kind, instance }) => kind !== 'stopped' && [...APPLIERS, ...SOURCES].includes(instance.component),
    );
    const groupOf = groupsBy(model, artifacts.sources);
    const groups = [PLATFORM, ...critical.map(({ name }) => name)];
    const lanes = sharedLanes(APPLIERS, reading.lanes, served, groupOf);
    const sourceLanes = sharedLanes(SOURCES, reading.lanes, served, groupOf);
    const judged = groups.flatMap((group) => {
      const own = lanes.filter((each) => each.groups.has(group));
      const failing = own.filter((each) => each.groups.size > 1).map((each) => shared(group, each, all));
      if (failing.length > 0) return firstOfEach(failing);
      const subject = subjectOfGroup(group);
      if (own.length === 0) {
        const none = `${sentence(titleOf(group))} has no Kustomization or HelmRelease that an instance serves.`;
        return [notApplicable(subject, 'NO_OBJECTS', none)];
      }
      // What could not be read may be in the same lane.
      if (gaps.length > 0 || unknown.length > 0) return [];
      const sources = sourceLanes.filter((each) => each.groups.has(group) && each.groups.size > 1);
      return [
        pass(
          subject,
          'OWN_LANE',
          `${sentence(titleOf(group))} has ${nameList(
            own.map(({ lane }) => describeLane(lane)),
            5,
          )} to itself.`,
          {
            confidence: model.confidence,
          },
        ),
        ...firstOfEach(sources.map((each) => shared(group, each, all))),
        ...own.flatMap(({ lane }) => roomOf(lane)),
      ];
    });
    return [...unseen, ...gaps, ...unknown.map(problemObservation), ...judged];
  },
});
