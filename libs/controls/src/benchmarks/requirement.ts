import type { Requirement } from '#libs/core';
import type { ControlId } from '../catalog.generated.js';

export interface Procedure {
  readonly title: string;
  /** Empty where no control automates it yet. */
  readonly controls: readonly ControlId[];
}

/** A requirement with all controls of its procedures, each once. */
export function requirement(id: string, title: string, procedures: readonly Procedure[]): Requirement {
  return { id, title, procedures, controls: [...new Set(procedures.flatMap(({ controls }) => controls))] };
}
