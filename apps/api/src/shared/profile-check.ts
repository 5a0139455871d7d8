import { profileById } from '#libs/controls';
import { invalid } from '../http/problem.js';

/** @throws {Problem} `validation-failed` where there is no such profile, or it has no such control */
export function checkProfile(profileId: string, controls: readonly string[] = []): void {
  const profile = profileById(profileId);
  if (!profile) throw invalid([{ pointer: '/profile', code: 'unknown-profile', detail: 'There is no such profile.' }]);
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
