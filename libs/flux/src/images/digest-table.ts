import { type Component, isComponent } from '../components.js';
import type { Version } from '../versions/version.js';
import { DIGESTS } from './digests.generated.js';

export interface KnownImage {
  readonly component: Component;
  readonly version: Version;
}

const BY_DIGEST: ReadonlyMap<string, KnownImage> = new Map(
  Object.entries(DIGESTS).flatMap(([component, versions]) =>
    isComponent(component)
      ? Object.entries(versions).flatMap(([version, digests]) =>
          digests.split(' ').map((digest) => [`sha256:${digest}`, { component, version }] as const),
        )
      : [],
  ),
);

/** What a digest is, where a Flux release since 2.2 published it. A digest names content: no registry can fake it. */
export function imageByDigest(digest: string | undefined): KnownImage | undefined {
  return digest === undefined ? undefined : BY_DIGEST.get(digest);
}

/** Whether the table lists the images of a version, so that another digest of the Flux project's own images is none of them. */
export function listsImagesOf(component: Component, version: Version): boolean {
  return DIGESTS[component]?.[version] !== undefined;
}
