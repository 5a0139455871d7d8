import createClient from 'openapi-fetch';
import { noAnswer, problemOf } from './problem.js';
import type { paths } from './schema.generated.js';

/** Asks the service that this page came from; the session cookie says who asks. */
export const api = createClient<paths>({
  baseUrl: '',
  headers: { accept: 'application/json' },
  // The query cache of the dashboard knows what is fresh; and only so a 304 is seen by it.
  cache: 'no-store',
  fetch: async (request) =>
    fetch(request).catch((error: unknown) => {
      if (request.signal.aborted) throw error;
      throw noAnswer();
    }),
});

interface Exchange<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The body of a success.
 * @throws {Problem} for everything else
 */
export async function bodyOf<T>(exchange: Promise<Exchange<T>>): Promise<T> {
  const { data, error, response } = await exchange;
  if (!response.ok) throw problemOf(response.status, error, response.headers.get('x-request-id'));
  return data as T;
}
