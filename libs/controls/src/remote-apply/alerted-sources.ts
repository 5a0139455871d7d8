import type { Collected } from '#libs/core';
import type { AlertedSource } from '#libs/flux';
import type { RemoteApplyObject } from './remote-apply-object.js';
import { type SourceIndex, referencedSources } from './source-index.js';

/** The sources that an object applies, with their labels, or why they are not known. A source need not exist. */
export function alertedSources(
  object: RemoteApplyObject,
  index: SourceIndex,
): readonly AlertedSource[] | Extract<Collected<unknown>, { state: 'unavailable' }> {
  const { direct, upstream } = referencedSources(object, index);
  const found: AlertedSource[] = [];
  for (const reference of [direct, upstream]) {
    if (!reference) continue;
    const { kind, namespace, name } = reference;
    const lookup = index.find(reference);
    if (lookup.state === 'unreadable') return lookup.artifact;
    const labels = lookup.state === 'found' ? lookup.source.metadata.labels : undefined;
    found.push({ kind, metadata: { namespace, name, ...(labels && { labels }) } });
  }
  return found;
}
