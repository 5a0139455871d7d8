import { COMPONENTS, type Component } from '../components.js';
import { type Version, compareVersions } from './version.js';

/** A release of Flux and the controllers that it ships. */
export interface FluxRelease {
  readonly flux: Version;
  /** Day of the release, `YYYY-MM-DD`; absent for the three early releases that are listed for their new flags. */
  readonly date?: string;
  readonly components: Readonly<Partial<Record<Component, Version>>>;
}

/** Up to which release the table below is complete. What is newer is "unknown newer", never an error. */
export const RELEASES_AS_OF = { flux: '2.9.4', date: '2026-08-07' } as const;

/**
 * Flux, day, source-, kustomize-, helm-, notification-, image-reflector-, image-automation-controller, source-watcher,
 * from the tags of https://github.com/fluxcd/flux2. Before 2.0: 0.26.0 brought the lock-down flags, 0.29.0 those for
 * kubeconfigs, 0.30.0 `--no-remote-bases`.
 */
const TABLE = `
  0.26.0 - 0.21.1 0.20.0 0.16.0 0.21.0 0.16.0 0.20.0 -
  0.29.0 - 0.24.0 0.24.0 0.20.1 0.23.3 0.17.2 0.22.0 -
  0.30.0 - 0.24.4 0.25.0 0.21.0 0.23.5 0.18.0 0.22.1 -
  2.0.0 2023-07-04 1.0.0 1.0.0 0.35.0 1.0.0 0.29.0 0.35.0 -
  2.0.1 2023-07-11 1.0.1 1.0.1 0.35.0 1.0.0 0.29.1 0.35.0 -
  2.1.0 2023-08-24 1.1.0 1.1.0 0.36.0 1.1.0 0.30.0 0.36.0 -
  2.1.1 2023-09-19 1.1.1 1.1.0 0.36.1 1.1.0 0.30.0 0.36.1 -
  2.1.2 2023-10-12 1.1.2 1.1.1 0.36.2 1.1.0 0.30.0 0.36.1 -
  2.2.0 2023-12-12 1.2.2 1.2.0 0.37.0 1.2.2 0.31.1 0.37.0 -
  2.2.1 2023-12-15 1.2.3 1.2.1 0.37.1 1.2.3 0.31.1 0.37.0 -
  2.2.2 2023-12-19 1.2.3 1.2.1 0.37.2 1.2.3 0.31.1 0.37.0 -
  2.2.3 2024-02-05 1.2.4 1.2.2 0.37.4 1.2.4 0.31.2 0.37.1 -
  2.3.0 2024-05-13 1.3.0 1.3.0 1.0.1 1.3.0 0.32.0 0.38.0 -
  2.4.0 2024-09-30 1.4.1 1.4.0 1.1.0 1.4.0 0.33.0 0.39.0 -
  2.5.0 2025-02-20 1.5.0 1.5.0 1.2.0 1.5.0 0.34.0 0.40.0 -
  2.5.1 2025-02-25 1.5.0 1.5.1 1.2.0 1.5.0 0.34.0 0.40.0 -
  2.6.0 2025-05-28 1.6.0 1.6.0 1.3.0 1.6.0 0.35.0 0.41.0 -
  2.6.1 2025-06-01 1.6.0 1.6.0 1.3.0 1.6.0 0.35.1 0.41.0 -
  2.6.2 2025-06-13 1.6.1 1.6.0 1.3.0 1.6.0 0.35.2 0.41.1 -
  2.6.3 2025-06-27 1.6.2 1.6.0 1.3.0 1.6.0 0.35.2 0.41.2 -
  2.6.4 2025-07-08 1.6.2 1.6.1 1.3.0 1.6.0 0.35.2 0.41.2 -
  2.7.0 2025-09-30 1.7.0 1.7.0 1.4.0 1.7.1 1.0.1 1.0.1 2.0.1
  2.7.1 2025-10-06 1.7.1 1.7.0 1.4.1 1.7.2 1.0.1 1.0.1 2.0.1
  2.7.2 2025-10-08 1.7.2 1.7.1 1.4.2 1.7.3 1.0.2 1.0.2 2.0.2
  2.7.3 2025-10-28 1.7.3 1.7.2 1.4.3 1.7.4 1.0.3 1.0.3 2.0.2
  2.7.4 2025-11-21 1.7.4 1.7.3 1.4.4 1.7.5 1.0.4 1.0.4 2.0.3
  2.7.5 2025-11-27 1.7.4 1.7.3 1.4.5 1.7.5 1.0.4 1.0.4 2.0.3
  2.8.0 2026-02-24 1.8.0 1.8.0 1.5.0 1.8.0 1.1.0 1.1.0 2.1.0
  2.8.1 2026-02-27 1.8.0 1.8.1 1.5.1 1.8.1 1.1.0 1.1.0 2.1.0
  2.8.2 2026-03-12 1.8.1 1.8.2 1.5.2 1.8.2 1.1.1 1.1.1 2.1.1
  2.8.3 2026-03-16 1.8.1 1.8.2 1.5.3 1.8.2 1.1.1 1.1.1 2.1.1
  2.8.4 2026-03-30 1.8.1 1.8.2 1.5.3 1.8.2 1.1.1 1.1.1 2.1.1
  2.8.5 2026-04-07 1.8.2 1.8.3 1.5.3 1.8.3 1.1.1 1.1.1 2.1.1
  2.8.6 2026-04-21 1.8.3 1.8.4 1.5.4 1.8.4 1.1.1 1.1.2 2.1.1
  2.8.7 2026-05-12 1.8.4 1.8.5 1.5.4 1.8.4 1.1.1 1.1.3 2.1.1
  2.8.8 2026-05-20 1.8.5 1.8.5 1.5.5 1.8.4 1.1.2 1.1.4 2.1.1
  2.9.0 2026-06-30 1.9.1 1.9.1 1.6.1 1.9.1 1.2.1 1.2.1 2.2.1
  2.9.1 2026-07-07 1.9.2 1.9.2 1.6.2 1.9.2 1.2.2 1.2.2 2.2.2
  2.9.2 2026-07-13 1.9.3 1.9.3 1.6.2 1.9.2 1.2.3 1.2.3 2.2.2
  2.9.3 2026-07-23 1.9.3 1.9.4 1.6.3 1.9.2 1.2.3 1.2.3 2.2.2
  2.9.4 2026-08-07 1.9.4 1.9.4 1.6.3 1.9.3 1.2.4 1.2.4 2.2.3
`;

export const FLUX_RELEASES: readonly FluxRelease[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [flux = '', date, ...versions] = line.trim().split(' ');
    const components = Object.fromEntries(
      COMPONENTS.flatMap((component, index) => {
        const version = versions[index];
        return version === undefined || version === '-' ? [] : [[component, version]];
      }),
    );
    return { flux, components, ...(date !== '-' && { date }) };
  });

/** The version of a controller that a Flux release ships; undefined where the release is not in the table. */
export function componentVersion(flux: Version, component: Component): Version | undefined {
  return FLUX_RELEASES.find((release) => release.flux === flux)?.components[component];
}

/** The newest version of a controller that this build knows. */
export function newestKnown(component: Component): Version {
  return FLUX_RELEASES.reduce<Version>((newest, { components }) => {
    const version = components[component];
    return version !== undefined && compareVersions(version, newest) > 0 ? version : newest;
  }, '0.0.0');
}
