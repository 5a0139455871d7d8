import { CliError, ExitCode } from '../exit-codes.js';

export interface RestAnswer<T> {
  readonly status: number;
  readonly body: T;
  readonly etag?: string;
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly fix?: string;
}

/** The few REST calls that `up` makes against its own service. */
export class RestClient {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  /** @throws {CliError} with the problem's own words for every status of 400 or more that is not in `accept`. */
  async call<T>(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string>; accept?: readonly number[] } = {},
  ): Promise<RestAnswer<T>> {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as T & Problem;
    if (response.status >= 400 && !options.accept?.includes(response.status)) {
      throw new CliError(
        ExitCode.couldNotRun,
        `${method} ${path} answered ${response.status}: ${body.detail ?? body.title ?? 'no reason given'}`,
        body.fix,
      );
    }
    const etag = response.headers.get('etag');
    return { status: response.status, body, ...(etag !== null && { etag }) };
  }

  get<T>(path: string, headers?: Record<string, string>): Promise<RestAnswer<T>> {
    return this.call('GET', path, { ...(headers && { headers }) });
  }
}
