import type { Benchmark, Control, Profile } from '#libs/core';
import { fluxFleetHygiene } from './benchmarks/flux-fleet-hygiene.js';
import { fluxSecurityBestPractices } from './benchmarks/flux-security-best-practices.js';
import { catalog } from './catalog.generated.js';
import { RULE_SET_VERSION } from './rule-set-version.js';

export const benchmarks: readonly Benchmark[] = [fluxSecurityBestPractices, fluxFleetHygiene];

/** All controls that automate a requirement of the benchmark, each once, in the order of the requirements. */
function profileOf(benchmark: Benchmark): Profile {
  return {
    id: benchmark.id,
    ruleSetVersion: RULE_SET_VERSION,
    controls: [...new Set(benchmark.requirements.flatMap(({ controls }) => controls))],
  };
}

/** Every control of the release, in the order of the benchmarks. */
const EVERYTHING: Profile = {
  id: 'everything@2026.11',
  ruleSetVersion: RULE_SET_VERSION,
  controls: [...new Set(benchmarks.flatMap((benchmark) => profileOf(benchmark).controls))],
};

export const profiles: readonly Profile[] = [...benchmarks.map(profileOf), EVERYTHING];

/** The profile of runs that name none. */
export const DEFAULT_PROFILE = 'flux-security-best-practices@2026.11';

const controlsById: ReadonlyMap<string, Control> = new Map(catalog.map((control) => [control.id, control]));
const profilesById: ReadonlyMap<string, Profile> = new Map(profiles.map((profile) => [profile.id, profile]));

/** The control of an id such as `FLUX-HC-01`, or undefined. */
export function controlById(id: string): Control | undefined {
  return controlsById.get(id);
}

/** The title of a control, for people; the id stands in where this release does not have it any more. */
export function controlTitle(id: string): string {
  return controlById(id)?.title ?? id;
}

/** The profile of an id such as `flux-security-best-practices@2026.11`, or undefined. */
export function profileById(id: string): Profile | undefined {
  return profilesById.get(id);
}
