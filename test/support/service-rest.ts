import { randomUUID } from 'node:crypto';

export interface RestAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  /** The body as it came. */
  readonly text: string;
}

export interface RestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the first admin's; null = none. */
  readonly token?: string | null;
}

export interface RestPage<T> {
  readonly items: readonly T[];
  readonly page: { readonly next?: string | null; readonly total: { readonly count: number } };
}

export interface RestRun {
  readonly id: string;
  readonly state: string;
  readonly trigger: string;
  readonly baseline: boolean;
  readonly targets: { readonly total: number; readonly done: number };
}

/** Asks the service as a platform team's tools would. */
export class ServiceRest {
  token = '';
  /** What runs judge by; absent = the default profile. */
  profile?: string;
  /** Sees every answer; for tests that look for something in all of them. */
  onAnswer?: (request: string, answer: RestAnswer<unknown>) => void;

  constructor(private readonly url: string) {}

  /** One request, whatever the answer. @param path below `/api/v1`, or from the root where it starts with `//` */
  async request<T>(method: string, path: string, options: RestOptions = {}): Promise<RestAnswer<T>> {
    const { body, headers, token = this.token } = options;
    const response = await fetch(`${this.url}${path.startsWith('//') ? path.slice(1) : `/api/v1${path}`}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(90_000),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const { status, headers: answered } = response;
    const answer = { status, headers: answered, text, body: (isJson ? JSON.parse(text) : text) as T };
    this.onAnswer?.(`${method} ${path}`, answer);
    return answer;
  }

  /** @throws {Error} with the answer for a status of 400 or more */
  async call<T>(method: string, path: string, options: RestOptions = {}): Promise<T> {
    const { status, text, body } = await this.request<T>(method, path, options);
    if (status >= 400) throw new Error(`${method} ${path} answered ${status}: ${text}`);
    return body;
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  /** All items of a list of at most a thousand. */
  async list<T>(path: string): Promise<readonly T[]> {
    const { items } = await this.get<RestPage<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=1000`);
    return items;
  }

  /** Starts a run, of the whole fleet unless a target is given. */
  startRun(target: object = {}): Promise<RestRun> {
    const headers = { 'idempotency-key': randomUUID() };
    const profile = this.profile === undefined ? {} : { profile: this.profile };
    return this.call('POST', '/runs', { body: { target, ...profile }, headers });
  }

  /** Waits for the end of a run, as a script does: with `Prefer: wait`. */
  async completed(runId: string, withinMs = 120_000): Promise<RestRun> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const run = await this.call<RestRun>('GET', `/runs/${runId}`, { headers: { prefer: 'wait=10' } });
      if (run.state === 'completed') return run;
      if (Date.now() > deadline) throw new Error(`Run ${runId} did not complete: ${JSON.stringify(run)}`);
    }
  }

  /** A whole run of the fleet. */
  async audit(): Promise<RestRun> {
    return this.completed((await this.startRun()).id);
  }
}
