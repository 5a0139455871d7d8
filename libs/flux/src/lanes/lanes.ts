import { createHash } from 'node:crypto';
import { type AccessRule, type KubernetesObject, type LabelSelector, matchesLabels } from '#libs/core';
import { readFlag } from '../arguments/read-flag.js';
import type { Component } from '../components.js';
import { type ControllerRun, hasRunFor } from '../inventory/controller-run.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import { parseWatchSelector, type WatchSelector } from './watch-selector.js';

/**
 * Which objects an instance of a controller reconciles, as its running pods say, or its template where none runs.
 * https://fluxcd.io/flux/installation/configuration/sharding/
 */
export interface Lane {
  readonly instance: ControllerInstance;
  readonly component: Component;
  /** The pod or template that this was read from. */
  readonly run: ControllerRun;
  /** The only namespace that it watches; null = every namespace. */
  readonly namespace: string | null;
  readonly selector: WatchSelector & { readonly requirements: LabelSelector };
  /** `namespace/name` of the Lease of which one holder works at a time; undefined without leader election. */
  readonly lease: string | undefined;
  /** A pod with these settings is ready. */
  readonly ready: boolean;
}

/** Why it cannot be told what an instance reconciles, or why it reconciles nothing. */
export interface LaneProblem {
  readonly instance: ControllerInstance;
  readonly run: ControllerRun;
  /**
   * `undecidable`: its arguments cannot be told. `mismatch`: it runs although its arguments should stop it.
   * `stopped`: its arguments stop it, so it reconciles nothing.
   */
  readonly kind: 'undecidable' | 'mismatch' | 'stopped';
  /** `INVALID_SELECTOR`, `ARGUMENT_CRASH`, `PARSE_MISMATCH`, or the code of an undecidable argument, such as `UNRESOLVED_ENV`. */
  readonly code: string;
  /** Continues "because ", without a full stop. */
  readonly why: string;
  /** The flag whose argument is to blame. */
  readonly flag: string;
  readonly missing: readonly AccessRule[];
}

export interface LaneReading {
  readonly lanes: readonly Lane[];
  readonly problems: readonly LaneProblem[];
}

export const SELECTOR_FLAG = 'watch-label-selector';
const SCOPE_FLAG = 'watch-all-namespaces';
const ELECTION_FLAG = 'enable-leader-election';
/** A controller that exits over its arguments does so at once; one that is ready for longer has accepted them. */
const ACCEPTED_AFTER_MINUTES = 2;

/** What is reconciled now: by pods that are not being deleted, or as the template says where there are none. */
export function lanesOf(instances: readonly ControllerInstance[], now: number): LaneReading {
  return readLanes(instances, now, ({ pods, template }) => {
    const live = pods.filter(({ terminating }) => !terminating);
    return live.length > 0 || !template ? live : [template];
  });
}

/** What would be reconciled once all pods follow their templates. */
export function intendedLanesOf(instances: readonly ControllerInstance[], now: number): LaneReading {
  return readLanes(instances, now, ({ pods, template }) =>
    template ? [template] : pods.filter(({ terminating }) => !terminating),
  );
}

function readLanes(
  instances: readonly ControllerInstance[],
  now: number,
  runsOf: (instance: ControllerInstance) => readonly ControllerRun[],
): LaneReading {
  const lanes: Lane[] = [];
  const problems: LaneProblem[] = [];
  for (const instance of instances) {
    const found = new Map<string, Lane | LaneProblem>();
    for (const run of runsOf(instance)) {
      const read = readRun(instance, run, now);
      const key = 'kind' in read ? `${read.kind} ${read.code}` : JSON.stringify([read.namespace, read.selector.text]);
      const known = found.get(key);
      if (known === undefined || (!('kind' in known) && !known.ready)) found.set(key, read);
    }
    for (const read of found.values()) {
      if ('kind' in read) problems.push(read);
      else lanes.push(read);
    }
  }
  return { lanes, problems };
}

function readRun(instance: ControllerInstance, run: ControllerRun, now: number): Lane | LaneProblem {
  const { component } = instance;
  const accepted = hasRunFor(run, ACCEPTED_AFTER_MINUTES, now);
  const problem = (part: Pick<LaneProblem, 'kind' | 'code' | 'why' | 'flag'> & Partial<LaneProblem>): LaneProblem => ({
    instance,
    run,
    missing: [],
    ...part,
  });
  const values: Record<string, unknown> = {};
  for (const flag of [SELECTOR_FLAG, SCOPE_FLAG, ELECTION_FLAG]) {
    const reading = readFlag(run.arguments, flag, run.env);
    if (reading.state === 'value') {
      values[flag] = reading.value;
      continue;
    }
    const why = reading.message.replace(/\.$/, '');
    if (reading.state === 'undecidable') {
      return problem({ kind: 'undecidable', code: reading.code, why, flag, missing: reading.missing });
    }
    return accepted
      ? problem({ kind: 'mismatch', code: 'PARSE_MISMATCH', why, flag })
      : problem({
          kind: 'stopped',
          code: reading.code === 'badSelector' ? 'INVALID_SELECTOR' : 'ARGUMENT_CRASH',
          why,
          flag,
        });
  }
  const text = typeof values[SELECTOR_FLAG] === 'string' ? values[SELECTOR_FLAG] : '';
  const selector = parseWatchSelector(text);
  const { requirements, refused } = selector;
  // A build that runs with it must have a wider grammar than those that are known.
  if (refused !== undefined && !accepted) {
    return problem({ kind: 'stopped', code: 'INVALID_SELECTOR', why: refused, flag: SELECTOR_FLAG });
  }
  if (requirements === undefined) {
    return problem({ kind: 'mismatch', code: 'PARSE_MISMATCH', why: refused ?? '', flag: SELECTOR_FLAG });
  }
  const namespace = values[SCOPE_FLAG] === false ? ownNamespace(run) : null;
  if (namespace !== null && typeof namespace !== 'string') {
    const { why, missing } = namespace;
    return problem({ kind: 'undecidable', code: 'UNRESOLVED_ENV', why, flag: SCOPE_FLAG, missing });
  }
  return {
    instance,
    component,
    run,
    namespace,
    selector: { ...selector, requirements },
    lease: values[ELECTION_FLAG] === true ? `${instance.namespace}/${leaseName(component, text)}` : undefined,
    ready: run.status?.ready === true,
  };
}

/** With `--watch-all-namespaces=false` the controller takes its namespace from `RUNTIME_NAMESPACE`; empty = all. */
function ownNamespace({ env }: ControllerRun): string | null | { why: string; missing: readonly AccessRule[] } {
  const value = env('RUNTIME_NAMESPACE');
  if (value === undefined) return null;
  if (value.state === 'known') return value.value === '' ? null : value.value;
  return {
    why: `RUNTIME_NAMESPACE, the namespace that it watches, is not known: ${value.why}`,
    missing: value.missing,
  };
}

/** Every selector text has a Lease of its own, so that shards do not wait for each other. */
function leaseName(component: Component, selector: string): string {
  const name = `${component}-leader-election`;
  if (selector === '') return name;
  return `${name}-${createHash('sha256').update(selector).digest('hex').slice(0, 8)}`;
}

/** Who reconciles each kind of object, or uses it where nobody reconciles it. */
const COMPONENT_OF_KIND: Readonly<Record<string, Component>> = {
  Kustomization: 'kustomize-controller',
  HelmRelease: 'helm-controller',
  GitRepository: 'source-controller',
  OCIRepository: 'source-controller',
  HelmRepository: 'source-controller',
  HelmChart: 'source-controller',
  Bucket: 'source-controller',
  ImageRepository: 'image-reflector-controller',
  ImagePolicy: 'image-reflector-controller',
  ImageUpdateAutomation: 'image-automation-controller',
  ArtifactGenerator: 'source-watcher',
  Alert: 'notification-controller',
  Provider: 'notification-controller',
  Receiver: 'notification-controller',
};

/** The controller that is responsible for a kind of Flux; undefined for kinds of which none is. */
export function componentOfKind(kind: string): Component | undefined {
  return Object.hasOwn(COMPONENT_OF_KIND, kind) ? COMPONENT_OF_KIND[kind] : undefined;
}

/** What decides about the lane of an object. */
export type LaneKeys = Pick<KubernetesObject, 'kind'> & {
  readonly metadata: Pick<KubernetesObject['metadata'], 'namespace' | 'labels'>;
};

/** The lanes that an object is in, ready or not: none for a kind without a controller. */
export function servedBy({ kind, metadata }: LaneKeys, lanes: readonly Lane[]): readonly Lane[] {
  const component = componentOfKind(kind);
  const { namespace = 'default', labels = {} } = metadata;
  return lanes.filter(
    (lane) =>
      lane.component === component &&
      (lane.namespace === null || lane.namespace === namespace) &&
      matchesLabels(lane.selector.requirements, labels),
  );
}

/**
 * `servedBy` for many objects: those that agree in what the selectors and scopes look at are looked up once, and get the
 * same list.
 */
export function laneFinder(lanes: readonly Lane[]): (object: LaneKeys) => readonly Lane[] {
  const keys = [...new Set(lanes.flatMap(({ selector }) => selector.requirements.map(({ key }) => key)))];
  const scoped = new Set(lanes.flatMap(({ namespace }) => namespace ?? []));
  const found = new Map<string, readonly Lane[]>();
  return (object) => {
    const { namespace = 'default', labels = {} } = object.metadata;
    const values = keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : null));
    const place = JSON.stringify([componentOfKind(object.kind), scoped.has(namespace) ? namespace : null, values]);
    const known = found.get(place);
    if (known) return known;
    const mine = servedBy(object, lanes);
    found.set(place, mine);
    return mine;
  };
}

/** `helm-controller flux-system/helm-controller-shard1`, for people. */
export function describeLane({ component, instance }: Pick<Lane, 'component' | 'instance'>): string {
  return `${component} ${instance.namespace}/${instance.owner.name}`;
}
