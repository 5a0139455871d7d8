import { invalid } from '../http/problem.js';
import { Name } from '../http/schema.js';

/**
 * The name in the path of an upsert that makes an object.
 * @throws {Problem} `validation-failed`
 */
export function nameParameter(text: string, parameter: string): string {
  const parsed = Name.safeParse(text);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues[0]?.message ?? 'This is not a name.';
  throw invalid([{ parameter, code: 'invalid-format', detail }]);
}
