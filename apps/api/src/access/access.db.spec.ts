import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenRepository } from '#libs/persistence';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { ADMIN_TOKEN_FILE, ensureFirstAdmin } from '../auth/first-admin.js';

const DAY = 86_400_000;
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const bearer = (token: string) => ({ as: null, headers: { authorization: `Bearer ${token}` } }) as const;
const cookieOf = (headers: Readonly<Record<string, string>>) => headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

describe('tokens', () => {
  it('are shown once, work at once, and end with their revocation', async () => {
    const made = await api.post('/tokens', { name: 'ci-fleet', role: 'operator' });
    expect(made.status).toBe(201);
    const { token, ...shown } = made.body;
    expect(token).toMatch(/^plm_pat_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBeCloseTo(90 * DAY, -4);
    expect(shown.createdBy).toBe(api.tokenIds.admin);

    const me = await api.get('/me', bearer(token));
    expect(me.body).toMatchObject({ tokenId: shown.id, name: 'ci-fleet', role: 'operator', via: 'token' });
    expect(me.body.permissions).toContain('clusters.write');
    expect(me.body.permissions).not.toContain('access.admin');

    const read = await api.get(`/tokens/${shown.id}`);
    expect(read.body).toMatchObject({ name: 'ci-fleet', revokedAt: null });
    expect(read.body.lastUsedAt).not.toBeNull();
    expect(read.text + (await api.get('/tokens')).text).not.toContain(token.slice(20));

    expect((await api.delete(`/tokens/${shown.id}?dryRun=true`)).status).toBe(204);
    expect((await api.get('/me', bearer(token))).status).toBe(200);
    expect((await api.delete(`/tokens/${shown.id}`)).status).toBe(204);
    expect((await api.get('/me', bearer(token))).status).toBe(401);
    expect((await api.get('/tokens?active=false')).body.items.map(({ id }: { id: string }) => id)).toContain(shown.id);
  });

  it('with one wrong character are not tokens', async () => {
    const { body } = await api.post('/tokens', { name: 'x', role: 'viewer' });
    const token: string = body.token;
    for (const at of [9, 21, 40, token.length - 1]) {
      const wrong = token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
      expect((await api.get('/me', bearer(wrong))).status).toBe(401);
    }
  });

  it('expire', async () => {
    const { body } = await api.post('/tokens', { name: 'short', role: 'viewer' });
    await api.store.dataSource.query('UPDATE api_token SET expires_at = now() WHERE id = $1', [body.id]);
    expect((await api.get('/me', bearer(body.token))).status).toBe(401);
  });

  it.each([
    ['in the past', -1],
    ['more than a year away', 366 * DAY],
  ])('may not end %s', async (_, ms) => {
    const expiresAt = new Date(Date.now() + ms).toISOString();
    const { status, body } = await api.post('/tokens', { name: 'x', role: 'viewer', expiresAt });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'expiry-too-long', '/expiresAt']);
  });

  it('are only checked with ?dryRun=true', async () => {
    const before = (await api.get('/tokens')).body.page.total.count;
    const { status, body } = await api.post('/tokens?dryRun=true', { name: 'dry', role: 'admin' });
    expect([status, body.token]).toEqual([200, undefined]);
    expect((await api.get('/tokens')).body.page.total.count).toBe(before);
  });

  it('always leave one administrator', async () => {
    const second = await api.post('/tokens', { name: 'second', role: 'admin' });
    expect((await api.delete(`/tokens/${second.body.id}`)).status).toBe(204);
    // A revoked one is not counted, and may be revoked again.
    expect((await api.delete(`/tokens/${second.body.id}`)).status).toBe(204);
    const { status, body } = await api.delete(`/tokens/${api.tokenIds.admin}`);
    expect([status, body.code]).toEqual([409, 'last-admin']);
  });
});

describe('browser sessions', () => {
  it('begin with a token and end with a logout', async () => {
    const opened = await api.post('/auth/session', { token: api.tokens.operator }, { as: null });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ role: 'operator', via: 'session' });
    expect(opened.headers['set-cookie']?.[0]).toMatch(
      /^plimsoll_session=[0-9A-Za-z]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const cookie = cookieOf(opened.headers);
    const session = { as: null, headers: { cookie, ...SAME_ORIGIN } } as const;
    expect((await api.get('/me', { as: null, headers: { cookie } })).body.via).toBe('session');
    expect((await api.post('/tenants', { name: 'by-session' }, session)).status).toBe(201);
    expect((await api.post('/tokens', { name: 'x', role: 'viewer' }, session)).status).toBe(403);
    const closed = await api.delete('/auth/session', session);
    expect([closed.status, closed.headers['set-cookie']?.[0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await api.get('/me', session)).status).toBe(401);
  });

  it('begin with a login link, once, within ten minutes', async () => {
    const made = await api.post('/auth/login-links', {});
    expect(made.body.url).toMatch(/^http:\/\/plimsoll\.test\/login#link=[0-9A-Za-z]{43}$/);
    expect(Date.parse(made.body.expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    const link = made.body.url.split('link=')[1];
    const opened = await api.post('/auth/session', { link }, { as: null });
    expect([opened.status, opened.body.tokenId]).toEqual([201, api.tokenIds.admin]);
    expect((await api.post('/auth/session', { link }, { as: null })).status).toBe(401);

    const late = (await api.post('/auth/login-links', {})).body.url.split('link=')[1];
    await api.store.dataSource.query('UPDATE login_link SET expires_at = now()');
    expect((await api.post('/auth/session', { link: late }, { as: null })).status).toBe(401);
  });

  it('can be opened for another token, by an administrator', async () => {
    const made = await api.post('/auth/login-links', { tokenId: api.tokenIds.viewer });
    const link = made.body.url.split('link=')[1];
    expect((await api.post('/auth/session', { link }, { as: null })).body.role).toBe('viewer');
    const { status, body } = await api.post('/auth/login-links', { tokenId: 'tok_none' });
    expect([status, body.errors[0].pointer]).toEqual([422, '/tokenId']);
  });

  it('end with their token', async () => {
    const { body } = await api.post('/tokens', { name: 'gone', role: 'viewer' });
    const cookie = cookieOf((await api.post('/auth/session', { token: body.token }, { as: null })).headers);
    expect((await api.get('/me', { as: null, headers: { cookie } })).status).toBe(200);
    await api.delete(`/tokens/${body.id}`);
    expect((await api.get('/me', { as: null, headers: { cookie } })).status).toBe(401);
  });

  it.each([{ token: 'plm_pat_wrong' }, { link: 'wrong' }])('do not begin with %j', async (input) => {
    const { status, body, headers } = await api.post('/auth/session', input, { as: null });
    expect([status, body.code, headers['set-cookie']]).toEqual([401, 'unauthenticated', undefined]);
  });

  it('are bound to the host over https', async () => {
    const secure = await startApi({ publicUrl: 'https://plimsoll.test' });
    try {
      const opened = await secure.post('/auth/session', { token: secure.tokens.viewer }, { as: null });
      expect(opened.headers['set-cookie']?.[0]).toMatch(/^__Host-plimsoll_session=.*; Secure$/);
      const plain = cookieOf(opened.headers).replace('__Host-', '');
      expect((await secure.get('/me', { as: null, headers: { cookie: plain } })).status).toBe(401);
      expect((await secure.get('/me', { as: null, headers: { cookie: cookieOf(opened.headers) } })).status).toBe(200);
      expect(opened.headers['strict-transport-security']).toContain('max-age=31536000');
    } finally {
      await secure.close();
    }
  });

  it('cannot be guessed at will', async () => {
    const limited = await startApi({ rateLimits: { requests: 100, writes: 3 } });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        statuses.push((await limited.post('/auth/session', { link: 'wrong' }, { as: null })).status);
      }
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
      expect((await limited.get('/me')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});

describe('the first administrator', () => {
  it('gets a token where there is none, once, in a file for its owner only', async () => {
    const empty = await startApi();
    const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-admin-'));
    try {
      const tokens = empty.app.get(TokenRepository);
      const announced: string[] = [];
      const ensure = () =>
        ensureFirstAdmin(tokens, { now: Date.now(), folder, announce: (token) => announced.push(token) });
      expect(await ensure()).toBe(false);
      await tokens.revoke(empty.tokenIds.admin);
      // Three processes that start at once.
      const made = await Promise.all([ensure(), ensure(), ensure()]);
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await ensure()).toBe(false);
      expect(announced).toHaveLength(1);
      const file = path.join(folder, ADMIN_TOKEN_FILE);
      expect((await readFile(file, 'utf8')).trim()).toBe(announced[0]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const me = await empty.get('/me', bearer(announced[0] ?? ''));
      expect(me.body).toMatchObject({ role: 'admin', name: 'first admin' });
    } finally {
      await empty.close();
      await rm(folder, { recursive: true });
    }
  });
});
