import {
  CLUSTER_SUBJECT,
  type Observation,
  count,
  defineControl,
  fail,
  nameList,
  notApplicable,
  notEvaluatedBecause,
  pass,
} from '#libs/core';
import { COMPONENTS, type Component, type Lane, describeLane, laneFinder, unrecognisedControllers } from '#libs/flux';
import { CONTEXT_ARTIFACTS, CONTROLLER_ARTIFACTS } from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { type LaneInspection, inspectLanes, problemObservation, selectorEvidence } from './lane-inspection.js';
import { SERVED_ARTIFACTS, type Served, type ServedObject, nameOf } from './served-objects.js';
import { noController, notReady, orphan, statusEvidence, unrecognised } from './unserved-objects.js';

const EXPECTED = 'a selector by which exactly one ready instance has the object';
const EVIDENCE_OF_OBJECTS = 3;

/** Instances of one Lease work one at a time; without a Lease each one works. */
function workers(lanes: readonly Lane[]): readonly Lane[] {
  const leases = new Map<string, Lane>();
  for (const lane of lanes) {
    const { namespace, owner, container } = lane.instance;
    const key = lane.lease ?? `${namespace}/${owner.name}/${container} without a lease`;
    if (!leases.has(key)) leases.set(key, lane);
  }
  return [...leases.values()];
}

interface Groups {
  readonly orphans: ServedObject[];
  /** By the lanes that they share. */
  readonly doubled: Map<string, { readonly lanes: readonly Lane[]; readonly objects: ServedObject[] }>;
  readonly idle: Map<string, { readonly lanes: readonly Lane[]; readonly objects: ServedObject[] }>;
  once: number;
}

function sorted(objects: readonly ServedObject[], lanes: readonly Lane[]): Groups {
  const groups: Groups = { orphans: [], doubled: new Map(), idle: new Map(), once: 0 };
  const into = (map: Groups['idle'], mine: readonly Lane[], object: ServedObject): void => {
    const key = mine.map(describeLane).join(' ');
    const group = map.get(key) ?? { lanes: mine, objects: [] };
    map.set(key, group);
    group.objects.push(object);
  };
  const find = laneFinder(lanes);
  for (const object of objects) {
    const mine = find(object);
    const working = workers(mine.filter(({ ready }) => ready));
    if (mine.length === 0) groups.orphans.push(object);
    else if (working.length === 0) into(groups.idle, mine, object);
    else if (working.length > 1) into(groups.doubled, working, object);
    else groups.once += 1;
  }
  return groups;
}

function doubled(lanes: readonly Lane[], objects: readonly ServedObject[]): Observation {
  const [first, ...others] = lanes as readonly [Lane, ...Lane[]];
  return fail(
    subjectOfInstance(
      first.instance,
      others.map(({ instance }) => `${instance.namespace}/${instance.owner.name}`).join(' '),
    ),
    'DOUBLE',
    `${count(objects.length, 'object is', 'objects are')} reconciled by ${nameList(lanes.map(describeLane))} at once: ${nameList(objects.map(nameOf))}. ` +
      'They undo or repeat what the other does, and each change is applied twice. ' +
      'Give the instances selectors that do not overlap, as FLUX-RES-02 shows.',
    {
      evidence: [
        selectorEvidence(first, EXPECTED),
        ...others.map((lane) => selectorEvidence(lane, EXPECTED)),
        ...objects.slice(0, EVIDENCE_OF_OBJECTS).map(statusEvidence),
      ],
    },
  );
}

function judgeComponent(
  component: Component,
  { objects, unreadable }: Served,
  all: LaneInspection,
): readonly Observation[] {
  const { inspection, reading } = all;
  const subject = { ...CLUSTER_SUBJECT, field: component };
  const [unread] = unreadable;
  const gaps = unread
    ? [{ ...notEvaluatedBecause(subject, unread), missing: unreadable.flatMap(({ missing }) => missing) }]
    : [];
  if (objects.length === 0) return gaps;
  if (!inspection.instances.some((instance) => instance.component === component)) {
    const lookalike = unrecognisedControllers(inspection.artifacts, inspection.instances).find(
      (found) => found.component === component || found.component === undefined,
    );
    if (lookalike) return [...gaps, unrecognised(component, subject, lookalike)];
    const active = objects.filter(({ spec }) => spec?.suspend !== true);
    return active.length === 0 ? gaps : [...gaps, noController(component, subject, active)];
  }
  const lanes = reading.lanes.filter((lane) => lane.component === component);
  const problems = reading.problems.filter(({ instance }) => instance.component === component);
  const stopped = problems.filter(({ kind }) => kind === 'stopped');
  const unknown = problems.filter(({ kind }) => kind !== 'stopped');
  const { orphans, doubled: twice, idle, once } = sorted(objects, lanes);
  const [broken] = stopped;
  return [
    ...gaps,
    ...unknown.map(problemObservation),
    ...[...twice.values()].map((group) => doubled(group.lanes, group.objects)),
    ...[...idle.values()].map(({ lanes: mine, objects: theirs }) =>
      notReady(
        subjectOfInstance((mine[0] as Lane).instance),
        'LANE_NOT_READY',
        `${nameList(mine.map(describeLane))} has no ready pod`,
        theirs,
        mine.map((lane) => selectorEvidence(lane, 'an instance with a ready pod')),
      ),
    ),
    // Whose they are cannot be told while an instance's lane is not known.
    ...(unknown.length > 0
      ? []
      : broken && orphans.length > 0
        ? [
            notReady(
              subjectOfInstance(broken.instance),
              broken.code,
              `${describeLane({ component, instance: broken.instance })} does not start: ${broken.why}`,
              orphans,
              [selectorEvidence(broken, 'arguments that the controller starts with', broken.flag)],
            ),
          ]
        : orphans.map((object) => orphan(object, lanes))),
    ...(once > 0 && unknown.length === 0
      ? [
          pass(
            subject,
            'SERVED_ONCE',
            `${count(once, 'object')} of ${component} ${once === 1 ? 'is' : 'are'} reconciled by exactly one ready instance.`,
          ),
        ]
      : []),
  ];
}

export const servedOnce = defineControl({
  id: 'FLUX-RES-03',
  title: 'Every Flux object is reconciled by exactly one instance',
  family: 'Resource isolation',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Which instance of a controller reconciles an object is decided by the labels of the object and the selectors of the instances. ' +
    'An object that no running instance selects is frozen without any error, and one that several select is applied by all of them.',
  audit:
    'Every Kustomization, HelmRelease, source, image object, Alert, Provider, Receiver and ArtifactGenerator is matched with the selectors and the namespaces of the instances of its controller. ' +
    'An object without an instance, with no ready one, with several that do not share a Lease, or whose controller is not installed, fails; suspended objects may lack an installed controller. ' +
    'Where the lane of an instance cannot be told, nothing that depends on it is judged.',
  remediation:
    'Give each object the label of an instance that runs, such as `sharding.fluxcd.io/key: shard1`, or no such label for the default instance. ' +
    'Start an instance for every key that objects use, and give instances selectors that do not overlap.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#resource-isolation',
    'https://fluxcd.io/flux/installation/configuration/sharding/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, ...SERVED_ARTIFACTS],
  examples: {
    passing: [
      {
        title: 'an object of the shard, and a shard that is ready',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-shard1-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-label-selector=sharding.fluxcd.io/key=shard1]
          status: { phase: Running, containerStatuses: [{ name: manager, ready: true }] }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: app, namespace: apps, labels: { sharding.fluxcd.io/key: shard1 } }
          spec: { path: ./app }`,
      },
    ],
    failing: [
      {
        title: 'the label of a shard that does not exist',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-label-selector=!sharding.fluxcd.io/key]
          status: { phase: Running, containerStatuses: [{ name: manager, ready: true }] }
          ---
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: app, namespace: apps, labels: { sharding.fluxcd.io/key: shard9 } }
          spec: { path: ./app }
          status: { observedGeneration: -1 }`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const all = inspectLanes(artifacts, context);
    const judged = COMPONENTS.flatMap((component) => {
      const served = all.served.get(component);
      return served ? judgeComponent(component, served, all) : [];
    });
    if (judged.length > 0) return judged;
    return [
      notApplicable(
        CLUSTER_SUBJECT,
        'NO_OBJECTS',
        'No object that a Flux controller would reconcile exists in this cluster.',
      ),
    ];
  },
});
