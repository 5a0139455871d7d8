import type { PolicyRule } from '#libs/core';

/** The API groups of Flux that the controllers reconcile. */
export const FLUX_GROUPS = [
  'source.toolkit.fluxcd.io',
  'source.extensions.fluxcd.io',
  'kustomize.toolkit.fluxcd.io',
  'helm.toolkit.fluxcd.io',
  'notification.toolkit.fluxcd.io',
  'image.toolkit.fluxcd.io',
] as const;

const WRITING: ReadonlySet<string> = new Set(['create', 'patch', 'update', '*']);

/** A rule that lets somebody create or change objects of some kind of Flux. */
export function hasFluxWrite({ verbs, apiGroups = [], resources = [] }: PolicyRule): boolean {
  return (
    resources.length > 0 &&
    verbs.some((verb) => WRITING.has(verb)) &&
    apiGroups.some((group) => group === '*' || (FLUX_GROUPS as readonly string[]).includes(group))
  );
}
