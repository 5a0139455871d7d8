import {
  CLUSTER_SUBJECT,
  type Fix,
  type Observation,
  type Subject,
  fail,
  nameList,
  objectReference,
  warn,
} from '#libs/core';
import { type Component, describeLane, excerpt } from '#libs/flux';
import { stringify } from 'yaml';
import { fixTarget } from '../controller-flags/inspect-controllers.js';
import { PLATFORM, type SharedLane } from './lane-groups.js';
import { type LaneInspection, selectorEvidence } from './lane-inspection.js';
import { nameOf } from './served-objects.js';

export const SOURCES: readonly Component[] = ['source-controller'];
const DEFAULT_KEY = 'sharding.fluxcd.io/key';

export function subjectOfGroup(group: string, component?: Component): Subject {
  const field = component === undefined ? {} : { field: component };
  return group === PLATFORM
    ? { ...CLUSTER_SUBJECT, field: component === undefined ? PLATFORM : `${PLATFORM} ${component}` }
    : { kind: 'Tenant', name: group, ...field };
}

export const titleOf = (group: string): string => (group === PLATFORM ? 'the platform' : `tenant ${excerpt(group)}`);
export const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** One critical group in one lane with others. */
export function shared(group: string, { lane, groups }: SharedLane, all: LaneInspection): Observation {
  const mine = groups.get(group) ?? [];
  const others = [...groups.keys()].filter((name) => name !== group);
  const foreign = groups.get(others[0] ?? '')?.[0];
  const isSource = SOURCES.includes(lane.component);
  const labelled = [...(mine[0] ? [mine[0]] : []), ...(foreign ? [foreign] : [])].map((object) => ({
    object: objectReference(object),
    pointer: '/metadata/labels',
    observed: object.metadata.labels ?? null,
    expected: 'labels that different instances select',
  }));
  const message =
    `${sentence(titleOf(group))} shares ${describeLane(lane)} with ${nameList(others.map(titleOf), 5)}. ` +
    `${isSource ? 'Its sources wait for theirs' : 'When they keep the controller busy or make it crash, what is critical is not reconciled either'}. ` +
    `Start an instance of ${lane.component} for it alone and give its objects the label of that instance: ${nameList(mine.map(nameOf))}.`;
  const details = {
    evidence: [selectorEvidence(lane, 'an instance that serves this group alone'), ...labelled] as const,
  };
  if (isSource)
    return warn(subjectOfGroup(group, lane.component), 'SHARED_SOURCE_LANE', message, { ...details, severity: 'low' });
  return fail(subjectOfGroup(group, lane.component), 'SHARED_LANE', message, {
    evidence: [details.evidence[0], ...labelled],
    severity: group === PLATFORM ? 'medium' : 'high',
    fixes: [shardFix(group, lane.component, { lane, groups }, all)],
  });
}

function shardFix(
  group: string,
  component: Component,
  { lane }: SharedLane,
  { inspection, reading }: LaneInspection,
): Fix {
  const { install } = fixTarget(lane.instance, inspection);
  const known = reading.lanes.flatMap(
    ({ selector }) => selector.requirements.find(({ operator }) => operator === 'in') ?? [],
  );
  const key = known[0]?.key ?? DEFAULT_KEY;
  const shards = [
    ...new Set([...known.filter((each) => each.key === key).flatMap(({ values }) => values), group]),
  ].toSorted();
  if (install.method === 'fluxOperator' && install.instance) {
    const { name, namespace } = install.instance;
    return {
      form: 'fluxOperatorPatch',
      title: `Add the shard ${excerpt(group)}, then label the objects with ${key}`,
      content: stringify({
        apiVersion: 'fluxcd.controlplane.io/v1',
        kind: 'FluxInstance',
        metadata: { name, namespace },
        spec: { sharding: { key, shards } },
      }),
    };
  }
  return {
    form: 'steps',
    title: `An instance of ${component} for ${titleOf(group)}`,
    content:
      `1. Copy the Deployment ${lane.instance.namespace}/${lane.instance.owner.name} as ${component}-${excerpt(group)} and start it with --watch-label-selector=${key}=${excerpt(group)}.\n` +
      `2. Label the objects of ${titleOf(group)}: spec.commonMetadata.labels of the Kustomization that applies them, with ${key}: ${excerpt(group)}.\n` +
      `3. Start ${lane.instance.owner.name} with --watch-label-selector=!${key}.\n`,
  };
}

/** One observation for each group and controller, for its worst lane. */
export function firstOfEach(observations: readonly Observation[]): readonly Observation[] {
  return [
    ...new Map(observations.toReversed().map((each) => [JSON.stringify([each.subject, each.reason]), each])).values(),
  ].toReversed();
}
