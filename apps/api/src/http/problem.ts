import { PROBLEMS, type ProblemCode } from './problem-codes.js';

/** One field that is wrong. Exactly one of `pointer` (body), `parameter` (query) and `header` says where. */
export interface ProblemError {
  /** JSON pointer (RFC 6901) into the request body; `#…` after it points into a kubeconfig that it holds. */
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly code: string;
  readonly detail: string;
}

/** Members that some problems carry besides those of RFC 9457. */
export interface ProblemExtensions {
  readonly errors?: readonly ProblemError[];
  readonly requiredPermission?: string;
  readonly existingId?: string;
  readonly currentETag?: string;
  /** A stable class of failure, such as `tlsUnknownCa`; never text from another server. */
  readonly reason?: string;
  /** A value of `collapse` with which the graph is smaller. */
  readonly suggestedCollapse?: string;
}

interface ProblemOptions extends ProblemExtensions {
  readonly fix?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer other than success. Thrown anywhere below a controller; the filter renders it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly fix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: ProblemExtensions;

  /** @param detail What happened, to what, in this case. Never a secret, never text of another server. */
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    { fix, headers, cause, ...extensions }: ProblemOptions = {},
  ) {
    super(`${code}: ${detail}`, { cause });
    this.status = PROBLEMS[code].status;
    this.fix = fix ?? PROBLEMS[code].fix;
    this.headers = headers ?? {};
    this.extensions = extensions;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The document of RFC 9457 section 3. */
export interface ProblemDocument extends ProblemExtensions {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly fix: string;
  readonly requestId?: string;
}

/** @param publicUrl Address of this service, whose page `/problems/<code>` explains the problem. */
export function problemDocument(problem: Problem, publicUrl: string, requestId?: string): ProblemDocument {
  return {
    type: `${publicUrl}/problems/${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    fix: problem.fix,
    ...problem.extensions,
    ...(requestId !== undefined && { requestId }),
  };
}

export function notFound(what: string, reference: string): Problem {
  return new Problem('not-found', `There is no ${what} "${reference.slice(0, 80)}".`);
}

export function invalid(errors: readonly ProblemError[]): Problem {
  const first = errors[0];
  const where = first?.pointer ?? first?.parameter ?? first?.header ?? '';
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Problem(
    'validation-failed',
    first ? `${where && `${where}: `}${first.detail}${rest}` : 'The request is not valid.',
    {
      errors,
    },
  );
}
