import type { Container, ContainerStatus, Deployment, Pod } from '#libs/core';
import { containerArgv } from '../arguments/container-argv.js';
import { type ConfigMaps, type ContainerHome, environmentOf } from '../arguments/environment.js';
import type { EnvLookup } from '../arguments/expand.js';
import { type ArgumentsReading, parseArguments } from '../arguments/parse-arguments.js';
import type { Component } from '../components.js';
import { type ImageReference, parseImageReference } from '../images/image-reference.js';
import { type ResolvedVersion, resolveVersion } from '../versions/resolve-version.js';

/** A container that runs a controller, or that a Deployment's template says should: one reading of its arguments. */
export interface ControllerRun {
  readonly source: 'pod' | 'template';
  readonly object: Pod | Deployment;
  readonly container: Container;
  /** JSON pointer of the container in `object`. */
  readonly pointer: string;
  readonly image: ImageReference;
  readonly version: ResolvedVersion;
  readonly env: EnvLookup;
  readonly arguments: ArgumentsReading;
  /** Of a pod; a template has none. */
  readonly status?: ContainerStatus;
  /** The pod is being deleted. */
  readonly terminating: boolean;
}

export interface Placement {
  readonly object: Pod | Deployment;
  readonly index: number;
  readonly container: Container;
  /** Where the version label of the installation may stand. */
  readonly labels: readonly Readonly<Record<string, string>>[];
}

export function controllerRun(component: Component, placement: Placement, configMaps: ConfigMaps): ControllerRun {
  const { object, index, container, labels } = placement;
  const image = parseImageReference(container.image);
  const status =
    object.kind === 'Pod' ? object.status?.containerStatuses?.find(({ name }) => name === container.name) : undefined;
  const versionLabel = labels.map((set) => set['app.kubernetes.io/version']).find((label) => label !== undefined);
  const version = resolveVersion(component, {
    image,
    ...(status?.imageID !== undefined && { imageId: status.imageID }),
    ...(versionLabel !== undefined && { versionLabel }),
  });
  const env = environmentOf(container, homeOf(object), configMaps);
  return {
    source: object.kind === 'Pod' ? 'pod' : 'template',
    object,
    container,
    pointer: `${object.kind === 'Pod' ? '' : '/spec/template'}/spec/containers/${index}`,
    image,
    version,
    env,
    arguments: parseArguments(component, containerArgv(container, component, env), {
      exact: version.exactFlags,
      ...(version.version !== undefined && { version: version.version }),
    }),
    ...(status && { status }),
    terminating: object.kind === 'Pod' && object.metadata.deletionTimestamp !== undefined,
  };
}

function homeOf(object: Pod | Deployment): ContainerHome {
  const namespace = object.metadata.namespace ?? 'default';
  if (object.kind === 'Deployment') {
    const { metadata, spec } = object.spec.template;
    return { namespace, labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {}, spec };
  }
  const { podIP, hostIP } = object.status ?? {};
  return {
    namespace,
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    spec: object.spec,
    pod: {
      metadata: object.metadata,
      ...(podIP !== undefined && { podIP }),
      ...(hostIP !== undefined && { hostIP }),
    },
  };
}

/** Ready for longer than `minutes`: it has come through its start-up. `now` in milliseconds since the epoch. */
export function hasRunFor(run: ControllerRun, minutes: number, now: number): boolean {
  const startedAt = Date.parse(run.status?.state?.running?.startedAt ?? '');
  return run.status?.ready === true && now - startedAt > minutes * 60_000;
}

/** Restarted again and again by the kubelet, or ended. */
export function isCrashLooping({ status }: ControllerRun): boolean {
  return status?.state?.waiting?.reason === 'CrashLoopBackOff' || status?.state?.terminated !== undefined;
}
