import { catalog, profileById } from '#libs/controls';
import { type Profile, tailored } from '#libs/core';
import { type ProfileRecord, type ProfileRepository, profileIdOf } from '#libs/persistence';
import { invalid } from '../http/problem.js';

/** The profile of the release of an id, or an own one as it is now; undefined where there is neither. */
export async function findProfile(own: ProfileRepository, ref: string): Promise<Profile | undefined> {
  const released = profileById(ref);
  if (released) return released;
  const record = await own.get(ref);
  return record ? composed(record) : undefined;
}

/** What an own profile comes to with the controls of this release; undefined where it extends what is no longer there. */
export function composed(record: ProfileRecord): Profile | undefined {
  const base = profileById(record.extends);
  if (!base) return undefined;
  const known = new Set(catalog.map(({ id }) => id));
  const profile = tailored(profileIdOf(record), base, record);
  return { ...profile, controls: profile.controls.filter((id) => known.has(id)) };
}

/**
 * @param ref a profile of the release, or the name of an own one
 * @throws {Problem} `validation-failed` where there is no such profile, or it has no such control
 */
export async function checkProfile(
  own: ProfileRepository,
  ref: string,
  controls: readonly string[] = [],
): Promise<void> {
  const profile = await findProfile(own, ref);
  if (!profile) {
    const detail =
      'There is no such profile. Name one of the release, or an own one without or with its current version.';
    throw invalid([{ pointer: '/profile', code: 'unknown-profile', detail }]);
  }
  const unknown = controls
    .map((id, index) => ({ id, index }))
    .filter(({ id }) => !profile.controls.includes(id))
    .map(({ index }) => ({
      pointer: `/controls/${index}`,
      code: 'unknown-control',
      detail: 'The profile has no such control.',
    }));
  if (unknown.length > 0) throw invalid(unknown);
}
