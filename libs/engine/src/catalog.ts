import type { Control, Profile } from '#libs/core';

/**
 * The controls of a profile, in its order.
 * @throws {Error} where the profile names a control that the catalog does not hold: leaving it out silently would
 * look like nothing was wrong.
 */
export function controlsOf(catalog: readonly Control[], profile: Profile): readonly Control[] {
  const byId = new Map(catalog.map((control) => [control.id, control]));
  return profile.controls.map((id) => {
    const control = byId.get(id);
    if (!control) {
      throw new Error(
        `Profile ${profile.id} names the control ${id}, which this version of Plimsoll does not have. Remove it from the profile, or upgrade.`,
      );
    }
    return control;
  });
}
