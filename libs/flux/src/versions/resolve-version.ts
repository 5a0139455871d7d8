import type { Confidence } from '#libs/core';
import type { Component } from '../components.js';
import { imageByDigest } from '../images/digest-table.js';
import { type ImageReference, digestOfImageId, isKnownSource } from '../images/image-reference.js';
import { componentVersion, newestKnown } from './releases.js';
import { type Version, compareVersions, minorOf, parseVersion } from './version.js';

export interface VersionEvidence {
  readonly image: ImageReference;
  /** `status.containerStatuses[].imageID` of a running container. */
  readonly imageId?: string;
  /** `app.kubernetes.io/version` of the Deployment or its pods: the version of the Flux distribution. */
  readonly versionLabel?: string;
}

export interface ResolvedVersion {
  /** Undefined = unknown. */
  readonly version?: Version;
  readonly method: 'digest' | 'tag' | 'label' | 'unknown';
  readonly confidence: Confidence;
  /** The image comes from no known source and has no known digest. */
  readonly fork: boolean;
  /** Newer than the tables of this build of Plimsoll. */
  readonly newer: boolean;
  /** The flag table describes exactly this build. */
  readonly exactFlags: boolean;
}

/**
 * The version of a controller: by digest where a Flux release published it, else by the tag, else from the version
 * label of the installation by way of the release table.
 */
export function resolveVersion(component: Component, evidence: VersionEvidence): ResolvedVersion {
  const { image, imageId, versionLabel } = evidence;
  const known = [image.digest, digestOfImageId(imageId)]
    .map(imageByDigest)
    .find((candidate) => candidate?.component === component);
  if (known) return resolved(component, known.version, 'digest', 'proven', false);
  const fork = !isKnownSource(image);
  const tag = image.tag === undefined ? undefined : parseVersion(image.tag);
  // Beside a digest the tag is only a comment.
  const claimed = fork || image.digest !== undefined;
  if (tag) return resolved(component, tag.version, 'tag', claimed ? 'derived' : 'proven', fork);
  const flux = versionLabel === undefined ? undefined : parseVersion(versionLabel);
  const labelled = flux && componentVersion(flux.version, component);
  if (labelled !== undefined) return resolved(component, labelled, 'label', 'derived', fork);
  return { method: 'unknown', confidence: 'derived', fork, newer: false, exactFlags: false };
}

function resolved(
  component: Component,
  version: Version,
  method: ResolvedVersion['method'],
  confidence: Confidence,
  fork: boolean,
): ResolvedVersion {
  const newest = newestKnown(component);
  return {
    version,
    method,
    confidence,
    fork,
    newer: compareVersions(version, newest) > 0,
    // Patch releases add no flags. The table of source-watcher was read in its source, and in no release of its own.
    exactFlags: !fork && component !== 'source-watcher' && minorOf(version) === minorOf(newest),
  };
}

const METHODS: Record<ResolvedVersion['method'], string> = {
  digest: 'by its digest',
  tag: 'by its tag',
  label: 'by the version label of the installation',
  unknown: '',
};

/** Reads as in `v1.9.4 by its tag`. */
export function describeVersion({ version, method, fork }: ResolvedVersion): string {
  if (version === undefined) return 'of unknown version';
  return `v${version} ${METHODS[method]}${fork ? ', from an image source that is not a known one' : ''}`;
}
