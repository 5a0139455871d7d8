import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY, startApi, type TestApi } from '../../../../test/support/api/harness.js';
import { Housekeeping } from '../housekeeping.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('a repeated POST', () => {
  it('makes one object and gets the same answer', async () => {
    const key = randomUUID();
    const first = await api.post('/tenants', { name: 'once' }, { key });
    const again = await api.post('/tenants', { name: 'once' }, { key });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      etag: first.headers['etag'],
      location: first.headers['location'],
    });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect((await api.get('/tenants?q=once')).body.items).toHaveLength(1);
  });

  it('makes one object however many come at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.post('/tenants', { name: 'race' }, { key })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(statuses).toContain(201);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size).toBe(1);
    expect(
      answers.filter(({ status }) => status === 409).every(({ body }) => body.code === 'idempotency-in-flight'),
    ).toBe(true);
    expect((await api.post('/tenants', { name: 'race' }, { key })).headers['idempotency-replayed']).toBe('true');
  });

  it('is refused with another body or query', async () => {
    const key = randomUUID();
    await api.post('/tenants', { name: 'body-a' }, { key });
    expect((await api.post('/tenants', { name: 'body-b' }, { key })).body.code).toBe('idempotency-key-reused');
    expect((await api.post('/tenants?dryRun=true', { name: 'body-a' }, { key })).body.code).toBe(
      'idempotency-key-reused',
    );
  });

  it('is tried again where the first one failed', async () => {
    const key = randomUUID();
    await api.post('/tenants', { name: 'taken' });
    expect((await api.post('/tenants', { name: 'taken' }, { key })).status).toBe(409);
    expect((await api.post('/tenants', { name: 'Not Valid' }, { key })).status).toBe(422);
    await api.delete('/tenants/taken', { ifMatch: '*' });
    expect((await api.post('/tenants', { name: 'taken' }, { key })).status).toBe(201);
  });

  it('belongs to one token and one operation', async () => {
    const key = randomUUID();
    await api.post('/tenants', { name: 'mine' }, { key });
    const other = await api.post('/tenants', { name: 'mine' }, { key, as: 'operator' });
    expect([other.status, other.body.code]).toEqual([409, 'name-taken']);
    const schedule = await api.post('/schedules', { name: 'mine', cron: '0 2 * * *' }, { key });
    expect(schedule.status).toBe(201);
  });

  it('is forgotten after a day', async () => {
    const key = randomUUID();
    await api.post('/tenants', { name: 'day' }, { key });
    const housekeeping = api.app.get(Housekeeping);
    await housekeeping.sweep(Date.now() + 23 * 3_600_000);
    expect((await api.post('/tenants', { name: 'day' }, { key })).headers['idempotency-replayed']).toBe('true');
    await housekeeping.sweep(Date.now() + 25 * 3_600_000);
    expect((await api.post('/tenants', { name: 'day' }, { key })).body.code).toBe('name-taken');
  });

  it('does not show a secret twice, nor is it stored', async () => {
    const key = randomUUID();
    const first = await api.post('/tokens', { name: 'ci', role: 'viewer' }, { key });
    expect(first.body.token).toMatch(/^plm_pat_/);
    const again = await api.post('/tokens', { name: 'ci', role: 'viewer' }, { key });
    const { token: _, ...shown } = first.body;
    expect([again.status, again.body]).toEqual([201, shown]);
    await api.post('/channels', { name: 'hook', kind: 'webhook', secret: { url: `https://127.0.0.1/${CANARY}` } });
    const stored = JSON.stringify(await api.store.dataSource.query('SELECT * FROM idempotency_key'));
    expect(stored).not.toContain(first.body.token);
    expect(stored).not.toMatch(new RegExp(`plm_pat_|whsec_|login#link|${CANARY}`));
  });
});
