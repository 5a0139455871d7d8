import { noAnswer, problemOf } from './problem.js';

type Query = Readonly<Record<string, unknown>>;

interface Options {
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer<T> {
  /** Undefined for 204 and 304. */
  readonly body: T | undefined;
  readonly status: number;
  readonly etag: string | null;
}

export async function send<T>(method: string, path: string, options: Options = {}): Promise<HttpAnswer<T>> {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(options.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) params.append(key, String(one));
    }
  }
  const query = params.size === 0 ? '' : `?${params}`;
  const response = await fetch(`/api/v1${path}${query}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal,
    cache: 'no-store',
  }).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw noAnswer();
  });
  const text = await response.text();
  const body: unknown = parse(text);
  if (response.status >= 400) throw problemOf(response.status, body, response.headers.get('x-request-id'));
  return { body: body as T | undefined, status: response.status, etag: response.headers.get('etag') };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const { body } = await send<T>('GET', path, { query, signal });
  return body as T;
}
