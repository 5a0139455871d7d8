import type { Collected, CrossNamespaceReference, HelmRelease, Kustomization } from '#libs/core';

const SHOWN = 5;

/** Sources that an object takes from a namespace that is not its own; `dependsOn` is not governed by the flag. */
function refersElsewhere(object: Kustomization | HelmRelease): boolean {
  const references: readonly (CrossNamespaceReference | undefined)[] =
    object.kind === 'Kustomization'
      ? [object.spec.sourceRef]
      : [object.spec.chart?.spec.sourceRef, object.spec.chartRef];
  return references.some(
    (reference) => reference?.namespace !== undefined && reference.namespace !== object.metadata.namespace,
  );
}

/** What `--no-cross-namespace-refs` will stop, as a sentence; undefined where nobody could look. */
export function impactOfClosing(
  kustomizations: Collected<readonly Kustomization[]>,
  helmReleases: Collected<readonly HelmRelease[]>,
): string | undefined {
  if (kustomizations.state === 'unavailable' || helmReleases.state === 'unavailable') return undefined;
  const names = [...kustomizations.value, ...helmReleases.value]
    .filter(refersElsewhere)
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)
    .sort();
  if (names.length === 0) return 'No Kustomization or HelmRelease takes its source from another namespace now.';
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `It will stop what takes its source from another namespace: ${names.slice(0, SHOWN).join(', ')}${more}.`;
}
