import type { Component } from '../components.js';
import { FLUX_RELEASES } from './releases.js';
import { type Version, compareVersions, minorOf } from './version.js';

/** The Flux project maintains this many minor versions. https://fluxcd.io/flux/releases/#supported-releases */
const SUPPORTED_MINORS = 3;

/** Minor versions of Flux, oldest first: `2.8`, `2.9`. */
const MINORS: readonly string[] = [...new Set(FLUX_RELEASES.map(({ flux }) => minorOf(flux)))];

/** The minor versions that the newest known release leaves supported, oldest first. */
export const SUPPORTED: readonly string[] = MINORS.slice(-SUPPORTED_MINORS);

/** Where a version of a controller stands among the releases of Flux. */
export interface ReleasePlace {
  /** The minor version of Flux that ships it, or shipped the next older one; absent for what is older than the table. */
  readonly minor?: string;
  /** How many minor versions there have been before `minor`; -1 where there is none. */
  readonly order: number;
  readonly supported: boolean;
  /** The newest version of the controller in that minor version of Flux. */
  readonly newestPatch?: Version;
}

/** A patch release that was made between two releases of Flux counts to the older one. */
export function releasePlaceOf(component: Component, version: Version): ReleasePlace {
  const release = FLUX_RELEASES.findLast(({ components }) => {
    const shipped = components[component];
    return shipped !== undefined && compareVersions(shipped, version) <= 0;
  });
  if (!release) return { order: -1, supported: false };
  const minor = minorOf(release.flux);
  const shipped = FLUX_RELEASES.filter(({ flux }) => minorOf(flux) === minor).flatMap(
    ({ components }) => components[component] ?? [],
  );
  const newestPatch = shipped.toSorted(compareVersions).at(-1);
  return {
    minor,
    order: MINORS.indexOf(minor),
    supported: SUPPORTED.includes(minor),
    ...(newestPatch !== undefined && { newestPatch }),
  };
}

/** Whether a minor version of Flux such as `2.8` is supported; `unknown` for one that is newer than the table. */
export function supportOf(minor: string): 'supported' | 'endOfLife' | 'unknown' {
  if (SUPPORTED.includes(minor)) return 'supported';
  return compareVersions(`${minor}.0`, `${MINORS.at(-1) ?? '0.0'}.0`) > 0 ? 'unknown' : 'endOfLife';
}
