import type { Container } from '#libs/core';
import { basename, COMPONENTS } from '#libs/flux';

type Program = Pick<Container, 'image' | 'command' | 'args'>;
type Labels = Readonly<Record<string, string>> | undefined;

/**
 * Decides what is kept of pods and Deployments. Of all that the controls read, pods matter only as far as Flux runs in
 * them, and fleets have a hundred thousand others; so a pod is kept where Flux *may* run in it, and dropped otherwise.
 * This is wider than the discovery in `libs/flux`, which decides afterwards: an image named like a component, a command
 * named like one, or the labels that Flux's own manifests and charts set.
 */
export function isFluxCandidate(containers: readonly Program[], labels: Labels): boolean {
  return hasFluxLabels(labels) || containers.some(runsComponent);
}

/**
 * The containers whose arguments and environment are kept: those that look like a component by themselves, or, where
 * none does, all of a labelled pod (an image with a name of its own). Of sidecars neither is kept.
 */
export function fluxContainers<T extends Program>(containers: readonly T[], labels: Labels): ReadonlySet<T> {
  const found = containers.filter(runsComponent);
  return new Set(found.length === 0 && hasFluxLabels(labels) ? containers : found);
}

function runsComponent({ image, command, args }: Program): boolean {
  if (isNamedLikeComponent(repositoryName(image))) return true;
  return [...(command ?? []), ...(args ?? []).slice(0, 1)].some((text) => isComponentName(basename(text)));
}

function hasFluxLabels(labels: Labels): boolean {
  if (!labels) return false;
  const app = labels['app'];
  return (
    labels['app.kubernetes.io/part-of'] === 'flux' ||
    isComponentName(labels['app.kubernetes.io/component'] ?? '') ||
    (app !== undefined && COMPONENTS.some((component) => app === component || app.startsWith(`${component}-`)))
  );
}

/** The last part of an image's repository, without tag and digest: `registry:5000/a/b:v1@sha256:…` → `b`. */
function repositoryName(image: string): string {
  const name = basename(image.split('@', 1)[0] ?? '');
  return name.split(':', 1)[0] ?? '';
}

function isNamedLikeComponent(name: string): boolean {
  return COMPONENTS.some((component) => name === component || name.endsWith(`-${component}`));
}

function isComponentName(name: string): boolean {
  return (COMPONENTS as readonly string[]).includes(name);
}
