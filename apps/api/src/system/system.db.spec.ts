import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { assessmentOf, example, register } from '../../../../test/support/api/audits.js';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';

let now = Date.now();
let api: TestApi;
beforeAll(async () => {
  api = await startApi({ now: () => now });
});
afterAll(() => api.close());

describe('probes', () => {
  it('live without asking anybody', async () => {
    const { status, body } = await api.get('/livez', { as: null });
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  });

  it('are ready when database, schema and key are', async () => {
    expect((await api.get('/readyz', { as: null })).body).toEqual({ status: 'ok' });
    expect((await api.get('/readyz?verbose=perhaps', { as: null })).status).toBe(422);
    const { body } = await api.get('/readyz?verbose', { as: null });
    expect(body.checks.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])).toEqual([
      ['database', true],
      ['migrations', true],
      ['queue', true],
      ['key', true],
    ]);
  });

  it('say that messages wait, but stay ready', async () => {
    await register(api, 'waiting');
    await api.post('/runs', { target: { clusters: ['waiting'] } });
    now += 120_000;
    const { status, body } = await api.get('/readyz?verbose=true', { as: null });
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(body.checks[2]).toMatchObject({ name: 'queue', ok: false, required: false });
  });

  it('are not ready with an older schema, or without the database', async () => {
    const other = await startApi();
    const dataSource = other.app.get(DataSource);
    const { showMigrations, query } = dataSource;
    try {
      dataSource.showMigrations = () => Promise.resolve(true);
      const old = await other.get('/readyz?verbose', { as: null });
      expect([old.status, old.body.checks[1].ok]).toEqual([503, false]);
      dataSource.query = () => Promise.reject(new Error(`no database at postgres://${CANARY}`));
      const gone = await other.get('/readyz?verbose', { as: null });
      expect([gone.status, gone.body.checks[0].ok]).toEqual([503, false]);
      expect((await other.get('/livez', { as: null })).status).toBe(200);
    } finally {
      Object.assign(dataSource, { showMigrations, query });
      await other.close();
    }
  });
});

describe('metrics', () => {
  it('count clusters, findings and requests, with few series', async () => {
    const id = await register(api, 'measured');
    await api.store.audit(id, assessmentOf('measured', example('FLUX-HC-01')));
    await api.get('/clusters/measured');
    now += 16_000;
    const { status, text } = await api.get('/metrics', { as: 'viewer' });
    expect(status).toBe(200);
    expect(text).toMatch(/^plimsoll_clusters\{state="notCompliant"\} [1-9]/m);
    expect(text).toMatch(/^plimsoll_findings_open\{severity="\w+",control="FLUX-HC-01"\} 1$/m);
    expect(text).toMatch(
      /^plimsoll_http_requests_total\{route="\/api\/v1\/clusters\/:clusterRef",method="GET",status="200"\} [1-9]/m,
    );
    expect(text).toMatch(/^plimsoll_outbox_oldest_seconds \d/m);
    expect(text).not.toContain('measured');
    expect(text).not.toMatch(/route="[^"]*cls_/);
  });
});

it('the service says what it is', async () => {
  const { body } = await api.get('/info', { as: 'viewer' });
  expect(body).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), publicUrl: 'http://plimsoll.test' });
});

describe('requests', () => {
  it('keep the id that they bring, where it is harmless', async () => {
    const given = await api.get('/me', { headers: { 'x-request-id': 'abc-123.x_Y' } });
    expect(given.headers['x-request-id']).toBe('abc-123.x_Y');
    const { headers, body } = await api.get('/nope', { headers: { 'x-request-id': 'a b"c' } });
    expect(headers['x-request-id']).toMatch(/^req_[0-9A-Z]{26}$/);
    expect(body.requestId).toBe(headers['x-request-id']);
  });

  it('of other methods and paths are not found', async () => {
    for (const [method, url] of [
      ['PUT', '/runs'],
      ['PATCH', '/me'],
      ['POST', '/api/v1/nope'],
      ['GET', '/api/nope'],
    ] as const) {
      const { status, body } = await api.call(method, url, method === 'GET' ? undefined : {});
      expect([method, url, status, body.code]).toEqual([method, url, 404, 'not-found']);
    }
  });

  it('that are no HTTP get an answer that says so', async () => {
    const { port } = new URL(api.url);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*Content-Type: application\/problem\+json/s);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 400, code: 'malformed' });
  });

  it('cannot reach the prototype of anything through JSON', async () => {
    for (const body of [
      '{"name":"x","__proto__":{"role":"admin"}}',
      '{"name":"x","constructor":{"prototype":{"a":1}}}',
    ]) {
      const { status } = await api.post('/tenants', body);
      expect([400, 422]).toContain(status);
    }
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });
});

describe('answers', () => {
  it('carry security headers, and those of TLS only with TLS', async () => {
    const { headers } = await api.get('/me');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });
});
