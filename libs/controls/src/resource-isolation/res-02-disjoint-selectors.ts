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
  warn,
} from '#libs/core';
import { COMPONENTS, type Lane, describeLane, excerpt, intendedLanesOf } from '#libs/flux';
import { CONTEXT_ARTIFACTS, CONTROLLER_ARTIFACTS, fixTarget } from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { type LaneConflict, conflictKey, conflictsOf } from './lane-conflicts.js';
import { narrowed, previewOf, selectorFixes } from './lane-fixes.js';
import {
  type LaneInspection,
  describeSelector,
  inspectLanes,
  problemObservation,
  selectorEvidence,
} from './lane-inspection.js';
import { SERVED_ARTIFACTS, nameOf, sharedBy } from './served-objects.js';

const EXPECTED = 'a selector that no other instance of this controller overlaps with';
const LOOKS_LIKE_SHARD = /shard/i;

function servedOf({ served }: LaneInspection, { component }: Lane) {
  return served.get(component) ?? { objects: [], unreadable: [] };
}

/** The other half of the pair, as a part of the subject: one instance can overlap with several. */
function fieldOf({ instance }: Lane): string {
  return `${instance.namespace}/${instance.owner.name}`;
}

/** Scaled to zero: it reconciles nothing now. */
function isIdle({ instance }: Lane): boolean {
  return instance.pods.length === 0 && instance.deployment?.spec.replicas === 0;
}

function standby({ wide, other }: LaneConflict): Observation {
  const subject = subjectOfInstance(wide.instance, fieldOf(other));
  const names = [wide, other].map(({ instance }) => instance);
  const what = `${describeLane(wide)} and ${describeLane(other)} share the Lease ${wide.lease ?? ''}, so one of them works and the other waits.`;
  const evidence = [wide, other].map((lane) => selectorEvidence(lane, EXPECTED));
  if (wide.namespace !== other.namespace) {
    return warn(
      subject,
      'STANDBY_DIFFERS',
      `${what} They watch different namespaces, so what is reconciled depends on which of them holds it. Give both the same --watch-all-namespaces, or different selectors.`,
      { severity: 'medium', evidence },
    );
  }
  const meantAsShard = names.some(
    ({ owner, deployment }) =>
      LOOKS_LIKE_SHARD.test(owner.name) || deployment?.metadata.annotations?.['sharding.fluxcd.io/role'] === 'shard',
  );
  if (!meantAsShard) return pass(subject, 'STANDBY', `${what} This is a standby, not a lane of its own.`, { evidence });
  return warn(
    subject,
    'STANDBY_NOT_SHARD',
    `${what} By its name or annotation one of them is meant as a shard, but a shard needs a selector of its own. ` +
      (wide.component === 'notification-controller'
        ? 'notification-controller has no selector and cannot be sharded; remove the second instance.'
        : 'Start it with --watch-label-selector.'),
    { severity: 'medium', evidence },
  );
}

function overlap(conflict: LaneConflict, lanes: LaneInspection, all: readonly Lane[], pending: boolean): Observation {
  const { wide, other, kind, contained } = conflict;
  const { objects, unreadable } = servedOf(lanes, wide);
  const shared = sharedBy(objects, [wide, other]);
  const subject = subjectOfInstance(wide.instance, fieldOf(other));
  const [first] = unreadable;
  if (!contained && shared.length === 0 && first) return notEvaluatedBecause(subject, first);
  const text = narrowed(
    wide,
    all.filter((lane) => lane !== wide && lane.component === wide.component),
  );
  const who = `${describeLane(wide)} watches ${describeSelector(wide)} and ${describeLane(other)} watches ${describeSelector(other)}`;
  const now =
    shared.length > 0
      ? `Both select ${count(shared.length, 'object')}: ${nameList(shared.map(nameOf))}.`
      : `No object that exists is in both${unreadable.length > 0 ? ', as far as objects could be listed' : ''}.`;
  const once = pending ? 'Once their pods follow the templates of their Deployments, ' : '';
  const why = 'An object in two lanes is reconciled twice, and the instances undo or repeat what the other does.';
  const todo =
    text === undefined
      ? 'Give every instance of the controller a selector that no other one overlaps with, or remove one of the two.'
      : `Start ${describeLane(wide)} with --watch-label-selector=${excerpt(text)}. ${previewOf(wide, text, all, objects)}`;
  const message = `${once}${who}. ${now} ${why} ${todo}`;
  const details = {
    confidence: wide.run.version.confidence,
    evidence: [selectorEvidence(wide, EXPECTED), selectorEvidence(other, EXPECTED)] as const,
    ...(text !== undefined && {
      fixes: selectorFixes(
        fixTarget(wide.instance, lanes.inspection),
        text,
        all.filter((lane) => lane !== wide && lane.component === wide.component),
      ),
    }),
  };
  if (!contained && shared.length === 0)
    return warn(subject, 'LATENT_OVERLAP', message, { ...details, severity: 'medium' });
  if (isIdle(wide) || isIdle(other))
    return warn(subject, 'OVERLAP_WITH_IDLE', message, { ...details, severity: 'medium' });
  const reason = pending ? 'PENDING_UNSAFE' : kind === 'double' ? 'DOUBLE_RECONCILE' : 'OVERLAP';
  return fail(subject, reason, message, details);
}

/** What is in no conflict, or only a standby. */
function clear(all: readonly Lane[], conflicts: readonly LaneConflict[]): readonly Observation[] {
  const touched = new Set(conflicts.flatMap(({ wide, other }) => [wide.instance, other.instance]));
  return all
    .filter(({ instance }) => !touched.has(instance))
    .filter((lane, index, lanes) => lanes.findIndex(({ instance }) => instance === lane.instance) === index)
    .map((lane) => {
      const alone = all.every(({ component, instance }) => component !== lane.component || instance === lane.instance);
      const evidence = [selectorEvidence(lane, EXPECTED)];
      return alone
        ? pass(
            subjectOfInstance(lane.instance),
            'SINGLE_LANE',
            `${describeLane(lane)} is the only instance of its controller.`,
            { evidence },
          )
        : pass(
            subjectOfInstance(lane.instance),
            'DISJOINT',
            `${describeLane(lane)} watches ${describeSelector(lane)}, which no other instance of its controller selects.`,
            { evidence },
          );
    });
}

export const disjointSelectors = defineControl({
  id: 'FLUX-RES-02',
  title: 'Instances of one controller select different objects',
  family: 'Resource isolation',
  severity: 'high',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'Flux controllers can be run several times, each with a label selector of its own. ' +
    'Flux demands that these selectors are unique and do not overlap: an object that two instances select is reconciled by both of them.',
  audit:
    'For every pair of instances of one controller whose namespaces overlap, `--watch-label-selector` is compared as the set of labels that it can match. ' +
    'Instances with the same selector in one namespace that elect a leader share a Lease: one of them is a standby. ' +
    'Overlapping selectors fail where one of them lies inside the other or live objects match both; where no object does, they are a warning. ' +
    'A selector that the controller exits over fails. What the templates of Deployments would bring is judged like what runs. ' +
    'With one instance of a controller there is nothing to compare.',
  remediation:
    'Give the default instance a selector that leaves the shards out, such as `--watch-label-selector=!sharding.fluxcd.io/key`, and each shard one value of that key. ' +
    'With the Flux Operator set `spec.sharding` of the FluxInstance instead. ' +
    'Before the change, see which objects would be left without an instance: the finding names them.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#resource-isolation',
    'https://fluxcd.io/flux/installation/configuration/sharding/',
  ],
  requires: CONTROLLER_ARTIFACTS,
  optional: [...CONTEXT_ARTIFACTS, ...SERVED_ARTIFACTS],
  examples: {
    passing: [
      {
        title: 'the default instance leaves the shard out',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-label-selector=!sharding.fluxcd.io/key]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-shard1-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-label-selector=sharding.fluxcd.io/key=shard1]`,
      },
    ],
    failing: [
      {
        title: 'the default instance selects what the shard selects',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--log-level=info]
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: kustomize-controller-shard1-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/kustomize-controller:v1.9.4
                args: [--watch-label-selector=sharding.fluxcd.io/key=shard1]`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const lanes = inspectLanes(artifacts, context);
    const { inspection, reading } = lanes;
    const unseen = unseenControllers(COMPONENTS, inspection);
    if (inspection.instances.length === 0 && unseen.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    const conflicts = conflictsOf(reading.lanes);
    const known = new Set(conflicts.map(conflictKey));
    const intended = intendedLanesOf(inspection.instances, context.now);
    const pending = conflictsOf(intended.lanes).filter(
      (each) => each.kind !== 'standby' && !known.has(conflictKey(each)),
    );
    const judge = (each: LaneConflict) =>
      each.kind === 'standby' ? standby(each) : overlap(each, lanes, reading.lanes, false);
    return [
      ...unseen,
      ...reading.problems.map(problemObservation),
      ...conflicts.map(judge),
      ...pending.map((each) => overlap(each, lanes, intended.lanes, true)),
      ...clear(reading.lanes, [...conflicts, ...pending]),
    ];
  },
});
