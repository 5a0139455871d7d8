import {
  type Component,
  type ControllerInstance,
  type FlagReading,
  type LaneReading,
  componentOfKind,
  firstVersionOf,
  isOlder,
  lanesOf,
  readFlag,
  servedBy,
} from '#libs/flux';
import type { Artifacts, Collected } from '#libs/core';
import { controllersOf } from './coverage-of-cluster.js';
import type { RemoteApplyObject } from './remote-apply-object.js';

/** Whether a start-up flag holds for some objects: `unknown` where a controller that serves one cannot be read. */
export type FlagState = 'on' | 'off' | 'unknown';

export type FlagArtifacts = { readonly [N in 'deployments' | 'pods' | 'configMaps']: Collected<Artifacts[N]> };

/** The flags of the controllers that serve objects. */
export class ServingFlags {
  private readonly reading: LaneReading | undefined;
  private readonly answers = new Map<string, FlagState>();

  constructor({ deployments, pods, configMaps }: FlagArtifacts, now: number) {
    const readable = deployments.state === 'collected' && pods.state === 'collected';
    this.reading = readable ? lanesOf(controllersOf(deployments.value, pods.value, configMaps), now) : undefined;
  }

  /** `insecure-kubeconfig-exec` or `insecure-kubeconfig-tls`; builds older than the flag behave as if it were on. */
  isAllowed(flag: string, objects: readonly RemoteApplyObject[]): FlagState {
    return this.any(flag, objects, (reading, instance, version) => {
      const first = firstVersionOf(flag, instance.component);
      if (version !== undefined && first !== undefined && isOlder(version, first)) return 'on';
      return reading.state === 'value' ? (reading.value === true ? 'on' : 'off') : undefined;
    });
  }

  /** `on` where some controller has no default account for kubeconfigs, so that it uses its own identity. */
  usesOwnIdentity(objects: readonly RemoteApplyObject[]): FlagState {
    return this.any('default-kubeconfig-service-account', objects, (reading) => {
      if (reading.state !== 'value') return undefined;
      return typeof reading.value === 'string' && reading.value !== '' ? 'off' : 'on';
    });
  }

  /** The account that `--default-service-account` sets for an object; undefined where it sets none, null where that is not known. */
  defaultAccount(object: RemoteApplyObject): string | undefined | null {
    if (!this.reading) return null;
    const [lane] = servedBy(object, this.reading.lanes);
    // Nobody serves it, so nobody gives it an account.
    if (!lane) return this.isHidden(object) ? null : undefined;
    const reading = readFlag(lane.run.arguments, 'default-service-account', lane.run.env);
    if (reading.state !== 'value') return null;
    return typeof reading.value === 'string' && reading.value !== '' ? reading.value : undefined;
  }

  /** A controller of its kind serves nobody knows what. */
  private isHidden({ kind }: RemoteApplyObject): boolean {
    const component: Component | undefined = componentOfKind(kind);
    return (this.reading?.problems ?? []).some(
      (problem) => problem.instance.component === component && problem.kind !== 'stopped',
    );
  }

  private any(
    flag: string,
    objects: readonly RemoteApplyObject[],
    judge: (reading: FlagReading, instance: ControllerInstance, version: string | undefined) => FlagState | undefined,
  ): FlagState {
    const states = objects.map((object) => this.ofObject(flag, object, judge));
    if (states.includes('on')) return 'on';
    return states.includes('unknown') ? 'unknown' : 'off';
  }

  private ofObject(flag: string, object: RemoteApplyObject, judge: Parameters<ServingFlags['any']>[2]): FlagState {
    if (!this.reading) return 'unknown';
    const lanes = servedBy(object, this.reading.lanes);
    const hidden = this.isHidden(object);
    const states = lanes.map((lane) => this.ofInstance(flag, lane.instance, judge));
    if (states.includes('on')) return 'on';
    return states.length === 0 || hidden || states.includes('unknown') ? 'unknown' : 'off';
  }

  private ofInstance(flag: string, instance: ControllerInstance, judge: Parameters<ServingFlags['any']>[2]): FlagState {
    const key = `${flag} ${instance.namespace}/${instance.owner.name} ${instance.container}`;
    const known = this.answers.get(key);
    if (known) return known;
    const { pods, template } = instance;
    const runs = [...pods.filter(({ terminating }) => !terminating), ...(template ? [template] : [])];
    const states = runs.map(
      (run) => judge(readFlag(run.arguments, flag, run.env), instance, run.version.version) ?? 'unknown',
    );
    const state = states.includes('on') ? 'on' : states.includes('unknown') ? 'unknown' : 'off';
    this.answers.set(key, state);
    return state;
  }
}
