import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '#libs/controls';
import { TokenRepository } from '#libs/persistence';
import { Keyring } from '#libs/platform';
import { operations, type ContractOperation } from '../../../test/support/api/contract.js';
import { startApi, type TestApi, type TestResponse } from '../../../test/support/api/harness.js';
import { bodyHash } from './http/idempotency.interceptor.js';
import { CursorCodec, listDigest } from './http/cursor.js';
import { grants, ROLES, type Permission } from './auth/permissions.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const isPublic = ({ security }: ContractOperation) => security?.length === 0;
const guarded = operations.filter((operation) => !isPublic(operation));
const codesOf = (operation: ContractOperation) => operation['x-problem-codes'];
const withCode = (code: string) => guarded.filter((operation) => codesOf(operation).includes(code));
const named = (list: readonly ContractOperation[]) =>
  list.map((one): [string, ContractOperation] => [one.operationId, one]);

const NOBODY = 'nothing-of-this-name';
const urlOf = ({ path }: ContractOperation, reference = NOBODY) => path.replaceAll(/\{\w+\}/g, reference);

function exampleBody({ requestBody }: ContractOperation): unknown {
  return Object.values(requestBody?.content ?? {})[0]?.example;
}

/** Sends what the document shows as the example of an operation. */
function send(
  target: TestApi,
  operation: ContractOperation,
  options: Parameters<TestApi['call']>[3] & { readonly url?: string; readonly body?: unknown } = {},
): Promise<TestResponse> {
  const { url = urlOf(operation), body = exampleBody(operation), ...rest } = options;
  return target.call(operation.method.toUpperCase(), url, body, { ifMatch: '"1"', ...rest });
}

it('there is something to check', () => {
  expect(guarded.length).toBeGreaterThan(60);
});

describe('who may do what', () => {
  it.each(named(guarded))('%s needs a token', async (_, operation) => {
    const { status, headers, body } = await send(api, operation, { as: null });
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(headers['www-authenticate']).toContain('Bearer');
  });

  it.each(named(guarded.filter((operation) => operation['x-required-permission'] !== undefined)))(
    '%s needs its permission, and no more',
    async (_, operation) => {
      const permission = operation['x-required-permission'] as Permission;
      for (const role of ROLES) {
        const { status, body } = await send(api, operation, { as: role, url: urlOf(operation) });
        const allowed = grants(role, permission);
        const refused = status === 403 && body.code === 'forbidden' && body.requiredPermission === permission;
        expect([role, refused]).toEqual([role, !allowed]);
      }
    },
  );

  it.each(['', 'Bearer', 'Bearer nonsense', 'Basic YWRtaW46YWRtaW4=', 'Bearer plm_pat_AAAAAAAAAAA_x'])(
    'refuses the authorization %j, whatever cookie comes with it',
    async (authorization) => {
      const session = await api.post('/auth/session', { token: api.tokens.admin }, { as: null });
      const cookie = session.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      expect((await api.get('/me', { as: null, headers: { cookie } })).status).toBe(200);
      expect((await api.get('/me', { as: null, headers: { cookie, authorization } })).status).toBe(401);
    },
  );
});

describe('what everybody gets wrong', () => {
  it.each(named(withCode('not-found')))('%s answers 404 for what does not exist', async (_, operation) => {
    const { status, body } = await send(api, operation);
    expect([status, body.code]).toEqual([404, 'not-found']);
  });

  it.each(named(operations.filter((operation) => codesOf(operation).includes('uri-too-long'))))(
    '%s answers 414 for an endless name',
    async (_, operation) => {
      const { status } = await send(api, operation, { url: urlOf(operation, 'a'.repeat(600)) });
      expect(status).toBe(414);
    },
  );

  const withBody = operations.filter((operation) => codesOf(operation).includes('unsupported-media-type'));
  it.each(named(withBody))('%s reads JSON only, and not too much of it', async (_, operation) => {
    const malformed = await send(api, operation, { body: '{"name": ' });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'malformed']);
    const typed = await send(api, operation, { body: 'name=x', contentType: 'application/x-www-form-urlencoded' });
    expect([typed.status, typed.body.code]).toEqual([415, 'unsupported-media-type']);
    const plain = await send(api, operation, { body: '{}', contentType: 'text/plain' });
    expect(plain.status).toBe(415);
    const limit = operation.operationId === 'registerClusters' ? 5 : 1;
    const large = await send(api, operation, { body: JSON.stringify({ x: 'x'.repeat(limit << 20) }) });
    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
  });

  it.each(named(withBody.filter(({ method }) => method !== 'patch')))(
    '%s refuses unknown members, with a pointer',
    async (_, operation) => {
      const body = { ...(exampleBody(operation) as object), 'no/such': 1 };
      const { status, body: problem } = await send(api, operation, { body });
      expect([status, problem.code]).toEqual([422, 'validation-failed']);
      expect(problem.errors).toContainEqual(expect.objectContaining({ pointer: '/no~1such', code: 'unknown-field' }));
    },
  );

  it.each(named(guarded.filter(({ parameters }) => parameters.some((parameter) => parameter['in'] === 'query'))))(
    '%s refuses unknown query parameters',
    async (_, operation) => {
      const { status, body } = await send(api, operation, { url: `${urlOf(operation)}?nosuch=1` });
      expect([status, body.code]).toEqual([422, 'validation-failed']);
      expect(body.errors).toContainEqual(expect.objectContaining({ parameter: 'nosuch', code: 'unknown-field' }));
    },
  );

  let runId: string;
  beforeAll(async () => {
    const connection = { server: 'https://127.0.0.1:1' };
    await api.put('/clusters/one?verify=false', { connection, credential: { kind: 'token', token: 'token' } });
    runId = (await api.post('/runs', { target: { clusters: ['one'] } })).body.id;
    await api.post('/sources', { name: 'listed', type: 'sveltos', hubCluster: 'one' });
  });

  it.each(named(withCode('cursor-mismatch')))('%s refuses cursors of others, and old ones', async (_, operation) => {
    const url = operation.path.replace('{runId}', runId).replace('{sourceRef}', 'listed');
    const made = await send(api, operation, { url: `${url}?cursor=abc.def` });
    expect([made.status, made.body.code]).toEqual([400, 'cursor-mismatch']);

    const defaults = operation.parameters
      .filter((parameter) => parameter['in'] === 'query')
      .map((parameter) => [String(parameter['name']), (parameter['schema'] as { default?: unknown }).default] as const);
    const digest = listDigest(url.replace('/api/v1', ''), Object.fromEntries(defaults));
    const key = api.app.get(Keyring).derive('cursors');
    const cursor = new CursorCodec(key, () => Date.now() - 2 * 3_600_000).encode(digest, ['x', 'y']);
    const old = await send(api, operation, { url: `${url}?cursor=${cursor}` });
    expect([old.status, old.body.code]).toEqual([410, 'cursor-expired']);
  });
});

describe('versions of objects', () => {
  const OBJECTS: Record<string, () => Promise<TestResponse>> = {
    '/api/v1/tenants/{tenantRef}': () => api.post('/tenants', { name: 'versioned' }),
    '/api/v1/clusters/{clusterRef}': () =>
      api.post('/clusters?verify=false', {
        name: 'versioned',
        connection: { server: 'https://127.0.0.1:1' },
        credential: { kind: 'token', token: 'token' },
      }),
    '/api/v1/sources/{sourceRef}': () =>
      api.post('/sources', { name: 'versioned', type: 'sveltos', hubCluster: 'one', enabled: false }),
    '/api/v1/schedules/{scheduleRef}': () => api.post('/schedules', { name: 'versioned', cron: '0 2 * * *' }),
    '/api/v1/channels/{channelRef}': () =>
      api.post('/channels', { name: 'versioned', kind: 'webhook', secret: { url: 'https://127.0.0.1:1' } }),
    '/api/v1/profiles/{profileRef}': () => api.post('/profiles', { name: 'versioned', extends: DEFAULT_PROFILE }),
  };
  /** Bodies of changes, where an empty one is not valid. */
  const BODIES: Readonly<Record<string, object>> = { '/api/v1/profiles/{profileRef}': { extends: DEFAULT_PROFILE } };
  beforeAll(async () => {
    for (const make of Object.values(OBJECTS)) await make();
  });

  it.each(named(withCode('if-match-required')))('%s needs the current one', async (_, operation) => {
    expect(Object.keys(OBJECTS)).toContain(operation.path);
    const url = urlOf(operation, 'versioned');
    const body = operation.method === 'delete' ? undefined : (BODIES[operation.path] ?? {});
    const path = url.replace('/api/v1', '');
    const missing = await api.call(operation.method.toUpperCase(), path, body);
    expect([missing.status, missing.body.code]).toEqual([428, 'if-match-required']);
    const stale = await api.call(operation.method.toUpperCase(), path, body, { ifMatch: '"99"' });
    expect([stale.status, stale.body.code, stale.body.currentETag]).toEqual([412, 'etag-mismatch', '"1"']);
  });

  it.each(Object.keys(OBJECTS))('GET %s answers 304 to who has it', async (path) => {
    const url = path.replace(/\{\w+\}/, 'versioned').replace('/api/v1', '');
    const { headers } = await api.get(url);
    const again = await api.get(url, { headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', headers['etag']]);
  });
});

describe('idempotency keys', () => {
  it.each(named(withCode('idempotency-key-missing')))('%s insists on one', async (_, operation) => {
    const { status, body } = await send(api, operation, { key: null });
    expect([status, body.code]).toEqual([400, 'idempotency-key-missing']);
  });

  it.each(named(withCode('idempotency-key-reused')))('%s takes one for one request, once', async (_, operation) => {
    const url = urlOf(operation);
    const scope = { tokenId: api.tokenIds.admin, route: `${operation.operationId} ${url}`, key: randomUUID() };
    // Somebody has begun the same request and not finished it.
    await api.store.idempotency.begin(scope, bodyHash({ url, body: exampleBody(operation) }));
    const inFlight = await send(api, operation, { key: scope.key });
    expect([inFlight.status, inFlight.body.code]).toEqual([409, 'idempotency-in-flight']);
    expect(inFlight.headers['retry-after']).toBe('1');
    const reused = await send(api, operation, { key: scope.key, url: `${url}?another=request` });
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);
    const malformed = await send(api, operation, { key: 'not ascii: \u00e4' });
    expect([malformed.status, malformed.body.code]).toEqual([422, 'validation-failed']);
    expect(malformed.body.errors).toEqual([expect.objectContaining({ header: 'Idempotency-Key' })]);
  });
});

describe('when something breaks', () => {
  it('logging in says so, too', async () => {
    const tokens = api.app.get(TokenRepository);
    const { findActive } = tokens;
    const login = () => api.post('/auth/session', { token: api.tokens.viewer }, { as: null });
    try {
      tokens.findActive = () => Promise.reject(new Error('cause'));
      expect((await login()).status).toBe(500);
      tokens.findActive = () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }));
      expect((await login()).status).toBe(503);
    } finally {
      tokens.findActive = findActive;
    }
  });

  it.each(named(guarded))('%s says so without a word of the cause', async (_, operation) => {
    const tokens = api.app.get(TokenRepository);
    const { findActive } = tokens;
    const fail = (error: Error) => (tokens.findActive = () => Promise.reject(error));
    try {
      fail(new Error('cause-of-the-failure'));
      const internal = await send(api, operation);
      expect([internal.status, internal.body.code]).toEqual([500, 'internal']);
      expect(internal.text).not.toContain('cause-of-the-failure');
      fail(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
      const gone = await send(api, operation);
      expect([gone.status, gone.body.code]).toEqual([503, 'not-ready']);
      expect(gone.headers['retry-after']).toBe('5');
    } finally {
      tokens.findActive = findActive;
    }
  });
});

describe('browser sessions', () => {
  it.each(named(withCode('cross-site-request')))('%s is only for pages of ours', async (_, operation) => {
    const session = await api.post('/auth/session', { token: api.tokens.admin }, { as: null });
    const cookie = session.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const foreign: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
    ];
    for (const headers of foreign) {
      const { status, body } = await send(api, operation, { as: null, headers: { cookie, ...headers } });
      expect([status, body.code]).toEqual([403, 'cross-site-request']);
    }
  });
});

describe('limits', () => {
  it('hold for every operation, for each token on its own', async () => {
    const limited = await startApi({ rateLimits: { requests: 1, writes: 1 } });
    try {
      await limited.get('/me');
      for (const operation of guarded) {
        const { status, body, headers } = await send(limited, operation);
        expect([operation.operationId, status, body.code]).toEqual([operation.operationId, 429, 'rate-limited']);
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        expect(headers['ratelimit']).toMatch(/^"(?:requests|writes)";r=0;t=\d+$/);
      }
      expect((await limited.get('/me', { as: 'viewer' })).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('give a known answer for free', async () => {
    const limited = await startApi({ rateLimits: { requests: 3, writes: 3 } });
    try {
      const made = await limited.post('/tenants', { name: 'a' });
      const headers = { 'if-none-match': made.headers['etag'] ?? '' };
      for (let i = 0; i < 5; i += 1) expect((await limited.get('/tenants/a', { headers })).status).toBe(304);
      expect((await limited.get('/tenants/a')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
