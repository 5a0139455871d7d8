/** The controllers of Flux (https://fluxcd.io/flux/components/). */
export const COMPONENTS = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
  'source-watcher',
] as const;
export type Component = (typeof COMPONENTS)[number];

export function isComponent(name: string): name is Component {
  return (COMPONENTS as readonly string[]).includes(name);
}

/** The last part of a path, with either separator left alone: `/usr/bin/helm-controller` → `helm-controller`. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
