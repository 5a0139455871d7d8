import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessmentOf, example, register } from '../../../../test/support/api/audits.js';
import { startApi, type TestApi } from '../../../../test/support/api/harness.js';

const CONTROL = 'FLUX-HC-01';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const id = await register(api, 'bad');
  await api.store.audit(id, assessmentOf('bad', example(CONTROL)));
});
afterAll(() => api.close());

const INPUT = {
  controlId: CONTROL,
  scope: { cluster: 'bad' },
  reason: 'needed until the move in March',
  ticketUrl: 'https://tickets.example.com/SEC-42',
  expiresAt: inDays(30),
};
const request = async (more: object = {}) =>
  (await api.post('/waivers', { ...INPUT, ...more }, { as: 'operator' })).body;
const waived = async () => (await api.get('/findings?control=FLUX-HC-01&waived=true')).body.items;

describe('a waiver', () => {
  it('takes effect when somebody else approves it, and ends when it is revoked', async () => {
    const made = await api.post('/waivers', INPUT, { as: 'operator' });
    expect([made.status, made.headers['location']]).toEqual([201, `/api/v1/waivers/${made.body.id}`]);
    expect(made.body).toMatchObject({
      state: 'requested',
      expired: false,
      matches: 0,
      approver: null,
      requestedBy: { id: api.tokenIds.operator, name: 'test operator' },
    });
    expect(await waived()).toEqual([]);

    const own = await api.post(`/waivers/${made.body.id}/approve`, undefined, { as: 'operator' });
    expect([own.status, own.body.code]).toEqual([403, 'self-approval']);

    expect((await api.post(`/waivers/${made.body.id}/approve?dryRun=true`)).body.state).toBe('approved');
    expect(await waived()).toEqual([]);

    const approved = await api.post(`/waivers/${made.body.id}/approve`);
    expect(approved.body).toMatchObject({ state: 'approved', matches: 1, approver: { name: 'test admin' } });
    const [finding] = await waived();
    expect(finding).toMatchObject({ outcome: 'fail', waiver: { id: made.body.id } });
    expect((await api.post(`/waivers/${made.body.id}/approve`)).body.code).toBe('already-decided');

    const revoked = await api.post(`/waivers/${made.body.id}/revoke`, undefined, { as: 'operator' });
    expect(revoked.body).toMatchObject({ state: 'revoked', matches: 0 });
    expect(await waived()).toEqual([]);
    expect((await api.post(`/waivers/${made.body.id}/revoke`)).body.code).toBe('already-decided');
    expect((await api.post(`/waivers/${made.body.id}/approve`)).body.code).toBe('already-decided');
  });

  it('needs another token even from an administrator', async () => {
    const { body } = await api.post('/waivers', INPUT, { as: 'admin' });
    expect((await api.post(`/waivers/${body.id}/approve`)).body.code).toBe('self-approval');
    expect((await api.post(`/waivers/${body.id}/approve`, undefined, { as: 'operator' })).status).toBe(200);
    await api.post(`/waivers/${body.id}/revoke`);
  });

  it.each([
    [{ expiresAt: inDays(-1) }, 'expiry-too-long', '/expiresAt'],
    [{ expiresAt: inDays(366) }, 'expiry-too-long', '/expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'validation-failed', '/expiresAt'],
    [{ controlId: 'FLUX-XX-99' }, 'validation-failed', '/controlId'],
    [{ scope: { cluster: 'nobody' } }, 'validation-failed', '/scope/cluster'],
    [{ scope: { fingerprint: 'abc' } }, 'validation-failed', '/scope/fingerprint'],
    [{ scope: { everything: true } }, 'validation-failed', '/scope/everything'],
    [{ reason: '' }, 'validation-failed', '/reason'],
    [{ ticketUrl: 'javascript:alert(1)' }, 'validation-failed', '/ticketUrl'],
  ])('is refused with %j', async (more, code, pointer) => {
    const { status, body } = await api.post('/waivers', { ...INPUT, ...more });
    expect([status, body.code]).toEqual([422, code]);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('names its cluster by name, whichever way it was given', async () => {
    const { id } = (await api.get('/clusters/bad')).body;
    expect((await request({ scope: { cluster: id } })).scope).toEqual({ cluster: 'bad' });
  });

  it('is only checked with ?dryRun=true', async () => {
    const before = (await api.get('/waivers')).body.page.total.count;
    expect((await api.post('/waivers?dryRun=true', INPUT)).body.state).toBe('requested');
    const { id } = await request();
    await api.post(`/waivers/${id}/revoke?dryRun=true`);
    expect((await api.get(`/waivers/${id}`)).body.state).toBe('requested');
    expect((await api.get('/waivers')).body.page.total.count).toBe(before + 1);
  });

  it('can be listed by every documented filter', async () => {
    const count = async (query: string) => (await api.get(`/waivers?${query}`, { as: 'viewer' })).body.items.length;
    const all = await count('');
    const byState = await Promise.all(['requested', 'approved', 'revoked'].map((state) => count(`state=${state}`)));
    expect(byState.reduce((sum, n) => sum + n)).toBe(all);
    expect(await count('control=FLUX-HC-01')).toBe(all);
    expect(await count('control=FLUX-KC-01')).toBe(0);
    expect(await count('expired=true')).toBe(0);
    expect(await count(`expiresAt[lt]=${inDays(31)}`)).toBe(all);
    expect(await count(`expiresAt[lt]=${inDays(29)}`)).toBe(0);
  });
});
