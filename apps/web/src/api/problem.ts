export interface ProblemItem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly code: string;
  readonly detail: string;
}

/** What the service answered instead of what was asked for (RFC 9457), or why there is no answer at all. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    /** 0 = no answer. */
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly fix: string | null = null,
    readonly errors: readonly ProblemItem[] = [],
    readonly requestId: string | null = null,
    /** The page that explains the code. */
    readonly type: string | null = null,
    /** Id of an object that is in the way, such as the run that is going on already. */
    readonly existingId: string | null = null,
  ) {
    super(detail);
  }
}

const textOr = (value: unknown, fallback: string): string =>
  typeof value === 'string' && value !== '' ? value : fallback;
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads a problem document; an answer that is none (a proxy's page) becomes a problem too. */
export function problemOf(status: number, body: unknown, requestId: string | null): Problem {
  const document = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const type = textOrNull(document['type']);
  return new Problem(
    status,
    textOr(document['code'], 'unknown'),
    textOr(document['title'], `The service answered ${status}`),
    textOr(
      document['detail'],
      'The answer does not say why. A proxy between this page and the service may have sent it.',
    ),
    textOrNull(document['fix']),
    Array.isArray(document['errors']) ? (document['errors'] as readonly ProblemItem[]) : [],
    textOrNull(document['requestId']) ?? requestId,
    type !== null && URL.canParse(type) ? new URL(type).pathname : null,
    textOrNull(document['existingId']),
  );
}

/** For a request that got no answer. */
export function noAnswer(): Problem {
  return new Problem(
    0,
    'no-answer',
    'The service cannot be reached',
    'No answer came from the address of this page.',
    'Check that the service is running and that you are connected, then try again.',
  );
}
