import type { Deployment, Pod } from '#libs/core';
import { COMPONENTS, type Component } from '../components.js';
import { parseImageReference } from '../images/image-reference.js';
import type { ControllerArtifacts, ControllerInstance } from './discover-controllers.js';
import { isOtherHelmController, signatureFlags } from './recognise.js';

/** A Deployment or pod that seems to run a Flux controller, though neither image nor labels tell which one. */
export interface UnrecognisedController {
  readonly object: Deployment | Pod;
  /** JSON pointer of the image in `object`. */
  readonly pointer: string;
  readonly image: string;
  /** The component that the object is named after; absent where only its flags speak for Flux. */
  readonly component?: Component;
  /** Flags that Flux controllers share and that it was given. */
  readonly flags: readonly string[];
}

/** Enough of Flux's own flags to take a program for one of its controllers. */
const MANY_FLAGS = 2;

/**
 * What looks like a Flux controller and is no part of `instances`: named after one, or started with several flags that
 * only they share. The helm-controller of k3s and RKE2 and the Flux Operator are programs of their own.
 *
 * @param instances what `discoverControllers` found in the same artifacts
 */
export function unrecognisedControllers(
  { deployments, pods }: Pick<ControllerArtifacts, 'deployments' | 'pods'>,
  instances: readonly ControllerInstance[],
): readonly UnrecognisedController[] {
  const recognised = new Set<Deployment | Pod | undefined>(
    instances.flatMap(({ deployment, pods: runs }) => [deployment, ...runs.map(({ object }) => object)]),
  );
  const alive = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  return [...deployments, ...alive].flatMap((object) => (recognised.has(object) ? [] : suspicion(object)));
}

function suspicion(object: Deployment | Pod): readonly UnrecognisedController[] {
  const [containers, path] =
    object.kind === 'Deployment'
      ? [object.spec.template.spec.containers, '/spec/template/spec/containers']
      : [object.spec.containers, '/spec/containers'];
  if (containers.some(({ image }) => isOtherProgram(image))) return [];
  const { name } = object.metadata;
  const component = COMPONENTS.find((candidate) => name.startsWith(candidate));
  const flags = containers.map(signatureFlags);
  const index = Math.max(
    flags.findIndex((each) => each.length >= MANY_FLAGS),
    0,
  );
  const container = containers[index];
  const own = flags[index] ?? [];
  if (!container || (component === undefined && own.length < MANY_FLAGS)) return [];
  return [
    {
      object,
      pointer: `${path}/${index}/image`,
      image: container.image,
      flags: own,
      ...(component !== undefined && { component }),
    },
  ];
}

function isOtherProgram(image: string): boolean {
  const reference = parseImageReference(image);
  return isOtherHelmController(reference) || reference.name === 'flux-operator';
}
