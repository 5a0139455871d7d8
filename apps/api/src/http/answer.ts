/** What a handler answers with: a value, so that it can be tested, replayed and compared with `If-None-Match`. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;
}

interface Headers {
  readonly etag?: string;
  readonly location?: string;
  /** Seconds after which asking again is worth it. */
  readonly retryAfter?: number;
  readonly link?: string;
}

function answer<T>(status: number, body: T, { etag, location, retryAfter, link }: Headers = {}): Answer<T> {
  return {
    status,
    body,
    headers: {
      ...(etag !== undefined && { etag }),
      ...(location !== undefined && { location }),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(link !== undefined && { link }),
    },
  };
}

export function ok<T>(body: T, headers?: Headers): Answer<T> {
  return answer(200, body, headers);
}

export function created<T>(body: T, headers: Headers & { readonly location: string }): Answer<T> {
  return answer(201, body, headers);
}

/** RFC 9110 15.3.3: the work goes on; `location` tells where to look. */
export function accepted<T>(body: T, headers: Headers & { readonly location: string }): Answer<T> {
  return answer(202, body, headers);
}

export function noContent(): Answer<undefined> {
  return answer(204, undefined);
}

/** The answer to `?dryRun=true`: what would be stored, without an address because nothing is. */
export function wouldBe<T>(body: T): Answer<T> {
  return { status: 200, body, headers: { 'plimsoll-dry-run': 'true' } };
}
