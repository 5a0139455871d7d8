import { randomBytes, randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { TokenRepository } from '#libs/persistence';
import { createLogger, EgressPolicy, Keyring, newApiToken } from '#libs/platform';
import { createDatabase } from '../database.js';
import { Store } from '../store.js';
import type { ApiOptions } from '../../../apps/api/src/api-options.js';
import type { Role } from '../../../apps/api/src/auth/permissions.js';
import { buildApi } from '../../../apps/api/src/build-api.js';
import { checkExchange } from './contract.js';

/** Part of every secret that a test sends; no answer may ever hold it. */
export const CANARY = 'CANARY7f3a';

export interface CallOptions {
  /** Whose token is sent; `null` = none. `admin` unless stated. */
  readonly as?: Role | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Idempotency-Key; `null` = none. A new one for each POST unless stated. */
  readonly key?: string | null;
  readonly ifMatch?: string;
  readonly contentType?: string;
}

export interface TestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // Tests look at what the contract has already checked.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly text: string;
}

export class TestApi {
  constructor(
    readonly app: NestFastifyApplication,
    readonly tokens: Readonly<Record<Role, string>>,
    readonly tokenIds: Readonly<Record<Role, string>>,
    readonly url: string,
    private readonly dispose: () => Promise<void>,
  ) {}

  /** The repositories behind the API, for what only a worker does. */
  get store(): Store {
    return new Store('', this.app.get(DataSource), () => Promise.resolve());
  }

  get(path: string, options?: CallOptions): Promise<TestResponse> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: CallOptions): Promise<TestResponse> {
    return this.call('POST', path, body, options);
  }

  put(path: string, body: unknown, options?: CallOptions): Promise<TestResponse> {
    return this.call('PUT', path, body, options);
  }

  patch(path: string, body: unknown, options?: CallOptions): Promise<TestResponse> {
    return this.call('PATCH', path, body, { contentType: 'application/merge-patch+json', ...options });
  }

  delete(path: string, options?: CallOptions): Promise<TestResponse> {
    return this.call('DELETE', path, undefined, options);
  }

  /** Sends a request and holds the answer against the OpenAPI document. Paths without a leading `/api` get `/api/v1`. */
  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    const url = /^\/(?:api|livez|readyz|metrics|problems)/.test(path) ? path : `/api/v1${path}`;
    const role = options.as === undefined ? 'admin' : options.as;
    const key = options.key === undefined && method === 'POST' ? randomUUID() : options.key;
    const agent = request(this.app.getHttpServer());
    const call = agent[method.toLowerCase() as 'get'](url);
    call.set({
      ...(role !== null && { authorization: `Bearer ${this.tokens[role]}` }),
      ...(key !== null && key !== undefined && { 'idempotency-key': key }),
      ...(options.ifMatch !== undefined && { 'if-match': options.ifMatch }),
      ...options.headers,
    });
    if (body !== undefined) {
      call.set('content-type', options.contentType ?? 'application/json');
      call.send(typeof body === 'string' ? body : JSON.stringify(body));
    }
    const response = await call;
    const contentType = response.headers['content-type'] ?? '';
    const parsed: unknown = /json/.test(contentType) && response.text ? JSON.parse(response.text) : response.text;
    const shown = response.text + JSON.stringify(response.headers);
    if (shown.includes(CANARY)) throw new Error(`${method} ${url}: the answer holds a secret.`);
    checkExchange({ method, url, status: response.status, contentType, body: parsed ?? '' });
    if (response.headers['x-request-id'] === undefined) throw new Error(`${method} ${url}: no X-Request-Id.`);
    return { status: response.status, headers: response.headers, body: parsed, text: response.text ?? '' };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.dispose();
  }
}

/** The API on a database of its own, with one token for each role. Loopback may be called, where test servers listen. */
export async function startApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const database = await createDatabase();
  const app = await buildApi({
    databaseUrl: database.url,
    poolSize: 10,
    keyring: new Keyring(new Map([['k1', randomBytes(32)]]), 'k1'),
    publicUrl: 'http://plimsoll.test',
    egress: new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] }),
    notify: { slackApiUrl: 'https://slack.com/api', slackWebhookHosts: ['hooks.slack.com'] },
    runDeadlineSeconds: 3600,
    logger: createLogger('api', { level: 'fatal' }),
    rateLimits: { requests: 1_000_000, writes: 1_000_000 },
    ...options,
  });
  await app.listen(0, '127.0.0.1');
  const repository = app.get(TokenRepository);
  const make = async (role: Role) => {
    const { token, publicId, hash } = newApiToken('pat');
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { id } = await repository.create({
      name: `test ${role}`,
      role,
      publicId,
      hash,
      expiresAt,
      createdBy: 'system',
    });
    return { token, id };
  };
  const [viewer, operator, admin] = [await make('viewer'), await make('operator'), await make('admin')];
  return new TestApi(
    app,
    { viewer: viewer.token, operator: operator.token, admin: admin.token },
    { viewer: viewer.id, operator: operator.id, admin: admin.id },
    await app.getUrl(),
    () => database.drop(),
  );
}
