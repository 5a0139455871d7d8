import { z } from 'zod';
import type { JsonValue } from '#libs/core';
import { mergePatch } from './merge-patch.js';
import { invalid } from './problem.js';
import { flag, type View } from './schema.js';
import { errorsOf } from './validation.pipe.js';

/** Query of writes that have no other parameters. */
export const WriteQuery = z.strictObject({ dryRun: flag(false).describe('Check everything, store nothing.') });
export type WriteQuery = z.infer<typeof WriteQuery>;

/**
 * Applies a merge patch to the settings of an object and checks the result as a whole.
 * @param current the settings as a request would state them
 * @throws {Problem} `validation-failed`, with pointers into the patch
 */
export function patched<S extends z.ZodType>(schema: S, current: View<S>, patch: Readonly<Record<string, unknown>>) {
  const result = schema.safeParse(mergePatch(current as JsonValue, patch as JsonValue));
  if (result.success) return result.data;
  throw invalid(errorsOf(result.error));
}
