import { type ArtifactName, type Control, type Profile, tailored } from '#libs/core';
import type { TargetWork } from '#libs/persistence';
import { unknownProfile, type Unavailable } from './unavailable-of.js';

/** What a run judges by: a profile, and why that is not possible where this version does not know it. */
export interface RunProfile {
  readonly profile: Profile;
  readonly problem?: Unavailable;
}

/**
 * The profile of a run, changed as its own profile says and cut down to the controls that it asks for.
 *
 * @param known the profiles of this version; the first stands in for one that is not known, so that every control is
 *   reported as not evaluated
 */
export function profileOfRun(
  run: Pick<TargetWork['run'], 'profile' | 'tailoring' | 'controls'>,
  known: readonly Profile[],
): RunProfile {
  const released = known.find(({ id }) => id === (run.tailoring?.extends ?? run.profile));
  const found = released && run.tailoring ? tailored(run.profile, released, run.tailoring) : released;
  const [fallback] = known;
  if (found === undefined && fallback === undefined) throw new Error('This build of Plimsoll has no profiles.');
  const base = found ?? fallback ?? { id: run.profile, ruleSetVersion: '', controls: [] };
  const wanted = run.controls === null ? undefined : new Set(run.controls);
  const profile = {
    ...base,
    id: run.profile,
    controls: base.controls.filter((id) => wanted === undefined || wanted.has(id)),
  };
  if (found !== undefined) return { profile };
  return { profile, problem: unknownProfile(run.profile) };
}

/** Everything that the profile's controls declare. */
export function artifactsFor(profile: Profile, catalog: readonly Control[]): readonly ArtifactName[] {
  const ids = new Set(profile.controls);
  const controls = catalog.filter(({ id }) => ids.has(id));
  return [...new Set(controls.flatMap(({ requires, optional }) => [...requires, ...optional]))];
}
