import type { Container } from '#libs/core';
import { basename, COMPONENTS, discoverControllers } from '#libs/flux';
import { repositoryName } from './program-containers.js';

export type Program = Pick<Container, 'image' | 'command' | 'args'>;
type Labels = Readonly<Record<string, string>>;

/** Which containers of a pod are kept with arguments and environment; nothing is known about a pod without any. */
export type ContainerFilter = (programs: readonly Program[], labels: Labels) => ReadonlySet<Program>;

/** Enough for the distinct images of a large cluster. */
const MAX_REMEMBERED = 20_000;

/**
 * Decides what is kept of pods and Deployments. All that controls read of pods is how Flux runs in them, and a fleet has a
 * hundred thousand others; so a pod is kept where Flux *may* run in it and is dropped otherwise, and of its sidecars neither
 * arguments nor environment are kept. This is wider than the discovery in `libs/flux`, which decides afterwards: a container
 * counts if its image is named like a component or is known by its digest, or its command is; or, where none of a pod does,
 * every container of a pod with Flux's labels (its own or its Deployment's).
 *
 * Make one per cluster: it remembers images.
 */
export function fluxContainerFilter(): ContainerFilter {
  const byDigest = new Map<string, boolean>();
  const isKnown = (image: string) => {
    if (!image.includes('@sha256:')) return false;
    const known = byDigest.get(image) ?? isFluxImage(image);
    if (byDigest.size < MAX_REMEMBERED) byDigest.set(image, known);
    return known;
  };
  return (programs, labels) => {
    const found = programs.filter((program) => isNamedLikeComponent(program) || isKnown(program.image));
    return new Set(found.length === 0 && hasFluxLabels(labels) ? programs : found);
  };
}

function isNamedLikeComponent({ image, command, args }: Program): boolean {
  const name = repositoryName(image);
  return (
    COMPONENTS.some((component) => name === component || name.endsWith(`-${component}`)) ||
    [...(command ?? []), ...(args ?? []).slice(0, 1)].some((text) => isComponentName(basename(text)))
  );
}

function hasFluxLabels(labels: Labels): boolean {
  const app = labels['app'];
  return (
    labels['app.kubernetes.io/part-of'] === 'flux' ||
    isComponentName(labels['app.kubernetes.io/component'] ?? '') ||
    (app !== undefined && COMPONENTS.some((component) => app === component || app.startsWith(`${component}-`)))
  );
}

/** Whether `libs/flux` knows an image by its digest alone, whatever it is called. */
function isFluxImage(image: string): boolean {
  const metadata = { name: 'image', namespace: 'image' };
  const spec = { containers: [{ name: 'image', image }] };
  return discoverControllers({ deployments: [], pods: [{ apiVersion: 'v1', kind: 'Pod', metadata, spec }] }).length > 0;
}

function isComponentName(name: string): boolean {
  return (COMPONENTS as readonly string[]).includes(name);
}
