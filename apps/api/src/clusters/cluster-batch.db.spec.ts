import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await api.post('/tenants', { name: 'retail' });
});
afterAll(() => api.close());

const credential = { kind: 'token', token: `${CANARY}-token` };
const item = (name: string, more: object = {}) => ({
  name,
  connection: { server: 'https://127.0.0.1:1' },
  credential,
  ...more,
});

describe('POST /clusters:batch', () => {
  it('answers each item in its place and lets the good ones in', async () => {
    const items = [
      item('good-1', { tenants: ['retail'], labels: { site: 'lyon' } }),
      item('Bad Name'),
      item('good-1'),
      item('no-tenant', { tenants: ['nobody'] }),
      item('private', { connection: { server: 'https://10.0.0.1' } }),
      { name: 'no-credential' },
      'not an object',
      item('extra', { surprise: 1 }),
      item('good-2'),
    ];
    const { status, body } = await api.post('/clusters:batch', { items }, { as: 'operator' });
    expect(status).toBe(200);
    expect([body.created, body.failed]).toEqual([2, 7]);
    expect(body.items.map(({ index }: { index: number }) => index)).toEqual(items.map((_, index) => index));
    const outcome = body.items.map(({ status: code, problem }: { status: number; problem?: { code: string } }) =>
      problem ? problem.code : code,
    );
    expect(outcome).toEqual([
      201,
      'validation-failed',
      'name-taken',
      'validation-failed',
      'egress-denied',
      'validation-failed',
      'validation-failed',
      'validation-failed',
      201,
    ]);
    expect(body.items[3].problem.errors).toEqual([expect.objectContaining({ pointer: '/tenants/0' })]);
    expect(body.items[7].problem.errors).toEqual([expect.objectContaining({ pointer: '/surprise' })]);
    const stored = (await api.get('/clusters/good-1')).body;
    expect([stored.id, stored.labels, stored.tenants[0].name]).toEqual([body.items[0].id, { site: 'lyon' }, 'retail']);
  });

  it('stores nothing with ?dryRun=true', async () => {
    const { body } = await api.post('/clusters:batch?dryRun=true', { items: [item('dry')] });
    expect(body.created).toBe(1);
    expect((await api.get('/clusters/dry')).status).toBe(404);
  });

  it('takes 1 to 1,000 items', async () => {
    for (const count of [0, 1001]) {
      const items = Array.from({ length: count }, (_, index) => item(`n-${index}`));
      const { status, body } = await api.post('/clusters:batch', { items });
      expect([count, status, body.errors[0].pointer]).toEqual([count, 422, '/items']);
    }
  });

  it('registers 1,000 clusters in one request, once per key', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => item(`edge-${String(index).padStart(4, '0')}`));
    const first = await api.post('/clusters:batch', { items }, { key: 'batch-1000' });
    expect([first.status, first.body.created]).toEqual([200, 1000]);
    const again = await api.post('/clusters:batch', { items }, { key: 'batch-1000' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await api.get('/clusters?limit=1&q=edge-')).body.page.total).toEqual({ count: 1000, type: 'exact' });
  });
});
