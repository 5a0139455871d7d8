import type { Condition, HelmRelease, Kustomization } from '#libs/core';
import { parseFluxDuration } from '#libs/flux';

/** A Flux object whose manifests are applied to the cluster that `spec.kubeConfig` leads to. */
export type RemoteApplyObject = Kustomization | HelmRelease;

export function remoteApplyObjects(
  kustomizations: readonly Kustomization[],
  helmReleases: readonly HelmRelease[],
): readonly RemoteApplyObject[] {
  return [...kustomizations, ...helmReleases].filter(({ spec }) => Boolean(spec.kubeConfig));
}

/** `Kustomization spoke-a/apps`, for messages. */
export function labelOf({ kind, metadata: { namespace, name } }: RemoteApplyObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** All in milliseconds. */
export interface ReconcileSchedule {
  readonly interval: number;
  /** How long one try may take. */
  readonly timeout: number;
  /** How long the object may fail before that counts: two tries, at least 15 minutes. */
  readonly failingGrace: number;
}

const FAILING_GRACE = 15 * MINUTE;

/**
 * The times that a Flux controller works by. Defaults of a Kustomization: `timeout` = interval − 30 s, `retryInterval` =
 * interval; a timeout under 30 s counts as 30 s, also where it is stated
 * (https://fluxcd.io/flux/components/kustomize/kustomizations/). Of a HelmRelease: `timeout` 5 min; failed tries back off
 * up to `--max-retry-delay`, 15 min (https://fluxcd.io/flux/components/helm/).
 * Undefined where the interval is absent or malformed.
 */
export function scheduleOf(object: RemoteApplyObject): ReconcileSchedule | undefined {
  const interval = parseFluxDuration(object.spec.interval);
  if (interval === undefined) return undefined;
  const timeout = parseFluxDuration(object.spec.timeout);
  if (object.kind === 'HelmRelease') {
    return { interval, timeout: timeout ?? 5 * MINUTE, failingGrace: FAILING_GRACE };
  }
  const retryInterval = parseFluxDuration(object.spec.retryInterval) ?? interval;
  return {
    interval,
    timeout: Math.max(timeout ?? interval - 30 * SECOND, 30 * SECOND),
    failingGrace: Math.max(2 * retryInterval, FAILING_GRACE),
  };
}

/** Milliseconds since the epoch of an RFC 3339 time; undefined where it is absent or none. */
export function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The latest of several times, of which some may be unknown. */
export function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The earliest of several times, of which some may be unknown. */
export function earliest(first: number, ...others: readonly (number | undefined)[]): number {
  return Math.min(first, ...others.filter((time) => time !== undefined));
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 24 * HOUR],
  ['h', HOUR],
  ['min', MINUTE],
];

/** `3 d`, `30 h`, `20 min`, `40 s`: the largest unit of which there are at least two, rounded down. */
export function durationText(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => milliseconds >= 2 * size) ?? ['s', SECOND];
  return `${Math.max(0, Math.floor(milliseconds / size))} ${unit}`;
}

export interface FoundCondition {
  readonly condition: Condition;
  /** JSON pointer into the object. */
  readonly pointer: string;
}

/** A condition of a Flux object by type, with its place. */
export function conditionOf(
  object: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): FoundCondition | undefined {
  const conditions = object.status?.conditions ?? [];
  const index = conditions.findIndex((condition) => condition.type === type);
  const condition = conditions[index];
  return condition && { condition, pointer: `/status/conditions/${index}` };
}
