import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { invalid, type ProblemError } from './problem.js';

/** RFC 6901 section 3. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

type Where = (path: readonly PropertyKey[]) => Pick<ProblemError, 'pointer' | 'parameter'>;

const WHERE: Partial<Record<ArgumentMetadata['type'], Where>> = {
  body: (path) => ({ pointer: pointer(path) }),
  query: (path) => ({ parameter: String(path[0] ?? '') }),
};

/** A pointer to the whole body is empty, so the sentence must say what it is about. */
function wholeMustBe(expected: string): string {
  return expected === 'array' ? 'The body must be an array.' : 'The body must be an object.';
}

function toErrors(issue: z.core.$ZodIssue, where: Where, prefix: readonly PropertyKey[] = []): ProblemError[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...where([...path, key]),
      code: 'unknown-field',
      detail: `"${key.slice(0, 80)}" is not known here.`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative with the fewest complaints is the one that was meant.
    const closest = issue.errors.reduce((best, other) => (other.length < best.length ? other : best));
    if (closest.length > 0) return closest.flatMap((inner) => toErrors(inner, where, path));
  }
  if (issue.code === 'invalid_key') {
    return [{ ...where(path), code: 'invalid-key', detail: issue.issues[0]?.message ?? issue.message }];
  }
  if (issue.code === 'invalid_type' && path.length === 0) {
    return [{ ...where(path), code: 'invalid-type', detail: wholeMustBe(issue.expected) }];
  }
  const code =
    issue.code === 'custom' && typeof issue.params?.['code'] === 'string' ? issue.params['code'] : issue.code;
  return [{ ...where(path), code: code.replaceAll('_', '-'), detail: issue.message }];
}

const MAX_ERRORS = 50;

/** The errors of a value that does not match, at most 50, each with the place where it is wrong. */
export function errorsOf(
  error: z.ZodError,
  at: 'body' | 'query' = 'body',
  prefix: readonly PropertyKey[] = [],
): ProblemError[] {
  const where = WHERE[at] ?? (() => ({}));
  return error.issues.flatMap((issue) => toErrors(issue, where, prefix)).slice(0, MAX_ERRORS);
}

/** Checks what `@Body({ schema })` and `@Query({ schema })` declare, and hands the parsed value to the handler. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    const parsed = schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    throw invalid(errorsOf(parsed.error, type === 'query' ? 'query' : 'body'));
  }
}
